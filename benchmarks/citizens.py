"""A seeded register of made-up citizens, as large as wanted, with 44 kinds of defect at known rows.

    python -m benchmarks.citizens OUT.parquet [--rows N] [--seed S] [--enterprises OUT.parquet]

Each kind hits one row in a thousand (at least one) of every row group, no row has two.  Beside the table
stand ``OUT.truth.json`` (counts) and ``OUT.truth.parquet`` (kind, number of the row from 0).  A clean row
passes every check; ids are unique by construction.  Whole lists of defects: ``KINDS``.
"""

from __future__ import annotations

import argparse
import time
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.code_numbers import calendar, citizen_ids, dashed, decimals, text
from benchmarks.defects import Sheet, write_groups
from benchmarks.enterprises import credit_code_of, make_enterprises
from kaishu import standards

GROUP = 1_000_000
ID, NAME, SEX, BIRTH, ETHNIC = "公民身份号码", "姓名", "性别代码", "出生日期", "民族代码"
ADDRESS, DIVISION, MOBILE = "住址", "行政区划代码", "手机号"
SINCE, UNTIL, MARRIAGE, INCOME, EMPLOYER = (
    "登记日期", "注销日期", "婚姻状况代码", "月收入", "单位统一社会信用代码",
)  # fmt: skip

#: Kind of defect: column and what is wrong with it.  Where another check fails too, it is said.
KINDS: dict[str, tuple[str, str]] = {
    "id-null": (ID, "missing"),
    "id-empty": (ID, "empty text"),
    "id-short": (ID, "17 characters"),
    "id-fifteen": (ID, "an old number of 15 digits"),
    "id-small-x": (ID, "small x for X"),
    "id-full-width": (ID, "one digit full-width"),
    "id-blank": (ID, "a blank after the division"),
    "id-letter": (ID, "the letter O among the digits"),
    "id-check": (ID, "the check character is another"),
    "id-date": (ID, "month 13, check right; the birth date of the row stands"),
    "id-division": (ID, "division that never was, check right"),
    "id-division-then": (ID, "division that was not yet at birth, check right"),
    "id-duplicate": (ID, "number, birth date and sex of the row in id-duplicate-source"),
    "id-duplicate-source": (ID, "clean but for its copy"),
    "row-duplicate": ("*", "the whole row again; its number is there twice too"),
    "row-duplicate-source": ("*", "clean but for its copy"),
    "sex-null": (SEX, "missing"),
    "sex-code": (SEX, "code 3, in no list"),
    "sex-differs": (SEX, "not what the 17th digit says"),
    "birth-null": (BIRTH, "missing"),
    "birth-differs": (BIRTH, "one day later than the number says"),
    "birth-form": (BIRTH, "slashes for dashes"),
    "birth-impossible": (BIRTH, "30 February"),
    "birth-future": (BIRTH, "year 2090; differs from the number too"),
    "name-null": (NAME, "missing"),
    "name-blank": (NAME, "one full-width blank"),
    "name-digit": (NAME, "a digit"),
    "name-inner-blank": (NAME, "a full-width blank inside"),
    "ethnic-code": (ETHNIC, "code 88, in no list"),
    "address-short": (ADDRESS, "two characters"),
    "address-control": (ADDRESS, "a control character"),
    "division-unknown": (DIVISION, "code in no list"),
    "mobile-short": (MOBILE, "10 digits"),
    "mobile-segment": (MOBILE, "begins with 12"),
    "mobile-full-width": (MOBILE, "all digits full-width"),
    "registered-future": (SINCE, "in 2090"),
    "registered-before-birth": (SINCE, "a year before birth"),
    "cancelled-before-registered": (UNTIL, "a day before registration"),
    "marriage-code": (MARRIAGE, "code 50, in no list"),
    "minor-married": (MARRIAGE, "married and younger than 14"),
    "income-negative": (INCOME, "below 0"),
    "income-huge": (INCOME, "a milliard"),
    "income-missing": (INCOME, "missing though there is an employer"),
    "employer-check": (EMPLOYER, "the check character is another"),
    "employer-small": (EMPLOYER, "a small letter"),
    "employer-unknown": (EMPLOYER, "well formed, of no enterprise"),
}
_FIRST_BIRTH = int(np.datetime64("1930-01-01").astype(int))
_BIRTHS = int(np.datetime64("2020-01-01").astype(int)) - _FIRST_BIRTH
_LAST_DAY = int(np.datetime64("2025-12-31").astype(int))
_ADULT = int(np.datetime64("2003-01-01").astype(int))
_CHILD = int(np.datetime64("2012-01-01").astype(int))
_SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁"
    "沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严武孔"
)
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰秀珍建国红梅志文海燕春雪晓东浩宇轩梓涵子怡欣然"
    "诗琪嘉豪俊熙雨桐思远博雅安宁若曦一诺"
)
_CITIES = ["朝阳区", "和平区", "新城区", "城关镇", "高新区", "东湖街道", "南山街道", "西城街道"]
_ROADS = ["人民路", "中山路", "解放路", "建设大街", "和平巷", "文化路", "青年路", "长江路", "黄河路"]
_SEGMENTS = [*range(130, 140), *range(150, 154), *range(155, 160), 166, *range(170, 174), *range(175, 179),
             *range(180, 190), 191, 193, 195, 196, 197, 198, 199]  # fmt: skip


