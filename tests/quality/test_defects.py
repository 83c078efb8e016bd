"""Every kind of defect that was put into a register of 20,000 citizens is found in exactly its rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from kaishu.lake import reading_file
from kaishu.quality import check_data, parse_rules
from tests.quality.citizens import citizens

#: A rule, and the kinds of defect that break it.
RULES: dict[str, tuple[str, str]] = {
    "id": ("check: not-null, column: 公民身份号码", "id-null id-empty"),
    "form": (
        "check: citizen-id, column: 公民身份号码, parts: [form]",
        "id-empty id-short id-fifteen id-small-x id-full-width id-blank id-letter",
    ),
    "digit": ("check: citizen-id, column: 公民身份号码, parts: [check]", "id-check"),
    "division-of-id": (
        "check: citizen-id, column: 公民身份号码, parts: [division]",
        "id-division id-division-then",
    ),
    "date": ("check: citizen-id, column: 公民身份号码, parts: [date]", "id-date"),
    "once": (
        "check: unique, column: 公民身份号码",
        "id-duplicate id-duplicate-source row-duplicate row-duplicate-source",
    ),
    "row-once": ("check: unique-row", "row-duplicate row-duplicate-source"),
    "born": (
        "check: citizen-id, column: 公民身份号码, birth: 出生日期",
        "id-date birth-differs birth-impossible birth-future",
    ),
    "sex-of-id": ("check: citizen-id, column: 公民身份号码, sex: 性别代码", "sex-code sex-differs"),
    "sex": ("check: not-null, column: 性别代码", "sex-null"),
    "sex-code": ("check: in, column: 性别代码, values: ['1', '2']", "sex-code"),
    "birth": ("check: not-null, column: 出生日期", "birth-null"),
    "birth-form": (r"check: pattern, column: 出生日期, pattern: '\d{4}-\d\d-\d\d'", "birth-form"),
    "birth-range": ("check: range, column: 出生日期, max: today", "birth-impossible birth-future"),
    "name": ("check: not-null, column: 姓名", "name-null name-blank"),
    "name-form": ("check: person-name, column: 姓名", "name-blank name-digit name-inner-blank"),
    "ethnic": ("check: in, column: 民族代码, codes: gb-t-3304", "ethnic-code"),
    "address": ("check: length, column: 住址, min: 3", "address-short"),
    "control": ("check: characters, column: 住址, forbidden: control", "address-control"),
    "division": ("check: division, column: 行政区划代码", "division-unknown"),
    "mobile": ("check: mobile, column: 手机号", "mobile-short mobile-segment mobile-full-width"),
    "since": ("check: range, column: 登记日期, max: today", "registered-future"),
    "since-birth": (
        "check: expression, expression: 登记日期 >= 出生日期",
        "registered-before-birth birth-future",
    ),
    "until": ("check: expression, expression: 注销日期 >= 登记日期", "cancelled-before-registered"),
    "marriage": (
        "check: in, column: 婚姻状况代码, values: [10, 20, 21, 22, 23, 30, 40, 90]",
        "marriage-code",
    ),
    "married": (
        "check: expression, expression: \"婚姻状况代码 in ('10', '50')\", "
        "when: 出生日期 between '2012-01-01' and today()",
        "minor-married",
    ),
    "income": ("check: range, column: 月收入, min: 0, max: 1000000", "income-negative income-huge"),
    "income-there": (
        "check: not-null, column: 月收入, when: 单位统一社会信用代码 is not null",
        "income-missing",
    ),
    "employer": ("check: credit-code, column: 单位统一社会信用代码", "employer-check employer-small"),
}


def test_every_defect_is_found_in_exactly_its_rows(tmp_path: Path) -> None:
    register = citizens()
    written = "rules:\n" + "".join(f" - {{id: {id}, {rule}}}\n" for id, (rule, _) in RULES.items())
    with reading_file(register.path) as data:
        result = check_data(
            data, parse_rules(written), today=date(2026, 1, 1), failed=tmp_path / "failed.parquet"
        )
    found: dict[str, set[int]] = {id: set() for id in RULES}
    for row in pq.read_table(tmp_path / "failed.parquet").to_pylist():
        found[row["rule"]].add(row["row"] - 1)
    for id, (_, kinds) in RULES.items():
        assert found[id] == register.rows(*kinds.split()), id
    assert [each.failed for each in result.rules] == [len(rows) for rows in found.values()]


def test_no_kind_of_defect_is_left_out() -> None:
    named = {kind for _, kinds in RULES.values() for kind in kinds.split()}
    # Well formed but of no enterprise: the check against another table has a test of its own.
    assert set(citizens().truth) - named == {"employer-unknown"}
