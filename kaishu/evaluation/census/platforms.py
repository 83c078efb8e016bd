"""Platforms counted: by level, region, province, city and type; their rate, their growth, what is amiss."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import polars as pl

from kaishu.base.errors import Said
from kaishu.evaluation.census.places import (
    MUNICIPALITIES,
    SUB_PROVINCIAL,
    Divisions,
    divisions,
    province_named,
)
from kaishu.evaluation.census.reading import LEVELS, LEVELS_EN

REGIONS = ("华东", "华南", "华中", "华北", "西南", "西北", "东北")
REGIONS_EN = dict(
    zip(REGIONS, ("East", "South", "Central", "North", "Southwest", "Northwest", "Northeast"), strict=True)
)


def counted(frame: pl.DataFrame, column: str, whole: int | None = None) -> pl.DataFrame:
    """``column``, platforms, share; with ``whole`` also share_of_whole, in parts of 1; the most first.

    ``whole`` is another denominator than the rows, such as the total that a report divides by.
    """
    found = (
        frame.filter(pl.col(column) != "")
        .group_by(column)
        .agg(pl.len().cast(pl.Int64).alias("platforms"))
        .sort(["platforms", column], descending=[True, False])
        .with_columns((pl.col("platforms") / max(1, frame.height)).alias("share"))
    )
    if whole is None:
        return found
    return found.with_columns((pl.col("platforms") / whole).alias("share_of_whole"))


def by_level(frame: pl.DataFrame, whole: int | None = None) -> pl.DataFrame:
    """Levels from the highest to the lowest."""
    order = pl.DataFrame({"level": LEVELS, "place": range(len(LEVELS))})
    return counted(frame, "level", whole).join(order, on="level", how="left").sort("place").drop("place")


def by_region(frame: pl.DataFrame, whole: int | None = None) -> pl.DataFrame:
    """Regions (assumed, see ``places.regions``) with their platforms of each level."""
    return counted(frame, "region", whole).join(_levels(frame, "region"), on="region", how="left")


def by_province(frame: pl.DataFrame) -> pl.DataFrame:
    """Every province, also those without any: platforms by level, and how many of its divisions have one.

    ``cities``, ``cities_with`` are prefecture-level divisions, ``counties``, ``counties_with`` county-level
    ones, ``…_rate`` their quotient.  A platform counts towards its division if the name is that of a
    division of GB/T 2260, of any year.
    """
    known = divisions()
    rows = []
    for code, name in known.provinces.items():
        cities, counties = known.cities_of(code), known.counties_of(code)
        own = frame.filter(pl.col("province") == name)
        with_city = {_code(known, cities, row["city"]) for row in _of(own, ("副省级", "地市级"))} - {""}
        with_county = {_county(known, counties, row) for row in _of(own, ("县区级",))} - {""}
        rows.append(
            {
                "province": name,
                "platforms": own.height,
                **{level: own.filter(pl.col("level") == level).height for level in LEVELS},
                "cities": len(cities),
                "cities_with": len(with_city),
                "cities_rate": len(with_city) / len(cities) if cities else None,
                "counties": len(counties),
                "counties_with": len(with_county),
                "counties_rate": len(with_county) / len(counties) if counties else None,
            }
        )
    return pl.DataFrame(rows).sort(["platforms", "province"], descending=[True, False])


def by_city(frame: pl.DataFrame) -> pl.DataFrame:
    """Cities with a platform of their own or of a county: platforms, own, counties, counties_with, rate."""
    known = divisions()
    rows = []
    named = frame.filter((pl.col("city") != "") & (pl.col("level") != "省级"))
    for (province, city), own in named.group_by(["province", "city"], maintain_order=True):
        code = next((each for each, name in known.provinces.items() if name == province), "")
        above = _code(known, known.cities_of(code), str(city)) if code else ""
        counties = known.counties_of(above) if above else {}
        with_county = {_county(known, counties, row) for row in _of(own, ("县区级",))} - {""}
        rows.append(
            {
                "province": province,
                "city": known.cities.get(above, city),
                "platforms": own.height,
                "own": own.filter(pl.col("level") != "县区级").height,
                "counties": len(counties),
                "counties_with": len(with_county),
                "counties_rate": len(with_county) / len(counties) if counties else None,
            }
        )
    if not rows:
        return pl.DataFrame(schema={"province": pl.String, "city": pl.String, "platforms": pl.Int64})
    merged = pl.DataFrame(rows, schema_overrides={"counties_rate": pl.Float64})
    return merged.sort(["platforms", "province", "city"], descending=[True, False, False])


def level_rates(frame: pl.DataFrame) -> pl.DataFrame:
    """Of each level: platforms, divisions by GB/T 2260, rate; two of one division count twice."""
    known = divisions()
    sizes = {
        "省级": len(known.provinces),
        "副省级": len(SUB_PROVINCIAL),
        "地市级": len(known.cities),
        "县区级": len(known.counties),
    }
    counts = dict(by_level(frame).select("level", "platforms").iter_rows())
    rows = [
        {
            "level": level,
            "platforms": counts.get(level, 0),
            "divisions": size,
            "rate": counts.get(level, 0) / size,
        }
        for level, size in sizes.items()
    ]
    return pl.DataFrame(rows)


def growth(frame: pl.DataFrame) -> pl.DataFrame:
    """Platforms by the year they came online: year, new, total, growth (of the total, in parts of 1)."""
    years = (
        frame.filter(pl.col("year") != "").group_by(pl.col("year").cast(pl.Int64)).agg(pl.len().alias("new"))
    )
    found = years.sort("year").with_columns(pl.col("new").cast(pl.Int64))
    found = found.with_columns(pl.col("new").cum_sum().alias("total"))
    return found.with_columns((pl.col("total") / pl.col("total").shift(1) - 1).alias("growth"))


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something amiss in a row: its line in the file, the column, what it says, what is doubted."""

    row: int
    column: str
    value: str
    said: Said


