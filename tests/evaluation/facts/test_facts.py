"""Facts of this platform and of harvested catalogues: values, queries, rows; kept; evaluated."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from kaishu import evaluation
from kaishu.access import VISITOR, Actor, Call
from kaishu.access.errors import SignInNeeded
from kaishu.base import clock, ids
from kaishu.base.errors import NotFound
from kaishu.casework.models import Case
from kaishu.catalogue.models import Dataset
from kaishu.cli.root import kaishu
from kaishu.db import forget_engines
from kaishu.evaluation.facts.errors import NoFact, NoScope
from kaishu.evaluation.facts.model import source_of, source_said
from kaishu.inspection.linkstates import key
from kaishu.inspection.models import LinkState
from kaishu.usage.models import UsageTotal
from tests.conftest import BOTH_DATABASES
from tests.inspection.conftest import Publish, harvested, offices, publish

__all__ = ["harvested", "offices", "publish"]
PDF = {"name": "公报", "url": "https://x.example/a.pdf", "format": "PDF", "media_type": "application/pdf"}
API = {"name": "接口", "url": "https://x.example/api", "format": "JSON", "role": "api"}


@pytest.fixture(params=BOTH_DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def city(call: Call, publish: Publish, harvested: Callable[[Dataset], None]) -> dict[str, Dataset]:
    """Two datasets of one office, one of another, one from elsewhere."""
    day = clock.day_of(call.now - timedelta(days=100)).isoformat()
    found = {
        "bus": publish("bus", spatial_code="110105"),
        "stops": publish("stops", links=[PDF], licence="cc-by-nc-4.0", open_class="conditional"),
        "schools": publish("schools", office="school", links=[API], spatial_code="110105000000"),
        "far": publish(
            "far", office="school", links=[PDF], update_frequency="daily", modified=day, licence=""
        ),
    }
    harvested(found["far"])
    return found


def test_each_fact_is_counted_for_all_units_at_once(call: Call, city: dict[str, Dataset]) -> None:
    call.session.add(UsageTotal(dataset_id=city["bus"].id, kind="download", count=7))
    for url, there in ((PDF["url"], False), ("https://data.example.org/bus.csv", True)):
        call.session.add(
            LinkState(
                key=key(url), url=url, host="x", reachable=there, failures=0, checked_at=call.now, detail=""
            )
        )
    call.session.flush()
    sheet = evaluation.measure_facts(call, by="catalogue")
    own = {each.name: sheet.of("own", each.name).value for each in sheet.facts}
    far = {each.name: sheet.of("tokyo", each.name).value for each in sheet.facts}
    assert (own["datasets"], own["datasets.open"], own["datasets.conditional"], far["datasets"]) == (
        3,
        2,
        1,
        1,
    )
    assert (own["interfaces"], own["files"], own["formats"], own["downloads"]) == (1, 2, 3, 7)
    assert own["machine-readable-share"] == pytest.approx(200 / 3) and far["machine-readable-share"] == 0
    assert (own["licences.use"], own["licences.commercial"], far["licences.commercial"]) == (
        100, pytest.approx(200 / 3), 0,
    )  # fmt: skip
    assert (far["update-age"], far["promised-vs-kept-frequency"], own["promised-vs-kept-frequency"]) == (
        100, 0, None,
    )  # fmt: skip
    assert (own["dead-links"], far["dead-links"], far["links.asked"]) == (50, 100, 1)
    assert own["capacity"] is None and own["ratings"] is None
    assert 0 < far["metadata-completeness.dcat"] <= own["metadata-completeness.dcat"] <= 100
    assert far["work-orders"] is None and own["work-orders"] == 0
    assert len(sheet.facts) >= 50


def test_values_are_made_of_the_rows_that_are_listed(call: Call, city: dict[str, Dataset]) -> None:
    names = ("datasets.open", "machine-readable-share", "formats", "departments.sharing", "update-age")
    sheet = evaluation.measure_facts(call, names, by="office")
    for fact in names:
        for unit in sheet.units:
            page = evaluation.rows_behind(sheet, fact, unit.id, limit=1)
            rows = list(page.rows)
            while page.next:
                page = evaluation.rows_behind(sheet, fact, unit.id, limit=1, cursor=page.next)
                rows += page.rows
            assert len(rows) == sheet.of(unit.id, fact).rows == page.total
    rows = evaluation.rows_behind(sheet, "machine-readable-share", "traffic").rows
    assert {row.id: row.value for row in rows} == {city["bus"].id: 1, city["stops"].id: 0}
    assert sheet.of("traffic", "machine-readable-share").value == 50
    assert evaluation.fact_shares(sheet, "formats", "traffic") == [("csv", 1), ("pdf", 1)]
    with pytest.raises(NotFound):
        evaluation.rows_behind(sheet, "formats", "nobody")


def test_divisions_are_those_that_records_name(call: Call, city: dict[str, Dataset]) -> None:
    sheet = evaluation.measure_facts(call, ["datasets", "work-orders"], by="division")
    assert [(unit.id, unit.zh, sheet.of(unit.id, "datasets").value) for unit in sheet.units] == [
        ("110105", "朝阳区", 2)
    ]
    assert sheet.left_out == 2 and sheet.of("110105", "work-orders").value is None


def test_reviews_are_decided_in_time_or_late(call: Call, city: dict[str, Dataset]) -> None:
    today = clock.day_of(call.now)
    for place, days in (("bus", 0), ("stops", -3), ("schools", 2)):
        due = today + timedelta(days=days)
        call.session.add(
            Case(
                id=ids.new_id(), kind="publication", subject_kind="dataset", subject_id=city[place].id,
                office_id=city[place].office_id, state="published", opened_at=call.now - timedelta(days=1),
                due_on=due, closed_at=call.now,
            )
        )  # fmt: skip
    call.session.flush()
    sheet = evaluation.measure_facts(call, ["reviews", "reviews.in-time", "reviews.days"], by="office")
    found = {
        unit: [sheet.of(unit, each.name).value for each in sheet.facts] for unit in ("traffic", "school")
    }
    # Each dataset was published at once, which counts too.
    assert found == {"traffic": [4, 75, 0.5], "school": [3, 100, 0]}


def test_a_collection_keeps_values_queries_and_rows(call: Call, city: dict[str, Dataset]) -> None:
    kept = evaluation.collect_facts(call, ["datasets", "formats"], by="catalogue")
    city["bus"].state = "withdrawn"
    call.session.flush()
    sheet = evaluation.collected_facts(call, kept.id)
    assert sheet.of("own", "datasets").value == 3
    assert city["bus"].id in {row.id for row in evaluation.rows_behind(sheet, "datasets", "own").rows}
    evaluation.collect_facts(call, ["datasets"], by="catalogue")
    assert [value for _, value in evaluation.fact_course(call, "datasets", "own", "catalogue")] == [3, 2]
    assert [each.scope for each in evaluation.fact_collections(call, "catalogue")] == ["catalogue"] * 2
    assert kept.sheet["queries"]["datasets"].startswith("SELECT unit, SUM(each)")


def test_facts_are_the_units_of_an_evaluation(call: Call, city: dict[str, Dataset]) -> None:
    system = """\
