"""A folder of Parquet files is one table; a Delta table is read as of a version."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import write_deltalake

from kaishu.base.errors import KaishuError
from kaishu.lake import Update, reading_file
from kaishu.lake.folders import table_folder
from kaishu.lake.models import Version


def numbers(folder: Path, **given: Any) -> list[int]:
    with reading_file(folder, **given) as data:
        found = [number for batch in data.batches(["n"], size=2) for number in batch["n"].to_pylist()]
        assert data.rows == len(found)
    return found


def test_files_follow_one_another_by_name_whatever_the_width_of_numbers(tmp_path: Path) -> None:
    pq.write_table(pa.table({"n": pa.array([4, 5], pa.int16())}), tmp_path / "b.parquet")
    pq.write_table(pa.table({"n": [1, 2, 3]}), tmp_path / "a.parquet")
    (tmp_path / "_SUCCESS").touch()
    assert numbers(tmp_path) == [1, 2, 3, 4, 5]


def test_a_delta_table_has_versions(tmp_path: Path) -> None:
    for number in (1, 2):
        write_deltalake(tmp_path, pa.table({"n": [number]}), mode="append")
    assert (sorted(numbers(tmp_path)), numbers(tmp_path, version=0)) == ([1, 2], [1])
    with pytest.raises(KaishuError) as told:
        numbers(tmp_path, version=7)
    assert told.value.code == "lake.no-such-folder-version"


def test_a_table_of_a_lake_is_read_without_the_rows_that_are_gone(take: Callable[..., Version]) -> None:
    merge = Update.from_dict({"mode": "merge", "key": "n", "full": True})
    first = take("名,n\n" + "".join(f"甲,{n}\n" for n in range(300)))
    second = take(
        "名,n\n" + "".join(f"{'乙' if n == 9 else '甲'},{n}\n" for n in range(5, 301)), update=merge
    )
    folder = table_folder(first.table_id)
    assert numbers(folder) == numbers(folder, version=second.delta_version) == list(range(5, 301))
    assert numbers(folder, version=first.delta_version) == list(range(300))
    with reading_file(folder) as data:
        assert not data.plain, "a deletion vector names the rows that are gone"
        assert [each["name"] for each in data.columns] == ["名", "n"]
        assert {tuple(batch.schema.names) for batch in data.batches()} == {("名", "n")}


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KaishuError) as told:
        numbers(tmp_path)
    assert told.value.code == "lake.folder-unusable"
    pq.write_table(pa.table({"n": [1]}), tmp_path / "a.parquet")
    pq.write_table(pa.table({"n": ["1"]}), tmp_path / "b.parquet")
    with pytest.raises(KaishuError, match=r"b\.parquet"):
        numbers(tmp_path)


def test_a_partitioned_delta_table_is_refused(tmp_path: Path) -> None:
    write_deltalake(tmp_path, pa.table({"n": [1], "year": [2024]}), partition_by=["year"])
    with pytest.raises(KaishuError) as told:
        numbers(tmp_path)
    assert told.value.code == "lake.folder-unusable"
