"""Open data without a licence."""

from __future__ import annotations

from collections.abc import Iterator

from kaishu.base.errors import Said
from kaishu.inspection.checks.check import WRONG, Check, Found, Surroundings
from kaishu.inspection.scopes import Subject


def licence(subject: Subject, around: Surroundings) -> Iterator[Found]:
    """Neither the dataset nor any distribution says what may be done with it."""
    record = subject.record
    said = [
        (where.get("licence") or "", where.get("licence_text") or "") for where in (record, *subject.links)
    ]
    if any((code and code != "unspecified") or text for code, text in said):
        return
    if record.get("open_class") == "none":
        return
    yield Found(subject=subject, field="licence", value=str(record.get("licence") or ""))


CHECK = Check(
    name="licence",
    severity=WRONG,
    title=Said("没有许可协议", "No licence"),
    why=Said("没有许可，别人就不知道能不能用。", "Without a licence nobody knows whether it may be used."),
    said=Said("没有注明许可协议。", "No licence is given."),
    mend=Said(
        "选一个许可协议，如“知识共享 署名 4.0”。",
        "Choose a licence, such as Creative Commons Attribution 4.0.",
    ),
    each=licence,
)
