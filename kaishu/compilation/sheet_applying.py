"""Doing what a sheet's plan says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kaishu import catalogue
from kaishu.access import Call, Permission, note, require
from kaishu.base.errors import Invalid, in_language
from kaishu.compilation.errors import SheetRowsWrong
from kaishu.compilation.sheet_planning import NEW, SheetPlan


@dataclass(slots=True)
class Applied:
    """What was done: datasets made, changed and submitted by name; and why some could not be submitted."""

    made: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    left_out: int = 0
    submitted: list[str] = field(default_factory=list)
    not_submitted: dict[str, dict[str, Any]] = field(default_factory=dict)


def apply_sheet(
    call: Call,
    plan: SheetPlan,
    *,
    only_good: bool = False,
    submit: bool = False,
    file_name: str = "",
) -> Applied:
    """Make and change the drafts; with ``submit`` hand to the reviewers those that lack nothing.

    Raises ``SheetRowsWrong`` if anything is wrong and ``only_good`` was not asked for.
    """
    require(call, Permission.bulk_edit)
    problems = plan.problems
    if problems and (not only_good or not plan.to_do):
        first = problems[0]
        place = f"“{first.sheet}”第{first.row}行“{first.heading}”"
        place_en = f"sheet {first.sheet}, row {first.row}, {first.heading}"
        said = {"reason": str(first.said), "reason_en": in_language(first.said, "en")}
        raise SheetRowsWrong(count=len(problems), place=place, place_en=place_en, **said)
    done = Applied(left_out=len({(p.sheet, p.row) for p in problems}))
    changed = [(row.name, row.record) for row in plan.to_do if row.kind != NEW and row.record]
    catalogue.revise_all(call, [name for name, _ in changed], [record for _, record in changed])
    done.changed = [name for name, _ in changed]
    for row in plan.to_do:
        if row.kind == NEW and row.record:
            dataset = catalogue.add_dataset(call, record=row.record, office=row.office, name=row.name)
            done.made.append(dataset.name)
    if submit:
        _submit(call, done)
    facts = {"made": len(done.made), "changed": len(done.changed), "submitted": len(done.submitted)}
    note(call, "compilation.sheet.apply", ("sheet", file_name[:200]), left_out=done.left_out, **facts)
    return done


def _submit(call: Call, done: Applied) -> None:
    for name in [*done.made, *done.changed]:
        try:
            catalogue.submit(call, name)
            done.submitted.append(name)
        except Invalid as error:
            done.not_submitted[name] = {
                "zh": error.sentence("zh"),
                "en": error.sentence("en"),
                "problems": {"zh": error.problems_in("zh"), "en": error.problems_in("en")},
            }
