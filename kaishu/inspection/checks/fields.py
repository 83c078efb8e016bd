"""Coverage of the required items: is each filled in for four datasets of five?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kaishu.base.errors import Said
from kaishu.inspection.checks.check import CARE, ENOUGH, Check, Found, Surroundings, both
from kaishu.inspection.checks.core import CORE, filled
from kaishu.inspection.scopes import Subject


class Coverage:
    """Counts per item."""

    def __init__(self, around: Surroundings) -> None:
        self._datasets = 0
        self._filled: Counter[str] = Counter()

    def add(self, subject: Subject) -> None:
        """Count one dataset."""
        self._datasets += 1
        self._filled.update(field for field in CORE if filled(subject, field))

    def found(self) -> Iterator[Found]:
        """Items below the line."""
        for field, words in CORE.items():
            share = self._filled[field] / self._datasets if self._datasets else 1.0
            if share < ENOUGH:
                told = f"{share * 100:.1f}".removesuffix(".0") + "%"
                facts = {"share": told, "lacking": f"{self._datasets - self._filled[field]:,}"}
                yield Found(
                    field=field, value=f"{share:.4f}", facts={**both(str(words), words.en, "item"), **facts}
                )


CHECK = Check(
    name="fields",
    severity=CARE,
    title=Said("字段覆盖不足80%", "Required items below 80%"),
    why=Said(
        "编制指南的必填项应覆盖至少80%的数据集（2018年整合共享调查“目录覆盖”）。",
        "Each required item should be filled in for 80% of the datasets (survey of 2018, coverage).",
    ),
    said=Said(
        "“{item}”只有{share}的数据集填了，还有{lacking}个没填。",
        "Only {share} of the datasets give the {item}; {lacking} do not.",
    ),
    mend=Said(
        "用“表格批量编辑”把“{item}”一次补齐。", "Fill in the {item} for all of them in one spreadsheet."
    ),
    whole=Coverage,
)
