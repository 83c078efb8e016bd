"""Which kind of variable a field is, which type its values really have, how they are written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kaishu.quality.exploration.contents import Contents
from kaishu.quality.exploration.naming import says

KINDS = {
    "empty": ("空", "empty"),
    "constant": ("常量", "constant"),
    "identifier": ("标识", "identifier"),
    "binary": ("二值", "binary"),
    "nominal": ("名义（分类）", "nominal"),
    "ordinal": ("有序（分级）", "ordinal-like"),
    "discrete": ("离散计数", "discrete"),
    "continuous": ("连续", "continuous"),
    "date": ("日期时间", "date"),
    "free-text": ("自由文本", "free text"),
    "name": ("名称", "name"),
}
#: Type letters of 《政务数据开发利用研究报告（2021版）》.
#: Types of columns as people call them.
_TYPES = {
    "text": ("文本", "text"),
    "integer": ("整数", "whole numbers"),
    "number": ("小数", "numbers"),
    "boolean": ("是否", "yes or no"),
    "date": ("日期", "dates"),
    "datetime": ("时间", "dates and times"),
}
_LETTERS = {"integer": "I", "number": "N", "boolean": "L", "date": "D", "datetime": "T", "text": "C"}
_GRADES = re.compile(
    r"(?:[一二三四五六七八九十\d]+[级等类档星]|[特甲乙丙丁]级|[优良中差]|优秀|良好|合格|不合格|高|中|低|大|小|[A-E]级?|"
    r"(?:小学|初中|高中|大专|专科|本科|硕士|博士).*)"
)
#: A column of this many different values, or this share of its rows, is no enumeration.
_FEW, _FEW_SHARE = 200, 0.2
_REAL = 0.95
_NAMES = ("名称", "姓名", "名", "name", "title", "mc", "标题")
_IDS = ("编号", "编码", "代码", "号码", "序号", "证号", "标识", "id", "no", "code", "uuid", "bh", "dm", "key")


def type_words(type: str) -> tuple[str, str]:
    """A type in Chinese and English."""
    return _TYPES.get(type, (type, type))


def kind_of(profiled: Mapping[str, Any], contents: Contents) -> str:
    """One of ``KINDS``."""
    present, distinct = profiled["records"] - profiled["missing"], profiled["distinct"]
    if distinct <= 1:
        return "constant" if distinct else "empty"
    if profiled["type"] in ("date", "datetime"):
        return "date"
    if distinct == 2:
        return "binary"
    if profiled["type"] == "number":
        return "continuous" if distinct > 20 else "discrete"
    if _real_text(contents, present) in ("date", "datetime"):
        return "date"
    if distinct == present and _looks_like_id(profiled, contents, present):
        return "identifier"
    if profiled["type"] == "integer":
        return _whole_numbers(profiled, distinct, present)
    return _texts(profiled, contents, present)


def _texts(profiled: Mapping[str, Any], contents: Contents, present: int) -> str:
    distinct = profiled["distinct"]
    if distinct <= _FEW and distinct <= max(3, _FEW_SHARE * present):
        graded = sum(count for value, count in contents.values.items() if _GRADES.fullmatch(value.strip()))
        return "ordinal" if graded >= 0.9 * present else "nominal"
    if says(profiled["name"], _NAMES):
        return "name"
    if contents.forms["alphanumeric"] >= 0.9 * present and says(profiled["name"], _IDS):
        return "identifier"
    if profiled["mean_length"] > 12 and distinct > 0.3 * present:
        return "free-text"
    return "nominal" if distinct <= 0.5 * present else "free-text"


def _whole_numbers(profiled: Mapping[str, Any], distinct: int, present: int) -> str:
    if says(profiled["name"], _IDS) and distinct > 0.5 * present:
        return "identifier"
    low, high = profiled["minimum"], profiled["maximum"]
    if distinct <= 10 and low is not None and 0 <= low <= 1 and high - low < 10:
        return "ordinal"
    return "discrete" if distinct <= _FEW else "continuous"


def _looks_like_id(profiled: Mapping[str, Any], contents: Contents, present: int) -> bool:
    if says(profiled["name"], _IDS):
        return True
    if profiled["type"] == "integer":
        return bool(profiled["maximum"] - profiled["minimum"] == profiled["distinct"] - 1)
    return contents.forms["alphanumeric"] == present and profiled["longest"] - profiled["shortest"] <= 2


def _real_text(contents: Contents, present: int) -> str:
    """The narrowest type that at least 95 % of the texts are written as."""
    forms = contents.forms
    if not present:
        return "text"
    if forms["calendar"] and forms["date"] >= _REAL * present and forms["calendar"] >= 0.9 * forms["date"]:
        return "date"
    if forms["datetime"] >= _REAL * present:
        return "datetime"
    # A code with zeros in front, or longer than a number can hold, is not a number.
    if forms["leading-zero"] or any(len(value) > 15 for value in list(contents.values)[:50]):
        return "text"
    if forms["integer"] >= _REAL * present:
        return "integer"
    return "number" if forms["number"] >= _REAL * present else "text"


def real_type(profiled: Mapping[str, Any], contents: Contents) -> dict[str, Any]:
    """``{type, declared, fits, share, exceptions, examples}``; what the lake has typed fits by itself.

    ``share`` is that of the values that are really of the type; ``exceptions`` counts the others.
    """
    present, declared = profiled["records"] - profiled["missing"], profiled["type"]
    if declared != "text" or not present:
        return {
            "type": declared,
            "declared": declared,
            "fits": True,
            "share": 1.0 if present else None,
            "exceptions": 0,
            "examples": [],
        }
    real = _real_text(contents, present)
    coded = profiled["longest"] > 15 or any(one.told() for one in contents.codes)
    if real in ("integer", "number") and coded:
        real = "text"
    key = "calendar" if real == "date" else real
    fitting = present if real == "text" else contents.forms[key]
    odd = [*contents.odd.get(real, ()), *(contents.odd.get("calendar", ()) if real == "date" else ())]
    return {
        "type": real,
        "declared": declared,
        "fits": real == declared,
        "share": fitting / present,
        "exceptions": present - fitting,
        "examples": odd[:3] if fitting < present else [],
    }


def representation(profiled: Mapping[str, Any], contents: Contents) -> dict[str, Any]:
    """``{form, letter, digits, decimals}``: style of GB/T 19488 (``an..100``, ``n6``) and type letter."""
    type, letter = profiled["type"], _LETTERS.get(profiled["type"], "G")
    longest, shortest = profiled["longest"], profiled["shortest"]
    found: dict[str, Any] = {"form": None, "letter": letter, "digits": None, "decimals": None}
    if longest is None:
        return found
    fixed = {"date": "d10", "datetime": "dt19", "boolean": "b1"}.get(type)
    if fixed:
        return found | {"form": fixed}
    if type == "number":
        whole = contents.digits + contents.decimals
        tail = f",{contents.decimals}" if contents.decimals else ""
        return found | {
            "form": f"n..{whole or longest}{tail}",
            "digits": whole,
            "decimals": contents.decimals,
        }
    present = profiled["records"] - profiled["missing"]
    size = str(longest) if longest == shortest else f"..{longest}"
    if type == "integer":
        return found | {"form": f"n{size}", "digits": longest, "decimals": 0}
    letters = "an"
    for form, sign in (("digits", "n"), ("latin", "a")):
        if contents.forms[form] == present:
            letters = sign
    return found | {"form": f"{letters}{size}", "letter": "M" if longest > 254 else letter}
