"""Scores are kept by dataset, summed by office and catalogue, and their sums stay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from kaishu import inspection
from kaishu.access import Call
from kaishu.catalogue.models import Dataset
from kaishu.inspection import mqa
from kaishu.inspection.models import Aggregate, Run
from tests.conftest import BOTH_DATABASES
from tests.inspection.conftest import Publish


@pytest.fixture(params=BOTH_DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    """Scores and findings are kept on both."""
    return str(request.param)


def test_each_catalogue_and_office_is_summed_apart(
    call: Call, publish: Publish, harvested: Callable[[Dataset], None], offices: tuple[str, str]
) -> None:
    publish("one")
    publish("two", office="school", tags=[], themes=[])
    harvested(publish("three", tags=[]))
    inspection.keep_mqa(call, inspection.compute_mqa(call))
    found = {each.name: each for each in inspection.sums(call.session)}
    assert {name: each.datasets for name, each in found.items()} == {"own": 2, "all": 3, "tokyo": 1}
    assert found["own"].met["keywords"] == 1
    assert {each.name for each in inspection.sums(call.session, "office")} == set(offices)
    lowest = inspection.lowest(call.session, catalogue="own")
    assert [each.name for each in lowest] == ["two", "one"]


def test_a_second_run_replaces_scores_and_keeps_the_first_ones_sums(call: Call, publish: Publish) -> None:
    dataset = publish("one", tags=[])
    inspection.keep_mqa(call, inspection.compute_mqa(call))
    dataset.record = {**dataset.record, "tags": ["公交"]}
    call.session.flush()
    inspection.keep_mqa(call, inspection.compute_mqa(call))
    stored = inspection.outcome_of(call.session, dataset.id)
    assert stored is not None and stored[0].says("keywords") is True
    assert call.session.query(Run).filter_by(kind="mqa").count() == 2
    assert call.session.query(Aggregate).filter_by(kind="catalogue", name="own").count() == 2
    assert len(inspection.trend(call.session, "catalogue", "own")) == 1


def test_the_trend_has_a_point_for_each_day_of_the_site(call: Call, publish: Publish) -> None:
    """Seven in the morning and noon are one day there, and two by UTC."""
    publish("one")
    for moment in (datetime(2026, 11, 20, 23, tzinfo=UTC), datetime(2026, 11, 21, 4, tzinfo=UTC)):
        inspection.keep_mqa(call, inspection.compute_mqa(call))
        latest = call.session.query(Run).order_by(Run.id.desc()).first()
        assert latest is not None
        latest.ended_at = moment
        call.session.flush()
    assert len(inspection.trend(call.session, "catalogue", "own")) == 1


def test_measuring_is_due_after_a_change_and_not_before(call: Call, publish: Publish) -> None:
    assert not inspection.measuring_due(call.session, call.now)
    publish("one")
    assert inspection.measuring_due(call.session, call.now)
    inspection.keep_mqa(call, inspection.compute_mqa(call))
    assert not inspection.measuring_due(call.session, call.now)


def test_quality_as_dqv_says_every_measurement_with_its_metric() -> None:
    import io

    import pyoxigraph

    outcome = mqa.Outcome(met=1, unknown=2, score=30)
    from kaishu.base import clock

    measured = list(inspection.dqv.of_dataset("https://x.example/dataset/1", outcome, clock.now()))
    assert len(measured) == 23  # 22 indicators that have been looked at, and the score
    turtle, json = inspection.dqv.turtle(measured), inspection.dqv.jsonld(measured)
    one = set(pyoxigraph.parse(io.BytesIO(turtle.encode()), pyoxigraph.RdfFormat.TURTLE))
    other = set(pyoxigraph.parse(io.BytesIO(json.encode()), pyoxigraph.RdfFormat.JSON_LD))
    assert {str(quad.triple) for quad in one} == {str(quad.triple) for quad in other}
    assert "<https://piveau.eu/ns/voc#keywordAvailability>" in {str(quad.object) for quad in one}


def test_findings_and_verdicts_are_kept(call: Call, publish: Publish) -> None:
    dataset = publish("one", licence="")
    run = inspection.keep_checks(call, inspection.run_checks(call, "own"))
    assert run.result["counts"]["licence"] == 1
    verdict = inspection.Verdict(dataset.id, "mark", (), call.now)
    inspection.keep_verdicts(call, [verdict, verdict])
    kept = inspection.verdict_of(call.session, dataset.id)
    assert kept is not None and kept.conforms
