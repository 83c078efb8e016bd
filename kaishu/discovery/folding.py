"""Characters of one meaning as one: traditional, simplified and Japanese forms, by OpenCC's tables."""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

#: OpenCC's tables; the character on the left is written as the first one on the right.
TO_SIMPLIFIED = ("TSCharacters",)
#: These go the other way: what stands on the right is written in Japan, Hong Kong or Taiwan.
VARIANTS = ("JPVariants", "HKVariants", "TWVariants")
#: Kokuji and forms that the tables leave out.
BESIDES = {"駅": "驿", "働": "动", "匂": "味", "込": "入", "図": "图", "団": "团", "売": "卖", "歩": "步"}
#: Ranges of characters that are not looked at closer, and the punctuation of full width.
SIMPLE = (
    "\x00\x7f",
    "··",
    "—…",
    "、。",
    "々】",
    "ぁゔ",
    "ァヺ",
    "ーー",
    "㐀䶿",
    "一鿿",
    "（）",
    "，，",
    "：；",
    "！！",
    "？？",
)


def fold(text: str) -> str:
    """Every character in its simplified form; as many characters as before."""
    return text if text.isascii() else text.translate(_table())


@cache
def other() -> re.Pattern[str]:
    """A character that may have another form, by width or by script."""
    table = _table()
    spans_of = [(ord(each[0]), ord(each[1])) for each in SIMPLE]
    simple = [n for first, last in spans_of for n in range(first, last + 1) if n not in table]
    starts = [n for n, before in zip(simple, [-2, *simple], strict=False) if n != before + 1]
    ends = [n for n, after in zip(simple, [*simple[1:], -2], strict=True) if n != after - 1]
    spans = zip(starts, ends, strict=True)
    # one class of characters: looking at each of a text costs next to nothing
    return re.compile("[^" + "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in spans) + "]")


@cache
def _table() -> dict[int, str]:
    table: dict[str, str] = {}
    for name in TO_SIMPLIFIED:
        table |= {left: right[0] for left, right in _pairs(name) if left != right[0]}
    for name in VARIANTS:
        for left, right in _pairs(name):
            simple = table.get(left, left)
            for variant in right:
                if variant != left and variant != simple:
                    table.setdefault(variant, simple)
    table |= BESIDES
    return {ord(left): table.get(right, right) for left, right in table.items()}


def _pairs(name: str) -> list[tuple[str, list[str]]]:
    pairs = []
    for line in (_folder() / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        left, _, right = line.strip().partition("\t")
        if len(left) == 1 and right and all(len(each) == 1 for each in right.split()):
            pairs.append((left, right.split()))
    return pairs


def _folder() -> Path:
    """Where OpenCC keeps its tables; its code is not run."""
    found = find_spec("opencc")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("opencc")
    return Path(found.origin).parent / "dictionary"
