"""Finding without a score finds what finding with one does, and counts do not depend on how they are made."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaishu.discovery import searching, shape
from kaishu.discovery.documents import fields_of
from kaishu.discovery.finding import finding
from kaishu.discovery.matching import matching
from kaishu.discovery.rows import Row
from kaishu.discovery.searching import Query
from kaishu.discovery.synonyms import _terms, shipped
from tests.discovery.conftest import START, City

#: Words, halves of words, words inside words, mixed scripts, other characters, what says nothing.
PIECES = [
    *("地铁", "地铁站", "轨道交通", "城市轨道", "北京市", "北京", "企业", "企业登记", "登记", "工商登记"),
    *(
        "营业执照",
        "财政预算",
        "预算",
        "财政",
        "行政处罚",
        "处罚",
        "空气质量",
        "空气",
        "质量",
        "环境监测",
        "监测",
    ),
    *("数据", "医疗机构", "医院", "三台县", "公交线路", "线路", "统计年鉴", "年鉴", "中华人民共和国"),
    *("铁", "站", "的", "和", "資料", "圖書館", "卡拉OK", "T恤", "々", "〇", "，"),
    *("subway", "metro", "air", "quality", "stations", "AQI", "budget", "PM2.5", "5G", "2020", "café"),
]
OTHERS = [("铁", "站"), ("预算", "5G基站", "财政预算"), ("metro", "地铁站", "轻轨")]
SYNONYMS = _terms([*shipped().values(), *OTHERS])


def said(random: Random, most: int) -> str:
    between = random.choice(["", "", " ", "、"])
    return between.join(random.choices(PIECES, k=random.randint(0, most)))


def row(random: Random, number: int) -> Row:
    record: dict[str, Any] = {
        "description": said(random, 12),
        "tags": [said(random, 2) for _ in range(random.randint(0, 3))],
        "themes": random.sample(
            ["transport", "health", "agriculture", "culture", "housing"], random.randint(0, 4)
        ),
        "languages": random.sample(["zh", "en"], random.randint(0, 2)),
        "items": [{"name": random.choice(PIECES), "title": said(random, 2)}],
        "open_class": random.choice(["unconditional", "conditional", ""]),
    }
    formats = random.sample(["CSV", "XLSX", "JSON", "PDF", "API", "query tool", "未知"], random.randint(0, 6))
    files = [{"name": said(random, 3), "format": each} for each in formats]
    values = tuple(said(random, 2) for _ in range(random.randint(0, 2)))
    title, office = said(random, 4), random.choice(["交通运输局", "教育局"])
    name = f"d{number}"
    return Row(
        name, name, "published", title, "", record, files, START, START, office, office, "", None, values
    )


@pytest.fixture(scope="module")
def searcher() -> Any:
    """Four hundred datasets in several segments."""
    import tantivy

    index = shape.prepare(tantivy.Index(shape.schema()))
    random = Random(5)
    for start in range(0, 400, 100):
        writer = index.writer(15_000_000, 1)
        for number in range(start, start + 100):
            writer.add_document(tantivy.Document(**fields_of(row(random, number), 0)))
        writer.commit()
        writer.wait_merging_threads()
    index.reload()
    return index.searcher()


def found(searcher: Any, query: Any) -> set[str]:
    if query is None:
        return set()
    return {searcher.doc(address)["id"][0] for _, address in searcher.search(query, 400).hits}


questions = st.lists(st.sampled_from([*PIECES, " ", "地铁站台", "铁站", "ditie", "kqzl"]), max_size=6).map(
    "".join
)


@settings(max_examples=250, deadline=None)
@given(questions, st.sampled_from([{}, SYNONYMS]))
def test_finding_finds_what_matching_finds(
    searcher: Any, q: str, synonyms: Mapping[str, tuple[str, ...]]
) -> None:
    scored, bare = matching(q, searcher, synonyms), finding(q, searcher, synonyms)
    assert (scored is None) == (bare is None)
    assert found(searcher, bare) == found(searcher, scored)


@settings(max_examples=60, deadline=None)
@given(questions, st.sampled_from([1, 3, 50]))
def test_values_spread_over_columns_are_counted_as_each_is(searcher: Any, q: str, limit: int) -> None:
    facets = ["theme", "format", "language", "open_class", "office", "month"]
    query = Query(q=q, facets=facets, facet_limit=limit)
    parts = searching._parts(query, searcher)
    counted = searching._facets(searcher, parts, query)
    for facet in facets:
        each = searcher.aggregate(parts[""], {"each": searching._terms(facet, 1000, 1000)})["each"]["buckets"]
        by_hand = sorted(((b["key"], b["doc_count"]) for b in each), key=lambda pair: (-pair[1], pair[0]))
        if facet in shape.SETS:
            assert counted[facet] == by_hand[:limit]
        else:  # which of equal last ones are shown is left to the index
            assert [n for _, n in counted[facet]] == [n for _, n in by_hand[:limit]]


def test_totals_do_not_depend_on_the_order(metro: City) -> None:
    for q in ("地铁", "公交线路", "站", "空气 质量", "ditie", "没有的词", "，"):
        totals = {metro.search(q, sort=sort).total for sort in ("relevance", "updated", "title", "id asc")}
        assert totals == {metro.search(q, limit=0).total}