system: openness
edition: "1"
title: 开放
scale: [0, 100]
units: {id: id}
tree:
  - {code: D, weight: 0.5, indicator: {from: {fact: datasets.open}, normalise: to-maximum}}
  - {code: M, weight: 0.5, indicator: {from: {fact: machine-readable-share}, normalise: direct}}
"""
    units = evaluation.facts_table(call, ["datasets.open", "machine-readable-share"], by="catalogue")
    result = evaluation.evaluate(system, units)
    assert [each.id for each in result.units] == ["own", "tokyo"]
    own = result.unit("own").nodes["M"]
    assert own.raw == pytest.approx(200 / 3) and own.remark.query.startswith("SELECT unit")
    assert "3 rows" in own.remark.said("en")
    assert math.isnan(
        float(evaluation.facts_table(call, ["capacity"], by="catalogue").numbers["capacity"][0])
    )


def test_who_asks_for_what_is_not_there_is_told(call: Call, make_call: Callable[[Actor], Call]) -> None:
    with pytest.raises(NoFact) as caught:
        evaluation.measure_facts(call, ["dataset"])
    assert "datasets.open" in caught.value.sentence("en")
    with pytest.raises(NoScope):
        evaluation.measure_facts(call, ["datasets"], by="moon")
    with pytest.raises(SignInNeeded):
        evaluation.measure_facts(make_call(VISITOR), ["datasets"])


def test_the_terminal_tells_facts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAISHU_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("KAISHU_DATABASE", raising=False)
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    forget_engines()
    run = CliRunner().invoke(kaishu, ["facts", "datasets", "capacity", "--json"])
    found = json.loads(run.output)
    assert found["units"][0]["facts"] == {
        "datasets": {"value": 0, "rows": 0}, "capacity": {"value": None, "rows": 0},
    }  # fmt: skip
    assert found["facts"][0]["query"].startswith("SELECT")
    table = CliRunner().invoke(kaishu, ["facts", "datasets", "--csv", "--by", "catalogue"]).output
    assert list(csv.reader(io.StringIO(table))) == [
        ["id", "name", "datasets"], ["own", "Our own catalogue", "0"],
    ]  # fmt: skip
    assert CliRunner().invoke(kaishu, ["facts", "nothing"]).exit_code == 1
    listed = json.loads(CliRunner().invoke(kaishu, ["facts", "--list", "--json"]).output)
    assert len(listed) == len(evaluation.all_facts())
    forget_engines()


def test_where_facts_come_from_is_said_in_both_languages() -> None:
    at = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
    said = source_said(f"staff.csv + {source_of('office', at)} + {source_of('platform', at)}")
    assert said == (
        "staff.csv + 平台事实（按部门，2026-03-04 05:06 UTC统计）"
        " + 平台事实（按全平台，2026-03-04 05:06 UTC统计）"
    )
    assert said.en.startswith("staff.csv + facts by department, counted at 2026-03-04 05:06 UTC + facts by")
    assert source_said("staff.csv").en == "staff.csv"
