"""Shipped code sets as mappings: how a code is written in words, and which code came after another."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache

from kaishu import standards

DIVISIONS = "gb-t-2260"
_ENDINGS = ("自治县", "自治旗", "特区", "林区", "新区", "地区", "县", "区", "市", "旗")


def known_sets() -> tuple[str, ...]:
    """Names of the code sets that are shipped."""
    return (*standards.SETS, *standards.NAMES)


def labels_of(name: str) -> dict[str, str]:
    """Code to Chinese name."""
    return standards.code_set(name).labels()


@cache
def spellings_of(name: str) -> dict[str, str]:
    """Names, English names and other spellings to the code; those that several codes share are left out."""
    codes: defaultdict[str, set[str]] = defaultdict(set)
    columns = standards.code_set(name).columns
    for head in ("zh", "en"):
        for text, code in zip(columns.get(head, ()), columns["code"], strict=False):
            codes[text].add(code)
    if name in standards.NAMES:
        for term in standards.vocabulary(name).terms:
            for alias in term.aliases:
                codes[alias].add(term.code)
    return {text: next(iter(found)) for text, found in codes.items() if text and len(found) == 1}


@cache
def successors() -> tuple[dict[str, str], frozenset[str]]:
    """Division codes that are no longer in force to the one that came after, and those in force.

    The table knows years, not successors.  A code came after another if it began the year after the other
    ended, in the same province, and is called the same but for its kind (密云县, 密云区); where two codes
    could have come after, or the code after two, nothing is told.
    """
    columns = standards.code_set(DIVISIONS).columns
    rows = list(zip(columns["code"], columns["zh"], columns["from"], columns["to"], strict=True))
    current = frozenset(code for code, _, _, end in rows if not end)
    begun: defaultdict[tuple[str, str, int], set[str]] = defaultdict(set)
    for code, name, start, _ in rows:
        if start:
            begun[code[:2], _stem(name), int(start)].add(code)
    after: dict[str, str] = {}
    for code, name, _, end in rows:
        found = begun[code[:2], _stem(name), int(end) + 1] - {code} if end and code not in current else set()
        if len(found) == 1:
            after[code] = next(iter(found))
    come = Counter(after.values())
    after = {code: next for code, next in after.items() if come[next] == 1}
    return {code: end for code in after if (end := _end(code, after)) in current}, current


def _end(code: str, after: dict[str, str]) -> str:
    seen = {code}
    while code in after and after[code] not in seen:
        code = after[code]
        seen.add(code)
    return code


def _stem(name: str) -> str:
    for ending in _ENDINGS:
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name[: -len(ending)]
    return name
