"""A rule proposes by the clock, a person decides, then the files go; what something needs stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kaishu import catalogue, jobs, lake, source
from kaishu.access import TERMINAL, Call, add_office
from kaishu.base import clock, ids
from kaishu.base.errors import Invalid
from kaishu.casework import open_case
from kaishu.casework.errors import ReasonNeeded
from kaishu.catalogue.drafts import DatasetRecord
from kaishu.db import session_scope
from kaishu.jobs import retaining
from kaishu.lake.errors import DisposalDecided, KeptVersion, RowsDropped
from kaishu.lake.folders import table_folder
from kaishu.ledger import verify
from kaishu.ledger.models import Entry
from kaishu.quality.models import Rulebook, Run, WorkOrder
from kaishu.standardisation.models import FusionRun, MappingVersion, StandardEntity

RECORD = DatasetRecord(
    title="站点",
    description="全市轨道交通站点的名称和线路。",
    resource_class="department",
    format_category="electronic-file",
    share_class="unconditional",
    open_class="unconditional",
    update_frequency="monthly",
    themes=["transport"],
    licence="cc-by-4.0",
    contact_name="数据科",
    contact_email="a@example.org",
)


def act(done: Callable[[Call], Any]) -> Any:
    with session_scope() as session:
        return done(Call(session, TERMINAL, clock.now(), ids.new_id()))


@pytest.fixture
def table_id(home: Path, tmp_path: Path) -> str:
    """Six versions of a published dataset's table, of which the second was published."""

    def deliver(call: Call, number: int) -> str:
        file = tmp_path / "stations.csv"
        file.write_text("站名,线路\n" + "".join(f"站{n},{number}\n" for n in range(50)))
        entries = catalogue.draft_resources(call, catalogue.dataset_by_name(call, "stations"))
        if entries:
            table, resource = lake.table_by_id(call.session, str(entries[0].table_id)), entries[0].id
        else:
            table = lake.add_table(call, catalogue.dataset_by_name(call, "stations").office_id)
            resource = catalogue.add_resource(call, "stations", name="站点", table=table).id
        version = lake.ingest(call, source.receive_path(call, file), table=table)
        catalogue.set_version(call, "stations", resource, version)
        return table.id

    act(lambda call: add_office(call, name="jiaotong", title="交通局"))
    act(lambda call: catalogue.add_dataset(call, record=RECORD, office="jiaotong", name="stations"))
    for number in range(1, 7):
        made = act(lambda call, number=number: deliver(call, number))
        if number == 2:
            act(lambda call: catalogue.publish(call, "stations"))
    return made


def rule(table_id: str, **given: object) -> None:
    act(
        lambda call: lake.set_retention(
            call, lake.table_by_id(call.session, table_id), lake.Retention.from_dict(given)
        )
    )


def waiting(table_id: str) -> tuple[str, list[int], list[tuple[int, list[str]]]]:
    def look(call: Call) -> tuple[str, list[int], list[tuple[int, list[str]]]]:
        found = lake.open_disposals(call.session, [table_id])[table_id]
        held = [(each["number"], each["why"]) for each in found.held]
        return found.id, [each["number"] for each in found.versions], held

    return act(look)


def held(call: Call, table_id: str) -> dict[str, list[str]]:
    return catalogue.held_versions(call.session, table_id)


def there(table_id: str) -> list[int]:
    return act(lambda call: [v.number for v in lake.versions_of(call.session, table_id) if not v.dropped_at])


def test_a_rule_proposes_and_a_person_drops(table_id: str) -> None:
    assert retaining.propose_all() == 0, "without a rule everything stays"
    rule(table_id, last=2)
    assert retaining.propose_all() == 1
    disposal, numbers, spared = waiting(table_id)
    assert (numbers, spared) == ([1, 3, 4], [(2, ["shown", "published"])])
    assert there(table_id) == [6, 5, 4, 3, 2, 1], "a proposal drops nothing"
    assert retaining.propose_all() == 1
    assert waiting(table_id)[0] == disposal, "it is not proposed twice"
    for chosen in ([], [2], [7]):
        with pytest.raises(Invalid):
            act(lambda call, c=chosen: lake.confirm_disposal(call, disposal, c, held(call, table_id)))
    act(lambda call: lake.confirm_disposal(call, disposal, [1, 3], held(call, table_id)))
    with pytest.raises(DisposalDecided):
        act(lambda call: lake.confirm_disposal(call, disposal, [4], held(call, table_id)))
    before = sum(path.stat().st_size for path in table_folder(table_id).rglob("*.parquet"))
    jobs.run_waiting()
    after = sum(path.stat().st_size for path in table_folder(table_id).rglob("*.parquet"))
    assert there(table_id) == [6, 5, 4, 2]

    def dropped(call: Call) -> None:
        versions = {each.number: each for each in lake.versions_of(call.session, table_id)}
        assert before - after == sum(versions[number].freed_bytes or 0 for number in (1, 3)) > 0
        with pytest.raises(RowsDropped):
            lake.open_version(versions[3])
        said = call.session.query(Entry).filter(Entry.action.like("lake.retention.%")).order_by(Entry.number)
        acts = [each.action.removeprefix("lake.retention.") for each in said]
        assert acts == ["set", "propose", "drop", "clear"]
        assert verify(call.session).ok

    act(dropped)


