"""A version opens in every way with the same rows, and a query reaches nothing but them."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from kaishu.base import settings
from kaishu.lake import TableData, open_version, passing, sweep
from kaishu.lake.engine import sweep_spills
from kaishu.lake.parts import GROUP_ROWS, PartWriter
from tests.lake.conftest import Take

ROWS = 300_000


@pytest.fixture
def long(take: Take) -> TableData:
    """A version of several row groups."""
    return open_version(take("数,名称\n" + "".join(f"{n},名{n % 7}\n" for n in range(ROWS))))


def test_batches_give_every_row_once_and_in_order(long: TableData) -> None:
    ids = [id for batch in long.batches(["_id"], size=10_000) for id in batch.column(0).to_pylist()]
    assert ids == list(range(1, ROWS + 1))
    assert ROWS > 2 * GROUP_ROWS


def test_batches_choose_columns_in_the_order_asked(long: TableData) -> None:
    batch = next(long.batches(["名称", "_id"], size=3))
    assert batch.schema.names == ["名称", "_id"]
    assert batch.to_pylist()[0] == {"名称": "名0", "_id": 1}


@pytest.mark.parametrize("ids", [[], [1], [ROWS], [ROWS + 1], [131_072, 131_073, 5, 5, 299_999]])
def test_batches_choose_rows_by_their_number(long: TableData, ids: list[int]) -> None:
    found = [row for batch in long.batches(["_id", "数"], ids=ids) for row in batch.to_pylist()]
    assert found == [{"_id": id, "数": id - 1} for id in sorted(set(ids)) if id <= ROWS]


def test_polars_and_duckdb_see_the_same(long: TableData) -> None:
    frame = long.lazy().collect()
    assert frame.columns == ["_id", "数", "名称"]
    assert frame["数"].to_list() == list(range(ROWS))
    with long.connection() as connection:
        assert connection.execute("SELECT count(*), sum(数) FROM data").fetchone() == (
            ROWS,
            ROWS * (ROWS - 1) // 2,
        )


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM glob('/*')",
        "COPY (SELECT 1) TO 'here.csv'",
        "ATTACH 'other.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SELECT * FROM 'https://example.org/a.parquet'",
        "SET enable_external_access = true",
        "SET allowed_paths = ['/etc/passwd']",
        "SET memory_limit = '10GB'",
        "EXPORT DATABASE 'here'",
    ],
)
def test_a_query_reaches_nothing_else(take: Take, query: str) -> None:
    data = open_version(take("甲\n1\n"))
    with data.connection() as connection, pytest.raises(duckdb.Error):
        connection.execute(query).fetchall()


def test_a_query_cannot_write_over_the_data(take: Take) -> None:
    data = open_version(take("甲\n1\n"))
    before = data.files[0].read_bytes()
    with data.connection() as connection, pytest.raises(duckdb.Error):
        connection.execute(f"COPY (SELECT 2) TO '{data.files[0]}' (FORMAT parquet)")
    assert data.files[0].read_bytes() == before


def test_a_query_beyond_the_memory_limit_fails_and_ours_spill(long: TableData) -> None:
    query = "CREATE TEMP TABLE k AS SELECT md5(_id::VARCHAR || n) AS k FROM data, range(10) r(n)"
    with long.connection("100MB") as connection, pytest.raises(duckdb.OutOfMemoryException):
        connection.execute(query).fetchall()
    with long.working_connection("100MB") as connection:
        assert connection.execute(query).fetchone() == (10 * ROWS,)
    assert list((settings.home() / "lake" / "spill").iterdir()) == []


def test_spills_of_dead_processes_are_swept(call, home: Path) -> None:
    folder = home / "lake" / "spill" / "99999999-x"
    folder.mkdir(parents=True)
    (folder / "duckdb_temp_storage.tmp").write_bytes(b"x")
    assert sweep(call)["spills"] == 1
    assert not folder.exists()
    assert sweep_spills() == 0


def test_a_file_can_be_read_for_the_moment(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("甲\n1\n2\n")
    with passing(path, "a.csv") as data:
        assert (data.rows, data.stored_bytes > 0) == (2, True)
        files = data.files
    assert not any(file.exists() for file in files)
    assert list((home / "lake" / "tables").iterdir()) == []


def test_parts_are_cut_and_numbered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import json

    import pyarrow as pa
    from pyarrow.parquet import read_metadata, read_table

    monkeypatch.setattr("kaishu.lake.parts.GROUP_ROWS", 10)
    monkeypatch.setattr("kaishu.lake.parts.PART_ROWS", 25)
    schema = pa.schema([("_id", pa.int64()), ("x", pa.float64()), ("s", pa.string())])
    writer = PartWriter(tmp_path, schema)
    for start in range(0, 100, 5):
        values = [float(n) if n % 3 else None for n in range(start, start + 5)]
        writer.add(pa.record_batch([values, [str(n) for n in values]], schema=pa.schema(list(schema)[1:])))
    parts = writer.finish()
    assert [part.rows for part in parts] == [30, 30, 30, 10]
    assert read_metadata(tmp_path / parts[0].name).num_row_groups == 3
    ids = [id for part in parts for id in read_table(tmp_path / part.name)["_id"].to_pylist()]
    assert ids == list(range(1, 101))
    statistics = json.loads(parts[1].statistics)
    assert statistics["numRecords"] == 30
    assert (statistics["minValues"]["_id"], statistics["maxValues"]["_id"]) == (31, 60)
    assert statistics["nullCount"] == {"_id": 0, "x": 10, "s": 0}


def test_a_table_without_rows_has_its_columns(tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow.parquet import read_schema

    schema = pa.schema([("_id", pa.int64()), ("甲", pa.string())])
    (part,) = PartWriter(tmp_path, schema).finish()
    assert part.rows == 0
    assert read_schema(tmp_path / part.name).names == ["_id", "甲"]


def test_columns_named_like_paths_are_columns(take: Take) -> None:
    data = open_version(take('a,a.b,"a.b.c",数 (%)\nx,y,z,1\n'))
    assert [batch.to_pylist() for batch in data.batches(["a"])] == [[{"a": "x"}]]
    assert [batch.to_pylist() for batch in data.batches(["a.b", "数 (%)"], ids=[1])] == [
        [{"a.b": "y", "数 (%)": 1}]
    ]


def test_stored_files_cannot_be_changed_by_accident(take: Take) -> None:
    for file in open_version(take("甲\n1\n")).files:
        assert file.stat().st_mode & 0o222 == 0
        shutil.copy(file, file.with_suffix(".copy"))
