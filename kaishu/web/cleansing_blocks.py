"""Parts of the pages about cleansing, put into words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from kaishu import lake, quality
from kaishu.quality.errors import BadRules
from kaishu.quality.models import CleansingPlan
from kaishu.queue.models import Task
from kaishu.web.cleansing_contexts import (
    CountLine,
    DraftLine,
    MatrixRow,
    PreviewBlock,
    RunLine,
    StepLine,
)
from kaishu.web.loop_contexts import TableOf
from kaishu.web.rendering import path_part
from kaishu.web.tables_of import covered
from kaishu.web.words import language, pick

SEVERITIES = ("critical", "error", "warning")
_ASIDE = ("id", "step", "strategy", "column", "columns", "title", "note")


def strategy_word(strategy: str) -> str:
    """The word for a strategy."""
    zh, en = quality.STRATEGIES.get(strategy, (strategy, strategy))
    return pick(zh, en)


def kind_word(kind: str) -> str:
    """The word for a kind of step."""
    treatment = quality.TREATMENTS.get(kind)
    return pick(treatment.zh, treatment.en) if treatment else kind


def step_lines(text: str) -> list[StepLine]:
    """The steps of a plan; none where it cannot be read."""
    try:
        read = quality.read_marked(text, "steps") if text.strip() else None
        steps = quality.parse_steps(text).steps if text.strip() else ()
    except BadRules:
        return []
    entries = read.value["steps"].value if read is not None else []
    return [
        StepLine(
            id=each.id,
            title=each.title,
            kind=kind_word(each.treatment.kind),
            strategy=strategy_word(each.strategy),
            of=_columns(_plain(entry)),
            told=_told(_plain(entry)),
        )
        for each, entry in zip(steps, entries, strict=True)
    ]


def draft_lines(drafted: quality.Drafted | None, text: str) -> list[DraftLine]:
    """What would be drafted for each rule that failed, gravest first."""
    if drafted is None:
        return []
    known = {step.id for step in _steps(text)}
    return [
        DraftLine(
            rule=each.rule,
            title=drafted.titles.get(each.rule) or each.rule,
            severity=each.severity,
            importance=each.importance,
            strategy=strategy_word(each.strategy),
            steps=[_sentence(step) for step in each.steps],
            said=pick(each.said, each.said.en),
            written=bool(each.steps) and all(step["id"] in known for step in each.steps),
        )
        for each in drafted.proposals
    ]


def matrix_rows(drafted: quality.Drafted | None) -> list[MatrixRow]:
    """The declared table of strategies, with how many failed rules stand in each cell."""
    proposals = drafted.proposals if drafted else ()
    return [
        MatrixRow(
            rank,
            [
                (
                    strategy_word(quality.MATRIX[rank][severity]),
                    sum(each.importance == rank and each.severity == severity for each in proposals),
                )
                for severity in SEVERITIES
            ],
        )
        for rank in quality.IMPORTANCE
    ]


def rank_choices(drafted: quality.Drafted | None, importance: Mapping[str, str]) -> list[tuple[str, str]]:
    """Columns that failed rules look at, with their importance."""
    if drafted is None:
        return []
    found = (column for each in drafted.proposals for column in drafted.columns.get(each.rule, ()))
    return [(column, importance.get(column, "medium")) for column in dict.fromkeys(found)]


def running_of(session: Session, table_id: str) -> Task | None:
    """The task that runs or waits."""
    tasks = quality.cleansings_about(session, table_id, 5)
    return next((each for each in tasks if each.state in ("waiting", "running")), None)


def failure_of(session: Session, table_id: str) -> tuple[str, str] | None:
    """What the newest task failed of."""
    tasks = quality.cleansings_about(session, table_id, 1)
    if not tasks or tasks[0].state != "failed":
        return None
    told = (tasks[0].error or {}).get("en" if language() == "en" else "zh", {})
    return str(told.get("message", "")), str(told.get("advice", ""))


def nothing_done(session: Session, table_id: str) -> bool:
    """Did the newest task find nothing to cleanse?"""
    tasks = quality.cleansings_about(session, table_id, 1)
    return bool(tasks) and tasks[0].kind == "cleanse" and (tasks[0].result or {}).get("run") == ""


def preview_block(session: Session, plan: CleansingPlan, may_read: bool) -> PreviewBlock | None:
    """The newest preview of the plan."""
    for task in quality.cleansings_about(session, plan.table_id, 30):
        if task.kind == "cleanse-preview" and task.payload.get("plan_id") == plan.id and task.result:
            break
    else:
        return None
    found = task.result
    newest = lake.newest_version(session, plan.table_id)
    same = task.payload.get("text") == quality.text_mark(plan)
    return PreviewBlock(
        version=found["version"],
        rows=found["rows"],
        left=found["left"],
        steps=[count_line(each, may_read) for each in found["steps"]],
        added=found["added_columns"],
        at=task.ended_at,
        stale=not same or newest is None or newest.id != found["version_id"],
    )


def count_line(step: Mapping[str, Any], may_read: bool) -> CountLine:
    """What a step did, from its plain form."""
    counts = {name: step[name] for name in ("changed", "added", "removed", "refused", "tolerated")}
    return CountLine(
        id=step["id"],
        title=step.get("title") or kind_word(step["step"]),
        strategy=strategy_word(step["strategy"]),
        **counts,
        sample=[change_line(each, may_read) for each in step.get("sample", ())],
        refusals=[change_line(each, may_read) for each in step.get("refusals", ())],
    )


def change_line(change: Mapping[str, Any], may_read: bool) -> dict[str, Any]:
    """One row of a record, masked where it has to be; ``reason`` in the language of the page."""
    reason = change.get("reason_en" if language() == "en" else "reason_zh") or ""
    column = change.get("column")
    shown = {name: covered(change.get(name), may_read) for name in ("key", "old", "new")}
    if column is None and may_read:
        shown["old"] = _row_told(shown["old"])
    return {**change, **shown, "column": column, "reason": reason, "whole": column is None}


def _row_told(text: str | None) -> str | None:
    """A row that the record keeps whole, as names and values."""
    try:
        row = json.loads(text or "")
    except ValueError:
        return text
    pairs = [f"{name}{pick('：', ': ')}{value}" for name, value in row.items() if value is not None]
    return pick("；", "; ").join(pairs)


def run_lines(session: Session, table: TableOf, may_run: bool) -> list[RunLine]:
    """The newest runs of a table."""
    numbers = {each.id: each.number for each in lake.versions_of(session, table.id)}
    plans = {each.id: each.number for each in quality.cleansing_plans(session, table.id)}
    base = f"/desk/datasets/{path_part(table.dataset.name)}/cleansing/runs"
    return [
        RunLine(
            run=each,
            before=numbers[each.base_id],
            after=numbers[each.version_id],
            plan=plans.get(each.plan_id, 0),
            changed=sum(step["changed"] for step in each.steps),
            removed=sum(step["removed"] for step in each.steps),
            href=f"{base}/{each.id}",
            may_undo=may_run and quality.may_be_undone(session, each),
        )
        for each in quality.cleansing_runs(session, table.id)
    ]


def _steps(text: str) -> Sequence[Any]:
    try:
        return quality.parse_steps(text).steps if text.strip() else ()
    except BadRules:
        return ()


def _plain(entry: Any) -> Any:
    """Values as they were written."""
    if isinstance(entry.value, dict):
        return {name: _plain(value) for name, value in entry.value.items()}
    if isinstance(entry.value, list):
        return [_plain(value) for value in entry.value]
    return entry.text


def _columns(entry: Mapping[str, Any]) -> list[str]:
    given = entry.get("columns") or entry.get("column") or []
    return [str(each) for each in given] if isinstance(given, list) else [str(given)]


def _told(entry: Mapping[str, Any]) -> list[str]:
    return [f"{name}: {_said(value)}" for name, value in entry.items() if name not in _ASIDE]


def _said(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {_said(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return ", ".join(_said(each) for each in value)
    return str(value)


def _sentence(step: Mapping[str, Any]) -> str:
    """A drafted step on one line."""
    told = ", ".join((*_columns(step), *_told(step)))
    return f"{kind_word(str(step['step']))}{pick('：', ': ')}{told}" if told else kind_word(str(step["step"]))
