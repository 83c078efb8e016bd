"""A figure as it is printed: a number with its decimals and what is said of it, a truth, or words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from kaishu.evaluation.auditing.formulas import decimals_of, read_number

#: Relation of the truth to the printed number, with the words before and behind it that say so.  Whether a
#: limit itself counts follows the Civil Code, article 1259: it does in 以上 and 以下, not in 超过 and 不满.
RELATIONS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "exact": ((), ()),
    "about": (("约", "大约", "大概", "about", "around", "some"), ("左右", "上下")),
    "nearly": (("近", "将近", "接近", "nearly", "almost"), ()),
    "more-than": (("超过", "超", "多于", "高于", "大于", "逾", "over", "more than", "above"), ("多", "余")),
    "less-than": (
        ("不足", "不满", "不到", "低于", "少于", "小于", "under", "less than", "fewer than", "below"),
        (),
    ),
    "at-least": (("至少", "不少于", "不低于", "at least"), ("以上", "及以上")),
    "at-most": (("至多", "最多", "不超过", "不多于", "at most", "up to"), ("以下", "以内", "及以下")),
}
_TRUTHS = {"是": True, "yes": True, "true": True, "否": False, "no": False, "false": False}
_HALF = re.compile(r"过半|超过?半数|一半以上|大部分|大多数|多数|most|majority", re.I)
_LARGE = {"万": 4, "亿": 8, "成": 1}
_NUMBER = re.compile(r"([+-]?[\d０-９][\d０-９,，]*(?:[.．][\d０-９]+)?)\s*(\S{0,6})")
_BEFORE = sorted(
    ((w, name) for name, (front, _) in RELATIONS.items() for w in front), key=lambda p: -len(p[0])
)
_BEHIND = sorted(((w, name) for name, (_, end) in RELATIONS.items() for w in end), key=lambda p: -len(p[0]))


@dataclass(frozen=True, slots=True)
class Printed:
    """``number`` with ``decimals`` (negative: tens) under a ``relation``; a ``truth``; or only ``text``."""

    text: str
    number: Fraction | None = None
    decimals: int = 0
    relation: str = "exact"
    truth: bool | None = None

    @property
    def parts(self) -> list[str]:
        """The words of a list."""
        return [part.strip() for part in re.split(r"[、，,；;|/]", self.text) if part.strip()]


def read_printed(text: str, relation: str = "") -> Printed:
    """What a cell says; a ``relation`` that is given goes before the one in its words.

    >>> read_printed("80.65").decimals
    2
    >>> read_printed("近4成").number, read_printed("近4成").relation
    (Fraction(40, 1), 'nearly')
    >>> read_printed("3种以下").relation
    'at-most'
    >>> read_printed("6:4").number is None
    True
    """
    plain = text.strip()
    if plain.lower() in _TRUTHS:
        return Printed(plain, truth=_TRUTHS[plain.lower()])
    if _HALF.fullmatch(plain):
        return Printed(plain, Fraction(50), 0, relation or "more-than")
    said, rest = _relation_of(plain)
    found = _NUMBER.fullmatch(rest)
    number = read_number(found[1].replace("，", ",")) if found else None
    if found is None or number is None or re.search(r"[\d:：/、]", found[2]):
        return Printed(plain, relation=relation or "exact")
    decimals, unit = decimals_of(found[1]), found[2]
    for word, zeros in _LARGE.items():
        if unit.startswith(word):
            number, decimals = number * 10**zeros, decimals - zeros
            break
    return Printed(plain, number, decimals, relation or said)


def _relation_of(text: str) -> tuple[str, str]:
    for word, name in _BEFORE:
        if text.lower().startswith(word):
            return name, text[len(word) :].strip()
    for word, name in _BEHIND:
        if text.endswith(word) and re.match(r"[\d０-９]", text):
            return name, text[: -len(word)].strip()
    return "exact", text
