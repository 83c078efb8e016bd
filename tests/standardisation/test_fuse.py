"""Registers become golden records: no row is lost, order changes nothing, every value has reasons."""

from __future__ import annotations

import csv
import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from kaishu import standardisation
from kaishu.cli.root import kaishu
from kaishu.standardisation.clustering import Clusters
from kaishu.standardisation.entity import TEMPLATES
from kaishu.standardisation.errors import BadMapping, BadReviewFile, NoSuchEntity

POLICE = """身份证,姓名,性别,生日,住址,时间
11010119900307803X,王小明,男,1990-03-07,朝阳区人民路12号,2024-01-01
110101199003078021,李 红,女,1990/03/07,和平区中山路5号,2023-01-01
,张三,男,1985年5月1日,新城区解放路7号,2022-01-01
"""
HEALTH = """证件号,名字,出生,地址,更新
11010119900307803x,王晓明,19900307,朝阳区人民路12号院,2025-01-01
,张三,19850501,新城区解放路7号,2024-05-05
,李红,19900307,和平区中山路5号,2024-05-05
,赵六,20001301,和平区,2024-05-05
"""
MAPPING = """entity: person
sources:
  - name: 公安
    file: police.csv
    unique: true
    updated: 时间
    fields:
      id_number: 身份证
      name: 姓名
      sex: {column: 性别, values: {男: "1", 女: "2"}}
      birth_date: 生日
      address: 住址
  - {name: 卫健, file: health.csv, unique: true, updated: 更新,
     fields: {id_number: 证件号, name: 名字, birth_date: 出生, address: 地址}}
survivorship: {address: [newest, longest]}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two small registers and their mapping, fused once with a review queue."""
    place = tmp_path_factory.mktemp("registers")
    (place / "police.csv").write_text(POLICE)
    (place / "health.csv").write_text(HEALTH)
    (place / "m.yaml").write_text(MAPPING)
    mapping = standardisation.parse_mapping(MAPPING, "m.yaml")
    standardisation.fuse(mapping, place / "out.parquet", folder=place, review=place / "review.csv")
    return place


def read(path: Path) -> list[dict[str, Any]]:
    import pyarrow.parquet as pq

    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return rows


def test_every_row_is_in_exactly_one_entity(folder: Path) -> None:
    rows = read(folder / "out.rows.parquet")
    assert sorted((row["_source"], row["_row"]) for row in rows) == sorted(
        [("公安", n) for n in (1, 2, 3)] + [("卫健", n) for n in (1, 2, 3, 4)]
    )
    golden = read(folder / "out.parquet")
    assert {row["entity"] for row in rows} == {row["entity"] for row in golden}
    assert len(golden) == len({row["entity"] for row in golden})
    assert sum(row["_rows"] for row in golden) == 7


def test_a_golden_cell_explains_itself(folder: Path) -> None:
    mapping = standardisation.parse_mapping(MAPPING)
    (found,) = standardisation.explain(mapping, folder / "out.parquet", "11010119900307803X")
    cells = {cell["field"]: cell for cell in found.cells}
    assert cells["address"]["value"] == "朝阳区人民路12号院"
    assert (cells["address"]["source"], cells["address"]["rule"]) == ("卫健", "newest")
    assert cells["name"]["value"] == "王小明"
    assert cells["name"]["rule"] == "authority"
    assert cells["name"]["losers"] == [{"source": "卫健", "row": 1, "value": "王晓明"}]
    assert cells["birth_date"]["rule"] == "agreed"
    assert cells["sex"]["rule"] == "only"
    assert [link["by"] for link in found.links] == ["key:id_number"]
    assert standardisation.explain(mapping, folder / "out.parquet", "卫健:1")[0].entity == found.entity
    with pytest.raises(NoSuchEntity):
        standardisation.explain(mapping, folder / "out.parquet", "nobody")


