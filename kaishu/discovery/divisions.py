"""Divisions of China by their codes (GB/T 2260): names, and what lies in what."""

from __future__ import annotations

import csv
from functools import cache, lru_cache
from pathlib import Path

#: Codes and names of the National Bureau of Statistics (2023), collected by modood
#: (Administrative-divisions-of-China, WTFPL).
FILE = Path(__file__).with_name("data") / "divisions.csv"
LEVELS = (2, 4, 6, 9, 12)
#: Names that say no more than the division above.
EMPTY = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})


@cache
def names() -> dict[str, str]:
    """Every province, prefecture and county by its code of six digits."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


@lru_cache(maxsize=20_000)
def with_parents(code: str) -> tuple[str, ...]:
    """The code and those of everything it lies in, the largest first: 110105 → 110000, 110100, 110105.

    Codes of up to six digits are filled with zeros to six, longer ones to twelve.
    """
    if not code.isdigit():
        return ()
    short = code.rstrip("0")
    level = next((size for size in LEVELS if size >= len(short)), LEVELS[-1])
    return tuple(whole(code[:size]) for size in LEVELS if size <= level)


def whole(start: str) -> str:
    """The first digits of a code as the whole code."""
    return start.ljust(6, "0") if len(start) <= 6 else start.ljust(12, "0")


@lru_cache(maxsize=20_000)
def title(code: str) -> str:
    """Names from the province down: 北京市朝阳区; empty if the code is not known."""
    found = [name for each in with_parents(code) if (name := names().get(each, "")) not in EMPTY]
    return "".join(found)


def code_of(name: str) -> str:
    """The code of a name such as 北京市朝阳区 or 朝阳区, or of a code itself; empty if there is none."""
    name = name.strip()
    if name.isdigit():
        return with_parents(name)[-1]
    return _codes().get(name, "")


@cache
def _codes() -> dict[str, str]:
    """Names to codes; of equal names the first."""
    found: dict[str, str] = {}
    for code, name in names().items():
        if name in EMPTY:
            continue
        found.setdefault(name, code)
        found.setdefault(title(code), code)
        if code.endswith("0000"):
            found.setdefault(name.removesuffix("省").removesuffix("市"), code)
    return found
