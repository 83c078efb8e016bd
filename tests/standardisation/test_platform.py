"""Entities made of tables: agreed before they count, reviewed by people, differences sent back and closed."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kaishu import access, catalogue, jobs, lake, lineage, quality, source, standardisation
from kaishu.access import TERMINAL, Actor, Call, Role
from kaishu.access.errors import NotAllowed, OtherOffice
from kaishu.base import clock, ids
from kaishu.casework.errors import ReasonNeeded
from kaishu.cli import entrance
from kaishu.db import database_url, session_scope
from kaishu.jobs import standardising
from kaishu.standardisation.errors import (
    BadMapping,
    MappingNotAgreed,
    MappingNotInForce,
    MappingUnderAgreement,
)
from kaishu.standardisation.models import FusionRun
from tests.conftest import BOTH_DATABASES
from tests.standardisation.test_fuse import HEALTH, POLICE

MAPPING = """entity: person
sources:
  - name: 公安
    table: police
    unique: true
    updated: 时间
    fields:
      id_number: 身份证
      name: 姓名
      sex: {column: 性别, values: {男: "1", 女: "2"}}
      birth_date: 生日
      address: 住址
  - {name: 卫健, table: health, unique: true, updated: 更新,
     fields: {id_number: 证件号, name: 名字, birth_date: 出生, address: 地址}}
