"""Decisions about records, apart from the database."""

from __future__ import annotations

from kaishu import standards
from kaishu.base.errors import Said
from kaishu.catalogue.drafts import DatasetRecord

UNCONDITIONAL = "unconditional"
REQUIRED = Said("必填。", "Required.")


def lacks(record: DatasetRecord, has_table: bool) -> dict[str, list[str]]:
    """What a record still lacks before it may be submitted: field to messages; empty if complete.

    Method: the 13 core items of 政务信息资源目录编制指南（试行） (2017), of which code and issue date
    are filled in by the platform, plus a licence for what is open and somebody to ask.
    """
    missing: dict[str, list[str]] = {}
    for field in (
        "description",
        "resource_class",
        "format_category",
        "share_class",
        "open_class",
        "update_frequency",
        "contact_name",
    ):
        if not getattr(record, field):
            missing[field] = [REQUIRED]
    if record.description and len(record.description) < 10:
        missing["description"] = [Said("摘要至少10个字。", "At least 10 characters.")]
    if not record.themes:
        missing["themes"] = [Said("至少选一个主题。", "Choose at least one theme.")]
    if has_table and not record.items:
        missing["items"] = [Said("请填写信息项（字段说明）。", "Describe the fields.")]
    if record.open_class == UNCONDITIONAL and not record.licence:
        missing["licence"] = [Said("开放数据须注明许可协议。", "Open data need a licence.")]
    for kind in ("share", "open"):
        chosen, condition = getattr(record, f"{kind}_class"), getattr(record, f"{kind}_condition")
        if chosen and chosen != UNCONDITIONAL and not condition:
            missing[f"{kind}_condition"] = [
                Said("请写明条件或法律依据。", "State the condition or the ground in law.")
            ]
    return missing


def resource_code(record: DatasetRecord, office_code: str, serial: int) -> str:
    """信息资源代码: class digit, provider's code, a stroke, six-digit serial number."""
    digit = standards.vocabulary("resource-class").term(record.resource_class).extra["digit"]
    return f"{digit}{office_code or '00000000'}/{serial:06d}"


def open_to_everybody(open_class: str) -> bool:
    """May a visitor have the data themselves?"""
    return open_class == UNCONDITIONAL