def doubts(frame: pl.DataFrame) -> list[Doubt]:
    """Addresses shared or broken, names twice, places not known, levels that do not fit."""
    found = [*_shared(frame, "platform_name"), *_shared(frame, "url")]
    for row in frame.iter_rows(named=True):
        found += [*_address(row), *_place(row)]
    return sorted(found, key=lambda each: (each.row, each.column))


def _levels(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    each = [(pl.col("level") == level).sum().cast(pl.Int64).alias(level) for level in LEVELS]
    return frame.group_by(column).agg(each)


def _of(frame: pl.DataFrame, levels: tuple[str, ...]) -> Iterator[dict[str, str]]:
    yield from frame.filter(pl.col("level").is_in(levels)).iter_rows(named=True)


def _code(known: Divisions, among: dict[str, str], name: str) -> str:
    """Code of a division by its present or an earlier name."""
    if not name:
        return ""
    now = next((code for code, each in among.items() if each == name), "")
    return now or next((code for code in among if name in known.ever[code]), "")


def _county(known: Divisions, among: dict[str, str], row: dict[str, str]) -> str:
    """The county of a row, looked for in its city first: names such as 鼓楼区 stand in several."""
    province = row["province"][:2]
    codes = {
        code: name
        for code, name in known.cities.items()
        if known.provinces[code[:2] + "0000"][:2] == province
    }
    city = _code(known, codes, row["city"]) if row["city"] else ""
    inside = {code: name for code, name in among.items() if code[:4] == city[:4]} if city else among
    return _code(known, inside, row["county"]) or _code(known, among, row["county"])


def _shared(frame: pl.DataFrame, column: str) -> Iterator[Doubt]:
    groups = (
        frame.filter(pl.col(column) != "")
        .group_by(pl.col(column).str.strip_chars_end("/").alias("key"), maintain_order=True)
        .agg(pl.col("row"), pl.col(column).first().alias("value"))
        .filter(pl.col("row").list.len() > 1)
    )
    for rows, value in groups.select("row", "value").iter_rows():
        for row in rows:
            others = [str(each) for each in rows if each != row][:6]
            lines = "row" if len(others) == 1 else "rows"
            told = Said(f"与第{'、'.join(others)}行相同", f"the same as in {lines} {', '.join(others)}")
            yield Doubt(row, column, value, told)


def _address(row: dict[str, str]) -> Iterator[Doubt]:
    url = row["url"]
    if not url:
        return
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.scheme not in ("http", "https"):
        yield Doubt(
            int(row["row"]), "url", url, Said("网址缺 http:// 或 https://", "lacks http:// or https://")
        )
    elif "." not in host or "//" in parts.path:
        yield Doubt(int(row["row"]), "url", url, Said("网址写得不对", "is malformed"))


def _place(row: dict[str, str]) -> Iterator[Doubt]:
    known = divisions()
    code = known.province_code(province_named(row["province"])) or ""
    if not code:
        return
    cities, line = known.cities_of(code), int(row["row"])
    city = _code(known, cities, row["city"])
    if row["city"] and row["city"] not in MUNICIPALITIES:
        yield from _named(line, "city", row["city"], set(cities.values()), known.former(code, row["city"]))
    if row["county"]:
        counties = set(known.counties_of(city or code).values())
        yield from _named(line, "county", row["county"], counties, known.former(code, row["county"]))
    lowest = "县区级" if row["county"] else "地市级" if row["city"] else "省级"
    level = "地市级" if row["level"] == "副省级" else row["level"]
    if lowest != level and not (row["county"] == "" and code[:4] == "4690"):
        told = Said(
            f"级别与地点不合，地点是{lowest}的", f"does not fit the place, which is {LEVELS_EN[lowest]}"
        )
        yield Doubt(line, "level", row["level"], told)


def _named(line: int, column: str, name: str, now: set[str], former: bool) -> Iterator[Doubt]:
    if name in now:
        return
    if former:
        told = Said("旧区划名，2021年已改名或撤并", "an old name; renamed or merged by 2021")
    else:
        told = Said("区划代码里没有这个名字", "no division has or had this name")
    yield Doubt(line, column, name, told)
