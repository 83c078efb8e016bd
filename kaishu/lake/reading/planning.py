"""Finding out how a file is to be read, without storing anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from kaishu.base import settings
from kaishu.base.errors import several
from kaishu.lake.errors import NoDataRows, NoSuchColumn, TooManyColumns
from kaishu.lake.reading.block import Survey
from kaishu.lake.reading.container import find_source
from kaishu.lake.reading.detection import find_format
from kaishu.lake.reading.headers import clean_names, rename, tidy
from kaishu.lake.reading.inference import infer
from kaishu.lake.reading.notes import Note, make_note
from kaishu.lake.reading.options import ReadOptions
from kaishu.lake.reading.plan import Column, Plan
from kaishu.lake.reading.registry import table_format

_SHOWN = 20
_EXAMPLES = 5
_OPEN = ReadOptions()


def make_plan(path: Path, name: str, options: ReadOptions = _OPEN) -> Plan:
    """How the file would be read with these options; what they leave open is found out.

    Raises errors of ``kaishu.lake.errors`` that name the file and the place in it.
    """
    source = find_source(path, name, options.member)
    format = find_format(source, options.format)
    survey = table_format(format).survey(source, options, format)
    plan = survey.plan
    if len(survey.names) > settings.number("column_limit"):
        raise TooManyColumns(
            file=source.name,
            line=plan.header_row or 1,
            count=len(survey.names),
            limit=settings.number("column_limit"),
        )
    if not survey.rows and not options.may_be_empty:
        raise NoDataRows(file=source.name)
    if source.members and len(source.members) > 1:
        plan.notes.insert(0, make_note("zip-member", count=len(source.members), member=source.member))
    plan.compression, plan.member, plan.members = source.compression, source.member, source.members
    plan.columns = _columns(survey, options, plan.notes, source.name)
    kept = [column.position - 1 for column in plan.columns]
    plan.sample = [[row[place] for place in kept] for row in survey.rows[:_SHOWN]]
    plan.options = _completed(plan, options)
    return plan


def _columns(survey: Survey, options: ReadOptions, notes: list[Note], file: str) -> list[Column]:
    found, changes = clean_names(survey.names)
    names = rename(found, options.names)
    _check_named(found, names, options, file)
    typical = [row for row in survey.rows if not is_lone(row)] or survey.rows
    columns: list[Column] = []
    empty: list[int] = []
    for place, name in enumerate(names):
        values = [row[place] for row in typical]
        if not tidy(survey.names[place]) and not any(values):
            empty.append(place + 1)
            continue
        column = Column(name, "text", (survey.keys or survey.names)[place], place + 1, _examples(values))
        given = options.types.get(name) or options.types.get(found[place])
        if given:
            column.type, column.reason = given, "set"
        elif place in survey.stored:
            column.type, column.reason = survey.stored[place], "stored"
        else:
            column.type, column.reason = infer(values, f"{tidy(survey.names[place])} {name}".strip())
        columns.append(column)
    notes.extend(note for note in changes if note.facts["position"] not in empty)
    for position in empty:
        last = position == len(names) and survey.plan.format in ("csv", "tsv")
        notes.append(make_note("trailing-delimiter" if last else "empty-column", position=position))
    notes.extend(make_note("compact-dates", column=c.name) for c in columns if c.reason == "compact-dates")
    return columns


def is_lone(row: Sequence[str | None]) -> bool:
    """Whether a row of three or more cells has only one filled: it may be a section title."""
    return len(row) > 2 and sum(1 for cell in row if cell) == 1


def _examples(values: list[str | None]) -> list[str]:
    found: dict[str, None] = {}
    for value in values:
        if value:
            found[value[:100]] = None
        if len(found) == _EXAMPLES:
            break
    return list(found)


def _check_named(found: list[str], names: list[str], options: ReadOptions, file: str) -> None:
    """Names must be those found; types may be given by the name found or the new one."""
    known = {*found, *names}
    wrong = [name for name in options.names if name not in found]
    wrong += [name for name in options.types if name not in known]
    if wrong:
        raise NoSuchColumn(file=file, column=wrong[0], present=several(names[:50]))


def _completed(plan: Plan, options: ReadOptions) -> ReadOptions:
    return replace(
        options,
        format=plan.format,
        encoding=options.encoding,
        delimiter=plan.delimiter,
        header_row=plan.header_row,
        sheet=plan.sheet,
        member=plan.member,
        record_path=plan.record_path,
    )