def test_decisions_win_over_the_model_and_are_kept(folder: Path, tmp_path: Path) -> None:
    with (folder / "review.csv").open(encoding="utf-8-sig") as file:
        queue = list(csv.DictReader(file))
    assert {row["left_name"] for row in queue} == {"张三", "李红"}
    for row in queue:
        row["decision"] = "same" if row["left_name"] == "张三" else "different"
    review = tmp_path / "review.csv"
    with review.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(queue[0]))
        writer.writeheader()
        writer.writerows(queue)
    mapping = standardisation.parse_mapping(MAPPING)
    found = standardisation.fuse(mapping, tmp_path / "out.parquet", folder=folder, review=review)
    assert (found.decided, found.waiting, found.forgotten, found.entities) == (2, 0, 0, 5)
    with review.open(encoding="utf-8-sig") as file:
        assert [row["decision"] for row in csv.DictReader(file)] == [row["decision"] for row in queue]
    sizes = {row["name"]: row["_rows"] for row in read(tmp_path / "out.parquet")}
    assert (sizes["张三"], sizes["李红"]) == (2, 1)


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    shuffler = random.Random(5)
    answers = []
    for turn in range(2):
        place = tmp_path / str(turn)
        place.mkdir()
        for name, text in (("police.csv", POLICE), ("health.csv", HEALTH)):
            head, *rows = text.splitlines()
            shuffler.shuffle(rows)
            (place / name).write_text("\n".join([head, *rows]) + "\n")
        mapping = standardisation.parse_mapping(MAPPING)
        standardisation.fuse(mapping, place / "out.parquet", folder=place)
        cells = [
            {**cell, "row": 0, "losers": len(cell["losers"] or ())}
            for cell in read(place / "out.cells.parquet")
        ]
        answers.append((read(place / "out.parquet"), cells))
    assert answers[0] == answers[1]


VALUES = st.lists(
    st.tuples(st.sampled_from("ABC"), st.sampled_from(["甲", "乙乙", "丙丙丙"]), st.integers(2000, 2004)),
    min_size=1,
    max_size=6,
)


@settings(max_examples=8, deadline=None)
@given(VALUES, st.sampled_from(["vote", "longest", "newest", "authority"]))
def test_laws_of_survivorship(rows: list[tuple[str, str, int]], rule: str) -> None:
    found = survivor(rows, rule)
    values = [value for _, value, _ in rows]
    if rule == "vote":
        most = max(Counter(values).values())
        assert Counter(values)[found["value"]] == most
    elif rule == "longest":
        assert len(found["value"]) == max(len(value) for value in values)
    elif rule == "newest":
        latest = max(year for *_, year in rows)
        assert found["value"] in {value for _, value, year in rows if year == latest}
    else:
        first = min(source for source, *_ in rows)
        assert found["value"] in {value for source, value, _ in rows if source == first}
    assert len(found["losers"] or ()) == sum(value != found["value"] for value in values)
    assert found == survivor(rows[::-1], rule)


