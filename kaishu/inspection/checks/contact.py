"""Nobody to ask, or an address that cannot be."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kaishu.base.errors import Said
from kaishu.inspection.checks.check import CARE, Check, Found, Surroundings, both
from kaishu.inspection.scopes import Subject

MAIL = re.compile(r"[^@\s<>()]+@[^@\s<>()]+\.[^@\s.<>()]{2,}")
TELEPHONE = re.compile(r"\+?[\d\s()（）\-—,，、/转ext.x#]{5,}", re.IGNORECASE)
WAYS = ("contact_email", "contact_phone", "contact_url", "maintainer_email")


def contact(subject: Subject, around: Surroundings) -> Iterator[Found]:
    """Missing, or of a form that reaches nobody."""
    record = subject.record
    if not any(record.get(way) for way in (*WAYS, "contact_name", "maintainer")):
        yield Found(
            subject=subject,
            field="contact_name",
            facts=both("没有联系人，也没有电话、邮箱", "there is nobody to ask"),
        )
        return
    if not any(record.get(way) for way in WAYS) and not re.search(
        r"\d{5,}|@", str(record.get("contact_name") or "")
    ):
        name = str(record.get("contact_name") or record.get("maintainer") or "")
        yield Found(
            subject=subject,
            field="contact_phone",
            value=name,
            facts=both(
                "只有名称，没有电话、邮箱或网址", "there is a name, but no telephone, e-mail or address"
            ),
        )
    for field in ("contact_email", "maintainer_email"):
        mail = str(record.get(field) or "").removeprefix("mailto:").strip()
        if mail and not all(MAIL.fullmatch(each) for each in re.split(r"[,;，；\s]+", mail) if each):
            yield Found(
                subject=subject,
                field=field,
                value=mail[:500],
                facts=both(
                    f"邮箱“{mail[:60]}”格式不对", f'the e-mail address "{mail[:60]}" has the wrong form'
                ),
            )
    phone = str(record.get("contact_phone") or "").strip()
    if phone and not TELEPHONE.fullmatch(phone):
        yield Found(
            subject=subject,
            field="contact_phone",
            value=phone[:500],
            facts=both(
                f"电话“{phone[:60]}”格式不对", f'the telephone number "{phone[:60]}" has the wrong form'
            ),
        )


CHECK = Check(
    name="contact",
    severity=CARE,
    title=Said("联系方式缺失或无效", "Contact missing or invalid"),
    why=Said("用户遇到问题要能找到人。", "Users with a question must be able to reach somebody."),
    said=Said("{reason}。", "Contact: {reason}."),
    mend=Said(
        "填写联系人和能打通的电话或能收到的邮箱。",
        "Give a name and a telephone number or e-mail address that works.",
    ),
    each=contact,
)
