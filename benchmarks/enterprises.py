"""Made-up enterprises by seed, with 20 kinds of defect at known rows, like ``benchmarks.citizens``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.code_numbers import calendar, citizen_ids, credit_codes, decimals, organisation_codes, text
from benchmarks.defects import Sheet, write_groups
from kaishu import standards

GROUP = 1_000_000
CREDIT, NAME, ORGANISATION, INDUSTRY, DIVISION = (
    "统一社会信用代码", "企业名称", "组织机构代码", "行业代码", "行政区划代码",
)  # fmt: skip
HEAD, HEAD_ID, PHONE, POST, MAIL = "法定代表人", "法定代表人证件号", "联系电话", "邮政编码", "电子邮箱"
CAPITAL, SINCE, ACCOUNT, PLATE = "注册资本万元", "成立日期", "对公账号", "车牌号"

#: Kind of defect: column and what is wrong with it.
KINDS: dict[str, tuple[str, str]] = {
    "credit-null": (CREDIT, "missing"),
    "credit-short": (CREDIT, "17 characters"),
    "credit-check": (CREDIT, "the check character is another"),
    "credit-letter": (CREDIT, "the letter I, which the code does not use"),
    "credit-duplicate": (CREDIT, "code and organisation code of the row in credit-duplicate-source"),
    "credit-duplicate-source": (CREDIT, "clean but for its copy"),
    "organisation-check": (ORGANISATION, "the check character is another"),
    "organisation-differs": (ORGANISATION, "right, but not characters 9 to 17 of the credit code"),
    "name-null": (NAME, "missing"),
    "name-full-width": (NAME, "a full-width digit"),
    "industry-unknown": (INDUSTRY, "code in no list"),
    "division-unknown": (DIVISION, "code in no list"),
    "head-id-check": (HEAD_ID, "the check character is another"),
    "phone-form": (PHONE, "no area code, nine digits"),
    "post-form": (POST, "five digits"),
    "mail-form": (MAIL, "no @"),
    "capital-negative": (CAPITAL, "below 0"),
    "founded-future": (SINCE, "in 2090"),
    "account-check": (ACCOUNT, "the last digit is another"),
    "plate-form": (PLATE, "the letter O in the number"),
}
_AREAS = [
    "010",
    "021",
    "022",
    "023",
    "025",
    "027",
    "028",
    "029",
    "0311",
    "0371",
    "0531",
    "0571",
    "0755",
    "0898",
]
_PLACES = ["北京", "上海", "广州", "成都", "武汉", "西安", "杭州", "济南", "青岛", "长沙", "郑州", "昆明"]
_TRADES = ["科技", "贸易", "建筑", "物流", "食品", "纺织", "机械", "电子", "农业", "文化传媒"]
_WORDS = "华鑫盛达恒通瑞丰宏泰金源永兴德信安康嘉远博文锦程"


def make_enterprises(path: Path, rows: int, *, seed: int = 1, group: int = GROUP) -> Any:
    """Write the register and its truth; the same bytes for the same arguments.  Returns the truth."""
    return write_groups(path, rows, group, lambda first, count: enterprises(first, count, seed))


def enterprises(first: int, rows: int, seed: int) -> Sheet:
    """One group of rows with its defects."""
    random = np.random.default_rng((seed, first, 2))
    numbers = np.arange(first, first + rows)
    births = random.integers(-9000, 10_000, rows)
    lasting = np.array([110101, 310101, 440103, 510104, 330102, 370102])[random.integers(0, 6, rows)]
    columns = {
        CREDIT: text(credit_code_of(numbers, seed)),
        NAME: _names(random, rows),
        ORGANISATION: text(organisation_codes(_organisation_numbers(numbers, seed))),
        INDUSTRY: _industries().take(pa.array(random.integers(0, len(_industries()), rows))),
        DIVISION: text(decimals(_divisions()[numbers % len(_divisions())], 6)),
        HEAD: pc.binary_join_element_wise(_words(random, rows), _words(random, rows), ""),
        HEAD_ID: text(citizen_ids(lasting, calendar(births), random.integers(0, 1000, rows))),
        PHONE: pc.binary_join_element_wise(
            pa.array(_AREAS).take(pa.array(random.integers(0, len(_AREAS), rows))),
            text(decimals(random.integers(20_000_000, 90_000_000, rows), 8)),
            "-",
        ),
        POST: text(decimals(random.integers(10, 83, rows) * 10_000 + random.integers(0, 9999, rows), 6)),
        MAIL: pc.binary_join_element_wise(
            text(decimals(random.integers(10**5, 10**9, rows), 9)), pa.scalar("example.cn"), "@"
        ),
        CAPITAL: pa.array(np.round(random.lognormal(5, 1.2, rows), 2)),
        SINCE: pa.array(random.integers(4000, 20_000, rows).astype(np.int32)).cast(pa.date32()),
        ACCOUNT: text(_accounts(random, rows)),
        PLATE: _plates(random, rows),
    }
    sheet = Sheet(columns, first, seed)
    _wrong_codes(sheet, seed)
    _wrong_facts(sheet)
    return sheet


def credit_code_of(numbers: Any, seed: int) -> Any:
    """Credit codes of the enterprises of those numbers, as rows of bytes; every number its own code."""
    return credit_codes(_divisions()[numbers % len(_divisions())], _organisation_numbers(numbers, seed))


def _organisation_numbers(numbers: Any, seed: int) -> Any:
    return (np.asarray(numbers, np.int64) * 38_196_601 + seed * 9_699_691) % 10**8


@cache
def _divisions() -> Any:
    columns = standards.code_set("gb-t-2260").columns
    rows = zip(columns["code"], columns["from"], columns["to"], strict=True)
    return np.array([int(c) for c, begun, to in rows if not begun and not to and c < "7" and c[4:] != "00"])


@cache
def _industries() -> pa.Array:
    return pa.array([code for code in standards.code_set("gb-t-4754").codes().tolist() if len(code) == 4])


def _words(random: Any, rows: int) -> pa.Array:
    return pa.array(list(_WORDS)).take(pa.array(random.integers(0, len(_WORDS), rows)))


def _names(random: Any, rows: int) -> pa.Array:
    return pc.binary_join_element_wise(
        pa.array(_PLACES).take(pa.array(random.integers(0, len(_PLACES), rows))),
        _words(random, rows),
        _words(random, rows),
        pa.array(_TRADES).take(pa.array(random.integers(0, len(_TRADES), rows))),
        pa.scalar("有限公司"),
        "",
    )


def _accounts(random: Any, rows: int) -> Any:
    """Numbers of 19 digits that begin with 62, the last by Luhn's formula (ISO/IEC 7812-1)."""
    head = np.tile(np.frombuffer(b"62", np.uint8), (rows, 1))
    first = np.hstack([head, decimals(random.integers(0, 10**16, rows), 16)])
    digits = (first - np.uint8(48)).astype(np.int64)
    doubled = digits[:, 1::2] * 2
    total = digits[:, ::2].sum(axis=1) + (doubled // 10 + doubled % 10).sum(axis=1)
    return np.hstack([first, (-total % 10 + 48).astype(np.uint8)[:, None]])


def _plates(random: Any, rows: int) -> pa.Array:
    provinces = pa.array(list("京津沪渝冀晋辽吉黑苏浙皖闽赣鲁豫鄂湘粤琼川贵云陕甘青蒙桂藏宁新"))
    letters = np.frombuffer(b"ABCDEFGHJKLMNPQRSTUVWXYZ", np.uint8)
    return pc.binary_join_element_wise(
        provinces.take(pa.array(random.integers(0, len(provinces), rows))),
        text(letters[random.integers(0, 8, rows)][:, None]),
        text(letters[random.integers(0, 24, rows)][:, None]),
        text(decimals(random.integers(0, 10**4, rows), 4)),
        "",
    )


def _wrong_codes(sheet: Sheet, seed: int) -> None:
    sheet.each("credit-null", CREDIT, lambda _: None)
    sheet.each("credit-short", CREDIT, lambda value: value[:17])
    sheet.each("credit-check", CREDIT, lambda value: value[:17] + ("0" if value[17] != "0" else "1"))
    sheet.each("credit-letter", CREDIT, lambda value: f"{value[:8]}I{value[9:]}")
    sources, copies = sheet.pick("credit-duplicate-source"), sheet.pick("credit-duplicate")
    for name in (CREDIT, ORGANISATION):
        sheet.write(name, copies, sheet.columns[name].take(sources))
    sheet.each(
        "organisation-check", ORGANISATION, lambda value: value[:8] + ("0" if value[8] != "0" else "1")
    )
    rows = sheet.pick("organisation-differs")
    others = (_organisation_numbers(rows + sheet.first, seed) + 1) % 10**8
    sheet.write(ORGANISATION, rows, text(organisation_codes(others)))
    sheet.each("industry-unknown", INDUSTRY, lambda _: "9999")
    sheet.each("division-unknown", DIVISION, lambda value: "99" + value[2:])
    sheet.each("head-id-check", HEAD_ID, lambda value: value[:17] + ("1" if value[17] != "1" else "7"))


def _wrong_facts(sheet: Sheet) -> None:
    sheet.each("name-null", NAME, lambda _: None)
    sheet.each("name-full-width", NAME, lambda value: value[:2] + "８" + value[2:])
    sheet.each("phone-form", PHONE, lambda value: value[-8:] + "1")
    sheet.each("post-form", POST, lambda value: value[:5])
    sheet.each("mail-form", MAIL, lambda value: value.replace("@", "."))
    sheet.each("capital-negative", CAPITAL, lambda value: -value)
    rows = sheet.pick("founded-future")
    sheet.write(SINCE, rows, pa.array(np.full(len(rows), 43_900, np.int32)).cast(pa.date32()))
    sheet.each("account-check", ACCOUNT, lambda value: value[:-1] + str((int(value[-1]) + 1) % 10))
    sheet.each("plate-form", PLATE, lambda value: value[:3] + "O" + value[4:])
