"""The catalogue sheet as a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from kaishu import catalogue
from kaishu.access import Call, Permission, office_by_name, require
from kaishu.access.models import Office
from kaishu.catalogue.models import Dataset, Revision
from kaishu.compilation.sheet_columns import (
    COLUMNS,
    HELP,
    ITEM_COLUMNS,
    ITEMS,
    LISTS,
    MAIN,
    NAME,
    STAMP,
    Column,
    cell_of,
    clean,
    item_cell,
    labels,
    stamp_of,
)

SPARE_ROWS = 200
CHUNK = 400


@dataclass(frozen=True, slots=True)
class Present:
    """A dataset with its record as it stands now: the draft's, if there is one."""

    dataset: Dataset
    record: Mapping[str, Any]

    @property
    def state(self) -> catalogue.State:
        """The draft's state, or the dataset's."""
        return catalogue.State(self.dataset.draft_state or self.dataset.state)


def present_datasets(call: Call, *, office: str = "", names: Sequence[str] | None = None) -> list[Present]:
    """Datasets of an office (id), or those of these names, with the records that are being worked on."""
    require(call, Permission.bulk_edit, office=office or call.actor.office)
    wanted = select(Dataset).where(Dataset.state != catalogue.State.withdrawn).order_by(Dataset.name)
    if office:
        wanted = wanted.where(Dataset.office_id == office)
    found: list[Dataset] = []
    if names is None:
        found.extend(call.session.scalars(wanted))
    else:
        for part in _chunks(list(names)):
            found.extend(call.session.scalars(wanted.where(Dataset.name.in_(part))))
    drafts: dict[str, Revision] = {}
    for part in _chunks([d.draft_revision_id for d in found if d.draft_revision_id]):
        drafts |= {row.id: row for row in call.session.scalars(select(Revision).where(Revision.id.in_(part)))}
    return [
        Present(d, drafts[d.draft_revision_id].record if d.draft_revision_id in drafts else d.record)
        for d in found
    ]


def take_out(call: Call, path: Path, *, office: str = "") -> int:
    """Write the sheet of an office (or of all, for who may) to a file; gives the number of entries."""
    owner = office_by_name(call.session, office) if office else None
    require(call, Permission.bulk_edit, office=owner.id if owner else None)
    entries = present_datasets(call, office=owner.id if owner else "")
    write_sheet(path, entries, owner)
    return len(entries)


def cells_of(entry: Present) -> list[str]:
    """The row of an entry, in the order of ``COLUMNS``."""
    dataset, record = entry.dataset, entry.record
    given = {
        NAME: dataset.name,
        STAMP: stamp_of(record),
        "state": entry.state.zh,
        "office": dataset.office.title,
        "office_code": dataset.office.code,
        "item_count": str(len(record.get("items") or [])),
    }
    return [
        given[column.key] if column.key in given else cell_of(column, record.get(column.key))
        for column in COLUMNS
    ]


def write_sheet(path: Path, entries: Iterable[Present], owner: Office | None) -> None:
    """The workbook: entries, field dictionary, instructions, and the code lists behind the drop-downs."""
    import xlsxwriter

    entries = list(entries)
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    try:
        styles = _styles(book)
        main, items = book.add_worksheet(MAIN), book.add_worksheet(ITEMS)
        _instructions(book.add_worksheet(HELP), styles, owner)
        ranges = _lists(book.add_worksheet(LISTS))
        _head(main, COLUMNS, styles)
        _head(items, ITEM_COLUMNS, styles)
        place = 2
        for row, entry in enumerate(entries, 2):
            for at, (column, cell) in enumerate(zip(COLUMNS, cells_of(entry), strict=True)):
                fixed = column.given or column.key == "office"
                main.write_string(row, at, cell, styles["fixed" if fixed else "free"])
            for item in entry.record.get("items") or []:
                if clean(str(item["name"])) != item["name"]:
                    continue  # a name that no cell can hold: left to the page
                cells = [entry.dataset.name, str(item["name"])]
                cells += [item_cell(column, item) for column in ITEM_COLUMNS[2:]]
                for at, (column, cell) in enumerate(zip(ITEM_COLUMNS, cells, strict=True)):
                    items.write_string(place, at, cell, styles["fixed" if column.given else "free"])
                place += 1
        _finish(main, COLUMNS, len(entries) + 2 + SPARE_ROWS, ranges)
        _finish(items, ITEM_COLUMNS, place + SPARE_ROWS, ranges)
        main.set_column(1, 1, None, None, {"hidden": True})
        main.activate()
    finally:
        book.close()


