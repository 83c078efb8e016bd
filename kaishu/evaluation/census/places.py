"""Divisions of China by name: province, city, county and region of a place, and how many there are.

Names and years are those of GB/T 2260 as shipped in ``kaishu.standards``; the seven regions are customary and
stand in no standard.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from kaishu import standards
from kaishu.evaluation.systems.sources import table

#: The year of the shipped catalogue of platforms.
YEAR = 2021
#: Names in the code table that are no divisions by themselves.
_COLLECTIVE = frozenset(
    {
        "市辖区",
        "县",
        "市",
        "省直辖县级行政单位",
        "省直辖县级行政区划",
        "自治区直辖县级行政单位",
        "自治区直辖县级行政区划",
    }
)
#: Cities of sub-provincial rank: the sixteen named in 1994, without 重庆.
SUB_PROVINCIAL = (
    "哈尔滨市",
    "长春市",
    "沈阳市",
    "大连市",
    "济南市",
    "青岛市",
    "南京市",
    "杭州市",
    "宁波市",
    "厦门市",
    "武汉市",
    "广州市",
    "深圳市",
    "西安市",
    "成都市",
)
MUNICIPALITIES = ("北京市", "天津市", "上海市", "重庆市")
_SHORT = {
    "内蒙古": "内蒙古自治区",
    "广西": "广西壮族自治区",
    "西藏": "西藏自治区",
    "宁夏": "宁夏回族自治区",
    "新疆": "新疆维吾尔自治区",
}
_YEARLY = "1980-2021"
#: Not counted: the tables hold nothing below their provinces.
_APART = frozenset({"710000", "810000", "820000", "830000"})


@dataclass(frozen=True, slots=True)
class Divisions:
    """Codes to names of one year, and every name that a code ever had."""

    provinces: dict[str, str]
    cities: dict[str, str]
    counties: dict[str, str]
    ever: dict[str, frozenset[str]]

    def province_code(self, name: str) -> str | None:
        """Code of a province by its full or short name."""
        full = province_named(name)
        return next((code for code, each in self.provinces.items() if each == full), None)

    def former(self, province: str, name: str) -> bool:
        """Did a division below the province's code ever have the name?"""
        return any(name in names for code, names in self.ever.items() if code[:2] == province[:2])

    def cities_of(self, province: str) -> dict[str, str]:
        """Code to name of the cities, prefectures and leagues below a province's code."""
        return {code: name for code, name in self.cities.items() if code[:2] == province[:2]}

    def counties_of(self, code: str) -> dict[str, str]:
        """Code to name of the counties below a province's or a city's code."""
        length = 2 if code.endswith("0000") else 4
        return {each: name for each, name in self.counties.items() if each[:length] == code[:length]}


@cache
def divisions(year: int = YEAR) -> Divisions:
    """The divisions at the end of a year."""
    columns = standards.code_set("gb-t-2260").columns
    provinces: dict[str, str] = {}
    cities: dict[str, str] = {}
    counties: dict[str, str] = {}
    ever: dict[str, set[str]] = {}
    heads = ("code", "zh", "from", "to", "edition")
    for code, name, first, last, edition in zip(*(columns[head] for head in heads), strict=True):
        if name in _COLLECTIVE:
            continue
        ever.setdefault(code, set()).add(name)
        if (first and int(first) > year) or (last and int(last) < year) or code in _APART:
            continue
        if edition != _YEARLY:  # no years are known: a name, but not one to count
            continue
        level = provinces if code.endswith("0000") else cities if code.endswith("00") else counties
        level[code] = name
    return Divisions(provinces, cities, counties, {code: frozenset(names) for code, names in ever.items()})


@cache
def province_named(name: str) -> str:
    """The full name of a province: 山东 and 山东省 are 山东省; other words as they are."""
    known = divisions().provinces.values()
    text = name.strip()
    if text in known:
        return text
    if text in _SHORT:
        return _SHORT[text]
    return next((each for each in known if each.removesuffix("省").removesuffix("市") == text), text)


@cache
def regions() -> dict[str, str]:
    """Province to one of seven customary regions; an assumption, in no standard and not in the report."""
    return {row["province"]: row["region"] for row in table("utilization-2021/province_regions_assumed")}


@dataclass(frozen=True, slots=True)
class Place:
    """Names by level, empty where there is none; ``rest`` is what could not be read."""

    province: str = ""
    city: str = ""
    county: str = ""
    rest: str = ""


@cache
def read_place(text: str) -> Place:
    """Province, city and county of a place as it is written: 四川省成都市, 大理白族自治州, 珠海经济特区.

    A place without its province is looked for among all cities; what is ambiguous or unknown is in ``rest``.
    """
    found = divisions()
    words = "".join(text.split())
    code, words = _taken(words, list(_province_names()))
    if code:
        city, words = _taken(words, _city_names(found.cities_of(code)))
        county, words = _taken(words, [(name, key) for key, name in found.counties_of(city or code).items()])
        return _place(code, city or _above(county), county, words)
    city, rest = _taken(words, _city_names(found.cities))
    if city:
        county, rest = _taken(rest, [(name, key) for key, name in found.counties_of(city).items()])
        return _place(city[:2] + "0000", city, county, rest)
    return Place(rest=words)


def _place(province: str, city: str, county: str, rest: str) -> Place:
    found = divisions()
    return Place(
        found.provinces[province], found.cities.get(city, ""), found.counties.get(county, ""), _plain(rest)
    )


def _plain(rest: str) -> str:
    return "" if rest in ("经济特区", "市", "州") else rest


def _above(county: str) -> str:
    """The city that a county's code belongs to."""
    return county[:4] + "00" if county else ""


def _province_names() -> Iterator[tuple[str, str]]:
    for code, name in divisions().provinces.items():
        yield name, code
        yield name.removesuffix("省").removesuffix("市"), code
    by_name = {name: code for code, name in divisions().provinces.items()}
    for short, full in _SHORT.items():
        yield short, by_name[full]


def _city_names(cities: dict[str, str]) -> list[tuple[str, str]]:
    names = [(name, code) for code, name in cities.items()]
    return names + [(name.removesuffix("市"), code) for name, code in names if len(name) > 2]


def _taken(words: str, names: list[tuple[str, str]]) -> tuple[str, str]:
    """Code of the longest name that the words begin with, and what is left."""
    name, code = max(
        ((name, code) for name, code in names if words.startswith(name)),
        key=lambda pair: len(pair[0]),
        default=("", ""),
    )
    return code, words[len(name) :]