survivorship: {address: [newest, longest]}
"""
KEYS = MAPPING + "probable: false\n"
NAME = "persons"


def act(actor: Actor, does: Callable[[Call], Any]) -> Any:
    with session_scope() as session:
        return does(Call(session, actor, clock.now(), ids.new_id()))


def keep(call: Call, text: str) -> None:
    standardisation.keep_mapping(call, NAME, text, catalogue.find_registers(call))


def deliver(dataset: str, text: str) -> None:
    def take(call: Call) -> None:
        delivery = source.receive(call, f"{dataset}.csv", io.BytesIO(text.encode()))
        known = catalogue.draft_resources(call, catalogue.dataset_by_name(call, dataset))
        if known:
            table, resource = lake.table_by_id(call.session, str(known[0].table_id)), known[0].id
        else:
            table = lake.add_table(call, catalogue.dataset_by_name(call, dataset).office_id)
            resource = catalogue.add_resource(call, dataset, name=dataset, table=table).id
        version = lake.ingest(call, delivery, table=table)
        catalogue.set_version(call, dataset, resource, version)

    act(TERMINAL, take)


class City:
    """Three offices, each with a steward, two of them with a register; and the bureau."""

    def __init__(self) -> None:
        self.offices = {
            name: act(TERMINAL, lambda call, name=name: access.add_office(call, name=name, title=name).id)
            for name in ("owner", "police", "health")
        }
        for name in ("police", "health"):
            record = catalogue.DatasetRecord(title=f"{name} register")
            act(
                TERMINAL,
                lambda call, name=name, record=record: catalogue.add_dataset(
                    call, record=record, office=name, name=name
                ),
            )
        self.bureau = Actor("person", "b", "局", Role.reviewer)
        deliver("police", POLICE)
        deliver("health", HEALTH)

    def steward(self, office: str) -> Actor:
        return Actor("person", office, f"{office} steward", Role.steward, self.offices[office])

    def keep(self, text: str = KEYS) -> None:
        act(
            self.bureau,
            lambda call: standardisation.keep_mapping(call, NAME, text, catalogue.find_registers(call)),
        )

    def submit(self) -> None:
        act(self.bureau, lambda call: standardisation.submit_mapping(call, NAME))

    def answer(self, office: str, agrees: bool, reason: str = "", fields: tuple[str, ...] = ()) -> None:
        act(
            self.steward(office),
            lambda call: standardisation.answer_mapping(call, NAME, office, agrees, reason, fields),
        )

    def put_in_force(self) -> None:
        act(self.bureau, lambda call: standardisation.put_in_force(call, NAME))

    def agree(self) -> None:
        self.submit()
        with session_scope() as session:
            entity = standardisation.standard_by_name(session, NAME)
            kept = standardisation.mapping_of(session, entity, entity.newest)
            assert kept is not None
            call = Call(session, self.bureau, clock.now(), "")
            waiting = {e.office_id for e in standardisation.standing_of(call, kept) if e.stands == "waits"}
        for office, id in self.offices.items():
            if id in waiting:
                self.answer(office, True)
        self.put_in_force()

    def run(self, trial: bool = False) -> dict[str, Any]:
        act(self.bureau, lambda call: standardisation.leave_run(call, NAME, trial=trial))
        jobs.run_waiting()
        with session_scope(write=False) as session:
            task = standardisation.last_task(session, standardisation.standard_by_name(session, NAME))
            assert task is not None and task.state == "done", task and task.error
            return dict(task.result or {})


@pytest.fixture
def city(home: Path) -> City:
    made = City()
    act(
        made.bureau,
        lambda call: standardisation.add_standard(call, name=NAME, title="人口", office="owner"),
    )
    return made


def read(does: Callable[[Call], Any]) -> Any:
    with session_scope(write=False) as session:
        return does(Call(session, TERMINAL, clock.now(), ""))


def stands(city: City) -> dict[str, str]:
    def tell(call: Call) -> dict[str, str]:
        entity = standardisation.standard_by_name(call.session, NAME)
        kept = standardisation.mapping_of(call.session, entity, entity.newest)
        assert kept is not None
        return {each.office_id: each.stands for each in standardisation.standing_of(call, kept)}

    told = read(tell)
    return {name: told[id] for name, id in city.offices.items() if id in told}


def golden() -> dict[str, dict[str, Any]]:
    def rows(call: Call) -> dict[str, dict[str, Any]]:
        entity = standardisation.standard_by_name(call.session, NAME)
        version = lake.versions_of(call.session, str(entity.table_id))[0]
        frame = lake.open_version(version).lazy().collect()
        return {row["name"]: row for row in frame.to_dicts()}

    found: dict[str, dict[str, Any]] = read(rows)
    return found


def test_a_mapping_counts_when_every_office_concerned_agrees(city: City) -> None:
    city.keep()
    with pytest.raises(MappingNotInForce):
        act(city.bureau, lambda call: standardisation.leave_run(call, NAME, trial=False))
    trial = city.run(trial=True)
    assert trial["kind"] == "trial" and trial["orders"] == {} and trial["entities"] == 6
    city.submit()
    assert stands(city) == {"owner": "waits", "police": "waits", "health": "waits"}
    with pytest.raises(MappingUnderAgreement):
        city.keep()
    with pytest.raises(OtherOffice):
        act(
            city.steward("police"),
            lambda call: standardisation.answer_mapping(call, NAME, "health", True),
        )
    with pytest.raises(ReasonNeeded):
        city.answer("police", False)
    city.answer("police", False, "住址以公安为准", ("address",))
    city.answer("owner", True)
    with pytest.raises(MappingNotAgreed) as refused:
        city.put_in_force()
    assert "police有异议" in refused.value.sentence("zh") and "health尚未答复" in refused.value.sentence("zh")
    city.answer("health", True)
    city.answer("police", True)
    city.put_in_force()
    assert read(lambda call: standardisation.standard_by_name(call.session, NAME).in_force) == 1


def test_a_changed_mapping_is_put_only_to_those_to_whom_it_says_something_new(city: City) -> None:
    city.keep()
    city.agree()
    city.keep(KEYS.replace('{男: "1", 女: "2"}', '{男: "1", 女: "2", 未知: "0"}'))
    city.submit()
    assert stands(city) == {"owner": "waits", "police": "waits", "health": "carried"}
    city.answer("police", True)
    city.answer("owner", True)
    city.put_in_force()
    city.keep(KEYS.replace("[newest, longest]", "authority"))
    city.submit()
    assert stands(city) == {"owner": "waits", "police": "waits", "health": "waits"}


def test_what_is_wrong_with_a_mapping_is_told_with_its_line(city: City) -> None:
    wrong = KEYS.replace("table: health", "table: nowhere").replace("住址\n", "住扯\n")
    with pytest.raises(BadMapping) as refused:
        city.keep(wrong)
    assert [(each.line, each.key) for each in refused.value.problems] == [
        (12, "sources[1].fields.address"),
        (13, "sources[2].table"),
    ]
    with pytest.raises(BadMapping):
        city.keep(KEYS.replace("table: police", "file: police.csv"))
    with pytest.raises(NotAllowed):
        member = Actor("person", "m", "m", Role.member)
        act(
            member,
            lambda call: standardisation.keep_mapping(call, NAME, MAPPING, catalogue.find_registers(call)),
        )


@pytest.mark.parametrize("database", BOTH_DATABASES)
def test_differences_are_ordered_from_each_office_and_closed_when_they_agree(city: City) -> None:
    city.keep()
    city.agree()
    assert city.run()["orders"]["opened"] == 2
    people = golden()
    assert people["王小明"]["address"] == "朝阳区人民路12号院" and people["王小明"]["_differing"] == 2

    def told(call: Call) -> dict[str, tuple[str, int, str]]:
        return {
            order.rule_id: (order.office_id, order.last_failed or order.failed, case.state)
            for order, case in quality.orders(call.session)
        }

    assert read(told) == {
        "standard:persons:name": (city.offices["health"], 1, "open"),
        "standard:persons:address": (city.offices["police"], 1, "open"),
    }
    assert city.run()["orders"] == {"opened": 0, "returned": 0, "closed": 0}
    found = read(lambda call: quality.orders(call.session)[0][0].id)
    mending = {order.rule_id: order for order, _ in read(lambda call: quality.orders(call.session))}
    order = mending["standard:persons:name"]
    act(city.steward("health"), lambda call: quality.claim_mended(call, order.id, "改好了"))
    act(city.steward("health"), lambda call: standardisation.leave_recheck(call, order))
    jobs.run_waiting()
    assert read(told)["standard:persons:name"][2] == "accepted" and found
    deliver("health", HEALTH.replace("王晓明", "王小明"))
    assert standardising.leave_runs_when_due() == 1
    assert standardising.leave_runs_when_due() == 0
    jobs.run_waiting()
    assert standardising.leave_runs_when_due() == 0
    assert set(read(told)) == {"standard:persons:address"}
    closed = read(lambda call: quality.orders(call.session, closed=True)[0])
    assert closed[1].state == "closed" and closed[0].open_key is None


def test_versions_of_the_golden_table_tell_which_entities_changed(city: City) -> None:
    city.keep()
    city.agree()
    city.run()
    before = golden()
    deliver("health", HEALTH.replace("王晓明", "王小明").replace("赵六", "赵七"))
    city.run()

    def newest(call: Call) -> tuple[Any, ...]:
        entity = standardisation.standard_by_name(call.session, NAME)
        dataset = catalogue.dataset_by_name(call, entity.dataset)
        version = lake.versions_of(call.session, str(entity.table_id))[0]
        return (
            dataset.office_id,
            dataset.state,
            version.number,
            version.inserted,
            version.deleted,
            version.updated,
        )

    assert read(newest) == (city.offices["owner"], "draft", 2, 1, 1, 1)
    after = golden()
    assert after["王小明"]["entity"] == before["王小明"]["entity"] and "赵七" in after


def test_rows_that_were_deleted_in_a_version_are_not_fused(city: City) -> None:
    def merge(call: Call) -> None:
        entry = catalogue.draft_resources(call, catalogue.dataset_by_name(call, "health"))[0]
        table = lake.table_by_id(call.session, str(entry.table_id))
        text = HEALTH.replace(",赵六,20001301,和平区,2024-05-05\n", "")
        delivery = source.receive(call, "health.csv", io.BytesIO(text.encode()))
        update = lake.Update(mode="merge", key=("名字", "出生"), full=True)
        version = lake.ingest(call, delivery, table=table, update=update)
        assert version.deleted == 1

    act(TERMINAL, merge)
    city.keep()
    assert city.run(trial=True)["rows"] == 6


def test_people_decide_pairs_and_the_next_run_goes_by_it(city: City) -> None:
    pytest.importorskip("splink")
    city.keep(MAPPING + "probable: {sure: 0.999999, review: 0.0001}\n")
    city.agree()
    first = city.run()
    assert first["waiting"] >= 2

    def pairs(call: Call) -> list[standardisation.PairSides]:
        entity = standardisation.standard_by_name(call.session, NAME)
        return standardisation.sides_of(call, standardisation.waiting_pairs(call.session, entity))

    waiting = read(pairs)
    assert [each.pair.probability for each in waiting] == sorted(
        (each.pair.probability for each in waiting), reverse=True
    )
    by_name = {(each.left["name"], each.right["name"]): each.pair.id for each in waiting}
    same, other = by_name["张三", "张三"], next(id for names, id in by_name.items() if names != ("张三",) * 2)
    with pytest.raises(OtherOffice):
        act(city.steward("police"), lambda call: standardisation.decide_pair(call, same, True))
    act(city.steward("owner"), lambda call: standardisation.decide_pair(call, same, True, "同一住址"))
    act(city.steward("owner"), lambda call: standardisation.put_pair_off(call, other))
    again = city.run()
    assert again["entities"] == first["entities"] - 1
    left = read(pairs)
    assert other not in [each.pair.id for each in left]
    assert any(each.pair.later_at for each in left) and left[-1].pair.later_at
    [made] = read(
        lambda call: standardisation.decisions_of(
            call.session, standardisation.standard_by_name(call.session, NAME)
        )
    )
    assert (made.same, made.reason, made.decided_by) == (True, "同一住址", "owner steward")
    act(city.steward("owner"), lambda call: standardisation.change_decision(call, made.id, False))
    assert city.run()["entities"] == first["entities"]
    history = read(
        lambda call: standardisation.decisions_of(
            call.session, standardisation.standard_by_name(call.session, NAME), replaced=True
        )
    )
    assert [each.same for each in history] == [False, True]


def test_without_the_extra_only_keys_are_used_and_the_run_says_so(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kaishu.standardisation import running

    monkeypatch.setattr(running, "splink_is_there", lambda: False)
    city.keep(MAPPING)
    city.run(trial=True)
    counts = read(
        lambda call: (
            standardisation.last_run(
                call.session, standardisation.standard_by_name(call.session, NAME)
            ).counts
        )
    )
    assert counts["keys_only"] is True and set(counts["links"]) == {"key:id_number"}


def test_values_are_seen_by_those_who_may(city: City) -> None:
    city.keep()
    city.run(trial=True)

    def seen(actor: Actor) -> frozenset[str]:
        def tell(call: Call) -> frozenset[str]:
            entity = standardisation.standard_by_name(call.session, NAME)
            run = standardisation.last_run(call.session, entity)
            assert run is not None
            return standardisation.sources_seen(call, run)

        found: frozenset[str] = act(actor, tell)
        return found

    assert seen(city.steward("police")) == {"公安"} and seen(city.steward("owner")) == frozenset()
    city.agree()
    city.run()
    assert seen(city.steward("owner")) == {"公安", "卫健"} and seen(city.steward("health")) == {"卫健"}
    run, [person] = act(
        city.steward("owner"),
        lambda call: standardisation.explain_entity(call, NAME, "11010119900307803X"),
    )
    assert run.kind == "force" and len(person.rows) == 2
    cells = {cell["field"]: cell for cell in person.cells}
    assert cells["address"]["rule"] == "newest" and cells["name"]["losers"][0]["source"] == "卫健"


def test_files_of_old_runs_go_and_those_that_orders_need_stay(
    city: City, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    from kaishu.standardisation import running

    monkeypatch.setattr(running, "KEPT", 1)
    city.keep()
    city.agree()
    runs = [city.run()["run"] for _ in range(2)]
    assert standardising.tidy() == 1
    assert [path.name for path in (home / "standard").iterdir()] == [runs[-1]]

    def kept(call: Call) -> list[bool]:
        return [call.session.get_one(FusionRun, id).kept for id in runs]

    assert read(kept) == [False, True]


def test_a_run_that_fails_leaves_nothing(city: City, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    city.keep()
    city.agree()

    def fail(*args: object, **facts: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(standardising.standardisation, "order_differences", fail)
    act(city.bureau, lambda call: standardisation.leave_run(call, NAME, trial=False))
    jobs.run_waiting()
    entity = read(lambda call: standardisation.standard_by_name(call.session, NAME))
    assert entity.table_id is None and list((home / "standard").iterdir()) == []
    assert standardising.leave_runs_when_due() == 0


def test_an_entity_is_not_made_of_itself(city: City) -> None:
    city.keep()
    city.agree()
    city.run()
    own = read(lambda call: standardisation.standard_by_name(call.session, NAME).dataset)

    def other(call: Call) -> str:
        standardisation.add_standard(call, name="others", title="其他", office="owner")
        text = f"entity: person\nsources:\n  - {{name: 一, table: {own}, fields: {{name: name}}}}\n"
        standardisation.keep_mapping(call, "others", text, catalogue.find_registers(call))
        return text

    text = act(city.bureau, other)
    with pytest.raises(BadMapping) as refused:
        act(city.bureau, lambda call: keep(call, text))
    assert [(each.line, each.key) for each in refused.value.problems] == [(3, "sources[1].table")]


def test_a_long_step_does_not_let_the_lease_of_its_task_run_out(city: City) -> None:
    from kaishu import queue
    from kaishu.jobs.reporting import beating

    city.keep()
    task_id = act(city.bureau, lambda call: standardisation.leave_run(call, NAME, trial=True))
    leased = act(TERMINAL, lambda call: queue.lease(call.session, task_id).leased_until)

    def until(call: Call) -> Any:
        return queue.task_by_id(call.session, task_id).leased_until

    with beating(task_id, 0.02):
        for _ in range(200):
            if read(until) > leased:
                break
            time.sleep(0.02)
    assert read(until) > leased


def test_the_terminal_does_the_same(city: City, tmp_path: Path) -> None:
    entrance._prepared.add(database_url())  # the fixture has made the tables

    def kaishu_standard(*words: str) -> Any:
        from kaishu.cli.root import kaishu

        done = CliRunner().invoke(kaishu, ["standard", *words, "--json"])
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    mapping = tmp_path / "m.yaml"
    mapping.write_text(KEYS, encoding="utf-8")
    assert kaishu_standard("add", NAME, str(mapping), "--submit")["state"] == "in-agreement"
    assert kaishu_standard("run", NAME, "--trial")["entities"] == 6
    [found] = kaishu_standard("explain", NAME, "11010119900307803X", "--trial")
    assert {cell["field"] for cell in found["cells"]} >= {"name", "address"}
    [line] = kaishu_standard("list")
    assert line["name"] == NAME and line["in_force"] is None and line["run"] == "trial"


def test_golden_columns_come_from_those_of_the_registers(city: City) -> None:
    city.keep()
    city.agree()
    city.run()

    def origins(call: Call) -> tuple[set[tuple[str, str, str]], list[tuple[str, str, str]]]:
        entity = standardisation.standard_by_name(call.session, NAME)
        found = lineage.lineage_of(call, entity.dataset)
        nodes = found.graph.nodes
        into = {
            (nodes[e.start].label, nodes[e.start].column, e.kind)
            for e in found.graph.edges
            if nodes[e.end].column == "address" and nodes[e.end].kind == "table"
        }
        events = [event["job"]["name"] for event in lineage.events(call, [entity.dataset])]
        assert events == [f"{entity.dataset}.fuse"]
        register = lineage.lineage_of(call, "police")
        uses = lineage.impact_of(call, register, "住址").uses
        return into, [(each.kind, each.name, each.where) for each in uses]

    into, uses = read(origins)
    assert into == {
        ("police register · police v1", "住址", "fused"),
        ("health register · health v1", "地址", "fused"),
    }
    assert uses == [("standard", "address", "人口")]
