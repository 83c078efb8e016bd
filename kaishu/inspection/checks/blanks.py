"""Blanks in the core items of a dataset."""

from __future__ import annotations

from collections.abc import Iterator

from kaishu.base.errors import Said
from kaishu.inspection.checks.check import CARE, Check, Found, Surroundings, both
from kaishu.inspection.checks.core import CORE, filled
from kaishu.inspection.scopes import Subject


def blanks(subject: Subject, around: Surroundings) -> Iterator[Found]:
    """One finding for all that is blank."""
    empty = [field for field in CORE if not filled(subject, field)]
    if empty:
        names = both("、".join(CORE[f] for f in empty), ", ".join(CORE[f].en for f in empty), "items")
        yield Found(
            subject=subject, field=empty[0], value=" ".join(empty), facts={**names, "count": len(empty)}
        )


CHECK = Check(
    name="blanks",
    severity=CARE,
    title=Said("核心项目有空白", "Blanks in core items"),
    why=Said("编制指南的核心元数据应当齐全。", "The guide's core items should all be there."),
    said=Said("有{count}个核心项目没填：{items}。", "{count} core items are blank: {items}."),
    mend=Said("打开目录信息表补齐。", "Open the record's form and fill them in."),
    each=blanks,
)
