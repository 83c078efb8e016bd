"""Values that were agreed to mean nothing, and characters that do not belong in data."""

from __future__ import annotations

import re

#: Texts that stand for a missing value, in small letters and without spaces around them.
AGREED_TEXTS = frozenset(
    """
    无 暂无 没有 不详 不明 未知 未填 未填写 未录入 未提供 待定 待补 待补充 空 空白 其他 测试 测试数据
    test - -- --- — —— / \\ . ... … * ** *** ? ?? ？ # null none
    nil nan n/a na #n/a #null! undefined unknown 0 00 000 0000
    00000000 9 99 999 9999 99999 999999 9999999 99999999
    999999999 -1 -9 -99 -999 -9999 xxx xx 1900-01-01 1900/1/1
    1900/01/01 19000101 1899-12-30 1970-01-01 1970/1/1 19700101
    9999-12-31 99991231 2099-12-31 20991231 0001-01-01
    0000-00-00 00000000000 11111111111 111111111111111111
    13800138000 1234567890 12345678 123456 000000000000000000
    """.split()  # noqa: SIM905 - a list of words is easier to read
)
AGREED_NUMBERS = (0, -1, -9, -99, -999, -9999, 999, 9999, 99999, 999999, 9999999, 99999999, 999999999)
AGREED_DATES = (
    "0001-01-01",
    "1899-12-30",
    "1899-12-31",
    "1900-01-01",
    "1970-01-01",
    "2099-12-31",
    "9999-12-31",
)

#: What is looked for in texts: kind to (pattern, zh, en).
CHARACTERS: dict[str, tuple[str, str, str]] = {
    "control": (r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u0080-\u009f]", "控制字符", "control characters"),
    "break": (r"[\t\n\r\u2028\u2029]", "换行或制表符", "line breaks or tabs"),
    "padded": (r"^\s|\s$", "前后空格", "spaces around"),
    "full-width": (
        r"[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]",
        "全角字母或数字",
        "full-width letters or digits",
    ),
    "wide-space": (r"[\u00a0\u3000]", "全角空格", "ideographic spaces"),
    "invisible": (
        r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]",
        "不可见字符",
        "invisible characters",
    ),
    "private": (r"[\ue000-\uf8ff\x{F0000}-\x{10FFFD}]", "私用区字符", "private-use characters"),
    "replacement": (r"\ufffd", "替换字符（乱码）", "replacement characters"),
    "mojibake": (r"锟斤拷|烫烫烫|屯屯屯|Ã[\u0080-\u00bf]|â€", "乱码", "garbled text"),
}
_ESCAPE = re.compile(r"\\u([0-9a-f]{4})")


def pattern_of(kind: str) -> str:
    """The pattern of a kind of characters, as RE2 and Rust's regex read it."""
    return _ESCAPE.sub(lambda found: f"\\x{{{found[1]}}}", CHARACTERS[kind][0])
