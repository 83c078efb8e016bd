"""Resource codes: form, class, provider, and serial numbers that are taken."""

from __future__ import annotations

from collections.abc import Iterator

from kaishu.base.errors import Said
from kaishu.catalogue import codes
from kaishu.inspection.checks.check import WRONG, Check, Found, Surroundings, both, slim
from kaishu.inspection.scopes import OWN, Subject


class ResourceCodes:
    """Code to who has it, for our own catalogue; other portals number as they like."""

    def __init__(self, around: Surroundings) -> None:
        self._holders: dict[str, Subject] = {}
        self._flaws: list[Found] = []
        self._offices = around.office_codes

    def add(self, subject: Subject) -> None:
        """Look at one code."""
        code = str(subject.record.get("resource_code") or "")
        if not code or subject.catalogue != OWN:
            return
        holder = self._holders.get(code)
        others = {code: holder.name} if holder else {}
        kept = slim(subject)
        for flaw in codes.check(
            code,
            resource_class=str(subject.record.get("resource_class") or ""),
            resource_category=str(subject.record.get("resource_category") or ""),
            office_code=subject.code,
            offices=self._offices,
            others=others,
        ):
            facts = {**both(str(flaw.said), flaw.said.en), "flaw": flaw.code}
            self._flaws.append(Found(subject=kept, field="resource_code", value=code[:500], facts=facts))
        self._holders.setdefault(code, kept)

    def found(self) -> Iterator[Found]:
        """All flaws."""
        yield from self._flaws


CHECK = Check(
    name="resource-codes",
    severity=WRONG,
    title=Said("信息资源代码不合规", "Resource codes against the rules"),
    why=Said(
        "代码由类、项、提供方和顺序码组成，一个代码只能属于一个资源（编制指南）。",
        "A code is made of class, item, provider and serial number, and belongs to one resource (编制指南).",
    ),
    said=Said("{reason}", "{reason}"),
    mend=Said(
        "按编制指南改正代码；留空则由平台编码。",
        "Mend the code as the guide says; leave it empty and the platform makes one.",
    ),
    whole=ResourceCodes,
)
