"""The fifteen checks by hand with numpy on Arrow's buffers, batch by batch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

COLUMNS = [
    "公民身份号码", "姓名", "性别代码", "出生日期", "民族代码", "住址", "手机号",
    "登记日期", "注销日期", "月收入", "单位统一社会信用代码",
]  # fmt: skip
WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], np.float32)
CHECKS = np.frombuffer(b"10X98765432", np.uint8)
TENS = 10 ** np.arange(16, -1, -1)
BATCH = 262_144
DAYS = np.array(["1900-01-01", "2026-12-31"], "M8[D]").astype(np.int32)


def counts(folder: Path) -> dict[str, int]:
    """Failing rows by rule."""
    found: dict[str, int] = {}
    numbers: list[Any] = []
    others: list[Any] = []
    firms = (
        pq.read_table(folder / "enterprises.parquet", columns=["统一社会信用代码"]).column(0).combine_chunks()
    )
    firms = firms.unique().drop_null()
    codes = pa.array([f"{code:02}" for code in range(1, 57)])
    rows = 0
    with pq.ParquetFile(folder / "citizens.parquet", pre_buffer=False) as file:
        for batch in file.iter_batches(BATCH, columns=COLUMNS, use_threads=False):
            rows += batch.num_rows
            for name, failed in _batch(batch, firms, codes, numbers, others).items():
                found[name] = found.get(name, 0) + failed
    ordered = np.sort(np.concatenate(numbers))
    again = ordered[1:] == ordered[:-1]
    found["id-unique"] = int(again.sum() + (again & ~np.r_[False, again[:-1]]).sum())
    rest = pa.chunked_array(others).value_counts() if others else []
    found["id-unique"] += sum(each["counts"].as_py() for each in rest if each["counts"].as_py() > 1)
    return {**found, "rows": int(not 1000 <= rows <= 1_000_000_000)}


def _batch(batch: Any, firms: Any, codes: Any, numbers: list[Any], others: list[Any]) -> dict[str, int]:
    found = _ids(batch, numbers, others)
    names = batch["姓名"]
    found["name-present"] = names.null_count + _true(pc.equal(pc.utf8_trim_whitespace(names), ""))
    found["mobile"] = _mobiles(batch["手机号"])
    since = batch["登记日期"].view(pa.int32())
    days = since.to_numpy(zero_copy_only=False)
    found["registered"] = int(((days < DAYS[0]) | (days > DAYS[1])).sum())
    income = batch["月收入"].to_numpy(zero_copy_only=False)
    found["income"] = int(((income < 0) | (income > 1_000_000)).sum())
    found["ethnic"] = len(batch) - _true(pc.is_in(batch["民族代码"], codes)) - batch["民族代码"].null_count
    employer = batch["单位统一社会信用代码"]
    found["employer"] = len(batch) - employer.null_count - _true(pc.is_in(employer, firms))
    length = pc.utf8_length(batch["住址"]).to_numpy(zero_copy_only=False)
    found["address"] = int(((length < 3) | (length > 100)).sum())
    has = employer.is_valid().to_numpy(zero_copy_only=False)
    found["income-of-employed"] = int((has & np.isnan(income)).sum())
    until = batch["注销日期"].view(pa.int32())
    found["dates"] = _true(pc.less(until, since))
    return found


def _ids(batch: Any, numbers: list[Any], others: list[Any]) -> dict[str, int]:
    ids = batch["公民身份号码"]
    letters, rows = _matrix(ids, 18)
    digits = letters - np.uint8(48)
    good = (digits[:, :17] <= 9).all(axis=1)
    good &= (digits[:, 17] <= 9) | (letters[:, 17] == ord("X"))
    letters, digits, rows = letters[good], digits[good], rows[good]
    sums = digits[:, :17].astype(np.float32) @ WEIGHTS
    wrong = CHECKS[sums.astype(np.int64) % 11] != letters[:, 17]
    numbers.append(digits[:, :17].astype(np.int64) @ TENS * 11 + (letters[:, 17] == ord("X")) * 10)
    numbers[-1] += np.where(letters[:, 17] == ord("X"), 0, digits[:, 17])
    odd = np.ones(len(ids), bool)
    odd[rows] = False
    odd &= ids.is_valid().to_numpy(zero_copy_only=False)
    left = ids.filter(pa.array(odd))
    others.append(left.filter(pc.not_equal(left, "")))
    born, places = _matrix(batch["出生日期"], 10)
    whole = np.zeros((len(ids), 8), np.uint8)
    whole[places] = born[:, [0, 1, 2, 3, 5, 6, 8, 9]]
    here = np.zeros(len(ids), bool)
    here[places] = True
    differs = (
        here[rows]
        & (whole[rows].view(np.uint64) != np.ascontiguousarray(letters[:, 6:14]).view(np.uint64))[:, 0]
    )
    sex, at = _matrix(batch["性别代码"], 1)
    said = np.zeros(len(ids), np.uint8)
    said[at] = sex[:, 0]
    meant = 50 - (digits[:, 16] & 1)
    return {
        "id-form": int(odd.sum()),
        "id-check": int(wrong.sum()),
        "id-birth": int(differs.sum()),
        "id-sex": int(((said[rows] != 0) & (said[rows] != meant)).sum()),
    }


def _mobiles(column: Any) -> int:
    letters, _ = _matrix(column, 11)
    good = ((letters - np.uint8(48)) <= 9).all(axis=1)
    good &= (letters[:, 0] == ord("1")) & (letters[:, 1] >= ord("3"))
    return len(column) - column.null_count - int(good.sum())


def _matrix(column: Any, width: int) -> tuple[Any, Any]:
    """Bytes of the cells that have this many, and where they are."""
    offsets = np.frombuffer(column.buffers()[1], np.int32)[column.offset : column.offset + len(column) + 1]
    data = np.frombuffer(column.buffers()[2], np.uint8)
    rows = np.flatnonzero(np.diff(offsets) == width)
    cells = np.ndarray((max(len(data) - width + 1, 0),), f"V{width}", buffer=data, strides=(1,))
    return cells[offsets[rows]].view(np.uint8).reshape(len(rows), width), rows


def _true(column: Any) -> int:
    return pc.sum(column).as_py() or 0
