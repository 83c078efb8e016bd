"""Coverage of departments: do four of five have at least one dataset?"""

from __future__ import annotations

from collections.abc import Iterator

from kaishu.base.errors import Said
from kaishu.inspection.checks.check import CARE, ENOUGH, Check, Found, Surroundings
from kaishu.inspection.scopes import Subject


class Departments:
    """Offices that have been seen."""

    def __init__(self, around: Surroundings) -> None:
        self._offices = dict(around.offices)
        self._seen: set[str] = set()

    def add(self, subject: Subject) -> None:
        """Remember the office."""
        self._seen.add(subject.office)

    def found(self) -> Iterator[Found]:
        """The offices without a dataset, if they are more than one of five."""
        without = [id for id in self._offices if id not in self._seen]
        share = 1 - len(without) / len(self._offices) if self._offices else 1.0
        if share >= ENOUGH:
            return
        facts = {"share": f"{share:.1%}", "without": len(without), "of": len(self._offices)}
        for id in without:
            yield Found(
                office=id, value=self._offices[id][:500], facts={**facts, "office": self._offices[id]}
            )


CHECK = Check(
    name="departments",
    severity=CARE,
    title=Said("部门覆盖不足80%", "Departments below 80%"),
    why=Said(
        "至少80%的部门应有数据集（2018年整合共享调查“目录覆盖”）。",
        "At least 80% of the departments should have a dataset (survey of 2018, coverage).",
    ),
    said=Said(
        "“{office}”还没有发布数据集；{of}个部门里有数据的占{share}。",
        '"{office}" has published nothing; {share} of {of} departments have data.',
    ),
    mend=Said(
        "请该部门对照权责清单编目，至少发布一个数据集。",
        "Ask it to compile its duty list and to publish at least one dataset.",
    ),
    whole=Departments,
)
