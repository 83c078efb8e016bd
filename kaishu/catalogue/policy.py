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
    if is_secret(record.secrecy):
        missing.update(_secret(record))
    return missing


def is_secret(secrecy: str) -> bool:
    """Is it anything but 非涉密?  What nobody has classified counts as not secret."""
    try:
        return bool(standards.vocabulary("secrecy").term(secrecy).extra["level"])
    except KeyError:
        return False


def _secret(record: DatasetRecord) -> dict[str, list[str]]:
    """What is secret is neither open nor in a public catalogue."""
    grade = standards.vocabulary("secrecy").term(record.secrecy)
    problems: dict[str, list[str]] = {
        "secrecy": [
            Said(
                f"“{grade.zh}”的资源不能提交到公开目录；确已解密的，请改为“非涉密”并在加工说明里写明依据。",
                f'What is "{grade.en}" must not go into the public catalogue; if it has been declassified, '
                "say not secret, and the ground in the provenance.",
            )
        ]
    }
    if record.open_class in (UNCONDITIONAL, "conditional"):
        problems["open_class"] = [
            Said(f"“{grade.zh}”的资源只能不予开放。", f'What is "{grade.en}" can only be not open.')
        ]
    return problems


def open_to_everybody(open_class: str) -> bool:
    """May a visitor have the data themselves?"""
    return open_class == UNCONDITIONAL
