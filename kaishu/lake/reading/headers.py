"""Where the header of a grid is, and what its columns are to be called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kaishu.lake.reading.kinds import kind_of
from kaishu.lake.reading.notes import Note, make_note

LOOK = 60  # rows in which a header is looked for
_NAME_LIMIT = 200
_BLANKS = re.compile(r"\s+")


@dataclass(slots=True)
class GridRow:
    """A row of a grid: 1-based line, cells as text, spans of merged cells as column -> (rows, columns)."""

    line: int
    cells: list[str | None]
    spans: dict[int, tuple[int, int]] = field(default_factory=dict)

    def filled(self) -> int:
        """Cells that hold something."""
        return sum(1 for cell in self.cells if cell)


@dataclass(slots=True)
class Header:
    """What was found: names as written, the line of the last header row (0: there is none)."""

    names: list[str]
    row: int
    notes: list[Note] = field(default_factory=list)


def find_header(rows: Sequence[GridRow], width: int, header_row: int | None = None) -> Header | None:
    """The header of a grid of ``width`` columns; None if ``header_row`` is not among ``rows``.

    Comment lines and title rows (fewer than half of the cells filled) above it are passed over and noted.
    """
    if header_row == 0:
        return _headless(width)
    if header_row is not None:
        place = next((i for i, row in enumerate(rows) if row.line == header_row), None)
        if place is None or not rows[place].filled():
            return None
        return _named(rows, width, (_group_above(rows, place), place))
    place = _first_full(rows, width)
    if _is_data(rows[place], rows[place + 1 : place + LOOK]):
        return _headless(width)
    first = _group_above(rows, place)
    return _named(rows, width, (first, place + _rows_below(rows, place) if first == place else place))


def _first_full(rows: Sequence[GridRow], width: int) -> int:
    """The first row that is about as full as the others are."""
    counts = sorted(row.filled() for row in rows if row.filled() > 1)
    usual = counts[len(counts) // 2] if counts else 1
    enough = max(-(-usual // 2), 2) if counts else 1
    for place, row in enumerate(rows):
        if row.filled() >= enough and not _is_comment(row, width):
            return place
    return next((place for place, row in enumerate(rows) if row.filled()), 0)


def _is_comment(row: GridRow, width: int) -> bool:
    return (row.cells[0] or "").lstrip().startswith("#") and (width == 1 or row.filled() < width)


def _is_data(row: GridRow, below: Sequence[GridRow]) -> bool:
    """Whether a row looks like the rows below it rather than like their header."""
    for_data = against = 0
    for place, cell in enumerate(row.cells):
        kinds = Counter(
            kind_of(other.cells[place]) for other in below if place < len(other.cells) and other.cells[place]
        )
        if not cell or not kinds:
            continue
        most, count = kinds.most_common(1)[0]
        if count < 0.8 * sum(kinds.values()) or most == "text":
            continue
        kind = kind_of(cell)
        if kind == most or (kind == "number" and most in ("integer", "year")):
            for_data += 1
        elif kind in ("text", "year"):
            against += 1
    return for_data > 0 and against == 0


def _headless(width: int) -> Header:
    names = [f"列{position}" for position in range(1, width + 1)]
    return Header(names, 0, [make_note("no-header")])


def _group_above(rows: Sequence[GridRow], place: int) -> int:
    """Index of the first row of a header of two rows that ends at ``place``, or ``place``."""
    if place == 0:
        return place
    above, row = rows[place - 1], rows[place]
    gaps = {i for i, cell in enumerate(row.cells) if not cell}
    heads = {i for i, cell in enumerate(above.cells) if cell}
    partial = [i for i, (_, across) in above.spans.items() if 1 < across < len(row.cells)]
    if len(heads) < 2 or _is_comment(above, len(row.cells)):
        return place
    return place - 1 if partial or (gaps and gaps <= heads) else place


def _rows_below(rows: Sequence[GridRow], place: int) -> int:
    """How many rows below ``place`` still belong to the header."""
    row = rows[place]
    deep = max((down for i, (down, _) in row.spans.items() if row.cells[i]), default=1)
    if deep > 1:
        return min(deep - 1, len(rows) - place - 2)
    if place + 2 >= len(rows):
        return 0
    under = rows[place + 1]
    gaps = [i for i in range(1, len(row.cells)) if not row.cells[i]]
    filled = [i for i, cell in enumerate(under.cells) if cell]
    if any(across > 1 for _, across in row.spans.values()):
        return 1 if filled and all(kind_of(under.cells[i]) == "text" for i in filled) else 0
    words = all(kind_of(under.cells[i]) == "text" for i in filled)
    fits = len(gaps) >= 2 and set(gaps) <= set(filled) and len(filled) < len(row.cells)
    return 1 if words and fits else 0


def _named(rows: Sequence[GridRow], width: int, part: tuple[int, int]) -> Header:
    first, last = part
    taken = [
        _spread(row, width, under) for row, under in zip(rows[first:last], rows[first + 1 :], strict=False)
    ]
    taken.append(_cells(rows[last], width))
    names = []
    for column in zip(*taken, strict=True):
        parts = [piece for piece in (tidy(cell or "") for cell in column) if piece]
        names.append("_".join(dict.fromkeys(parts)) if len(taken) > 1 else (column[0] or ""))
    header = Header(names, rows[last].line)
    if last > first:
        header.notes.append(make_note("joined-header", count=last - first + 1))
    _note_above(header, rows[:first], width)
    return header


def _cells(row: GridRow, width: int) -> list[str | None]:
    return (row.cells + [None] * width)[:width]


def _spread(row: GridRow, width: int, under: GridRow) -> list[str | None]:
    """A group row with its words carried over the columns that they head."""
    cells = _cells(row, width)
    if row.spans:
        for place, (_, across) in row.spans.items():
            cells[place : place + across] = [cells[place]] * min(across, width - place)
        return cells
    below = _cells(under, width)
    for place in range(1, width):
        if not cells[place] and below[place] and below[place - 1]:
            cells[place] = cells[place - 1]
    return cells


def _note_above(header: Header, above: Sequence[GridRow], width: int) -> None:
    comments = [row for row in above if row.filled() and _is_comment(row, width)]
    titles = [row for row in above if row.filled() and not _is_comment(row, width)]
    for code, kind in (("comment-line", comments), ("title-rows", titles)):
        if kind:
            words = "；".join(" ".join(tidy(cell) for cell in row.cells if cell) for row in kind)
            header.notes.append(make_note(code, count=len(kind), text=words[:300]))


def tidy(name: str) -> str:
    """A header as one line: no control characters, single blanks."""
    kept = "".join(mark if mark.isprintable() else " " for mark in name)
    return _BLANKS.sub(" ", kept).strip()[:_NAME_LIMIT].strip()


def clean_names(written: Sequence[str]) -> tuple[list[str], list[Note]]:
    """Column names for the lake, all different in any letter case, never ``_id``; and notes."""
    taken: set[str] = {"_id"}
    names, notes = [], []
    for position, source in enumerate(written, 1):
        wanted = tidy(source) or f"列{position}"
        name = _untaken(wanted, taken)
        names.append(name)
        if not tidy(source):
            notes.append(make_note("blank-header", position=position, name=name))
        elif name != wanted:
            notes.append(make_note("duplicate-header", position=position, source=wanted, name=name))
        elif name != source:
            notes.append(make_note("changed-header", position=position, source=source, name=name))
    return names, notes


def rename(names: Sequence[str], renamed: Mapping[str, str]) -> list[str]:
    """The names with a person's new ones, still unlike each other."""
    taken = {"_id"} | {name.lower() for name in names if name not in renamed}
    return [_untaken(tidy(renamed[name]) or name, taken) if name in renamed else name for name in names]


def _untaken(wanted: str, taken: set[str]) -> str:
    name, count = wanted, 1
    while name.lower() in taken:
        count += 1
        name = f"{wanted}_{count}"
    taken.add(name.lower())
    return name
