"""Which type a column has, from a sample of its values; every value is checked again while reading."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from kaishu.lake.reading.kinds import (
    DIGITS,
    EXPONENT,
    FALSE_WORDS,
    INTEGER,
    MISSING,
    NUMBER,
    TRUE_WORDS,
    ZERO_FIRST,
    is_compact_date,
    is_date,
    is_datetime,
)

_CODE_WORDS = (
    "代码", "编码", "编号", "号码", "代号", "条码", "识别码", "标识码", "国标码", "证号", "邮编",
    "账号", "帐号", "卡号", "工号", "学号", "文号", "税号", "门牌", "批号", "案号", "户号", "档号",
    "型号", "编目", "身份证",
)  # fmt: skip
# 电话 is a number to call, 电话用户数 is a count.
_PERHAPS_CODE_WORDS = ("区划", "电话", "手机", "传真", "热线", "邮政", "证件", "车牌")
_COUNT_WORDS = ("数", "量", "额", "率", "用户", "收入", "万", "亿", "比", "费")
_CODE_TOKENS = frozenset(
    ("id", "ids", "cid", "uid", "uuid", "guid", "key", "code", "codes", "zip", "zipcode", "postcode",
     "postal", "phone", "tel", "telephone", "mobile", "fax", "isbn", "issn", "imei", "iban", "hs",
     "ssn", "uscc", "adcode", "sku")
)  # fmt: skip
_DATE_WORDS = ("日期", "时间", "年月日", "日", "生日", "date", "day", "time", "dt")
_TOKEN = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def names_code(header: str) -> bool:
    """Whether a header says that its values are codes, numbers of documents or of telephones."""
    if any(word in header for word in _CODE_WORDS):
        return True
    if any(word in header for word in _PERHAPS_CODE_WORDS):
        return not any(word in header for word in _COUNT_WORDS)
    return any(token.lower() in _CODE_TOKENS for token in _TOKEN.findall(header))


def names_date(header: str) -> bool:
    """Whether a header says that its values are days."""
    lower = header.lower()
    return (
        any(word in lower for word in _DATE_WORDS[:4])
        or lower.endswith("日")
        or any(token.lower() in _DATE_WORDS for token in _TOKEN.findall(header))
    )


def infer(values: Sequence[str | None], header: str) -> tuple[str, str]:
    """Type of a column and the code of the reason; see ``Column`` for the codes."""
    present = {value for value in values if value}
    if not present:
        return "text", "empty"
    if names_code(header):
        return "text", "code-header"
    kept = {value.strip() for value in present} - {""}
    kept.difference_update(MISSING)
    if not kept:
        return "text", "words"
    if kept <= {*TRUE_WORDS, *FALSE_WORDS}:
        return "boolean", "all-booleans"
    if names_date(header) and all(map(is_compact_date, kept)):
        return "date", "compact-dates"
    return _numeric(kept) or _dated(kept) or ("text", _why_text(kept))


def _numeric(kept: set[str]) -> tuple[str, str] | None:
    if any(map(ZERO_FIRST.fullmatch, kept)):
        return ("text", "leading-zero") if _most(kept, _digits_only) else None
    if not all(map(NUMBER.fullmatch, kept)):
        return None
    if any(is_long(value) for value in kept):
        return "text", "long-digits"
    if any(map(EXPONENT.fullmatch, kept)):
        return None
    return ("integer", "all-integers") if all(map(INTEGER.fullmatch, kept)) else ("number", "all-numbers")


def is_long(text: str) -> bool:
    """A whole number of more than 15 digits."""
    return len(text) > DIGITS and len(text.lstrip("-")) > DIGITS and text.lstrip("-").isdigit()


def _digits_only(value: str) -> bool:
    return NUMBER.fullmatch(value) is not None or ZERO_FIRST.fullmatch(value) is not None


def _most(kept: set[str], test: Callable[[str], bool]) -> bool:
    return sum(map(test, kept)) > len(kept) / 2


def _dated(kept: set[str]) -> tuple[str, str] | None:
    dates = sum(map(is_date, kept))
    if dates == len(kept):
        return "date", "all-dates"
    if dates + sum(map(is_datetime, kept)) == len(kept):
        return "datetime", "all-datetimes"
    return None


def _why_text(kept: set[str]) -> str:
    return "mixed" if any(map(_digits_only, kept)) else "words"


def wider_type(narrow: str, value: str) -> str:
    """The type to try when ``value`` does not fit an inferred type."""
    value = value.strip()
    fits = NUMBER.fullmatch(value) and not EXPONENT.fullmatch(value) and not is_long(value)
    if narrow == "integer" and fits and not ZERO_FIRST.fullmatch(value):
        return "number"
    if narrow == "date" and is_datetime(value):
        return "datetime"
    return "text"
