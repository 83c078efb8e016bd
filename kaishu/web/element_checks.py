"""What the checks that an element brings ask of a value, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kaishu.web.words import _, _n, listed


def check_word(check: str) -> str:
    """A check of its own kind by its name."""
    return {
        "citizen-id": _("公民身份号码：区划、出生日期和校验码"),
        "credit-code": _("统一社会信用代码：写法和校验码"),
        "organisation-code": _("组织机构代码：写法和校验码"),
        "division": _("行政区划代码：在代码表里"),
        "mobile": _("手机号：位数和号段"),
        "phone": _("电话号码：写法"),
        "bank-card": _("银行卡号：位数和校验码"),
        "plate": _("机动车号牌：写法"),
        "postal-code": _("邮政编码：写法"),
        "email": _("电子邮件地址：写法"),
        "person-name": _("人的姓名：用字和长度"),
    }.get(check, check)


def check_said(rule: Mapping[str, Any]) -> str:
    """What one rule asks."""
    kind = str(rule["check"])
    if kind == "length":
        return _length(rule)
    if kind == "range":
        return _range(rule)
    if kind == "in" and "codes" in rule:
        return _("值在代码集 {name} 里", name=rule["codes"])
    if kind == "in":
        return _("值是这些代码之一：{values} …", values=listed(rule["values"]))
    if kind == "pattern":
        return _("写法符合 {pattern}", pattern=rule["pattern"])
    return check_word(kind)


def _length(rule: Mapping[str, Any]) -> str:
    if "exactly" in rule:
        return _n("正好{n}个字符", int(rule["exactly"]))
    if "min" in rule:
        return _("{least}至{most}个字符", least=rule["min"], most=rule["max"])
    return _n("最多{n}个字符", int(rule["max"]))


def _range(rule: Mapping[str, Any]) -> str:
    low, high = (str(rule.get(key, "")).replace("today", _("今天")) for key in ("min", "max"))
    if rule.get("exclusive"):
        return _("大于{low}、小于{high}", low=low, high=high)
    if low and high:
        return _("从{low}到{high}", low=low, high=high)
    return _("不小于{low}", low=low) if low else _("不大于{high}", high=high)
