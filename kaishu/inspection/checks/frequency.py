"""Update frequencies written as text, 一年 here and 每年 there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kaishu import standards
from kaishu.base.errors import Said
from kaishu.inspection.checks.check import CARE, Check, Found, Surroundings, both
from kaishu.inspection.scopes import Subject

NAMED = re.compile(r"(frequency|accrualperiodicity|periodicity|更新周期|更新频率|更新频次)", re.IGNORECASE)


def frequency(subject: Subject, around: Surroundings) -> Iterator[Found]:
    """Text where a code is meant, and the code that would say it."""
    for key, value in (subject.record.get("extras") or {}).items():
        text = str(value).strip()
        if NAMED.search(key) and text and len(text) < 100 and not text.startswith("http"):
            meant = standards.vocabulary("update-frequency").find(text)
            facts = (
                both(meant.zh, meant.en, "meant")
                if meant
                else both("代码表里的一项", "a code of the list", "meant")
            )
            yield Found(subject=subject, field="update_frequency", value=text, facts=facts)


CHECK = Check(
    name="frequency",
    severity=CARE,
    title=Said("更新周期写成了文字", "Update frequency as free text"),
    why=Said(
        "同一个意思写成“一年”“每年”“年度”，就无法统计和提醒（利用研究报告第3章）。",
        "The same thing said in many ways can neither be counted nor reminded of (report on use, chapter 3).",
    ),
    said=Said("更新周期写成“{value}”，不是代码。", 'The update frequency reads "{value}", which is no code.'),
    mend=Said("改选“{meant}”。", 'Choose "{meant}".'),
    each=frequency,
)
