"""A whole check: one pass, the same answer however the rows are cut; failing rows listed in full."""

from __future__ import annotations

import pickle
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kaishu.lake import reading_file
from kaishu.quality import RowSource, check_data, make_plan, parse_rules
from kaishu.quality.checks import Setting
from tests.quality.rows_in_memory import RowsInMemory

RULES = """
key: [id]
weights: {completeness: 3}
rules:
  - {id: named, check: not-null, column: name}
  - {id: once, check: unique, column: id}
  - {id: old, check: range, column: age, max: 120, weight: 3}
  - {id: pair, check: expression, expression: age > 0 or name = 'x'}
"""
TYPES = {"id": "text", "name": "text", "age": "integer"}


@pytest.fixture
def data() -> RowsInMemory:
    rows = range(1, 101)
    return RowsInMemory(
        TYPES,
        {
            "id": [f"{row % 98}" for row in rows],
            "name": [None if row % 10 == 0 else "张" for row in rows],
            "age": [200 if row > 90 else 0 if row == 1 else 30 for row in rows],
        },
        cut=7,
    )


def test_scores_follow_shares_and_weights(data: RowsInMemory) -> None:
    result = check_data(data, parse_rules(RULES))
    assert [(each.rule.id, each.checked, each.failed, each.level) for each in result.rules] == [
        ("named", 100, 10, "error"),
        ("once", 100, 4, "error"),
        ("old", 100, 10, "error"),
        ("pair", 100, 1, "error"),
    ]
    accuracy = (96 + 3 * 90) / 4
    assert result.scores == {
        "total": (3 * 90 + accuracy + 99) / 5,
        "completeness": 90,
        "accuracy": accuracy,
        "consistency": 99,
    }


def test_samples_hold_the_first_failing_rows_with_key_and_value(data: RowsInMemory) -> None:
    named, once, _, pair = check_data(data, parse_rules(RULES), sample=2).rules
    assert named.sample == [{"row": 10, "key": "10", "value": None}, {"row": 20, "key": "20", "value": None}]
    assert once.sample == [{"row": 1, "key": "1", "value": "1"}, {"row": 2, "key": "2", "value": "2"}]
    assert pair.sample == [{"row": 1, "key": "1", "value": "age=0; name=张"}]


def test_all_failing_rows_go_to_a_file_and_nothing_is_left_after_an_error(
    data: RowsInMemory, tmp_path: Path
) -> None:
    out = tmp_path / "failed.parquet"
    result = check_data(data, parse_rules(RULES), failed=out, sample=0)
    rows = pq.read_table(out).to_pylist()
    assert len(rows) == sum(each.failed for each in result.rules)
    assert {"rule": "once", "row": 99, "key": "1", "value": "1"} in rows
    assert [row["row"] for row in rows if row["rule"] == "named"] == list(range(10, 101, 10))

    def broken(*_: Any, **__: Any) -> Any:
        yield from RowsInMemory.batches(data, ["id", "name", "age"], size=1, dictionaries=False)
        raise OSError("the disk is gone")

    data.batches = broken  # type: ignore[method-assign]
    with pytest.raises(OSError, match="gone"):
        check_data(data, parse_rules(RULES), failed=tmp_path / "other.parquet")
    assert [path.name for path in tmp_path.iterdir()] == ["failed.parquet"]


def test_a_plan_is_a_function_of_a_batch_and_travels(data: RowsInMemory) -> None:
    plan = make_plan(parse_rules(RULES), Setting(TYPES, date(2024, 1, 1)))
    travelled = pickle.loads(pickle.dumps(plan))
    batch = pa.table({name: data.values[name] for name in TYPES}).to_batches()[0]
    for one in (plan, travelled):
        assert {id: int(verdict.fails.sum()) for id, verdict in one.evaluate(batch).items()} == {
            "named": 10,
            "old": 10,
            "pair": 1,
        }


def test_an_empty_table_breaks_no_rule_about_rows(tmp_path: Path) -> None:
    data = RowsInMemory(TYPES, {name: [] for name in TYPES})
    result = check_data(data, parse_rules(RULES), failed=tmp_path / "f.parquet")
    assert (result.rows, result.level, result.scores) == (0, None, {"total": None})
    assert pq.read_table(tmp_path / "f.parquet").num_rows == 0


def test_a_parquet_file_is_read_where_it_lies_and_gives_what_a_csv_gives(tmp_path: Path) -> None:
    table = pa.table(
        {
            "id": [f"A{row % 90}" for row in range(100)],
            "name": pa.array(["张", None] * 50).dictionary_encode(),
            "age": pa.array(range(100), pa.int16()),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=30)
    lines = [f"{row['id']},{row['name'] or ''},{row['age']}" for row in table.to_pylist()]
    (tmp_path / "a.csv").write_text("\n".join(["id,name,age", *lines]), encoding="gb18030")
    found = []
    for name in ("a.parquet", "a.csv"):
        with reading_file(tmp_path / name) as data:
            rows: RowSource = data
            found.append(check_data(rows, parse_rules(RULES)).as_dict())
    assert found[0] == found[1]
    assert [each["failed"] for each in found[0]["rules"]] == [50, 20, 0, 1]