def survivor(rows: list[tuple[str, str, int]], rule: str) -> dict[str, Any]:
    """The cell that wins among these (source, value, year), straight from the rules' SQL."""
    import duckdb

    from kaishu.standardisation.survivorship import cells_sql

    mapping = standardisation.parse_mapping(
        {
            "entity": {"fields": {"v": None}},
            "sources": [{"name": name, "file": name, "fields": {"v": "v"}} for name in "ABC"],
            "survivorship": {"v": rule},
        }
    )
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE rows (_id BIGINT, _source INT, _row BIGINT, _when BIGINT, v VARCHAR)"
        )
        for place, (source, value, year) in enumerate(sorted(rows)):
            connection.execute(
                "INSERT INTO rows VALUES (?, ?, ?, ?, ?)", [place, "ABC".index(source), place, year, value]
            )
        connection.execute("CREATE TABLE entities AS SELECT _id, 'e' AS entity FROM rows")
        (found,) = connection.execute(cells_sql(mapping, "v")).to_arrow_table().to_pylist()
    return dict(found)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_clusters_never_hold_what_must_stay_apart(data: st.DataObject) -> None:
    import numpy as np

    size = data.draw(st.integers(1, 12))
    rows = st.integers(0, size - 1)
    keys = np.array(data.draw(st.lists(st.integers(-1, 2), min_size=size, max_size=size)), np.int64)
    masks = np.array(data.draw(st.lists(st.sampled_from([0, 1, 2]), min_size=size, max_size=size)), np.int64)
    clusters = Clusters([keys], masks)
    apart = [pair for pair in data.draw(st.lists(st.tuples(rows, rows), max_size=4)) if pair[0] != pair[1]]
    for left, right in apart:
        assert clusters.keep_apart(left, right)
    clusters.join_surest(data.draw(st.lists(st.tuples(rows, rows), max_size=30)))
    roots = clusters.roots()
    assert all(roots[left] != roots[right] for left, right in apart)
    for root in set(roots):
        members = [row for row in range(size) if roots[row] == root]
        assert len({int(keys[row]) for row in members} - {-1}) <= 1
        assert all(sum(int(masks[row]) == bit for row in members) <= 1 for bit in (1, 2))


@pytest.mark.parametrize("name", TEMPLATES)
def test_shipped_entities_can_be_used(name: str) -> None:
    entity = standardisation.shipped(name)
    assert entity.keys and entity.probable is not None
    assert set(entity.probable.compare) <= set(entity.fields)


@pytest.mark.parametrize(
    ("old", "new", "line", "key"),
    [
        ("entity: person", "entity: persons", 1, "entity"),
        ("      name: 姓名", "      nam: 姓名", 9, "sources[1].fields.nam"),
        ("[newest, longest]", "[newst]", 15, "survivorship.address"),
        ("file: health.csv", "flie: health.csv", 13, "sources[2].flie"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(old: str, new: str, line: int, key: str) -> None:
    with pytest.raises(BadMapping) as caught:
        standardisation.parse_mapping(MAPPING.replace(old, new), "m.yaml")
    assert (line, key) in {(each.line, each.key) for each in caught.value.problems}


def test_a_column_that_is_not_there_is_named_before_any_work(folder: Path, tmp_path: Path) -> None:
    mapping = standardisation.parse_mapping(MAPPING.replace("名字", "名称"), "m.yaml")
    with pytest.raises(BadMapping) as caught:
        standardisation.fuse(mapping, tmp_path / "out.parquet", folder=folder)
    assert caught.value.problems[0].key == "sources[2].fields.name"
    assert list(tmp_path.iterdir()) == []


def test_a_decision_nobody_understands_is_refused(folder: Path, tmp_path: Path) -> None:
    review = tmp_path / "review.csv"
    review.write_text("decision,left,left_row,right,right_row\nmaybe,公安:a,1,卫健:b,2\n")
    mapping = standardisation.parse_mapping(MAPPING)
    with pytest.raises(BadReviewFile, match="line 2"):
        standardisation.fuse(mapping, tmp_path / "out.parquet", folder=folder, review=review)
    assert [path.name for path in tmp_path.iterdir()] == ["review.csv"]


def test_the_terminal_explains_and_overwrites_nothing(folder: Path) -> None:
    arguments = ["fuse", str(folder / "m.yaml"), "-o", str(folder / "out.parquet"), "--json"]
    refused = CliRunner().invoke(kaishu, arguments)
    assert refused.exit_code == 2
    assert json.loads(refused.stdout)["error"]["code"] == "cli.target-exists"
    told = CliRunner().invoke(kaishu, [*arguments, "--explain", "公安:1"])
    assert told.exit_code == 0
    assert json.loads(told.stdout)[0]["cells"][0]["value"] == "11010119900307803X"
