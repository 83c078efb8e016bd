"""What a sheet that came back would do: looked at before anything is done."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kaishu.access import Call, Permission, allowed, offices, require
from kaishu.access.models import Office
from kaishu.base.errors import Invalid, Said
from kaishu.catalogue import DatasetRecord, State, record_from
from kaishu.compilation.sheet_columns import (
    BY_KEY,
    ITEM_COLUMNS,
    ITEM_WRITTEN,
    ITEMS,
    MAIN,
    NAME,
    STAMP,
    WRITTEN,
    Column,
    cell_of,
    item_cell,
    item_value,
    stamp_of,
    value_of,
)
from kaishu.compilation.sheet_reading import SheetFile, SheetRow
from kaishu.compilation.sheet_writing import Present, present_datasets

#: How a dataset may be called.
FORM = re.compile(r"[a-z0-9][a-z0-9_-]{1,99}")
NEW, CHANGED, UNCHANGED, WRONG, CONFLICT = "new", "changed", "unchanged", "wrong", "conflict"


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong with a cell: sheet, row, heading, what stands there, what to write."""

    sheet: str
    row: int
    heading: str
    value: str
    said: Said


@dataclass(frozen=True, slots=True)
class CellChange:
    """A field before and after, as its cells read; ``heading`` names the column, or field and column."""

    heading: str
    before: str
    after: str


@dataclass(slots=True)
class RowPlan:
    """One row: what would be done with it.  ``kind`` is new, changed, unchanged, wrong or conflict."""

    row: int
    name: str
    title: str
    kind: str = UNCHANGED
    office: str = ""
    changes: list[CellChange] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)
    record: DatasetRecord | None = None


@dataclass(slots=True)
class SheetPlan:
    """All rows, and what is wrong beside them."""

    rows: list[RowPlan] = field(default_factory=list)
    loose: list[CellProblem] = field(default_factory=list)

    @property
    def counts(self) -> Counter[str]:
        """Rows by kind."""
        return Counter(row.kind for row in self.rows)

    @property
    def problems(self) -> list[CellProblem]:
        """Everything that is wrong or in conflict, in the order of the sheet."""
        return [problem for row in self.rows for problem in row.problems] + self.loose

    @property
    def to_do(self) -> list[RowPlan]:
        """Rows that would change something."""
        return [row for row in self.rows if row.kind in (NEW, CHANGED)]


@dataclass(frozen=True, slots=True)
class _Desk:
    """What planning a row needs to know."""

    call: Call
    office: Office | None
    offices: Mapping[str, Office]
    present: Mapping[str, Present]
    taken: frozenset[str]


def plan_sheet(call: Call, read: SheetFile, *, office: str = "") -> SheetPlan:
    """What the sheet would do; ``office`` (id) is where new entries go that name none."""
    require(call, Permission.bulk_edit, office=office or call.actor.office)
    known = offices(call.session)
    named = {each.title: each for each in known} | {each.name: each for each in known}
    own = next((each for each in known if each.id == (office or call.actor.office)), None)
    wanted = list(dict.fromkeys(row.cells[NAME] for row in read.rows if row.cells.get(NAME)))
    present = {entry.dataset.name: entry for entry in present_datasets(call, names=wanted)}
    counted = Counter(row.cells.get(NAME) for row in read.rows)
    twice = frozenset(name for name, count in counted.items() if name and count > 1)
    desk = _Desk(call, own, named, present, twice)
    plan = SheetPlan([_row(desk, row, read.items.get(row.cells.get(NAME) or "", ())) for row in read.rows])
    listed = {row.cells.get(NAME) for row in read.rows}
    for name, rows in read.items.items():
        if name not in listed:
            said = Said(f"“目录”表里没有“{name}”这一行。", f'The sheet of entries has no row "{name}".')
            plan.loose.append(CellProblem(ITEMS, rows[0].row, ITEM_COLUMNS[0].zh, name, said))
    return plan


def _row(desk: _Desk, row: SheetRow, items: Sequence[SheetRow]) -> RowPlan:
    name = row.cells.get(NAME, "")
    made = RowPlan(row.row, name, row.cells.get("title", ""))
    entry = desk.present.get(name)
    refusal = _refusal(desk, row, entry)
    if refusal:
        made.kind = WRONG
        made.problems.append(refusal)
        return made
    before: Mapping[str, Any] = entry.record if entry else {}
    data = dict(before)
    _take_cells(made, row, before, data)
    _take_items(made, items, before, data)
    if entry and not made.changes and not made.problems:
        return made
    made.kind = CHANGED if entry else NEW
    if not made.problems:
        made.record = _checked(made, row, data)
    if made.problems:
        made.kind = WRONG
    elif entry:
        _guard(made, row, entry)
    if not entry:
        owner = desk.offices.get(row.cells.get("office", "")) or desk.office
        made.office = owner.id if owner else ""
    return made


