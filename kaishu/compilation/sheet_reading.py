"""A catalogue sheet that comes back: from Excel or WPS, or as CSV in whatever encoding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kaishu import lake
from kaishu.compilation.errors import NoSheetColumns
from kaishu.compilation.sheet_columns import COLUMNS, ITEM_COLUMNS, ITEMS, MAIN, Column, clean

SHEETS = ("xlsx", "xls")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row: its line, and cells by the columns' keys; columns that are not there are left out."""

    row: int
    cells: dict[str, str]


@dataclass(slots=True)
class SheetFile:
    """What came back: entries, and field descriptions by dataset."""

    rows: list[SheetRow] = field(default_factory=list)
    items: dict[str, list[SheetRow]] = field(default_factory=dict)


def read_sheet(path: Path, name: str) -> SheetFile:
    """Read a sheet.  Raises ``NoSheetColumns`` and the errors of a file that cannot be read."""
    options = lake.ReadOptions(header_row=1)
    plan = lake.make_plan(path, name, options)
    names = [str(sheet["name"]) for sheet in plan.sheets]
    if plan.format in SHEETS and MAIN in names and plan.sheet != MAIN:
        options = lake.ReadOptions(header_row=1, sheet=MAIN)
        plan = lake.make_plan(path, name, options)
    found = SheetFile(_rows(path, name, plan, COLUMNS, ("title",)))
    if plan.format in SHEETS and ITEMS in names:
        listed = lake.make_plan(path, name, lake.ReadOptions(header_row=1, sheet=ITEMS))
        for row in _rows(path, name, listed, ITEM_COLUMNS, ("dataset", "name")):
            found.items.setdefault(row.cells["dataset"], []).append(row)
    return found


def _rows(
    path: Path, name: str, plan: lake.Plan, columns: Sequence[Column], needed: Sequence[str]
) -> list[SheetRow]:
    headings = [clean(column.source_name).strip("*＊ ") for column in plan.columns]
    known = {text: column for column in columns for text in (column.hint, column.key, column.en, column.zh)}
    places = {at: known[heading].key for at, heading in enumerate(headings) if heading in known}
    lacking = [key for key in needed if key not in places.values()]
    if lacking:
        missing = next(column.zh for column in columns if column.key == lacking[0])
        raise NoSheetColumns(file=name, missing=missing, columns="、".join(headings[:30]))
    hints = {column.key: column.hint for column in columns}
    found = []
    for line, cells in lake.text_rows(path, name, plan):
        said = {key: clean(cells[at]) for at, key in places.items()}
        if not any(said.values()) or all(said[key] == hints[key] for key in needed):
            continue
        found.append(SheetRow(line, said))
    return found