def make_citizens(path: Path, rows: int, *, seed: int = 1, enterprises: int = 0, group: int = GROUP) -> Any:
    """Write the register and its truth; the same bytes for the same arguments.  Returns the truth.

    ``enterprises``: how many there are to work for, as many as ``make_enterprises`` was asked for.
    """
    known = enterprises or enterprises_for(rows)
    return write_groups(path, rows, group, lambda first, count: citizens(first, count, seed, known))


def enterprises_for(rows: int) -> int:
    """One enterprise to twenty citizens, between 1,000 and 50,000."""
    return min(max(rows // 20, 1000), 50_000)


def citizens(first: int, rows: int, seed: int, enterprises: int) -> Sheet:
    """One group of rows with its defects."""
    random = np.random.default_rng((seed, first, 0))
    divisions, births, orders = _people(np.arange(first, first + rows), seed)
    adult = births < _ADULT
    employed = adult & (random.random(rows) < 0.6)
    since = births + (random.random(rows) * (_LAST_DAY - births)).astype(np.int64)
    until = since + (random.random(rows) * (_LAST_DAY - since)).astype(np.int64)
    employers = random.integers(0, enterprises, rows)
    columns = {
        ID: text(citizen_ids(divisions, calendar(births), orders)),
        NAME: _names(random, rows),
        SEX: text(decimals(2 - orders % 2, 1)),
        BIRTH: text(dashed(calendar(births))),
        ETHNIC: text(decimals(np.where(random.random(rows) < 0.92, 1, random.integers(1, 57, rows)), 2)),
        ADDRESS: _addresses(random, rows),
        DIVISION: text(decimals(_current()[random.integers(0, len(_current()), rows)], 6)),
        MOBILE: _mobiles(random, rows),
        SINCE: pa.array(since.astype(np.int32)).cast(pa.date32()),
        UNTIL: pa.array(until.astype(np.int32), mask=random.random(rows) > 0.05).cast(pa.date32()),
        MARRIAGE: _marriages(random, adult),
        INCOME: pa.array(np.round(random.lognormal(8.6, 0.5, rows).clip(1000, 90_000), 2), mask=~employed),
        EMPLOYER: _masked(text(credit_code_of(employers, seed)), ~employed),
    }
    sheet = Sheet(columns, first, seed)
    _wrong_ids(sheet, divisions, births, orders)
    _wrong_persons(sheet, births)
    _wrong_codes(sheet)
    _wrong_dates(sheet, births, since)
    _wrong_work(sheet, seed, enterprises)
    _doubles(sheet)
    return sheet


def _people(numbers: Any, seed: int) -> tuple[Any, Any, Any]:
    """Division, birth and order of the n-th citizen: every n its own, since a prime strides all of them."""
    lasting = _lasting()
    domain = len(lasting) * _BIRTHS * 1000
    place = (numbers * 31_415_926_547 + seed * 2_718_281_829) % domain
    births = place // len(lasting) % _BIRTHS + _FIRST_BIRTH
    return lasting[place % len(lasting)], births, place // (len(lasting) * _BIRTHS)


@cache
def _lasting() -> Any:
    """Divisions below cities that have been in force since identity cards began."""
    columns = standards.code_set("gb-t-2260").columns
    rows = list(zip(columns["code"], columns["from"], columns["to"], columns["edition"], strict=True))
    codes = [
        int(code)
        for code, begun, ended, edition in rows
        if int(begun or 0) <= 1984
        and not ended
        and edition == "1980-2021"
        and code[4:] != "00"
        and code < "7"
    ]
    return np.array(codes, np.int64)


@cache
def _current() -> Any:
    """Divisions in force now."""
    columns = standards.code_set("gb-t-2260").columns
    return np.array(
        [int(c) for c, to in zip(columns["code"], columns["to"], strict=True) if not to and c < "7"]
    )


@cache
def _new() -> Any:
    """Divisions whose codes were first given in 2016 or later."""
    columns = standards.code_set("gb-t-2260").columns
    first: dict[str, int] = {}
    for code, begun in zip(columns["code"], columns["from"], strict=True):
        first[code] = min(first.get(code, 9999), int(begun or 0))
    return np.array([int(code) for code, begun in first.items() if begun >= 2016], np.int64)


def _names(random: Any, rows: int) -> pa.Array:
    surnames, given = pa.array(list(_SURNAMES)), pa.array([*_GIVEN])
    second = pa.array(["", *_GIVEN, *_GIVEN])
    return pc.binary_join_element_wise(
        surnames.take(pa.array(random.integers(0, len(surnames), rows))),
        given.take(pa.array(random.integers(0, len(given), rows))),
        second.take(pa.array(random.integers(0, len(second), rows))),
        "",
    )


def _addresses(random: Any, rows: int) -> pa.Array:
    return pc.binary_join_element_wise(
        pa.array(_CITIES).take(pa.array(random.integers(0, len(_CITIES), rows))),
        pa.array(_ROADS).take(pa.array(random.integers(0, len(_ROADS), rows))),
        pc.cast(pa.array(random.integers(1, 1000, rows)), pa.string()),
        pa.array(["号"]).take(pa.array(np.zeros(rows, np.int64))),
        "",
    )


def _mobiles(random: Any, rows: int) -> pa.Array:
    segments = np.array(_SEGMENTS)[random.integers(0, len(_SEGMENTS), rows)]
    numbers = np.hstack([decimals(segments, 3), decimals(random.integers(0, 10**8, rows), 8)])
    return _masked(text(numbers), random.random(rows) < 0.02)


def _marriages(random: Any, adult: Any) -> pa.Array:
    codes = np.array([10, 20, 21, 21, 22, 23, 30, 40, 90])[random.integers(0, 9, len(adult))]
    return text(decimals(np.where(adult, codes, 10), 2))


def _masked(values: pa.Array, mask: Any) -> pa.Array:
    return pc.if_else(pa.array(mask), pa.scalar(None, values.type), values)


def _wrong_ids(sheet: Sheet, divisions: Any, births: Any, orders: Any) -> None:
    last = pc.utf8_slice_codeunits(sheet.columns[ID], 17).to_numpy(zero_copy_only=False)
    sheet.each("id-small-x", ID, str.lower, among=last == "X")
    sheet.each("id-null", ID, lambda _: None)
    sheet.each("id-empty", ID, lambda _: "")
    sheet.each("id-short", ID, lambda value: value[:17])
    in_century = (births < 10957) & (births >= -25567)
    sheet.each("id-fifteen", ID, lambda value: value[:6] + value[8:17], among=in_century)
    sheet.each("id-full-width", ID, lambda value: chr(ord(value[0]) + 0xFEE0) + value[1:])
    sheet.each("id-blank", ID, lambda value: f"{value[:6]} {value[6:]}")
    sheet.each("id-letter", ID, lambda value: f"{value[:9]}O{value[10:]}")
    sheet.each("id-check", ID, lambda value: value[:17] + ("1" if value[17] != "1" else "7"))
    rows = sheet.pick("id-date")
    month13 = calendar(births[rows]) // 10_000 * 10_000 + 1300 + calendar(births[rows]) % 100
    sheet.write(ID, rows, text(citizen_ids(divisions[rows], month13, orders[rows])))
    rows = sheet.pick("id-division")
    nowhere = 990_000 + divisions[rows] % 10_000
    sheet.write(ID, rows, text(citizen_ids(nowhere, calendar(births[rows]), orders[rows])))
    young = (births >= 10957) & (births < 16071)  # 2000 to 2013
    rows = sheet.pick("id-division-then", among=young)
    numbers = np.arange(len(rows)) + sheet.first // 1000
    later = _new()[numbers % len(_new())]
    sheet.write(ID, rows, text(citizen_ids(later, calendar(births[rows]), orders[rows])))


def _wrong_persons(sheet: Sheet, births: Any) -> None:
    sheet.each("sex-null", SEX, lambda _: None)
    sheet.each("sex-code", SEX, lambda _: "3")
    sheet.each("sex-differs", SEX, lambda value: "2" if value == "1" else "1")
    sheet.each("birth-null", BIRTH, lambda _: None)
    rows = sheet.pick("birth-differs")
    sheet.write(BIRTH, rows, text(dashed(calendar(births[rows] + 1))))
    sheet.each("birth-form", BIRTH, lambda value: value.replace("-", "/"))
    sheet.each("birth-impossible", BIRTH, lambda value: value[:4] + "-02-30")
    sheet.each("birth-future", BIRTH, lambda value: "2090" + value[4:].replace("02-29", "02-28"))
    sheet.each("name-null", NAME, lambda _: None)
    sheet.each("name-blank", NAME, lambda _: "\u3000")
    sheet.each("name-digit", NAME, lambda value: value[0] + "3")
    sheet.each("name-inner-blank", NAME, lambda value: value[0] + "\u3000" + value[1:])


def _wrong_codes(sheet: Sheet) -> None:
    sheet.each("ethnic-code", ETHNIC, lambda _: "88")
    sheet.each("address-short", ADDRESS, lambda _: "路边")
    sheet.each("address-control", ADDRESS, lambda value: value[:4] + "\x07" + value[4:])
    sheet.each("division-unknown", DIVISION, lambda value: "99" + value[2:])
    has = sheet.present(MOBILE)
    sheet.each("mobile-short", MOBILE, lambda value: value[:10], among=has)
    sheet.each("mobile-segment", MOBILE, lambda value: "12" + value[2:], among=has)
    wide = {ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"}
    sheet.each("mobile-full-width", MOBILE, lambda value: value.translate(wide), among=has)


def _wrong_dates(sheet: Sheet, births: Any, since: Any) -> None:
    open_end = ~sheet.present(UNTIL)
    rows = sheet.pick("registered-future", among=open_end)
    sheet.write(
        SINCE, rows, pa.array((np.arange(len(rows)) % 300 + 43830).astype(np.int32)).cast(pa.date32())
    )
    rows = sheet.pick("registered-before-birth", among=open_end)
    sheet.write(SINCE, rows, pa.array((births[rows] - 365).astype(np.int32)).cast(pa.date32()))
    rows = sheet.pick("cancelled-before-registered", among=since > births)
    sheet.write(UNTIL, rows, pa.array((since[rows] - 1).astype(np.int32)).cast(pa.date32()))
    sheet.each("marriage-code", MARRIAGE, lambda _: "50")
    sheet.each("minor-married", MARRIAGE, lambda _: "20", among=births >= _CHILD)


def _wrong_work(sheet: Sheet, seed: int, enterprises: int) -> None:
    employed = sheet.present(EMPLOYER)
    sheet.each("income-negative", INCOME, lambda value: -value, among=employed)
    sheet.each("income-huge", INCOME, lambda _: 1e9, among=employed)
    sheet.each("income-missing", INCOME, lambda _: None, among=employed)
    sheet.each(
        "employer-check",
        EMPLOYER,
        lambda value: value[:17] + ("0" if value[17] != "0" else "1"),
        among=employed,
    )
    sheet.each("employer-small", EMPLOYER, lambda value: "91" + value[2:17] + "a", among=employed)
    rows = sheet.pick("employer-unknown", among=employed)
    strangers = credit_code_of(enterprises + np.arange(len(rows)) + sheet.first, seed)
    sheet.write(EMPLOYER, rows, text(strangers))


def _doubles(sheet: Sheet) -> None:
    sources, copies = sheet.pick("id-duplicate-source"), sheet.pick("id-duplicate")
    later = np.array(sheet.columns[SINCE].take(sources).cast(pa.int32()))
    for name in (ID, SEX, BIRTH, MARRIAGE):
        sheet.write(name, copies, sheet.columns[name].take(sources))
    for name in (SINCE, INCOME, EMPLOYER):
        sheet.write(name, copies, sheet.columns[name].take(sources))
    sheet.write(UNTIL, copies, pa.array(later, pa.int32()).cast(pa.date32()))
    sources, copies = sheet.pick("row-duplicate-source"), sheet.pick("row-duplicate")
    for name in sheet.columns:
        sheet.write(name, copies, sheet.columns[name].take(sources))


def main() -> None:
    """From the terminal."""
    reader = argparse.ArgumentParser(prog="python -m benchmarks.citizens")
    reader.add_argument("out", type=Path)
    reader.add_argument("--rows", type=int, default=1_000_000)
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument("--enterprises", type=Path, help="also write the register of enterprises")
    given = reader.parse_args()
    before = time.process_time()
    make_citizens(given.out, given.rows, seed=given.seed)
    if given.enterprises:
        make_enterprises(given.enterprises, enterprises_for(given.rows), seed=given.seed)
    print(f"{given.rows:,} rows, {time.process_time() - before:.1f} CPU s")


if __name__ == "__main__":
    main()
