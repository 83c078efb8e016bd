"""Roles and permissions in the words of people."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from kaishu.access import Permission, Role
from kaishu.access.permissions import GRANTS
from kaishu.web.words import _, language, pick

WORDS = Path(__file__).parent / "permissions.yaml"


@cache
def permission_words() -> dict[str, tuple[str, str]]:
    """What each permission lets one do, in Chinese and English; read once."""
    read = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return {str(code): (str(zh), str(en)) for code, (zh, en) in read.items()}


def permission_name(permission: Permission) -> str:
    """What it lets one do, in the language being spoken."""
    return pick(*permission_words()[permission])


def role_name(code: str) -> str:
    """The word for a role."""
    return {
        "visitor": _("访客"),
        "member": _("注册用户"),
        "steward": _("数据管理员"),
        "reviewer": _("审核人"),
        "administrator": _("系统管理员"),
    }.get(code, code)


def holders(permission: Permission) -> str:
    """The roles that hold it, the least first: who could do it instead."""
    names = [role_name(role) for role in Role if permission in GRANTS[role]]
    return (" or " if language() == "en" else "、").join(names).lower()
