"""The register of the demo city that goes through the whole loop of quality."""

from __future__ import annotations

from kaishu import catalogue, jobs, ledger, quality
from kaishu.access import TERMINAL, Call
from kaishu.base import clock, ids
from kaishu.db import session_scope
from kaishu.demo import building, dataset_plans
from kaishu.demo.mending import BESIDE, DELIVERIES, NAME, put_shelters


def test_the_register_is_checked_ordered_cleansed_and_checked_again_and_only_once(home: object) -> None:
    cast = building._cast()
    jiaotong, reviewer = cast.people["jiaotong"], cast.reviewer
    assert not put_shelters(jiaotong, reviewer), f"it stands beside {BESIDE}"
    building._build(next(plan for plan in dataset_plans() if plan.name == BESIDE), cast)
    jobs.run_waiting()
    assert put_shelters(jiaotong, reviewer) and not put_shelters(jiaotong, reviewer)
    with session_scope(write=False) as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        (entry,) = catalogue.draft_resources(call, catalogue.dataset_by_name(call, NAME))
        assert entry.version == len(DELIVERIES) + 1
        (run,) = quality.cleansing_runs(session, str(entry.table_id))
        assert {step["strategy"] for step in run.steps} == {"complete", "filter", "tolerate"}
        assert all(step["changed"] or step["removed"] or step["tolerated"] for step in run.steps)
        assert quality.may_be_undone(session, run)
        checks = quality.checks_of(session, str(entry.table_id))
        scores = [each.scores["total"] for each, _number in reversed(checks)]
        assert len(scores) == 4 and scores[1] < scores[0] and scores[-1] == max(scores)
        found = quality.orders(session, table=str(entry.table_id))
        closed = quality.orders(session, table=str(entry.table_id), closed=True)
        states = {order.rule_id: case.state for order, case in [*found, *closed]}
        assert states == {
            "code-unique": "closed",
            "built-form": "accepted",
            "phone": "accepted",
            "line-given": "refused",
            "place": "open",
        }
        assert [order.last_failed for order, case in found if order.rule_id == "built-form"] == [1]
        (finding,) = (
            each for each in quality.findings_of_run(session, checks[0][0].id) if each.rule_id == "line-given"
        )
        assert [hint["value"] for hint in finding.hints] == ["三队"]
        assert ledger.verify(session).ok
