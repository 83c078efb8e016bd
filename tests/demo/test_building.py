"""The city as it is built: through the acts, once, and going on after an interruption."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kaishu import access, catalogue, demo, discovery, elements, evaluation, lake, ledger, quality, source
from kaishu.access import TERMINAL, VISITOR, Call
from kaishu.base import clock, ids
from kaishu.catalogue.errors import NotOpen
from kaishu.db import forget_engines, session_scope
from kaishu.demo import building, dataset_plans


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole city, built once for all processes of this run; only to be read."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    environment = {**os.environ, "KAISHU_HOME": str(shared / "city")}
    environment.pop("KAISHU_DATABASE", None)
    with (shared / "city.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run([sys.executable, "-m", "kaishu", "demo", "--json"], env=environment, check=True)
    return shared / "city"


@pytest.fixture
def call(city: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Call]:
    """A reading call of the administrator in the city."""
    monkeypatch.setenv("KAISHU_HOME", str(city))
    monkeypatch.delenv("KAISHU_DATABASE", raising=False)
    forget_engines()
    with session_scope(write=False) as session:
        yield Call(session, TERMINAL, clock.now(), ids.new_id())
    forget_engines()


def as_visitor(call: Call) -> Call:
    return Call(call.session, VISITOR, call.now, call.request_id)


def test_every_dataset_is_where_its_plan_says(call: Call) -> None:
    for plan in dataset_plans():
        dataset = catalogue.dataset_by_name(call, plan.name)
        assert (dataset.state, dataset.office.name) == (plan.state, plan.office)
        entry = catalogue.draft_resources(call, dataset)[0]
        assert entry.version == len(plan.versions)


def test_the_tables_hold_every_row_of_the_files(call: Call) -> None:
    expected = {
        "customs-commodity-codes": (8957, 0, "CSV"),
        "universities-2025": (2919, 31, "XLS"),
        "county-biomass-power-2015": (2836, 0, "XLSX"),
        "county-divisions": (2978, 0, "JSON"),
        "subway-lines-and-stations": (423, 0, "XML"),
        "subway-stations-and-entrances": (3637, 0, "GEOJSON"),
        "covid19-daily-by-city": (229084, 0, "CSV"),
        "covid19-bulletins": (27424, 0, "CSV"),
    }
    for name, facts in expected.items():
        _, entry, version = catalogue.readable_version(call, name)
        assert (version.rows, version.set_aside, entry.format) == facts


def test_three_versions_can_be_read(call: Call) -> None:
    versions = [catalogue.readable_version(call, "covid19-latest-day", None, n)[2] for n in (1, 2, 3)]
    days = []
    for version in versions:
        batch = next(lake.open_version(version).batches(columns=["date"]))
        days.append(str(batch.column(0)[0].as_py()))
    assert days == ["2020-12-06", "2020-12-07", "2020-12-08"]


def test_columns_are_described_and_profiled(call: Call) -> None:
    dataset = catalogue.dataset_by_name(call, "air-quality-stations")
    titles = {item["name"]: (item["title"], item["unit"]) for item in dataset.record["items"]}
    assert titles["lon"] == ("经度", "度")
    for plan in dataset_plans():
        if plan.state == "published":
            _, _, version = catalogue.readable_version(call, plan.name)
            profile = quality.profile_of(call.session, version.id)
            assert profile and profile["table"]["records"] == version.rows


def test_visitors_find_what_is_published_and_get_what_is_open(call: Call) -> None:
    visitor = as_visitor(call)
    published = sum(plan.state == "published" for plan in dataset_plans())
    assert discovery.search(visitor, discovery.Query(limit=1)).total == published
    names = [hit.name for hit in discovery.search(visitor, discovery.Query(q="地铁")).hits]
    assert set(names) == {"subway-lines-and-stations", "subway-stations-and-entrances"}
    with pytest.raises(NotOpen):
        catalogue.readable_version(visitor, "covid19-bulletins")


def test_the_ledger_names_who_did_it_and_holds(call: Call) -> None:
    assert ledger.verify(call.session).ok
    dataset = catalogue.dataset_by_name(call, "universities-2025")
    acts = {
        entry.action: entry.actor_name for entry in ledger.entries(call.session, "dataset", dataset.id, 50)
    }
    assert acts["catalogue.submit"] == "教育局数据管理员"
    assert acts["catalogue.publish"] == "数据局审核员"
    assert not [entry for entry in ledger.entries_after(call.session, 0, 10_000) if "count" in entry.facts]


def test_a_finished_city_is_left_alone(call: Call, city: Path) -> None:
    before = ledger.last_entry(call.session)
    assert demo.build_city().made == 0
    after = ledger.last_entry(call.session)
    assert before and after and before.hash == after.hash
    shown = json.loads((city / "demo-accounts.json").read_text(encoding="utf-8"))
    assert {each["account"] for each in shown} == {person.account for person in access.people(call.session)}


def test_an_interrupted_build_goes_on(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = {"customs-regimes", "covid19-latest-day", "adult-colleges-2025"}
    plans = [plan for plan in dataset_plans() if plan.name in wanted]
    monkeypatch.setattr(building, "dataset_plans", lambda: plans)

    def stop(done: int, total: int, title: str) -> None:
        if done == total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        demo.build_city(stop)
    assert not (home / "demo.json").exists()
    assert demo.build_city().made == 1
    with session_scope(write=False) as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        rows = catalogue.datasets(call).rows
        states = {each.name: str(each.state) for each in rows if each.name in wanted}
    assert states == {plan.name: plan.state for plan in plans}


def test_deliveries_are_on_time_late_empty_and_overdue(call: Call) -> None:
    contracts = {each.name: each for each in source.contracts(call)}
    first = {
        name: source.kept_periods(call, each)[0].state
        for name, each in contracts.items()
        if each.way == "push"
    }
    assert first.pop("demo-school-buses") in ("overdue", "missed")
    assert first == {
        "demo-school-meals": "kept",
        "demo-school-visits": "late",
        "demo-school-closures": "empty",
    }
    (found,) = source.sources(call)
    assert (found.state, found.trouble) == ("certified", None)
    assert {each["name"]: each["rows"] for each in found.found or []} == {"schools": 40, "teachers": 100}
    assert [each.rows for each in source.arrivals_of(call, contracts["schools-by-month"])] == [40]


def test_what_waits_for_people_is_there(call: Call) -> None:
    states = {
        entry.code: version.state for entry, version in elements.versions_in(call.session, elements.OPEN)
    }
    assert states == {"bus-card-number": "cross-review", "bus-line-number": "technical-review"}
    (disposal,) = lake.open_disposals(call.session).values()
    assert [each["number"] for each in disposal.versions] == [1]
    (table,) = catalogue.gates_of(call, "subway-lines-and-stations")
    assert (table.staged, list(table.missing)) == (False, []), "one table has entered"


def test_departments_are_judged_and_evaluated_from_three_sources(call: Call) -> None:
    done, begun = sorted(evaluation.rounds(call), key=lambda each: each.id)
    assert (done.state, begun.state, len(done.units)) == ("disclosed", "judging", 8)
    agreed, _ = evaluation.agreements(call, done.id)
    assert agreed.pairs == 16 and agreed.kappa is not None and 0.5 < agreed.kappa < 1
    run = next(each for each in evaluation.evaluations(as_visitor(call)) if each.system == "kaishu-offices")
    assert run.asked["round"] == done.id and run.asked["facts"] == "office"
    result = evaluation.result_of(call.session, run)
    unit = result.unit("jiaotongju")
    assert unit.name == "开数市交通运输局"
    published = sum(plan.state == "published" and plan.office == "jiaotongju" for plan in dataset_plans())
    assert unit.nodes["D11"].raw == published
    assert "SELECT" in unit.nodes["D11"].remark.query and "demo-data-officers" in unit.nodes["D33"].remark.zh
    assert unit.nodes["D31"].score == 5 and "申诉后改定" in unit.nodes["D31"].remark.zh
    assert result.unit("shujuju").nodes["D31"].remark.links[0].startswith("/desk/judging/")
    assert not [notice for notice in result.notices if notice.kind == "unmatched"]
    assert evaluation.evaluation_again(call, run.id).same