def _styles(book: Any) -> dict[str, Any]:
    base = {"font_size": 10, "valign": "top", "text_wrap": True}
    return {
        "core": book.add_format({**base, "bold": True, "bg_color": "#B5342B", "font_color": "#FFFFFF"}),
        "head": book.add_format({**base, "bold": True, "bg_color": "#E4DFD3"}),
        "hint": book.add_format({**base, "font_color": "#5E5A52", "italic": True, "font_size": 9}),
        "free": book.add_format({**base, "locked": False, "num_format": "@"}),
        "fixed": book.add_format({**base, "bg_color": "#F3F0E8", "font_color": "#5E5A52"}),
        "text": book.add_format(base),
    }


def _head(sheet: Any, columns: Sequence[Column], styles: Mapping[str, Any]) -> None:
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width, styles["free"])
        sheet.write_string(0, at, column.zh, styles["core" if column.core else "head"])
        sheet.write_string(1, at, column.hint, styles["hint"])
        if column.many:
            sheet.write_comment(0, at, "可填多个，用分号隔开。Several, by semicolon.")
    sheet.set_row(1, 30)


def _finish(sheet: Any, columns: Sequence[Column], rows: int, ranges: Mapping[str, str]) -> None:
    for at, column in enumerate(columns):
        name = "item-type" if column.key == "letter" else column.vocabulary
        if not name:
            continue
        if column.many:
            message = {"input_title": column.zh, "input_message": "可填：" + "、".join(labels(name))[:230]}
            sheet.data_validation(2, at, rows, at, {"validate": "any", **message})
            continue
        rule = {"validate": "list", "source": ranges[name], "ignore_blank": True, "error_type": "warning"}
        message = {"error_title": column.zh, "error_message": "请从下拉列表里选。Choose from the list."}
        sheet.data_validation(2, at, rows, at, {**rule, **message})
    sheet.freeze_panes(2, 4 if columns is COLUMNS else 2)
    sheet.autofilter(0, 0, rows, len(columns) - 1)
    allowed = ("format_columns", "format_rows", "format_cells", "insert_rows", "sort", "autofilter")
    sheet.protect("", dict.fromkeys(allowed, True))


def _lists(sheet: Any) -> dict[str, str]:
    """Every code list in a column of its own; vocabulary to the range."""
    names = sorted({column.vocabulary for column in COLUMNS if column.vocabulary} | {"item-type"})
    ranges = {}
    for at, name in enumerate(names):
        words = labels(name)
        sheet.write_string(0, at, name)
        for row, word in enumerate(words, 1):
            sheet.write_string(row, at, word)
        letter = chr(ord("A") + at)
        ranges[name] = f"={LISTS}!${letter}$2:${letter}${len(words) + 1}"
    sheet.hide()
    return ranges


def _instructions(sheet: Any, styles: Mapping[str, Any], owner: Office | None) -> None:
    whose = owner.title if owner else "全部部门"
    lines = (
        f"目录表（{whose}）怎么用  ·  How to use this sheet",
        "1. 每行一个数据集。红色列是编制指南的13个核心元数据项，其余是扩展项。One row per dataset.",
        "2. 灰色单元格不要改：平台靠它们认出数据集。Leave grey cells alone: they say which dataset it is.",
        "3. 有下拉列表的列请从列表里选。Choose from the drop-down lists where there are some.",
        "4. 新增：写在最后的空行里，标识留空，至少写名称。New entries: below, with a title.",
        "5. 字段说明在“信息项”表：改名称、类型、长度、单位、说明；新字段另起一行。Fields: the second sheet.",
        "6. 删去一行不会删除数据集；撤销请在网页上办理。Deleting a row here deletes nothing.",
        "7. 取出后别人又改过的数据集不会被覆盖，会作为冲突列出。What changed meanwhile is not overwritten.",
        "8. 改完放回平台：先看会改什么，再确认；结果都是草稿。Put it back: look first, then confirm.",
    )
    sheet.set_column(0, 0, 110, styles["text"])
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line, styles["head" if row == 0 else "text"])


def _chunks(values: list[Any]) -> Iterable[list[Any]]:
    return (values[at : at + CHUNK] for at in range(0, len(values), CHUNK))
