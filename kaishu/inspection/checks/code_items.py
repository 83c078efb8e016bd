"""Resource codes without 项: right, but less than the guide has."""

from __future__ import annotations

from collections.abc import Iterator

from kaishu.base.errors import Said
from kaishu.catalogue import codes
from kaishu.inspection.checks.check import NOTE, Check, Found, Surroundings
from kaishu.inspection.scopes import OWN, Subject


def code_items(subject: Subject, around: Surroundings) -> Iterator[Found]:
    """A code of ours that is made of class, provider and serial number only."""
    code = str(subject.record.get("resource_code") or "")
    if not code or subject.catalogue != OWN:
        return
    if codes.lacks_item(code, subject.code, around.office_codes):
        yield Found(subject=subject, field="resource_code", value=code[:500])


CHECK = Check(
    name="code-items",
    severity=NOTE,
    title=Said("信息资源代码没有项", "Resource codes without item"),
    why=Said(
        "编制指南的代码在类之后有两位数字的项，按项可以看出是哪个基础库、哪个主题、哪级部门。",
        "In the guide two digits of item follow the class: base library, theme or level of department.",
    ),
    said=Said(
        "代码 {value} 没有项（类后面的两位数字）。",
        "The code {value} has no item (two digits after the class).",
    ),
    mend=Said(
        "代码已在用就留着；要让新代码有项，请选定主题，或在本地分类表里写明部门、主题属于哪一项。",
        "Leave a code that is in use. For items in new ones choose a theme, or say in the region's list "
        "which offices and themes belong to which item.",
    ),
    each=code_items,
)
