"""Sizes written without a unit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kaishu.base.errors import Said
from kaishu.inspection.checks.check import CARE, Check, Found, Surroundings
from kaishu.inspection.scopes import Subject

NAMED = re.compile(r"(size|bytes|volume|数据量|大小|容量|存储量)", re.IGNORECASE)
#: Keys whose unit is laid down by their standard: bytes.
BYTES = re.compile(r"(bytesize|byte_size|contentsize|bytes)$", re.IGNORECASE)
BARE = re.compile(r"[\d,.\s]+")


def sizes(subject: Subject, around: Surroundings) -> Iterator[Found]:
    """Bare numbers under names that speak of a size."""
    for where in (subject.record, *subject.links):
        yield from _in(subject, where.get("extras") or {})


def _in(subject: Subject, extras: Mapping[str, Any]) -> Iterator[Found]:
    for key, value in extras.items():
        text = str(value).strip()
        if NAMED.search(key) and not BYTES.search(key) and text and BARE.fullmatch(text):
            yield Found(
                subject=subject, field=f"extras.{key}"[:100], value=text[:500], facts={"key": key[:100]}
            )


CHECK = Check(
    name="sizes",
    severity=CARE,
    title=Said("大小没有单位", "Sizes without unit"),
    why=Said(
        "没有单位的数据量无法比较（利用研究报告第3章）。",
        "A size without unit cannot be compared (report on use, chapter 3).",
    ),
    said=Said("“{key}”写成“{value}”，看不出单位。", '"{key}" reads "{value}", without a unit.'),
    mend=Said(
        "写明单位，如“12 MB”“3,000行”；文件大小填字节数。",
        "Say the unit, such as 12 MB or 3,000 rows; file sizes go in bytes.",
    ),
    each=sizes,
)
