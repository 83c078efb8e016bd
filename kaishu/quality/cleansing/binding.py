"""Holding steps against the columns of a table, before any row is read."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kaishu.base.errors import Said
from kaishu.quality.checks import condition_problems
from kaishu.quality.cleansing.steps import Step, StepList
from kaishu.quality.cleansing.treatments import CellTreatment, RowTreatment
from kaishu.quality.cleansing.treatments.treatment import Types
from kaishu.quality.errors import BadSteps, Problem
from kaishu.quality.expressions import columns_of

SHOWN = 12


@dataclass(frozen=True, slots=True)
class Bound:
    """Steps with the types of the columns before each of them, and after the last."""

    steps: StepList
    types: Sequence[Types]

    @property
    def added(self) -> tuple[str, ...]:
        """The columns that the steps add."""
        return tuple(name for name in self.types[-1] if name not in self.types[0])

    def reads(self, place: int) -> tuple[str, ...]:
        """The columns that the step at this place looks at, its condition's among them."""
        step = self.steps.steps[place]
        return (*step.treatment.reads(self.types[place]), *(columns_of(step.when) if step.when else ()))

    def before(self, place: int) -> tuple[list[int], list[str]]:
        """The steps that matter for what the one at this place sees, and the table's columns they read."""
        wanted, matter = set(self.reads(place)), []
        for earlier in range(place - 1, -1, -1):
            treatment = self.steps.steps[earlier].treatment
            if isinstance(treatment, CellTreatment):
                counts = not wanted.isdisjoint(treatment.writes(self.types[earlier]))
            else:
                counts = not isinstance(treatment, RowTreatment) or treatment.removes
            if counts:
                matter.append(earlier)
                wanted.update(self.reads(earlier))
        return matter[::-1], [name for name in self.types[0] if name in wanted]


def bind_steps(steps: StepList, types: Types) -> Bound:
    """The steps held against the table's columns.  Raises ``BadSteps``."""
    problems = list(_missing(steps.key, steps.lines.get("key", 0), "key", types))
    known: list[Types] = [dict(types)]
    for place, step in enumerate(steps.steps):
        found = list(_problems(step, f"steps[{place + 1}]", known[-1]))
        problems += found
        now = dict(known[-1])
        if not found and isinstance(step.treatment, CellTreatment):
            for name, type in step.treatment.writes(known[-1]).items():
                now.setdefault(name, type)
            if "" in now or "_id" in now:
                problems.append(Problem(step.line, f"steps[{place + 1}]", _NAME))
        known.append(now)
    if problems:
        raise BadSteps(steps.file, problems)
    return Bound(steps, known)


_NAME = Said("列名不能为空，也不能是 _id", "a column must have a name, and not _id")


def _problems(step: Step, path: str, types: Types) -> Iterator[Problem]:
    names = ("column", "columns", "expression", "condition", "failing", "into")
    line = next((step.lines[name] for name in names if name in step.lines), step.line)
    missing = list(_missing(step.treatment.reads(types), line, path, types))
    when_line = step.lines.get("when", step.line)
    if step.when:
        missing += _missing(columns_of(step.when), when_line, f"{path}.when", types)
    yield from missing
    if missing:
        return
    for said in step.treatment.unsuitable(types):
        yield Problem(line, path, said)
    if step.when:
        for said in condition_problems(step.when, types):
            yield Problem(when_line, f"{path}.when", said)


def _missing(columns: Iterable[str], line: int, key: str, types: Types) -> Iterator[Problem]:
    for column in columns:
        if column in types:
            continue
        near = difflib.get_close_matches(column, types, 1, 0.5)
        known, more = list(types)[:SHOWN], "…" if len(types) > SHOWN else ""
        zh = f"是不是“{near[0]}”？" if near else f"有：{'、'.join(known)}{more}"
        en = f'did you mean "{near[0]}"?' if near else f"it has {', '.join(known)}{more}"
        said = Said(f"这里没有“{column}”列；{zh}", f'the table has no column "{column}" here; {en}')
        yield Problem(line, key, said)
