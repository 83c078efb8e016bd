"""Files of platforms, themes and policies as frames, with every doubtful cell named.

A file may be CSV in any encoding, XLSX, Parquet and so on, as the lake reads them; without one the shipped
tables of the reports are read.  Frames hold text, ``row`` the line of the file (the header is 1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from kaishu.base.errors import Said
from kaishu.base.problems import CellProblem
from kaishu.evaluation.census.errors import BadCensusFile
from kaishu.evaluation.census.places import province_named, read_place, regions
from kaishu.evaluation.systems.sources import TABLES

MOST_ROWS = 200_000
LEVELS = ("省级", "副省级", "地市级", "县区级")
LEVELS_EN = {"省级": "provincial", "副省级": "sub-provincial", "地市级": "prefectural", "县区级": "county"}
#: Name of a column to the other names it may have.
NAMES = {
    "platform_name": ("platform", "平台名称", "平台", "名称"),
    "level": ("级别", "层级"),
    "location": ("地点", "所在地"),
    "province": ("省份", "省"),
    "city": ("城市", "地市"),
    "county": ("区县", "县区"),
    "url": ("网址", "地址"),
    "type": ("类型", "平台类型"),
    "theme": ("主题",),
    "themes": ("主题列表",),
    "theme_count_stated": ("主题数",),
    "document": ("文件", "文件名称", "政策", "标题", "title"),
    "place": ("issuer", "发布地区", "地区", "发布单位"),
    "year": ("年份", "年", "上线年份"),
    "month": ("月份", "月"),
    "scope": ("范围",),
}
#: What a column is called in Chinese and in English.
_COLUMN_ZH = {name: next(other for other in others if not other.isascii()) for name, others in NAMES.items()}
_NAMED = {other: name for name, others in NAMES.items() for other in (name, *others)}
_SPLIT = re.compile(r"[|｜;；\n]+")
_COMMAS = re.compile(r"[|｜;；,，、\n]+")
_UTILIZATION = TABLES / "utilization-2021"


def column_words(name: str) -> tuple[str, str]:
    """What a column is called in Chinese and in English.

    >>> column_words("level"), column_words("备注")
    (('级别', 'level'), ('备注', '备注'))
    """
    return _COLUMN_ZH.get(name, name), name


@dataclass(frozen=True, slots=True)
class Rows:
    """A frame and where it comes from; ``shipped`` if it is ours."""

    frame: pl.DataFrame
    source: str
    shipped: bool


@dataclass(frozen=True, slots=True)
class _Sheet:
    file: str
    rows: list[dict[str, Any]]
    heads: frozenset[str]
    called: Mapping[str, str] = field(default_factory=dict)


def read_platforms(path: Path | None = None) -> Rows:
    """Columns platform_name, level, location, province, city, county, url, type, year, region, row.

    Needed in a file: platform_name, level, and province or location.  Raises ``BadCensusFile``.
    """
    sheet = _read(path or _UTILIZATION / "platforms.csv")
    problems = _missing(sheet, ("platform_name", "level"), ("province", "location"))
    for row in sheet.rows if not problems else ():
        problems += _platform(row)
    wanted = (
        "platform_name",
        "level",
        "location",
        "province",
        "city",
        "county",
        "url",
        "type",
        "year",
        "region",
    )
    return _made(sheet, problems, wanted, path)


def read_themes(path: Path | None = None) -> Rows:
    """A row for each theme of a platform: platform_name, theme, stated, province, level, row.

    A file has platform_name with either ``theme`` (a row each) or ``themes`` (joined by |, ；or 、);
    a platform without any keeps one row whose theme is empty.
    Raises ``BadCensusFile``.
    """
    sheet = _read(path or _UTILIZATION / "platform_themes.csv")
    problems = _missing(sheet, ("platform_name",), ("theme", "themes"))
    rows: list[dict[str, Any]] = []
    for row in sheet.rows if not problems else ():
        if not row["platform_name"]:
            problems.append(CellProblem(row["row"], "platform_name", _EMPTY))
        # A list with bars or semicolons in it may have commas within a theme.
        written = row.get("themes") or row.get("theme") or ""
        split = _SPLIT if _SPLIT.search(written) or not row.get("themes") else _COMMAS
        themes = [each.strip() for each in split.split(written) if each.strip()]
        if not themes and "themes" in sheet.heads:
            themes = [""]  # a platform that lists none
        elif not themes:
            problems.append(CellProblem(row["row"], "theme", _EMPTY))
        stated = row.get("theme_count_stated", "")
        if stated and not stated.isdecimal():
            problems.append(CellProblem(row["row"], "theme_count_stated", _not_a_number(stated)))
        place = {"province": province_named(row.get("province", "")), "level": row.get("level", "")}
        rows += [
            {
                "platform_name": row["platform_name"],
                "theme": theme,
                "stated": stated,
                "row": row["row"],
                **place,
            }
            for theme in themes
        ]
    found = _made(replace(sheet, rows=rows), problems, (*_THEME, "province", "level"), path)
    return found if path else Rows(_placed(found.frame), found.source, True)


_THEME = ("platform_name", "theme", "stated")


def read_policies(path: Path | None = None) -> Rows:
    """Columns document, place, province, scope, year, month, row; without a file those of three reports.

    Needed in a file: document and year.  Raises ``BadCensusFile``.
    """
    if path is None:
        shipped = [_read(TABLES / name) for name in _POLICIES]
        rows = [
            {"scope": "国家" if "global" in name else "", "report": name.partition("/")[0]} | row
            for name, sheet in zip(_POLICIES, shipped, strict=True)
            for row in sheet.rows
        ]
        sheet = _Sheet("policies.csv", rows, frozenset({"document", "year"}))
    else:
        sheet = _read(path)
    problems = _missing(sheet, ("document", "year"), ())
    for row in sheet.rows if not problems else ():
        problems += _policy(row)
    return _made(sheet, problems, ("document", "place", "province", "scope", "year", "month", "report"), path)


_POLICIES = ("operation-2025/policies.csv", "development-2021/policies.csv", "global-2020/china_policies.csv")
_EMPTY = Said("没有填写", "is empty")


#: What stands in the place of a policy of the whole country.
_NATION = frozenset({"国家", "全国", "中央", "国务院", "中国"})


def _not_a_number(value: str) -> Said:
    return Said(f"“{value[:40]}”不是整数", f'"{value[:40]}" is not a whole number')


def _platform(row: dict[str, Any]) -> Iterator[CellProblem]:
    if not row["platform_name"]:
        yield CellProblem(row["row"], "platform_name", _EMPTY)
    if row["level"] not in LEVELS:
        told = Said(f"“{row['level'][:40]}”不是级别", f'"{row["level"][:40]}" is no level')
        choices = Said(f"{told}，可写：{'、'.join(LEVELS)}", f"{told.en}; choose of {', '.join(LEVELS)}")
        yield CellProblem(row["row"], "level", choices)
    place = read_place(row.get("location", ""))
    for name in ("province", "city", "county"):
        row[name] = row.get(name) or getattr(place, name)
    row["province"] = province_named(row["province"])
    row["region"] = regions().get(row["province"], "")
    if not row["region"]:
        column = "province" if row["province"] else "location"
        value = row["province"] or row.get("location", "")
        told = Said(f"认不出省份：“{value[:40]}”", f'no province known in "{value[:40]}"')
        yield CellProblem(row["row"], column, told)
    yield from _whole(row, "year", 1990, 2100)


def _policy(row: dict[str, Any]) -> Iterator[CellProblem]:
    if not row["document"]:
        yield CellProblem(row["row"], "document", _EMPTY)
    if not row["year"]:
        yield CellProblem(row["row"], "year", _EMPTY)
    yield from _whole(row, "year", 1949, 2100)
    yield from _whole(row, "month", 1, 12)
    row["province"] = (
        read_place(row.get("place", "")).province or read_place(row["document"].strip("《")).province
    )
    if not row.get("scope"):
        place = read_place(row.get("place", ""))
        nation = row.get("place", "").strip() in _NATION
        row["scope"] = "国家" if nation else "城市" if place.city else "省域" if place.province else ""


def _whole(row: Mapping[str, Any], name: str, low: int, high: int) -> Iterator[CellProblem]:
    value = row.get(name, "")
    if not value:
        return
    if not (value.isascii() and value.isdecimal()):
        yield CellProblem(row["row"], name, _not_a_number(value))
    elif not low <= int(value[:9]) <= high:
        yield CellProblem(
            row["row"], name, Said(f"{value}不在{low}到{high}之间", f"{value} is not from {low} to {high}")
        )


def _read(path: Path) -> _Sheet:
    from kaishu import lake

    plan = lake.make_plan(path, path.name, lake.ReadOptions())
    names = [_NAMED.get(column.name.strip(), column.name.strip()) for column in plan.columns]
    twice = {name for name in names if names.count(name) > 1 and name in NAMES}
    if twice:
        told = Said("有两列是这个意思", "two columns mean this")
        raise BadCensusFile(path.name, [CellProblem(1, name, told) for name in sorted(twice)])
    rows: list[dict[str, Any]] = []
    for line, cells in lake.text_rows(path, path.name, plan):
        if len(rows) >= MOST_ROWS:
            told = Said(f"多于{MOST_ROWS}行", f"more than {MOST_ROWS} rows")
            raise BadCensusFile(path.name, [CellProblem(line, "", told)])
        rows.append({**dict(zip(names, cells, strict=True)), "row": line})
    if not rows:
        raise BadCensusFile(path.name, [CellProblem(0, "", Said("没有数据行", "there are no rows"))])
    called = {name: column.name.strip() for name, column in zip(names, plan.columns, strict=True)}
    return _Sheet(path.name, rows, frozenset(names), called)


def _missing(sheet: _Sheet, needed: tuple[str, ...], either: tuple[str, ...]) -> list[CellProblem]:
    told = Said("缺这一列", "this column is missing")
    problems = [
        CellProblem(1, " / ".join(column_words(name)), told) for name in needed if name not in sheet.heads
    ]
    if either and not sheet.heads & set(either):
        names = " / ".join(each for name in either for each in column_words(name))
        problems.append(CellProblem(1, names, Said("缺其中一列", "one of these columns is needed")))
    return problems


def _made(sheet: _Sheet, problems: list[CellProblem], wanted: tuple[str, ...], path: Path | None) -> Rows:
    if problems:
        # A file's own columns are named as the file has them.
        named = [replace(each, column=sheet.called.get(each.column, each.column)) for each in problems]
        raise BadCensusFile(sheet.file, named)
    columns: dict[str, list[str]] = {name: [row.get(name, "") or "" for row in sheet.rows] for name in wanted}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(wanted, pl.String))
    lines = pl.Series("row", [row["row"] for row in sheet.rows], dtype=pl.Int64)
    return Rows(frame.with_columns(lines), sheet.file, path is None)


def _placed(frame: pl.DataFrame) -> pl.DataFrame:
    """Province and level of the shipped platforms, by their number in the catalogue."""
    rows = _read(_UTILIZATION / "platform_themes.csv").rows
    catalogue = {row["seq"]: row for row in _read(_UTILIZATION / "platforms.csv").rows}
    by_name: dict[str, dict[str, Any]] = {
        row["platform_name"]: catalogue.get(row["catalog_seq"], {}) for row in rows
    }

    def get(name: str, key: str) -> str:
        return by_name[name].get(key, "") or _LOST.get(name, {}).get(key, "")

    names = frame["platform_name"].to_list()
    return frame.with_columns(
        pl.Series("province", [get(name, "province") for name in names], dtype=pl.String),
        pl.Series("level", [get(name, "level") for name in names], dtype=pl.String),
    )


#: Has themes, but no row in the catalogue.
_LOST = {"安顺市政府数据开放平台": {"province": "贵州省", "level": "地市级"}}
