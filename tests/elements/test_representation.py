"""The grammar of representations: what is read is written the same, and what fits the pattern fits."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaishu.elements import Representation, parse
from kaishu.elements.errors import BadRepresentation
from kaishu.elements.representation import TIMES

SIZES = st.integers(1, 200)
REPRESENTATIONS = st.one_of(
    st.builds(lambda letters, size: f"{letters}{size}", st.sampled_from(["a", "n", "an", "c"]), SIZES),
    st.builds(lambda letters, size: f"{letters}..{size}", st.sampled_from(["a", "n", "an", "c"]), SIZES),
    st.builds(
        lambda letters, low, more: f"{letters}{low}..{low + more}",
        st.sampled_from(["a", "n", "an"]),
        SIZES,
        st.integers(1, 50),
    ),
    st.builds(lambda whole, point: f"n..{whole + point},{point}", st.integers(1, 15), st.integers(1, 9)),
    st.sampled_from([f"{letters}{size}" for letters, size in TIMES]),
    st.sampled_from(["b1", "ul"]),
)


@given(REPRESENTATIONS)
def test_what_is_read_is_written_the_same(text: str) -> None:
    made = parse(text)
    assert str(made) == text
    assert parse(str(made)) == made
    assert made.words("zh")
    assert made.words("en").isascii()


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused_with_a_reason(text: str) -> None:
    try:
        made = parse(text)
    except BadRepresentation as error:
        assert error.facts["why"]
        assert error.facts["why_en"]
    else:
        assert isinstance(made, Representation)


@given(REPRESENTATIONS, st.data())
def test_a_value_made_by_the_pattern_fits_and_one_too_long_does_not(text: str, data: st.DataObject) -> None:
    made = parse(text)
    if not made.pattern or made.letters in ("d", "dt"):  # a pattern knows no leap years
        return
    value = data.draw(st.from_regex(re.compile(made.pattern, re.ASCII), fullmatch=True))
    assert made.fits(value)
    assert not made.fits(value + "0" * (made.most + 1))


@pytest.mark.parametrize(
    ("text", "good", "bad"),
    [
        ("d8", "20240229", "20230229"),
        ("d10", "2024-02-29", "2024-13-01"),
        ("dt14", "20240229235959", "20240229245959"),
        ("n6", "010203", "-10203"),
        ("n..10,2", "-12345678.25", "123456789.1"),
        ("a3", "CNY", "人民币"),
        ("an..3", "人民币", "人民币元"),
        ("an3..4", "甲乙丙", "甲乙"),
        ("b1", "是", "或"),
    ],
)
def test_values_of_every_class(text: str, good: str, bad: str) -> None:
    assert parse(text).fits(good)
    assert not parse(text).fits(bad)


@pytest.mark.parametrize(
    "text", ["", "x5", "n0", "an..", "n5..3", "an..5,2", "n..5,5", "d9", "t5", "b2", "n６"]
)
def test_what_no_value_could_be_written_like_is_refused(text: str) -> None:
    with pytest.raises(BadRepresentation):
        parse(text)
