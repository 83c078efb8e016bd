"""Descriptions that say nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from kaishu.base.errors import Said
from kaishu.inspection.checks.check import CARE, Check, Found, Surroundings, both
from kaishu.inspection.scopes import Subject

#: Shortest useful text: letters, where a Chinese character counts as two.
SHORTEST = 20


def description(subject: Subject, around: Surroundings) -> Iterator[Found]:
    """None, the title once more, or too short."""
    text = str(subject.record.get("description") or subject.record.get("description_en") or "").strip()
    title = str(subject.record.get("title") or "").strip()
    if not text:
        yield _found(subject, text, "没有摘要", "there is none")
    elif _plain(text) == _plain(title):
        yield _found(subject, text, "摘要只是重复标题", "it only repeats the title")
    elif width(text) < SHORTEST:
        yield _found(subject, text, f"摘要太短（{len(text)}个字）", f"it has only {len(text)} characters")


def width(text: str) -> int:
    """Letters, wide ones counted twice."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _found(subject: Subject, text: str, zh: str, en: str) -> Found:
    return Found(subject=subject, field="description", value=text[:200], facts=both(zh, en))


CHECK = Check(
    name="description",
    severity=CARE,
    title=Said("摘要缺失或太短", "Description missing or too short"),
    why=Said(
        "用户靠摘要判断数据是不是自己要的。",
        "Users tell by the description whether the data are what they need.",
    ),
    said=Said("{reason}。", "The description: {reason}."),
    mend=Said(
        "用一两句话写明：有什么、从哪来、覆盖哪里哪时。",
        "Say in a sentence or two what is in it, where it comes from, which place and time it covers.",
    ),
    each=description,
)