def _refusal(desk: _Desk, row: SheetRow, entry: Present | None) -> CellProblem | None:
    """What keeps the whole row from being taken."""
    name, office = row.cells.get(NAME, ""), row.cells.get("office", "")
    if name in desk.taken:
        said = Said("同一个标识出现了多次，请只留一行。", "The same name twice; leave one row of them.")
        return _at(row, NAME, said)
    if entry:
        if not allowed(desk.call, Permission.bulk_edit, office=entry.dataset.office_id):
            return _at(row, NAME, Said("这是别的部门的数据集。", "A dataset of another office."))
        return None
    if name and row.cells.get(STAMP):
        said = Said(
            "没有这个数据集（可能已改名或撤销）。请重新取出目录表；若要新增，请清空标识和修订标记。",
            "There is no such dataset (renamed or withdrawn?). Take the sheet out again.",
        )
        return _at(row, NAME, said)
    if name and not FORM.fullmatch(name):
        said = Said(
            "标识只能用小写字母、数字、连字符和下划线；新增时可以留空。",
            "Lower-case letters, digits, hyphens, underscores; may be empty for a new entry.",
        )
        return _at(row, NAME, said)
    owner = desk.offices.get(office) if office else desk.office
    if owner is None:
        said = Said(
            f"找不到部门“{office}”。请填部门名称或标识。" if office else "请填提供方（部门名称或标识）。",
            f'There is no office "{office}". Write its title or name.',
        )
        return _at(row, "office", said)
    if not allowed(desk.call, Permission.bulk_edit, office=owner.id):
        return _at(row, "office", Said("只能新增本部门的数据集。", "Only entries of your own office."))
    return None


def _take_cells(made: RowPlan, row: SheetRow, before: Mapping[str, Any], data: dict[str, Any]) -> None:
    """Cells that differ from what was written go into ``data``."""
    for column in WRITTEN:
        if column.key not in row.cells:
            continue
        cell, was = row.cells[column.key], cell_of(column, before.get(column.key))
        if cell == was:
            continue
        try:
            data[column.key] = value_of(column, cell)
        except ValueError as error:
            made.problems.append(CellProblem(MAIN, row.row, column.zh, cell[:200], error.args[0]))
            continue
        if cell_of(column, data[column.key]) != was:
            made.changes.append(CellChange(column.zh, was, cell))


def _take_items(
    made: RowPlan, rows: Sequence[SheetRow], before: Mapping[str, Any], data: dict[str, Any]
) -> None:
    """Descriptions of fields that differ, and fields that are new; none is removed."""
    if not rows:
        return
    items: dict[str, dict[str, Any]] = {item["name"]: dict(item) for item in before.get("items") or []}
    for row in rows:
        name = row.cells.get("name", "")
        if not name:
            said = Said("请填字段名。", "Name the field.")
            made.problems.append(CellProblem(ITEMS, row.row, ITEM_COLUMNS[1].zh, "", said))
            continue
        known = items.setdefault(name, {"name": name, "title": "", "letter": "C"})
        fresh = not any(item["name"] == name for item in before.get("items") or [])
        if fresh:
            made.changes.append(CellChange(f"信息项 {name}", "", row.cells.get("title", "") or name))
        for column in ITEM_WRITTEN:
            if column.key in row.cells:
                _take_item_cell(made, row, column, known, fresh)
    data["items"] = list(items.values())


def _take_item_cell(made: RowPlan, row: SheetRow, column: Column, known: dict[str, Any], fresh: bool) -> None:
    cell, was = row.cells[column.key], item_cell(column, known)
    if cell == was or (fresh and not cell):
        return
    try:
        known[column.key] = item_value(column, cell)
    except ValueError as error:
        made.problems.append(CellProblem(ITEMS, row.row, column.zh, cell[:200], error.args[0]))
        return
    if not fresh:
        made.changes.append(CellChange(f"信息项 {known['name']} · {column.zh}", was, cell))


def _checked(made: RowPlan, row: SheetRow, data: Mapping[str, Any]) -> DatasetRecord | None:
    try:
        return record_from(data)
    except Invalid as error:
        for name, sentences in error.problems.items():
            column = BY_KEY.get(name.split(".")[0])
            for said in sentences:
                told = said if isinstance(said, Said) else Said(said, said)
                value = row.cells.get(column.key, "") if column else ""
                heading = column.zh if column else name
                made.problems.append(CellProblem(MAIN, row.row, heading, value[:200], told))
        return None


def _guard(made: RowPlan, row: SheetRow, entry: Present) -> None:
    """A dataset that changed since the sheet was taken out, or that is in review, is a conflict."""
    stamp = row.cells.get(STAMP, "")
    if entry.state is State.in_review:
        said = Said(
            "正在待审，不能修改。请等审核结束或先撤回提交。",
            "In review. Wait for the decision, or take it back first.",
        )
    elif not stamp:
        said = Said(
            "没有修订标记，无法知道取出后有没有人改过。请重新取出目录表再改。",
            "Without the revision mark nobody can tell whether it changed. Take the sheet out again.",
        )
    elif stamp != stamp_of(entry.record):
        said = Said(
            "取出目录表后，这个数据集被改过。请重新取出，在新的表上修改。",
            "It has been changed since the sheet was taken out. Take it out again and change that one.",
        )
    else:
        return
    made.kind = CONFLICT
    made.problems.append(_at(row, NAME, said))


def _at(row: SheetRow, key: str, said: Said) -> CellProblem:
    return CellProblem(MAIN, row.row, BY_KEY[key].zh, row.cells.get(key, "")[:200], said)
