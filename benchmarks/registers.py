"""Two seeded registers of made-up people, and which rows are the same person.

    python -m benchmarks.registers FOLDER [--rows N] [--seed S]

``police.parquet`` and ``health.parquet`` have N rows each; nobody is twice in one.  Nine of ten people are in
both.  In the second register one in eight has no number and one in fifty a wrong one; one in a hundred names
and one in two hundred birth dates has a slip; one in seven people has moved, one in four addresses is written
another way; one in a hundred is one of twins, who share birth date, address, surname and first letter of the
given name.  The truth is ``person`` in ``*.truth.parquet``, by row.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from benchmarks.citizens import _CITIES, _GIVEN, _ROADS, _SURNAMES, _people
from benchmarks.code_numbers import calendar, citizen_ids, dashed, text

POLICE = {
    "id": "公民身份号码",
    "name": "姓名",
    "sex": "性别代码",
    "birth": "出生日期",
    "address": "住址",
    "when": "更新日期",
}
HEALTH = {
    "id": "证件号码",
    "name": "患者姓名",
    "sex": "性别",
    "birth": "出生年月日",
    "address": "联系地址",
    "when": "建档日期",
}
COMMON = 0.9
_NAME_WEIGHTS = 1 / np.arange(3, 3 + len(_SURNAMES))


def make_registers(folder: Path, rows: int, *, seed: int = 1) -> None:
    """Write both registers and their truth; the same for the same arguments."""
    random = np.random.default_rng((seed, rows, 7))
    people = _make_people(random, rows + round(rows * (1 - COMMON)), seed)
    common = round(rows * COMMON)
    chosen = random.permutation(len(people["sex"]))
    both, only_police, only_health = chosen[:common], chosen[common:rows], chosen[rows : 2 * rows - common]
    for name, heads, persons, spoil in (
        ("police", POLICE, np.concatenate([both, only_police]), False),
        ("health", HEALTH, np.concatenate([both, only_health]), True),
    ):
        persons = random.permutation(persons)
        columns = {key: value[persons] for key, value in people.items()}
        columns["when"] = random.integers(17_000, 20_000, rows)
        if spoil:
            _spoil(random, columns)
        table = pa.table({heads[key]: _column(key, value) for key, value in columns.items()})
        parquet.write_table(table, folder / f"{name}.parquet", row_group_size=131_072)
        parquet.write_table(
            pa.table({"row": np.arange(1, rows + 1), "person": persons}), folder / f"{name}.truth.parquet"
        )


def _make_people(random: Any, count: int, seed: int) -> dict[str, Any]:
    divisions, births, orders = _people(np.arange(count), seed)
    surnames = random.choice(len(_SURNAMES), count, p=_NAME_WEIGHTS / _NAME_WEIGHTS.sum())
    first = random.integers(0, len(_GIVEN), count)
    second = random.integers(-len(_GIVEN) // 4, len(_GIVEN), count)
    place = np.stack(
        [random.integers(0, top, count) for top in (len(_CITIES), len(_ROADS), 600, 12, 30)], axis=1
    )
    twins = random.permutation(count - 1)[: count // 100]
    twins = twins[(twins % 2) == 0]
    for values in (divisions, births, surnames, first, place):
        values[twins + 1] = values[twins]
    orders = orders.copy()
    orders[twins + 1] = (orders[twins] + 1) % 1000
    second[twins + 1] = (np.maximum(second[twins], 0) + 7) % len(_GIVEN)
    return {
        "id": citizen_numbers(divisions, births, orders),
        "name": np.stack([surnames, first, second], axis=1),
        "sex": 2 - orders % 2,
        "birth": births,
        "address": np.concatenate([place, np.zeros((count, 1), np.int64)], axis=1),
    }


def citizen_numbers(divisions: Any, births: Any, orders: Any) -> Any:
    """Numbers with their check digits, as texts."""
    return np.array(text(citizen_ids(divisions, calendar(births), orders)).to_pylist(), object)


def _spoil(random: Any, columns: dict[str, Any]) -> None:
    rows = len(columns["sex"])
    chance = random.random((6, rows))
    ids = columns["id"]
    for row in np.flatnonzero(chance[0] < 0.02).tolist():
        place = int(random.integers(6, 17))
        ids[row] = ids[row][:place] + str((int(ids[row][place]) + 3) % 10) + ids[row][place + 1 :]
    ids[chance[1] < 0.125] = None
    slips = np.flatnonzero(chance[2] < 0.01)
    columns["name"][slips, 1] = random.integers(0, len(_GIVEN), len(slips))
    dates = chance[3] < 0.005
    columns["birth"] = np.where(dates, columns["birth"] + 9, columns["birth"])
    moved = np.flatnonzero(chance[4] < 1 / 7)
    for part, top in enumerate((len(_CITIES), len(_ROADS), 600, 12, 30)):
        columns["address"][moved, part] = random.integers(0, top, len(moved))
    columns["address"][chance[5] < 0.25, 5] = 1


def _column(key: str, values: Any) -> pa.Array:
    if key == "id":
        return pa.array(values, pa.string())
    if key == "name":
        return _names(values)
    if key == "address":
        return _addresses(values)
    if key == "birth":
        return text(dashed(calendar(values)))
    if key == "when":
        return pa.array(values.astype(np.int32)).cast(pa.date32())
    return pc.cast(pa.array(values), pa.string())


def _names(values: Any) -> pa.Array:
    given = pa.array([*_GIVEN, ""])
    second = np.where(values[:, 2] < 0, len(_GIVEN), values[:, 2])
    parts = [pa.array(list(_SURNAMES)).take(pa.array(values[:, 0])), given.take(pa.array(values[:, 1]))]
    return pc.binary_join_element_wise(*parts, given.take(pa.array(second)), "")


def _addresses(values: Any) -> pa.Array:
    def number(place: int) -> pa.Array:
        return pc.cast(pa.array(values[:, place] + 1), pa.string())

    whole = pc.binary_join_element_wise(
        pa.array(_CITIES).take(pa.array(values[:, 0])),
        pa.array(_ROADS).take(pa.array(values[:, 1])),
        number(2), "号", number(3), "幢", number(4), "室", "",
    )  # fmt: skip
    short = pc.replace_substring(pc.replace_substring(whole, "幢", "栋"), "室", "")
    return pc.if_else(pa.array(values[:, 5] == 1), short, whole)


if __name__ == "__main__":
    reader = argparse.ArgumentParser(prog="python -m benchmarks.registers", description=__doc__)
    reader.add_argument("folder", type=Path)
    reader.add_argument("--rows", type=int, default=1_000_000)
    reader.add_argument("--seed", type=int, default=1)
    given = reader.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    make_registers(given.folder, given.rows, seed=given.seed)
