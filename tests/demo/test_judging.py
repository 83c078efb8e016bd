"""The judging of the demo city, made in a city without datasets: quickly, and once."""

from __future__ import annotations

from kaishu import engagement, evaluation
from kaishu.access import TERMINAL, Call
from kaishu.base import clock, ids
from kaishu.db import session_scope
from kaishu.demo import building
from kaishu.demo.judging import DECIDED, SCORES, put_judging


def test_the_rounds_are_made_by_the_acts_of_people_and_only_once(home: object) -> None:
    people = building._cast().people
    assert put_judging(people) and not put_judging(people)
    with session_scope(write=False) as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        begun, done = evaluation.rounds(call)
        agreed, _ = evaluation.agreements(call, done.id)
        same = sum(a == b for pairs in SCORES.values() for a, b in pairs)
        assert agreed.same == same / 16 and len(DECIDED) == 16 - same
        assert agreed.kappa is not None and 0.5 < agreed.kappa < 1
        reviewer = Call(session, people["shenhe"], call.now, call.request_id)
        assert [(each.round.id, each.to_decide) for each in evaluation.waiting_for(reviewer)] == [
            (begun.id, 1)
        ]
        (run,) = evaluation.evaluations(call, system="kaishu-offices", state="published")
        result = evaluation.result_of(session, run)
        # No office has a dataset here: what is counted is none, the rest is as judged and delivered.
        unit = result.unit("jiaotongju").nodes
        assert (unit["D11"].raw, unit["D31"].score, unit["D33"].raw) == (0, 5, 1)
        assert [notice.kind for notice in result.notices].count("unmatched") == 0
        assert evaluation.evaluation_again(call, run.id).same
        for account, title in (("jiaotong", "开数市交通运输局"), ("jiaoyu", "开数市教育局")):
            own = Call(session, people[account], call.now, call.request_id)
            (letter,) = engagement.letters(own)
            assert letter.subject.startswith(title) and letter.read_at is None
            assert engagement.enclosed_in(own, letter.id).content.startswith(b"<!doctype html>")