def test_what_was_declined_is_not_asked_again_and_news_is(table_id: str) -> None:
    rule(table_id, last=3)
    retaining.propose_all()
    disposal, numbers, _held = waiting(table_id)
    assert numbers == [1, 3]
    with pytest.raises(ReasonNeeded):
        act(lambda call: lake.decline_disposal(call, disposal, " "))
    act(lambda call: lake.decline_disposal(call, disposal, "审计要用"))
    assert retaining.propose_all() == 0
    rule(table_id, last=2)
    assert retaining.propose_all() == 1
    standing, numbers, _held = waiting(table_id)
    assert numbers == [1, 3, 4]
    rule(table_id)
    assert retaining.propose_all() == 0
    with pytest.raises(DisposalDecided):
        act(lambda call: lake.confirm_disposal(call, standing, [1], held(call, table_id)))


def test_what_is_needed_since_it_was_proposed_stays(table_id: str) -> None:
    rule(table_id, last=1, published=False)
    retaining.propose_all()
    disposal, numbers, spared = waiting(table_id)
    assert (numbers, spared) == ([1, 3, 4, 5], [(2, ["shown"])])
    act(lambda call: catalogue.publish(call, "stations"))
    retaining.propose_all()
    later, numbers, _held = waiting(table_id)
    assert numbers == [1, 2, 3, 4, 5], "the rule lets go of what was published once"
    with pytest.raises(KeptVersion):
        act(lambda call: lake.confirm_disposal(call, later, numbers, held(call, table_id)))
    assert there(table_id) == [6, 5, 4, 3, 2, 1], "all or nothing"
    assert act(lambda call: lake.disposals_of(call.session, table_id)) == []
    assert disposal != later


def test_what_a_standard_entity_or_an_open_work_order_needs_is_held(table_id: str) -> None:
    def need(call: Call) -> None:
        versions = {each.number: each.id for each in lake.versions_of(call.session, table_id)}
        office = lake.table_by_id(call.session, table_id).office_id
        entity, mapping, book, run = (ids.new_id() for _ in range(4))
        more = {"text": "", "state": "in-force"}
        owned = {"entity_id": entity, "mapping_id": mapping}
        case = open_case(call, "quality-work-order", ("dataset", table_id), office)
        checked = {"table_id": table_id, "version_id": versions[3], "rulebook_id": book, "kind": "full"}
        order = {"rule_id": "r", "title": "", "level": "error", "run_id": run, "failed": 1, "checked": 1}
        named = [{"source": "a", "table_id": table_id, "version": 5}]
        read = [{"source": "a", "table_id": table_id, "version_id": versions[4], "number": 4}]
        for row in (
            StandardEntity(
                id=entity,
                name="e",
                title="实体",
                office_id=office,
                newest=1,
                created_at=call.now,
                created_by="",
            ),
            MappingVersion(
                id=mapping,
                entity_id=entity,
                number=1,
                tables=named,
                concerns={},
                carried=[],
                proposed_by="",
                proposed_at=call.now,
                **more,
            ),
            FusionRun(
                id=ids.new_id(),
                kind="force",
                versions=read,
                counts={},
                rows=1,
                entities=1,
                kept=False,
                actor="",
                started_at=call.now,
                ended_at=call.now,
                **owned,
            ),
            Rulebook(
                id=book,
                table_id=table_id,
                number=1,
                rules=1,
                author="",
                created_at=call.now,
                changed_at=call.now,
                **more,
            ),
            Run(
                id=run,
                rows=1,
                scores={},
                failing=1,
                sound=True,
                trouble={},
                actor="",
                started_at=call.now,
                ended_at=call.now,
                **checked,
            ),
            WorkOrder(
                id=ids.new_id(),
                case_id=case.id,
                table_id=table_id,
                office_id=office,
                origin="check",
                opened_by="",
                **order,
            ),
        ):
            call.session.add(row)
            call.session.flush()

    act(need)
    rule(table_id, last=1, published=False)
    retaining.propose_all()
    _id, numbers, spared = waiting(table_id)
    assert numbers == [1]
    assert sorted(spared) == [(2, ["shown"]), (3, ["order"]), (4, ["golden"]), (5, ["golden"])]
