"""Batches that add to a table, merge into it or replay changes; every older version opens as it was."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaishu.access import Call
from kaishu.base.errors import Invalid
from kaishu.lake import Update, ingest, open_version, set_aside_path
from kaishu.lake.deletion import decoded, encoded, gone_of, write_vectors
from kaishu.lake.errors import ColumnsDiffer, KeyNeeded, VersionMoved
from kaishu.lake.folders import table_folder, version_folder
from kaishu.lake.ingesting import record_staged
from kaishu.lake.models import Table, Version
from kaishu.lake.staging import stage
from kaishu.source import receive

Take = Callable[..., Version]
MERGE = {"mode": "merge", "key": "码"}
CHANGES = {"mode": "changes", "key": "码", "marker": "操作"}
FIRST = "码,名\n甲,1\n乙,2\n丙,3\n"


@pytest.fixture
def put(take: Take) -> Take:
    """Add text as a batch: ``put(text, mode="merge", key="码")``."""
    return lambda text, **update: take(text, update=Update.from_dict(update))


def rows(version: Version) -> list[tuple[Any, ...]]:
    """All rows with ``_id``, the same by each way of opening them, ours and Delta's."""
    data = open_version(version)
    found = [tuple(row.values()) for batch in data.batches() for row in batch.to_pylist()]
    with data.connection() as connection:
        assert connection.execute("SELECT * FROM data ORDER BY _id").fetchall() == found
    assert data.lazy().collect().rows() == found
    delta = pl.scan_delta(str(table_folder(version.table_id)), version=version.delta_version)
    assert sorted(delta.collect().rows()) == found
    assert len(found) == version.rows
    return found


def counts(version: Version) -> tuple[int | None, ...]:
    return version.inserted, version.updated, version.deleted, version.unchanged


def test_rows_are_appended_without_touching_older_files(put: Take) -> None:
    first = put(FIRST)
    before = [(file, file.stat().st_mtime_ns) for file in open_version(first).files]
    second = put("名,码\n9,甲\n", mode="append")
    assert rows(second) == [(1, "甲", 1), (2, "乙", 2), (3, "丙", 3), (4, "甲", 9)]
    assert counts(second) == (1, 0, 0, 3)
    assert [(file, file.stat().st_mtime_ns) for file in open_version(second).files[:1]] == before
    assert rows(first) == [(1, "甲", 1), (2, "乙", 2), (3, "丙", 3)]


def test_rows_found_by_their_key_keep_their_id(put: Take) -> None:
    put("码,名\n" + "".join(f"{n},{n}\n" for n in range(20)))
    second = put("码,名\n3,x\n5,5\n77,新\n", **MERGE)
    assert counts(second) == (0, 0, 0, 20), "words are no numbers: set aside, the rest is compared"
    assert second.set_aside == 2
    third = put("码,名\n3,33\n5,5\n77,7\n", **MERGE)
    assert counts(third) == (1, 1, 0, 19)
    assert [row for row in rows(third) if row[1] in (3, 77)] == [(4, 3, 33), (21, 77, 7)]
    assert {file.parent.name for file in open_version(third).files} >= {third.id}


def test_marked_and_missing_rows_are_deleted(put: Take) -> None:
    first = put(FIRST)
    second = put("码,名,标记\n甲,1,\n乙,,作废\n丁,4,\n戊,,作废\n", **MERGE, marker="标记", gone="作废")
    assert counts(second) == (1, 0, 1, 2)
    assert "deletions-unknown" in {note["code"] for note in second.notes}
    third = put("码,名\n丙,3\n丁,5\n", **MERGE, full=True)
    assert counts(third) == (0, 1, 1, 1)
    assert rows(third) == [(3, "丙", 3), (4, "丁", 5)]
    fourth = put("码,名\n己,6\n", **MERGE)
    assert rows(fourth)[-1] == (5, "己", 6), "an id is never given twice"
    assert [len(rows(each)) for each in (first, second)] == [3, 3]


def test_a_full_delivery_with_unreadable_rows_deletes_nothing(put: Take) -> None:
    put(FIRST)
    second = put("码,名\n甲,1\n乙,不是数\n", **MERGE, full=True)
    assert counts(second) == (0, 0, 0, 3)
    assert "missing-rows-kept" in {note["code"] for note in second.notes}


def test_a_key_twice_is_a_finding_that_names_both_rows(put: Take) -> None:
    put(FIRST)
    second = put("码,名\n甲,7\n丁,4\n甲,8\n,5\n", **MERGE)
    assert counts(second) == (1, 0, 0, 3)
    aside = [json.loads(line) for line in set_aside_path(second).read_text().splitlines()]
    assert [(one["line"], one["reason"]) for one in aside] == [
        (1, "key-twice"),
        (3, "key-twice"),
        (4, "key-missing"),
    ]
    assert "第1条和第3条" in aside[0]["zh"]
    assert json.loads(aside[2]["text"]) == {"码": None, "名": 5}
    assert len([note for note in second.notes if note["code"] == "key-twice"]) == 1


def test_a_key_twice_in_the_table_is_not_guessed_at(put: Take) -> None:
    put("码,名\n甲,1\n甲,2\n乙,3\n")
    second = put("码,名\n甲,9\n乙,4\n", **MERGE)
    assert rows(second) == [(1, "甲", 1), (2, "甲", 2), (3, "乙", 4)]
    assert "key-twice-in-table" in set_aside_path(second).read_text()


