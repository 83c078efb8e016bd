"""Datasets in no class and under no theme."""

from __future__ import annotations

from collections.abc import Iterator

from kaishu.base.errors import Said
from kaishu.inspection.checks.check import CARE, Check, Found, Surroundings, both
from kaishu.inspection.scopes import OWN, Subject


def classification(subject: Subject, around: Surroundings) -> Iterator[Found]:
    """Neither theme nor, in our own catalogue, 信息资源分类."""
    record = subject.record
    if not record.get("themes"):
        yield Found(subject=subject, field="themes", facts=both("主题", "a theme", "what"))
    if subject.catalogue == OWN and not record.get("resource_class"):
        yield Found(
            subject=subject, field="resource_class", facts=both("信息资源分类", "a resource class", "what")
        )


CHECK = Check(
    name="classification",
    severity=CARE,
    title=Said("没有分类", "Not classified"),
    why=Said(
        "没有分类的数据在导航和统计里找不到。",
        "What is not classified is missing from navigation and statistics.",
    ),
    said=Said("没有{what}。", "It has not got {what}."),
    mend=Said("从代码表里选一个。", "Choose one from the list."),
    each=classification,
)
