"""A run of cleansing as a report: what each step did, with a sample of the cells that it changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kaishu.base import clock
from kaishu.quality.cleansing.results import COUNTS, Cleansed, StepResult
from kaishu.quality.cleansing.treatments import STRATEGIES
from kaishu.quality.telling import shown

if TYPE_CHECKING:
    from kaishu.reporting import Block, Document

CHANGE_WORDS = {
    "changed": ("改动的单元格", "cells changed"),
    "added": ("新列的单元格", "cells of new columns"),
    "removed": ("移出的行", "rows set apart"),
    "refused": ("未能处理", "could not be treated"),
    "tolerated": ("保留并列出的行", "rows left and listed"),
}
_PLACE = (("行", "row"), ("键", "key"), ("列", "column"))


def cleansing_document(
    result: Cleansed, *, file: str, language: str = "zh", preview: bool = False
) -> Document:
    """The report in ``zh`` or ``en``."""
    from kaishu.reporting import Document, Heading, Paragraph

    def say(zh: str, en: str) -> str:
        return en if language == "en" else zh

    when = clock.now().strftime("%Y-%m-%d %H:%M UTC")
    rows, left, steps = result.rows, result.left, len(result.steps)
    summary = say(
        f"读入{rows:,}行，{steps}个步骤，留下{left:,}行。运行于{when}。",
        f"{rows:,} rows were read, {steps} steps, {left:,} rows are left. Run at {when}.",
    )
    nothing: list[Block] = [Paragraph(say("没有。", "None."))]
    blocks: list[Block] = [
        Paragraph(summary),
        Heading(say("步骤", "Steps")),
        _steps(result, language),
        Heading(say("改动（举例）", "Changes (a sample)")),
        *(_changes(result, language) or nothing),
        Heading(say("未能处理（举例）", "Could not be treated (a sample)")),
        *(_refusals(result, language) or nothing),
    ]
    title = say(f"数据清洗：{file}", f"Cleansing: {file}")
    if preview:
        title = say(f"数据清洗预览：{file}", f"Preview of cleansing: {file}")
    return Document(title, language, blocks)


def _steps(result: Cleansed, language: str) -> Block:
    from kaishu.reporting import Table

    english = language == "en"
    heads = [pair[english] for pair in (("步骤", "step"), ("策略", "strategy"))]
    heads += [CHANGE_WORDS[name][english] for name in COUNTS]
    rows = [
        (
            "\n".join(text for text in (_title(each, english), each.step.id, each.step.note) if text),
            STRATEGIES[each.step.strategy][english],
            *(f"{getattr(each, name):,}" for name in COUNTS),
        )
        for each in result.steps
    ]
    return Table("", heads, rows, frozenset(range(2, len(heads))))


def _changes(result: Cleansed, language: str) -> list[Block]:
    def cells(one: Mapping[str, Any]) -> tuple[str, str]:
        after = "—" if one["column"] is None else shown(one["new"], language)
        return shown(one["old"], language), after

    heads = (*_PLACE, ("原值", "before"), ("新值", "after"))
    return _samples(result, language, heads, lambda step: step.changes, cells)


def _refusals(result: Cleansed, language: str) -> list[Block]:
    def cells(one: Mapping[str, Any]) -> tuple[str, str]:
        return shown(one["old"], language), one[f"reason_{language}"] or ""

    heads = (*_PLACE, ("值", "value"), ("原因", "reason"))
    return _samples(result, language, heads, lambda step: step.refusals, cells)


def _samples(
    result: Cleansed,
    language: str,
    heads: Sequence[tuple[str, str]],
    of: Callable[[StepResult], Sequence[Mapping[str, Any]]],
    cells: Callable[[Mapping[str, Any]], tuple[str, str]],
) -> list[Block]:
    from kaishu.reporting import Table

    english = language == "en"
    found: list[Block] = []
    for each in result.steps:
        rows = [
            (f"{one['row']:,}", shown(one["key"], language), one["column"] or "—", *cells(one))
            for one in of(each)
        ]
        if rows:
            words = [pair[english] for pair in heads]
            found.append(Table(_title(each, english), words, rows, frozenset({0})))
    return found


def _title(each: StepResult, english: bool) -> str:
    treatment = each.step.treatment
    return each.step.title or (treatment.en if english else treatment.zh)
