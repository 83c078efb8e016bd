"""Found words are marked where they stand, and nothing else is."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kaishu.discovery import snippet, spans
from kaishu.discovery.words import query_words

texts = st.text(alphabet="地铁站点ab <&·Σß", max_size=60)


def marked(text: str, q: str) -> list[str]:
    return [text[start:end] for start, end in spans(text, query_words(q))]


def test_words_are_marked() -> None:
    assert marked("北京市地铁站点", "地铁") == ["地铁"]
    assert marked("Metro Stations, metropolis", "metro station") == ["Metro", "Stations", "metropolis"]
    assert marked("<b>地铁</b>", "地铁 b") == ["b", "地铁", "b"]
    assert marked("北京市", "上海") == []


@given(texts, texts)
def test_spans_are_in_order_apart_and_inside(text: str, q: str) -> None:
    found = spans(text, query_words(q))
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(first[1] < second[0] for first, second in pairwise(found))


@given(texts, texts, st.integers(1, 30))
def test_a_snippet_is_a_stretch_of_the_text(text: str, q: str, length: int) -> None:
    cut = snippet(text, query_words(q), length)
    assert cut.text in text and len(cut.text) <= length
    assert all(0 <= start <= end <= len(cut.text) for start, end in cut.spans)


def test_a_snippet_begins_and_ends_with_a_whole_word() -> None:
    cut = snippet(
        "the count of cases " * 20 + "COVID deaths " + "by day and place " * 20, query_words("covid"), 100
    )
    words = cut.text.split()
    known = {"the", "count", "of", "cases", "COVID", "deaths", "by", "day", "and", "place"}
    assert cut.before and cut.after and set(words) <= known, cut.text
    assert [cut.text[a:b] for a, b in cut.spans] == ["COVID"]


def test_a_snippet_shows_the_first_word_found() -> None:
    cut = snippet("前言" * 100 + "地铁" + "后记" * 100, query_words("地铁"), 60)
    assert "地铁" in cut.text and cut.before and cut.after
