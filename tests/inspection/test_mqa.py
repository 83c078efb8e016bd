"""The 23 indicators, their points, and what is to be mended first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaishu.inspection import mqa
from kaishu.inspection.mqa import Known
from tests.inspection.conftest import GOOD, LINK, entry

URL = LINK["url"]
ALL_WELL = Known(reached={URL: True}, conforms=True, own=False)


def test_the_method_has_23_indicators_and_405_points_in_five_dimensions() -> None:
    how = mqa.method()
    assert len(how.indicators) == 23
    assert how.most == 405
    assert {each.code: how.points_of(each.code) for each in how.dimensions} == {
        "findability": 100,
        "accessibility": 100,
        "interoperability": 110,
        "reusability": 75,
        "contextuality": 20,
    }


@pytest.mark.parametrize(
    ("points", "rating"),
    [(405, "excellent"), (351, "excellent"), (350, "good"), (221, "good"), (220, "sufficient"),
     (121, "sufficient"), (120, "bad"), (0, "bad")],
)  # fmt: skip
def test_ratings_begin_where_the_methodology_page_says(points: int, rating: str) -> None:
    assert mqa.method().rating(points) == rating


def test_a_record_that_lacks_nothing_has_all_405_points() -> None:
    outcome = mqa.score(entry({**GOOD, "issued": "2026-01-05"}), ALL_WELL)
    assert mqa.lacking(outcome) == []
    assert outcome.score == 405


def test_an_empty_record_has_no_points_but_the_publisher() -> None:
    outcome = mqa.score(replace(entry({"title": "x"}), resources=()), Known(conforms=False, own=False))
    assert outcome.score == 10
    assert outcome.unknown == 0


def test_what_has_not_been_looked_at_gives_no_points_and_is_said_to_be_unknown() -> None:
    outcome = mqa.score(entry(), Known(own=False))
    assert [outcome.says(code) for code in ("access-reachable", "download-reachable", "dcat-ap")] == [
        None
    ] * 3
    assert outcome.score == 405 - 50 - 30 - 30
    assert mqa.lacking(outcome) == [], "it is not advised to mend what may be whole"


def test_an_address_that_does_not_answer_loses_its_points() -> None:
    outcome = mqa.score(entry(), Known(reached={URL: False}, conforms=True, own=False))
    assert outcome.score == 405 - 80
    assert outcome.says("download-given") is True


def test_of_several_distributions_the_one_with_the_most_points_counts() -> None:
    pdf = {"name": "图", "url": "https://data.example.org/a.pdf", "format": "PDF"}
    alone = mqa.score(entry(None, pdf), Known(conforms=True, own=False))
    both = mqa.score(entry(None, pdf, LINK), ALL_WELL)
    assert alone.says("machine-readable") is False
    assert both.score == 405


def test_points_of_two_distributions_are_not_mixed() -> None:
    """The one that answers has no size; the one with a size does not answer: one of them counts."""
    answers = {key: value for key, value in LINK.items() if key != "bytes"}
    sized = {**LINK, "url": "https://data.example.org/gone.csv"}
    known = Known(reached={URL: True, sized["url"]: False}, conforms=True, own=False)
    assert mqa.score(entry(None, answers, sized), known).score == 405 - 5


def test_a_table_of_our_own_is_asked_for_without_the_network() -> None:
    table = {"name": "表", "table_id": "t", "format": "XLS", "bytes": 10, "created_at": "2026-01-01"}
    open_ = mqa.score(entry(None, table), Known(conforms=True))
    closed = mqa.score(entry(None, table), Known(conforms=True, readable=False))
    assert open_.score == 405
    assert closed.says("download-reachable") is False


def test_a_local_licence_is_given_but_not_of_a_vocabulary() -> None:
    outcome = mqa.score(entry({**GOOD, "licence": "local-terms-open"}), ALL_WELL)
    assert (outcome.says("licence-given"), outcome.says("licence-vocabulary")) == (True, False)


FIELDS = ("tags", "themes", "spatial", "temporal_start", "licence", "rights", "contact_name", "open_class")


@given(st.sets(st.sampled_from(FIELDS)))
def test_filling_in_a_field_never_costs_points(without: set[str]) -> None:
    less: dict[str, Any] = {
        key: value for key, value in GOOD.items() if key not in {*without, "contact_email"}
    }
    whole = mqa.score(entry(), ALL_WELL)
    outcome = mqa.score(entry(less), ALL_WELL)
    assert outcome.score == mqa.points(outcome.met) <= whole.score
    assert outcome.met & outcome.unknown == 0


@given(st.lists(st.integers(0, 2**23 - 1), min_size=1, max_size=30))
def test_a_catalogue_has_the_mean_of_its_datasets(bits: list[int]) -> None:
    sum_ = mqa.Sum()
    for each in bits:
        sum_.add(mqa.Outcome(each, 0, mqa.points(each)))
    mean = sum(mqa.points(each) for each in bits) / len(bits)
    assert sum_.score == pytest.approx(mean)
    assert sum(mqa.by_dimension(sum_.datasets, sum_.met).values()) == pytest.approx(mean)
    gains = sum(each.gain for each in mqa.mend_first(sum_.datasets, sum_.met, sum_.unknown))
    assert sum_.score + gains == pytest.approx(405)


def test_what_gains_most_is_mended_first_and_what_is_unknown_is_not_lacking() -> None:
    sum_ = mqa.Sum()
    sum_.add(mqa.score(entry({**GOOD, "tags": [], "rights": ""}), Known(conforms=True, own=False)))
    first, second, *rest = mqa.mend_first(sum_.datasets, sum_.met, sum_.unknown)
    assert (first.indicator.code, first.gain) == ("keywords", 30)
    assert (second.indicator.code, second.gain) == ("rights", 5)
    assert all(each.gain == 0 and each.unknown == 1 for each in rest)
