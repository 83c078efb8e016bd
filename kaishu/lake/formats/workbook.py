"""XLS and XLSX: one sheet of a workbook, its values as text."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kaishu.base.errors import several
from kaishu.lake.errors import DamagedFile, NoRecords, NoSuchHeader, NoSuchPart, ProtectedFile
from kaishu.lake.formats.formulas import formula_notes
from kaishu.lake.reading.aside import is_footer
from kaishu.lake.reading.block import Block, Log, Survey, row_block
from kaishu.lake.reading.container import Source, check_archive
from kaishu.lake.reading.headers import GridRow, find_header
from kaishu.lake.reading.notes import make_note
from kaishu.lake.reading.options import ReadOptions
from kaishu.lake.reading.plan import Plan

_ROWS = 5000  # a block
_ALL = 20_000  # rows that are all looked at for types
_EXACT = 10**15  # whole numbers that a double surely holds

Spans = dict[int, dict[int, tuple[int, int]]]


def survey(source: Source, options: ReadOptions, format: str) -> Survey:
    """The best sheet (most filled rows and columns), its header, its rows as text."""
    with _workbook(source) as book:
        visible, hidden = _sheet_names(book)
        sizes = [_size(book, name) for name in visible]
        name = _choose(source, options.sheet, visible + hidden, sizes)
        sheet = book.get_sheet_by_name(name)
        width, spans = sheet.width, _spans(sheet)
        grid = [
            GridRow(line, cells, spans.get(line - 1, {}))
            for line, cells in _rows(sheet, _ALL if sheet.total_height <= _ALL else _ALL // 2)
        ]
        tail = [
            list(map(cell_text, cells))
            for line, cells in enumerate(sheet.iter_rows(), 1)
            if line > len(grid) and line % 7 == 0
        ]
    header = find_header(grid[: max(200, options.header_row or 0)], width, options.header_row)
    if header is None:
        raise NoSuchHeader(file=source.name, row=options.header_row)
    data = [row.cells for row in grid if row.line > header.row and row.filled()] + tail
    rows = [cells for cells in data if any(cells)]
    plan = Plan(
        format="xls" if format == "xls" else "xlsx",
        header_row=header.row,
        sheet=name,
        sheets=sizes,
        notes=[*header.notes],
        width=width,
    )
    if len(visible) > 1:
        plan.notes.insert(0, make_note("sheet-chosen", count=len(visible), sheet=name))
    if hidden:
        plan.notes.append(make_note("hidden-sheets", count=len(hidden), names="、".join(hidden)))
    if format != "xls":
        plan.notes.extend(formula_notes(source, name))
    sections = {row.line for row in grid if _is_section(row.cells, row.spans)}
    typical = [
        row.cells for row in grid if row.line > header.row and row.filled() and row.line not in sections
    ]
    return Survey(plan, header.names, (typical + [cells for cells in tail if any(cells)]) or rows)


@contextmanager
def _workbook(source: Source) -> Iterator[Any]:
    import python_calamine as calamine

    with source.open_seekable() as file:
        if file.read(2) == b"PK":
            check_archive(file, source.name)
        file.seek(0)
        try:
            yield calamine.load_workbook(file)
        except calamine.PasswordError as error:
            raise ProtectedFile(file=source.name) from error
        except calamine.CalamineError as error:
            raise DamagedFile(file=source.name, format="Excel", detail=str(error)) from error
        except BaseException as error:
            if type(error).__name__ != "PanicException":  # the Rust reader giving up is no Exception
                raise
            raise DamagedFile(file=source.name, format="Excel", detail="unreadable structure") from error


def _sheet_names(book: Any) -> tuple[list[str], list[str]]:
    import python_calamine as calamine

    sheets = [m for m in book.sheets_metadata if m.typ == calamine.SheetTypeEnum.WorkSheet]
    visible = [m.name for m in sheets if m.visible == calamine.SheetVisibleEnum.Visible]
    return visible, [m.name for m in sheets if m.name not in visible]


def _size(book: Any, name: str) -> dict[str, Any]:
    sheet = book.get_sheet_by_name(name)
    return {"name": name, "rows": sheet.height if sheet.start else 0, "columns": sheet.width}


def _choose(source: Source, asked: str | None, names: list[str], sizes: list[dict[str, Any]]) -> str:
    if asked is not None:
        if asked not in names:
            raise NoSuchPart(
                file=source.name, kind_zh="工作表", kind_en="sheet", name=asked, present=several(names)
            )
        return asked
    filled = [size for size in sizes if size["rows"]]
    if not filled:
        raise NoRecords(file=source.name, detail_zh="所有工作表都是空的", detail_en="every sheet is empty")
    best = max(filled, key=lambda size: (size["columns"] > 1, size["rows"] * min(size["columns"], 50)))
    return str(best["name"])


def _spans(sheet: Any) -> Spans:
    """Merged cells: row -> column within the used range -> (rows, columns), all 0-based."""
    found: Spans = {}
    left = sheet.start[1] if sheet.start else 0
    for (top, first), (bottom, last) in sheet.merged_cell_ranges or []:
        if first >= left:
            found.setdefault(top, {})[first - left] = (bottom - top + 1, last - first + 1)
    return found


def _rows(sheet: Any, limit: int) -> Iterator[tuple[int, list[str | None]]]:
    for number, cells in enumerate(sheet.iter_rows(), 1):
        if number > limit:
            return
        yield number, [cell_text(cell) for cell in cells]


def cell_text(cell: Any) -> str | None:
    """A cell as text: whole numbers without a point, days without a midnight."""
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime):
        if cell.time() == dt.time():
            return cell.date().isoformat()
        return cell.isoformat(sep=" ", timespec="microseconds" if cell.microsecond else "seconds")
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    if isinstance(cell, dt.timedelta):
        seconds = int(cell.total_seconds())
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return str(cell) if cell is not None else None


def _is_section(cells: list[str | None], spans: dict[int, tuple[int, int]]) -> bool:
    """One text merged over at least half of the row."""
    wide = [place for place, (_, across) in spans.items() if across > 1 and across * 2 >= len(cells)]
    return bool(wide) and sum(1 for cell in cells if cell) == 1 and bool(cells[wide[0]])


def blocks(source: Source, plan: Plan, log: Log) -> Iterator[Block]:
    """The rows below the header; section titles and notes are set aside, merged cells filled down."""
    with _workbook(source) as book:
        sheet = book.get_sheet_by_name(plan.sheet)
        total = max(sheet.total_height, 1)
        rows: list[list[str | None]] = []
        lines: list[int] = []
        for line, cells in _data(sheet, plan, log):
            rows.append(cells)
            lines.append(line)
            if len(rows) == _ROWS:
                log.taken = source.size * line // total
                yield row_block(plan, rows, lines)
                rows, lines = [], []
        if rows:
            yield row_block(plan, rows, lines)


def _data(sheet: Any, plan: Plan, log: Log) -> Iterator[tuple[int, list[str | None]]]:
    spans, header = _spans(sheet), plan.header_row or 0
    held: dict[int, tuple[int, str | None]] = {}
    long: Counter[int] = Counter()
    for line, raw in enumerate(sheet.iter_rows(), 1):
        if line <= header:
            continue
        cells = [cell_text(cell) for cell in raw]
        merged = spans.get(line - 1, {})
        if _is_section(cells, merged) or _is_footnote(cells):
            reason = "note-row" if is_footer(next(filter(None, cells)) or "") else "section-row"
            log.aside.add(line, reason, "\t".join(cell or "" for cell in cells))
            continue
        log.count("merged-filled", _fill(cells, held, line))
        for place, (down, _) in merged.items():
            if down > 1 and cells[place]:
                held[place] = (line + down - 1, cells[place])
        if not any(cells):
            log.count("blank-lines")
            continue
        long.update(
            place for place, cell in enumerate(raw) if isinstance(cell, float) and abs(cell) >= _EXACT
        )
        yield line, cells
    names = {column.position - 1: column.name for column in plan.columns}
    for place, count in sorted(long.items()):
        log.notes.append(make_note("excel-digits", column=names.get(place, str(place + 1)), count=count))


def _is_footnote(cells: list[str | None]) -> bool:
    filled = [cell for cell in cells if cell]
    return len(cells) > 2 and len(filled) == 1 and is_footer(filled[0] or "")


def _fill(cells: list[str | None], held: dict[int, tuple[int, str | None]], line: int) -> int:
    """Put the text of cells merged over several rows into the rows below; gives how many were filled."""
    filled = 0
    for place, (until, value) in list(held.items()):
        if line > until:
            del held[place]
        elif not cells[place]:
            cells[place] = value
            filled += 1
    return filled
