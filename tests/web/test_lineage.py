"""The page of lineage: a drawing with a table beside it, a column's path and its impact."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from starlette.testclient import TestClient

from kaishu.lineage import Edge, Graph, Node
from kaishu.web.lineage_drawing import MOST_LANES, MOST_ROWS, drawn


def test_a_visitor_goes_from_the_table_to_a_columns_path(client: TestClient) -> None:
    page = client.get("/datasets/nasty/lineage")
    assert page.status_code == 200
    assert '<svg viewBox="-4 -2' in page.text
    assert page.text.count("<rect") == 4 * 4 + 2, "four columns in file, table, record, publication; two ways"
    assert "<script>alert" not in page.text
    link = re.search(r'href="(/datasets/nasty/lineage\?[^"]+column=%E9%87%91%E9%A2%9D)"', page.text)
    assert link
    column = client.get(link[1].replace("&amp;", "&"))
    assert "去掉这一列会影响什么" in column.text
    assert "转换类型" in column.text
    assert "经手" not in column.text, "who did it is not for visitors"
    english = client.get("/datasets/nasty/lineage?column=金额&lang=en").text
    assert "What breaks if this column goes" in english
    assert client.get("/datasets/nasty/lineage?column=没有").status_code == 404
    assert client.get("/datasets/conditional/lineage").status_code in (403, 404)


def test_who_did_it_is_told_to_the_office(client: TestClient, signed_in: Any) -> None:
    signed_in("steward")
    page = client.get("/datasets/nasty/lineage?column=编号").text
    assert "经手" in page
    assert re.search(r"#\d+</span>", page), "the entry of the ledger"


def test_a_drawing_stays_small_whatever_the_table() -> None:
    nodes = [Node("table", str(version), f"c{n}") for version in (1, 2) for n in range(MOST_ROWS + 70)]
    wide = drawn(Graph({node.id: node for node in nodes}, []))
    assert wide
    assert len(wide.boxes) == 2 * MOST_ROWS
    assert {heading.more for heading in wide.headings} == {70}
    chain = [Node("table", str(version), "c") for version in range(MOST_LANES + 1)]
    edges = [Edge(a.id, b.id, "kept") for a, b in pairwise(chain)]
    assert drawn(Graph({node.id: node for node in chain}, edges)) is None


def test_a_place_stands_in_one_lane_with_all_its_columns() -> None:
    source, table = (
        Node("source", "s", "姓名", "户籍"),
        [Node("table", "t", name) for name in ("name", "_rows")],
    )
    item, shown = Node("item", "d", "name", "姓名"), [Node("published", "r:1", each.column) for each in table]
    edges = [Edge(source.id, table[0].id, "fused"), Edge(table[0].id, item.id, "described")]
    edges += [Edge(a.id, b.id, "published") for a, b in zip(table, shown, strict=True)]
    drawing = drawn(Graph({node.id: node for node in (source, *table, item, *shown)}, edges))
    assert drawing
    lanes = [(heading.kind, heading.x) for heading in drawing.headings]
    assert [kind for kind, _x in lanes] == ["source", "table", "published", "item"]
    assert len({x for _kind, x in lanes}) == 3 and lanes[2][1] == lanes[3][1]
    assert [box.text for box in drawing.boxes].count("姓名") == 2, "the item by its title"