def test_changes_are_applied_in_order(put: Take) -> None:
    first = put(FIRST)
    second = put(
        "操作,码,名\nU,甲,5\nD,乙,\nI,丁,1\nU,丁,2\nI,戊,1\nD,戊,\nD,丙,\nI,丙,8\nX,甲,0\n",
        **CHANGES,
    )
    assert rows(second) == [(1, "甲", 5), (3, "丙", 8), (4, "丁", 2)]
    assert counts(second) == (1, 2, 1, 0)
    assert "operation-unknown" in set_aside_path(second).read_text()
    assert len(rows(first)) == 3


def test_many_small_changes_end_in_one_new_writing(put: Take) -> None:
    put("码,名\n" + "".join(f"{n},0\n" for n in range(30)))
    days = [range(5 * day - 5, 5 * day) for day in range(1, 6)]
    found = [
        put("码,名\n" + "".join(f"{n},{day}\n" for n in changed), **MERGE)
        for day, changed in enumerate(days, 1)
    ]
    rewritten = [any(note["code"] == "table-rewritten" for note in each.notes) for each in found]
    assert rewritten == [False, False, False, True, False]
    for day, version in enumerate(found, 1):
        assert rows(version) == [(n + 1, n, n // 5 + 1 if n < 5 * day else 0) for n in range(30)]


def test_other_columns_and_unusable_keys_are_refused(put: Take, table: Table) -> None:
    put(FIRST)
    with pytest.raises(ColumnsDiffer, match="missing 名; extra 址"):
        put("码,址\n甲,1\n", mode="append")
    with pytest.raises(KeyNeeded, match="编号"):
        put(FIRST, mode="merge", key="编号")
    with pytest.raises(Invalid):
        Update.from_dict({"mode": "merge"})
    with pytest.raises(Invalid):
        Update.from_dict({"mode": "changes", "key": "码"})
    assert len(list(table_folder(table.id).iterdir())) == 2, "log and the first version"


def test_of_two_batches_at_once_one_is_asked_to_read_again(put: Take, call: Call, table: Table) -> None:
    base = put(FIRST)
    delivery = receive(call, "b.csv", io.BytesIO("码,名\n丁,4\n".encode()))
    both = [
        stage(
            delivery.path, "b.csv", table_id=table.id, update=Update.from_dict({"mode": "append"}), base=base
        )
        for _ in range(2)
    ]
    assert record_staged(call, both[0], delivery=delivery, table=table).number == 2
    with pytest.raises(VersionMoved):
        record_staged(call, both[1], delivery=delivery, table=table)
    assert not version_folder(table.id, both[1].mark.version_id).exists()


def test_a_table_in_layers_can_be_read_in_pieces(put: Take) -> None:
    put("码,名\n" + "".join(f"{n},{n}\n" for n in range(500)))
    put("码,名,标记\n" + "".join(f"{n},,x\n" for n in range(0, 500, 50)), **MERGE, marker="标记", gone="x")
    last = put("码,名\n" + "".join(f"{n},{-n}\n" for n in range(1, 500, 40)), **MERGE)
    data = open_version(last)
    whole = rows(last)
    assert not data.plain
    sliced = [row for batch in data.batches(["名"], size=7) for row in batch.column(0).to_pylist()]
    assert sliced == [row[2] for row in whole]
    asked = {1, 2, 42, 51, 300}
    some = [row for batch in data.batches(["_id", "名"], ids=asked) for row in batch.to_pylist()]
    assert [(row["_id"], row["名"]) for row in some] == [(r[0], r[2]) for r in whole if r[0] in asked]


@given(st.sets(st.integers(0, 300_000), max_size=400), st.integers(0, 60_000))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_lists_of_rows_that_are_gone_come_back(tmp_path_factory, some: set[int], run: int) -> None:
    positions = np.array(sorted(some | set(range(70_000, 70_000 + run))), np.int64)
    assert decoded(encoded(positions)).tolist() == positions.tolist()
    folder = tmp_path_factory.mktemp("v")
    _, described = write_vectors(folder, [positions, positions[:1]])
    assert [gone_of(folder.parent, one).positions().tolist() for one in described] == [
        positions.tolist(),
        positions[:1].tolist(),
    ]


OPERATIONS = st.lists(st.tuples(st.sampled_from("IUD"), st.integers(0, 6), st.integers(0, 3)), max_size=12)


@given(st.lists(OPERATIONS, min_size=1, max_size=3))
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_changes_do_what_a_dictionary_would(put: Take, call: Call, batches: list[Any]) -> None:
    from kaishu.lake import add_table

    table = add_table(call, call.session.query(Table).first().office_id)
    model: dict[int, int] = {}
    for number, operations in enumerate([[("I", n, 0) for n in range(4)], *batches]):
        text = "操作,码,名\n" + "".join(f"{o},{k},{v}\n" for o, k, v in operations)
        if not operations:
            continue
        for operation, key, value in operations:
            model.pop(key, None) if operation == "D" else model.update({key: value})
        delivery = receive(call, f"{number}.csv", io.BytesIO(text.encode()))
        version = ingest(call, delivery, table=table, update=Update.from_dict(CHANGES))
        assert sorted(row[1:] for row in rows(version)) == sorted(model.items())
