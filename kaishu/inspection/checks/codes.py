"""Values that are not in their code list."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from kaishu import standards
from kaishu.base.errors import Said
from kaishu.catalogue.drafts import CODED
from kaishu.inspection.checks.check import WRONG, Check, Found, Surroundings, both
from kaishu.inspection.scopes import Subject


@cache
def _codes(vocabulary: str) -> frozenset[str]:
    return frozenset(standards.vocabulary(vocabulary).codes)


def codes(subject: Subject, around: Surroundings) -> Iterator[Found]:
    """Each code that is not in its list, with what may have been meant."""
    for field, name in CODED.items():
        value = subject.record.get(field)
        for code in value if isinstance(value, list) else [value]:
            if not code or code in _codes(name):
                continue
            meant = standards.vocabulary(name).find(str(code))
            list_ = standards.vocabulary(name)
            guess = (
                both(f"，可能是“{meant.zh}”", f'; perhaps "{meant.en}"', "guess")
                if meant
                else both("", "", "guess")
            )
            yield Found(
                subject=subject,
                field=field,
                value=str(code)[:500],
                facts={**both(list_.zh, list_.en, "list"), **guess},
            )


CHECK = Check(
    name="codes",
    severity=WRONG,
    title=Said("值不在代码表里", "Values not in the code list"),
    why=Said(
        "代码项只能用代码表里的值，否则不能筛选、统计和交换。",
        "Coded items take values of their list only; others cannot be filtered, counted or exchanged.",
    ),
    said=Said(
        "“{list}”的值“{value}”不在代码表里{guess}。",
        'The value "{value}" is not in the list "{list}"{guess}.',
    ),
    mend=Said("从代码表里选一个。", "Choose one from the list."),
    each=codes,
)
