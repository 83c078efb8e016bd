"""一数多源: the same item held by several departments, with the evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from kaishu.base.errors import Said
from kaishu.inspection.checks.check import NOTE, Check, Found, Surroundings, both, slim
from kaishu.inspection.scopes import Subject
from kaishu.standards.terms import fold

GENERAL = Path(__file__).parent.parent / "data" / "general_items.txt"
BRACKETS = re.compile(r"[（(\[【].*?[）)\]】]")
SYSTEM = re.compile(r"(c|col|column|field|f)?\d*|object_?id|f?id|shape.*|the_geom|geom(etry)?|globalid")
#: Evidence kept of one item, and groups reported at most.
KEPT, GROUPS = 50, 1000


class Place(NamedTuple):
    """Where an item was found."""

    department: str
    dataset: str
    written: str
    type: str


class OneSource:
    """Normalised item name to the departments and datasets that have it."""

    def __init__(self, around: Surroundings) -> None:
        self._places: dict[str, list[Place]] = {}
        self._subjects: dict[str, Subject] = {}
        self._numbers: dict[str, tuple[set[str], int]] = {}
        self._english: dict[str, str] = {}

    def add(self, subject: Subject) -> None:
        """Remember the items of one dataset."""
        keys = set()
        for item in subject.record.get("items") or []:
            key = normal(str(item.get("title") or item.get("name") or ""))
            if key and key not in keys:
                keys.add(key)
                self._remember(key, subject, item)
        if keys:
            self._subjects[subject.id] = slim(subject)

    def found(self) -> Iterator[Found]:
        """One finding for each item with several departments; those with the most departments first."""
        several = [key for key, (departments, _) in self._numbers.items() if len(departments) > 1]
        several.sort(key=lambda key: (-len(self._numbers[key][0]), -self._numbers[key][1], key))
        for key in several[:GROUPS]:
            departments, datasets = self._numbers[key]
            places = self._places[key]
            first = places[0]
            named = sorted(departments)[:8]
            more = "…" if len(departments) > len(named) else ""
            english = ", ".join(self._english.get(each) or each for each in named)
            evidence = [[p.department, self._subjects[p.dataset].name, p.written, p.type] for p in places]
            facts = {
                "item": first.written,
                "departments": len(departments),
                "datasets": datasets,
                **both("、".join(named) + more, english + more, "names"),
                "evidence": evidence,
                "types": len({p.type for p in places if p.type}),
            }
            yield Found(field="items", value=key[:500], facts=facts)

    def _remember(self, key: str, subject: Subject, item: dict[str, str]) -> None:
        departments, datasets = self._numbers.setdefault(key, (set(), 0))
        new = subject.department not in departments
        departments.add(subject.department)
        publisher = subject.entry.publisher
        if publisher.title == subject.department:
            self._english[subject.department] = publisher.title_en
        self._numbers[key] = (departments, datasets + 1)
        places = self._places.setdefault(key, [])
        written = str(item.get("title") or item.get("name") or "")
        if new or len(places) < KEPT:
            places.append(Place(subject.department, subject.id, written[:100], str(item.get("type") or "")))


def normal(name: str) -> str:
    """One spelling of an item's name; empty for names that every table has.

    Width, case, blanks, hyphens and what stands in brackets (mostly units) make no difference.
    """
    plain = fold(BRACKETS.sub("", name))
    return "" if len(plain) < 2 or plain in general_items() or SYSTEM.fullmatch(plain) else plain


@cache
def general_items() -> frozenset[str]:
    """Names that say nothing of what is in a column."""
    lines = GENERAL.read_text(encoding="utf-8").splitlines()
    return frozenset(fold(line) for line in lines if line and not line.startswith("#"))


CHECK = Check(
    name="one-source",
    severity=NOTE,
    title=Said("一数多源", "One item, several departments"),
    why=Said(
        "同一信息项由几个部门各自采集，就会互相矛盾；应定一个权威来源（一数一源）。",
        "An item that several departments collect will contradict itself; one of them should be its source.",
    ),
    said=Said(
        "“{item}”在{departments}个部门的{datasets}个数据集里都有：{names}。",
        '"{item}" is held by {departments} departments in {datasets} datasets: {names}.',
    ),
    mend=Said(
        "几家商定由谁提供，其余改为引用；类型不一致的先统一。",
        "Agree whose it is and let the others refer to it; settle the type first where it differs.",
    ),
    whole=OneSource,
)
