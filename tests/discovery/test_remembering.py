"""Pages far down are the same, however they are reached; what is remembered stays small."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaishu.discovery import remembering
from kaishu.discovery.remembering import State
from tests.discovery.conftest import City

#: Seconds; several datasets have the same, so that places fall between equal values too.
MOMENTS = [0, 0, 1, 2, 2, 2, 3, 5, 5, 8, 9, 9]


@pytest.fixture
def index() -> object:
    """Twelve documents with only what orders them."""
    import tantivy

    from kaishu.discovery import shape

    made = shape.prepare(tantivy.Index(shape.schema()))
    writer = made.writer(15_000_000, 1)
    for number, moment in enumerate(MOMENTS):
        writer.add_document(
            tantivy.Document(id=str(number), updated=moment, title="a" if number % 3 else "b")
        )
    writer.commit()
    made.reload()
    return made


def test_pages_do_not_depend_on_the_way_to_them(index: object, monkeypatch: pytest.MonkeyPatch) -> None:
    from tantivy import Query

    monkeypatch.setattr(remembering, "FAR", 1)
    searcher = index.searcher()  # type: ignore[attr-defined]

    def names(hits: list[Any]) -> list[str]:
        return [searcher.doc(address)["id"][0] for _, address in hits]

    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 14), st.integers(1, 6)), min_size=1, max_size=8), st.booleans())
    def hold(asked: list[tuple[int, int]], down: bool) -> None:
        state = State(searcher)
        _, whole = State(searcher).page("q", Query.all_query(), ("updated", down), 50, 0)
        for offset, limit in asked:
            total, hits = state.page("q", Query.all_query(), ("updated", down), limit, offset)
            assert total == len(MOMENTS)
            assert names(hits) == names(whole)[offset : offset + limit]

    hold()


def test_counts_are_counted_once_and_the_oldest_forgotten(
    index: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembering, "MOST_VALUES", 10)
    state = State(index.searcher())  # type: ignore[attr-defined]
    asked: list[str] = []

    def count(key: str) -> remembering.Counts:
        return state.counted(key, lambda: asked.append(key) or {"tag": [("x", 1)] * 3})  # type: ignore[func-returns-value]

    for key in ("a", "b", "a", "c", "a", "b"):
        count(key)
    assert asked == ["a", "b", "c", "b"]
    count("b")["tag"].clear()
    assert count("b")["tag"], "what is handed out is a copy"


def test_a_change_leaves_no_old_place_behind(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering, "FAR", 1)
    made = [city.publish(f"表{number}") for number in range(6)]

    def ids(offset: int) -> list[str]:
        return [hit.dataset_id for hit in city.search(sort="id asc", offset=offset, limit=3).hits]

    assert [*ids(0), *ids(3)] == sorted(made)
    city.change(sorted(made)[1], "catalogue.withdraw", state="withdrawn")
    left = sorted(made)[:1] + sorted(made)[2:]
    assert [*ids(3), *ids(0)] == [*left[3:], *left[:3]]
