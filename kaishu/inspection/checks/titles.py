"""Datasets with the same title."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from kaishu.base.errors import Said
from kaishu.inspection.checks.check import CARE, Check, Found, Surroundings, slim
from kaishu.inspection.scopes import Subject
from kaishu.standards.terms import fold

LISTED = 5


class Titles:
    """Folded title to the datasets that have it; keeps names only."""

    def __init__(self, around: Surroundings) -> None:
        self._seen: dict[tuple[str, str], list[Subject]] = defaultdict(list)
        self._first: dict[tuple[str, str], Subject] = {}

    def add(self, subject: Subject) -> None:
        """Remember one."""
        key = (subject.catalogue, fold(str(subject.record.get("title") or "")))
        if key not in self._first:
            self._first[key] = slim(subject)
        else:
            self._seen[key].append(slim(subject))

    def found(self) -> Iterator[Found]:
        """Every dataset of a group, with the others."""
        for key, more in self._seen.items():
            group = [self._first[key], *more]
            for each in group[:200]:
                others = [one.name for one in group if one.id != each.id]
                facts = {
                    "count": len(group),
                    "others": ", ".join(others[:LISTED]) + ("…" if len(others) > LISTED else ""),
                }
                yield Found(subject=each, field="title", value=str(each.record["title"])[:300], facts=facts)


CHECK = Check(
    name="titles",
    severity=CARE,
    title=Said("标题重复", "Same title twice"),
    why=Said(
        "标题相同的数据集分不清，也可能是重复编目。",
        "Datasets of the same title cannot be told apart, or are one.",
    ),
    said=Said(
        "有{count}个数据集都叫“{value}”：{others}。",
        '{count} datasets are called "{value}"; the others: {others}.',
    ),
    mend=Said(
        "在标题里写明地区、年份或口径；确系重复的，撤销一个。",
        "Say place, year or scope in the title; withdraw one if they are the same.",
    ),
    whole=Titles,
)
