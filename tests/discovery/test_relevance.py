"""The order of results over the demo's own datasets is not worse than plain BM25's."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import relevance


def test_the_order_is_not_worse_than_plain_bm25(home: Path) -> None:
    queries = [query for query in relevance.judged() if any(query.own.values())]
    assert len(queries) >= 60
    corpus = list(relevance.texts(own_only=True))
    relevance.put(corpus)
    scores = relevance.compared(corpus, queries)
    ours, baseline = relevance.mean(scores, 1), relevance.mean(scores, 2)
    assert ours >= baseline
    assert ours >= 0.85
    poor = [query.q for query, score, _baseline in scores if score < 0.3]
    assert len(poor) <= 5, poor


def test_every_kind_of_query_is_judged() -> None:
    kinds = {query.kind for query in relevance.judged()}
    wanted = {"pinyin", "initials", "nickname", "traditional", "typo", "field", "two-character", "part"}
    assert kinds >= wanted
    assert len(relevance.judged()) >= 60


@pytest.mark.parametrize(("grades", "gain"), [([], 0.0), ([3], 7.0), ([0, 3], 7 / 1.5849625)])
def test_gain_is_discounted(grades: list[int], gain: float) -> None:
    assert relevance.gain(grades) == pytest.approx(gain)
