"""The names of fields: the way they are written, and what is wrong with them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Any

#: Longer names are cut or refused by databases.
LONGEST = 30
_HAN = re.compile(r"[\u3400-\u9fff]")
_SYLLABLE = (
    "(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    "(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo|ve"
    "|a|e|i|o|u|v))"
)
_PINYIN = re.compile(f"{_SYLLABLE}{{2,}}")
_INITIALS = re.compile(r"[bcdfghjklmnpqrstwxyz]{3,}")
#: English words of tables that could be read as pinyin or as initials.
_ENGLISH = frozenset(
    """
    name date time note age area state title type page line size image male female like rate
    ratio data base made make take use unit site file home tree code date house lease sale
    wage where here are one line none menu banana mine hang change range lan wan url html
    http https sql xml csv pdf
    """.split()  # noqa: SIM905 - a list of words is easier to read
)
_GENERIC = re.compile(
    r"(?:列|字段|未命名|column|col|field|unnamed|var|f|c|v)[\s_:：]*\d*", re.IGNORECASE
)  # fmt: skip
_RESERVED = frozenset(
    """
    all and any as asc between by case check column create date default delete desc distinct
    drop else end exists false for foreign from group having in index insert into is join
    key left like limit not null on or order primary references right select set table then
    time to true union unique update user using values when where with
    """.split()  # noqa: SIM905 - a list of words is easier to read
)
STYLES = {
    "chinese": ("中文", "Chinese"),
    "pinyin": ("拼音", "pinyin"),
    "initials": ("拼音首字母", "initials of pinyin"),
    "snake": ("小写下划线", "snake_case"),
    "upper": ("大写", "UPPER_CASE"),
    "camel": ("驼峰", "camelCase"),
    "lower": ("小写拉丁", "lower-case Latin"),
    "mixed": ("中文与拉丁混用", "Chinese and Latin mixed"),
    "other": ("其他", "other"),
}
PROBLEMS = {
    "empty": ("没有名称", "has no name"),
    "spaces": ("前后或中间有空格", "holds spaces"),
    "duplicate": ("去掉空格和大小写后与别的字段同名", "is another's name but for spaces and case"),
    "full-width": ("有全角字符", "holds full-width characters"),
    "signs": ("有特殊符号", "holds special signs"),
    "digit-first": ("以数字开头", "begins with a digit"),
    "long": (f"超过{LONGEST}个字符", f"is longer than {LONGEST} characters"),
    "reserved": ("是数据库保留字", "is a reserved word of databases"),
    "generic": ("没有含义", "says nothing"),
}


def name_style(name: str) -> str:
    """One of ``STYLES``."""
    bare = re.sub(r"[\s\d_（）()·/%\-]+", "", name)
    if _HAN.search(bare):
        return "mixed" if re.search(r"[A-Za-z]", bare) else "chinese"
    if not bare or not bare.isascii() or not bare.isalpha():
        return "other"
    words = [word for word in re.split(r"[^A-Za-z]+", name.lower()) if word]
    sounds = [word for word in words if word not in _ENGLISH]
    if sounds and len(sounds) == len(words) and all(_PINYIN.fullmatch(word) for word in words):
        return "pinyin"
    if len(words) == 1 and _INITIALS.fullmatch(words[0]) and words[0] not in _ENGLISH:
        return "initials"
    return _latin(name, bare)


def _latin(name: str, bare: str) -> str:
    if bare.isupper():
        return "upper"
    if bare.islower():
        return "snake" if "_" in name else "lower"
    return "camel" if re.fullmatch(r"[A-Za-z][A-Za-z\d]*", name.strip()) else "other"


def explore_names(names: Sequence[str]) -> dict[str, Any]:
    """``{"styles": {style: fields}, "style": most frequent, "fields": [{name, style, problems}]}``."""
    folded = Counter(fold(name) for name in names)
    fields = [
        {"name": name, "style": name_style(name), "problems": _problems(name, folded[fold(name)] > 1)}
        for name in names
    ]
    styles = Counter(str(field["style"]) for field in fields)
    return {
        "styles": dict(styles.most_common()),
        "style": styles.most_common(1)[0][0] if styles else None,
        "fields": fields,
    }


def fold(name: str) -> str:
    """The name without spaces, width and case."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)).casefold()


def likeness(one: str, other: str) -> float:
    """How alike two names are, from 0 to 1: the same, one the end of the other, or common letters."""
    first, second = (re.sub(r"[_\W]+", "", fold(name)) for name in (one, other))
    if not first or not second:
        return 0.0
    if first == second:
        return 1.0
    if min(len(first), len(second)) > 1 and (first.endswith(second) or second.endswith(first)):
        return 0.9
    return round(SequenceMatcher(None, first, second, autojunk=False).ratio(), 3)


def says(name: str, words: Iterable[str]) -> bool:
    """Does the name hold one of the words?  Latin words must stand alone between signs or capitals."""
    apart = re.sub(r"(?<=[a-z\d])(?=[A-Z])", "_", name).lower()
    pieces = set(re.split(r"[^a-z]+", apart))
    return any(word in pieces if word.isascii() else word in name for word in words)


def _problems(name: str, twice: bool) -> list[str]:
    folded = unicodedata.normalize("NFKC", name)
    bare = name.strip()
    asked = {
        "empty": not bare,
        "spaces": bool(re.search(r"\s", name)),
        "duplicate": twice,
        "full-width": any(
            "\uff01" <= letter <= "\uff5e" and letter not in "（），：；？！" for letter in name
        ),
        "signs": bool(re.search(r"[^\w\s（）()，、：；？！/%℃·—~\-.]", folded)),
        "digit-first": bare[:1].isdigit(),
        "long": len(name) > LONGEST,
        "reserved": bare.lower() in _RESERVED,
        "generic": bool(_GENERIC.fullmatch(bare)) and not _HAN.fullmatch(bare),
    }
    return [problem for problem, found in asked.items() if found]
