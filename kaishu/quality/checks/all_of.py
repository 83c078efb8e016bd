"""A rule made of other rules, all of which must hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from kaishu.base.errors import Said
from kaishu.quality.checks.check import (
    Memory,
    Outcome,
    RowCheck,
    Rows,
    TableCheck,
    Tally,
    Verdict,
    columns_together,
    problems_together,
)
from kaishu.quality.checks.given import Given

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Mask = npt.NDArray[np.bool_]

OF = (
    "规则的列表：写出来，或用编号指明本文件里的规则",
    "a list of rules, written out or named by the ids they have in this file",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf(RowCheck):
    """A row fails if it fails any of them; it is looked at if any of them looks at it."""

    kind: ClassVar[str] = "all-of"
    dimension: ClassVar[str] = "conformity"
    zh: ClassVar[str] = "都要满足"
    en: ClassVar[str] = "fulfils all of several rules"
    parameters: ClassVar = {"of": OF}
    of: tuple[RowCheck, ...]

    @classmethod
    def read(cls, given: Given) -> AllOf | AllAcross:  # type: ignore[override]
        members = given.rules("of")
        rowwise = tuple(each for each in members if isinstance(each, RowCheck))
        if len(rowwise) == len(members):
            return cls(of=rowwise)
        across = tuple(each for each in members if isinstance(each, TableCheck))
        if any(each.kind not in ("unique", "unique-row") for each in across):
            raise given.wrong(
                "of",
                "这里只能用逐行的规则和 unique、unique-row",
                "only rules about rows, and unique and unique-row, can stand here",
            )
        return AllAcross(of=rowwise, across=across)

    @property
    def reads(self) -> tuple[str, ...]:
        return columns_together(self.of)

    def unsuitable(self, types: Mapping[str, str]) -> Iterator[Said]:
        yield from problems_together(self.of, types)

    def judge(self, rows: Rows) -> Verdict:
        return joined([each.judge(rows) for each in self.of])


@dataclass(frozen=True, slots=True, kw_only=True)
class AllAcross(TableCheck):
    """The same where one of the rules compares rows with each other."""

    kind: ClassVar[str] = "all-of"
    dimension: ClassVar[str] = "conformity"
    zh: ClassVar[str] = AllOf.zh
    en: ClassVar[str] = AllOf.en
    parameters: ClassVar = AllOf.parameters
    of: tuple[RowCheck, ...]
    across: tuple[TableCheck, ...]

    @classmethod
    def read(cls, given: Given) -> AllAcross:
        raise AssertionError("made by AllOf.read")

    @property
    def reads(self) -> tuple[str, ...]:
        return columns_together((*self.of, *self.across))

    def needs(self, types: Mapping[str, str]) -> tuple[str, ...]:
        found = [column for each in (*self.of, *self.across) for column in each.needs(types)]
        return tuple(dict.fromkeys(found))

    def unsuitable(self, types: Mapping[str, str]) -> Iterator[Said]:
        yield from problems_together((*self.of, *self.across), types)

    def tally(self, memory: Memory, rule: str) -> _Together:
        return _Together(self.of, [each.tally(memory, rule) for each in self.across])


class _Together(Tally):
    def __init__(self, of: Sequence[RowCheck], across: Sequence[Tally]) -> None:
        import numpy as np

        self.of, self.across = of, across
        self._failing = [np.zeros(0, np.int64)]
        self._checked = 0

    def add(self, rows: Rows, chosen: Mask | None) -> None:
        import numpy as np

        for each in self.across:
            each.add(rows, chosen)
        if not self.of:
            return
        verdict = joined([each.judge(rows) for each in self.of]).only(chosen)
        self._checked += rows.length if verdict.looked is None else int(verdict.looked.sum())
        self._failing.append(np.flatnonzero(verdict.fails) + rows.first)

    def finish(self) -> Outcome:
        import numpy as np

        outcomes = [each.finish() for each in self.across]
        for outcome in outcomes:
            if outcome.rows is not None:
                self._failing.append(outcome.rows)
        rows = np.sort(np.concatenate(self._failing))
        rows = rows[np.concatenate(([True], rows[1:] != rows[:-1]))] if len(rows) else rows
        return Outcome(max(self._checked, *(each.checked for each in outcomes), len(rows)), len(rows), rows)


def joined(verdicts: Sequence[Verdict]) -> Verdict:
    """Fails where any fails; looked at where any looked."""
    fails, looked = verdicts[0].fails, verdicts[0].looked
    for each in verdicts[1:]:
        fails = fails | each.fails
        looked = None if looked is None or each.looked is None else looked | each.looked
    return Verdict(fails, looked)
