"""The fifteen checks as one lazy Polars query for its in-memory engine."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def counts(folder: Path) -> dict[str, int]:
    """Failing rows by rule."""
    people = pl.scan_parquet(folder / "citizens.parquet")
    firms = pl.scan_parquet(folder / "enterprises.parquet").select("统一社会信用代码").collect().to_series()
    id, employer = pl.col("公民身份号码"), pl.col("单位统一社会信用代码")
    form = id.str.contains(r"^[0-9]{17}[0-9X]$")
    digits = id.str.slice(0, 17).cast(pl.Int64, strict=False)
    total = pl.sum_horizontal(
        (digits // 10 ** (16 - place)) % 10 * weight for place, weight in enumerate(WEIGHTS)
    )
    check = (
        pl.when(id.str.ends_with("X")).then(10).otherwise(id.str.slice(17, 1).cast(pl.Int64, strict=False))
    )
    born = pl.col("出生日期").str.replace_all("[-/]", "")
    sex = (
        pl.when(id.str.slice(16, 1).cast(pl.Int64, strict=False) % 2 == 1)
        .then(pl.lit("1"))
        .otherwise(pl.lit("2"))
    )
    name, since, income = pl.col("姓名"), pl.col("登记日期"), pl.col("月收入")
    length = pl.col("住址").str.len_chars()
    known = id.is_not_null() & (id != "")
    found = people.select(
        (name.is_null() | (name.str.strip_chars() == "")).sum().alias("name-present"),
        (id.is_duplicated() & known).sum().alias("id-unique"),
        (~form).sum().alias("id-form"),
        (form & ((12 - total % 11) % 11 != check)).sum().alias("id-check"),
        (form & (id.str.slice(6, 8) != born)).sum().alias("id-birth"),
        (form & (sex != pl.col("性别代码"))).sum().alias("id-sex"),
        (~pl.col("手机号").str.contains(r"^1[3-9][0-9]{9}$")).sum().alias("mobile"),
        (~since.is_between(date(1900, 1, 1), date(2026, 12, 31))).sum().alias("registered"),
        (~income.is_between(0, 1_000_000)).sum().alias("income"),
        (~pl.col("民族代码").is_in([f"{code:02}" for code in range(1, 57)])).sum().alias("ethnic"),
        (~employer.is_in(firms.implode())).sum().alias("employer"),
        (~length.is_between(3, 100)).sum().alias("address"),
        (employer.is_not_null() & income.is_null()).sum().alias("income-of-employed"),
        (pl.col("注销日期") < since).sum().alias("dates"),
        pl.len().alias("rows"),
    )
    row = found.collect(engine="in-memory").row(0, named=True)
    row["rows"] = int(not 1000 <= row["rows"] <= 1_000_000_000)
    return row
