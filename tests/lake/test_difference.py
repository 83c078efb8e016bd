"""Row by row, what is different between two tables."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaishu.lake import Difference, difference, reading_file
from kaishu.lake.errors import KeyNeeded, KeyNotUnique, NothingCommon

CELLS = st.one_of(st.none(), st.integers(0, 3))
TABLES = st.dictionaries(st.integers(0, 9), st.tuples(CELLS, CELLS), min_size=1, max_size=8)


def compared(
    tmp_path: Path, before: pl.DataFrame, after: pl.DataFrame, key: Any = None, **given: Any
) -> Difference:
    before.write_parquet(tmp_path / "before.parquet")
    after.write_parquet(tmp_path / "after.parquet")
    with (
        reading_file(tmp_path / "before.parquet") as old,
        reading_file(tmp_path / "after.parquet") as new,
    ):
        return difference(old, new, key, **given)


def table(rows: Any) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"码": pl.Int64, "甲": pl.Int64, "乙": pl.Int64}, orient="row")


@given(TABLES, TABLES)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_row_is_told_by_key_and_whole(home: Path, tmp_path: Path, old: Any, new: Any) -> None:
    before, after = ([(key, *row) for key, row in rows.items()] for rows in (old, new))
    out = tmp_path / "d.parquet"
    found = compared(tmp_path, table(before), table(after), ["码"], out=out)
    changed = [key for key in old if key in new and old[key] != new[key]]
    assert (found.added, found.removed, found.changed) == (
        len(new.keys() - old.keys()),
        len(old.keys() - new.keys()),
        len(changed),
    )
    cells = Counter(
        name for key in changed for name, a, b in zip("甲乙", old[key], new[key], strict=True) if a != b
    )
    assert found.columns == dict(cells)
    assert found.same == (old == new)
    written = pl.read_parquet(out)
    assert written.height == found.added + found.removed + found.changed
    for row in written.filter(change="changed").iter_rows(named=True):
        assert (row["old.甲"], row["old.乙"]) == old[row["码"]]
        assert (row["new.甲"], row["new.乙"]) == new[row["码"]]
    plain = [[row[1:] for row in rows] for rows in (before, after)]
    counted = [Counter(rows) for rows in plain]
    whole = compared(tmp_path, *(table([(0, *row) for row in rows]) for rows in plain), out=out, sample=100)
    assert (whole.added, whole.removed) == (
        (counted[1] - counted[0]).total(),
        (counted[0] - counted[1]).total(),
    )
    assert Counter(tuple(row.values())[1:] for row in whole.sample["added"]) == counted[1] - counted[0]


def test_columns_that_came_went_or_changed_type_are_told(home: Path, tmp_path: Path) -> None:
    before = pl.DataFrame({"码": ["1", "2"], "旧": [1, 2], "数": [1, 2]})
    after = pl.DataFrame({"码": ["1", "2"], "新": [1, 2], "数": ["1", "3"]})
    found = compared(tmp_path, before, after, ["码"])
    assert (found.came, found.went) == (["新"], ["旧"])
    assert found.types == [("数", "integer", "text")]
    assert (found.changed, found.columns) == (1, {"数": 1}), "1 and 1 are the same in either type"
    zh, en = found.note("第3批", "第2批")
    counted = "第3批比第2批：新增0行，删除0行，修改1行（其中 数 1 处），未变1行"
    assert zh == counted + "；多出列 新；少了列 旧；类型变了的列 数。"
    assert "1 changed (数 1)" in en


def test_what_cannot_be_compared_is_refused(home: Path, tmp_path: Path) -> None:
    before = pl.DataFrame({"码": [1, 1], "值": [1, 2]})
    with pytest.raises(KeyNotUnique) as twice:
        compared(tmp_path, before, before, ["码"])
    assert twice.value.facts["count"] == 2
    with pytest.raises(KeyNeeded):
        compared(tmp_path, before, before, ["号"])
    with pytest.raises(NothingCommon):
        compared(tmp_path, before, pl.DataFrame({"别": [1]}))
