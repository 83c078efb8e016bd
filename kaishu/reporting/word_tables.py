"""Tables and charts of a Word file, as the XML of one table each.

Word lays out what it is told: the width of every column is worked out here from what stands in it, and the
PDF takes the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from kaishu.reporting.drawing import halves
from kaishu.reporting.model import Bars, Facts, Table, Tile, Tiles, printable

_SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#: Between the margins of A4, in twentieths of a point.
_WIDE = 9638
_SIZE, _SMALL = 18, 15  # halves of a point
_MANY = 6  # columns beyond which letters are small where it is tight
_PAD = 100
_LINE, _HEAD = "D8D2C4", "F2EEE4"
_FULL, _EMPTY, _MARK = "2F6B66", "E7E6E2", "B5342B"
_BLOCKS = 50  # columns that the longest bar takes
_LABEL, _MOST_SAID = 2600, 3000
_BOLD = 1.15  # how much wider heads are
_TOGETHER = 20  # rows that stay on one page


@dataclass(frozen=True, slots=True)
class _Cell:
    """``fill`` is its colour, ``mark`` draws a line at its right edge."""

    text: str = ""
    span: int = 1
    side: str = "left"
    bold: bool = False
    fill: str = ""
    mark: bool = False


def table_xml(table: Table) -> str:
    """A table whose heads are repeated on every page; empty without heads and rows."""
    rows = [*([table.heads] if table.heads else []), *table.rows]
    if not rows:
        return ""
    cells = [
        [
            _Cell(
                text,
                side="right" if at in table.numbers else "left",
                bold=bool(table.heads) and line == 0,
                fill=_HEAD if table.heads and line == 0 else "",
            )
            for at, text in enumerate(row)
        ]
        for line, row in enumerate(rows)
    ]
    size, widths = layout(table)
    return _written(widths, cells, size=size, heads=1 if table.heads else 0)


def layout(table: Table) -> tuple[int, list[int]]:
    """Size of the letters, in halves of a point, and the widths of the columns; of a table that has some."""
    crowded = len(table.heads or table.rows[0]) > _MANY and sum(_needs(table, _SIZE)) > _WIDE
    size = _SMALL if crowded else _SIZE
    return size, _widths(table, size)


def facts_xml(facts: Facts) -> str:
    """Pairs, the word to the left of what it is."""
    rows = [[_Cell(word, bold=True), _Cell(is_)] for word, is_ in facts.pairs]
    return _written([2600, _WIDE - 2600], rows) if rows else ""


def bars_xml(chart: Bars) -> str:
    """Bars as filled cells, from the label to what is said; the mark is a line at its place."""
    if not chart.bars:
        return ""
    need = max(halves(printable(bar.said)) for bar in chart.bars) * 100 + 2 * _PAD + 60
    said = min(_MOST_SAID, max(900, need))
    block = (_WIDE - _LABEL - said) // _BLOCKS
    rows = []
    for bar in chart.bars:
        full, mark = _blocks(bar.part), None if bar.mark is None else _blocks(bar.mark)
        cells = [_Cell(bar.label)]
        edges = sorted({0, full, _BLOCKS, *([] if mark is None else [max(1, mark)])})
        for left, right in pairwise(edges):
            fill = _FULL if right <= full else _EMPTY
            cells.append(_Cell(span=right - left, fill=fill, mark=mark is not None and right == max(1, mark)))
        rows.append([*cells, _Cell(bar.said)])
    return _written([_LABEL, *[block] * _BLOCKS, said], rows, lines=False)


def tiles_xml(chart: Tiles) -> str:
    """A grid; the place of a cell is the place of its tile."""
    wide = max((tile.column + 1 for tile in chart.tiles), default=1)
    tall = max((tile.row + 1 for tile in chart.tiles), default=1)
    rows = [[_Cell() for _ in range(wide)] for _ in range(tall)]
    for tile in chart.tiles:
        text = f"{tile.label}\n{tile.said}" if tile.said else tile.label
        rows[tile.row][tile.column] = _Cell(text, side="center", fill=_shade(tile))
    return _written([_WIDE // wide] * wide, rows, size=_SMALL, lines=False)


def _blocks(part: float) -> int:
    return round(_BLOCKS * min(1.0, max(0.0, part)))


def _shade(tile: Tile) -> str:
    """The colour of bars over white, at most half of it, so that words stay readable."""
    part = 0.0 if tile.part is None else 0.06 + 0.44 * min(1.0, max(0.0, tile.part))
    return "".join(f"{round(255 - part * (255 - int(_FULL[at : at + 2], 16))):02X}" for at in (0, 2, 4))


def _needs(table: Table, size: int) -> list[int]:
    """What the longest cell of each column takes; heads of several words may wrap."""
    found = []
    for at in range(len(table.heads or table.rows[0])):
        head = printable(table.heads[at]) if table.heads else ""
        piece = min(
            16, max((halves(word) * (_BOLD if word.isascii() else 1) for word in head.split()), default=0)
        )
        lines = [line for row in table.rows for line in printable(row[at]).split("\n")]
        need = max(4, piece, max(map(halves, lines), default=0))
        found.append(round(need * size * 5.4) + 2 * _PAD + 40)
    return found


def _widths(table: Table, size: int) -> list[int]:
    """What each needs and a part of what is left, or numbers as they need and words by their length."""
    needs = _needs(table, size)
    words = [at for at in range(len(needs)) if at not in table.numbers]
    left = _WIDE - sum(needs)
    if left >= 0:  # words take more of it than numbers
        parts = [3 if at in words else 1 for at in range(len(needs))]
        return [need + left * part // sum(parts) for need, part in zip(needs, parts, strict=True)]
    rest = _WIDE - sum(need for at, need in enumerate(needs) if at not in words)
    if not words or rest < 700 * len(words):  # too many numbers: all columns shrink
        return [max(1, need * _WIDE // sum(needs)) for need in needs]
    roots = {at: needs[at] ** 0.5 for at in words}  # the root keeps a long column from starving the others
    shares = {at: max(500, int(rest * roots[at] / sum(roots.values()))) for at in words}
    least = {at: min(shares[at] * 2, _longest_word(table, at, size)) for at in words}
    lacking = {at: least[at] - shares[at] for at in words if least[at] > shares[at]}
    spare = {at: shares[at] - least[at] for at in words if least[at] < shares[at]}
    if lacking and sum(spare.values()) >= sum(lacking.values()):  # words are not broken where there is room
        part = sum(lacking.values()) / sum(spare.values())
        shares = {
            at: least[at] if at in lacking else shares[at] - round(spare.get(at, 0) * part) for at in words
        }
    return [shares.get(at, need) for at, need in enumerate(needs)]


def _longest_word(table: Table, at: int, size: int) -> int:
    """What the longest Latin word of a column takes; Chinese ones may break anywhere."""
    cells = [row[at] for row in table.rows] + ([table.heads[at]] if table.heads else [])
    words = (word for cell in cells for word in printable(cell).split() if word.isascii())
    return round(_BOLD * min(16, max(map(len, words), default=0)) * size * 5.4) + 2 * _PAD + 40


def _written(
    widths: Sequence[int],
    rows: Sequence[Sequence[_Cell]],
    *,
    size: int = _SIZE,
    heads: int = 0,
    lines: bool = True,
) -> str:
    line = f'w:val="single" w:sz="4" w:space="0" w:color="{_LINE}"'
    borders = "".join(f"<w:{side} {line}/>" for side in ("top", "bottom", "insideH")) if lines else ""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    body = []
    for place, row in enumerate(rows):
        own = "<w:cantSplit/>" + ("<w:tblHeader/>" if place < heads else "")
        together = place < heads or (place < len(rows) - 1 and len(rows) <= _TOGETHER)
        cells, at = [], 0
        for cell in row:
            width = sum(widths[at : at + cell.span])
            cells.append(_cell(cell, width, size, together=together, lines=lines))
            at += cell.span
        body.append(f"<w:tr><w:trPr>{own}</w:trPr>{''.join(cells)}</w:tr>")
    return (
        f'<w:tbl xmlns:w="{_SPACE}"><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f"<w:tblBorders>{borders}</w:tblBorders>"
        '<w:tblLayout w:type="fixed"/><w:tblCellMar>'
        f'<w:left w:w="{_PAD}" w:type="dxa"/><w:right w:w="{_PAD}" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(body)}</w:tbl>"
    )


def _cell(cell: _Cell, width: int, size: int, *, together: bool, lines: bool) -> str:
    borders = []
    if not lines and cell.fill:  # white lines part one bar or tile from the next
        borders += [f'<w:{side} w:val="single" w:sz="24" w:color="FFFFFF"/>' for side in ("top", "bottom")]
    if cell.mark:
        borders.append(f'<w:right w:val="single" w:sz="18" w:color="{_MARK}"/>')
    order = ("top", "left", "bottom", "right")
    borders.sort(key=lambda each: order.index(each[3:].split()[0]))
    own = f'<w:tcW w:w="{width}" w:type="dxa"/>'
    own += f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    own += f"<w:tcBorders>{''.join(borders)}</w:tcBorders>" if borders else ""
    own += f'<w:shd w:val="clear" w:color="auto" w:fill="{cell.fill}"/>' if cell.fill else ""
    own += '<w:vAlign w:val="center"/>' if not lines else ""
    form = ("<w:keepNext/>" if together else "") + '<w:spacing w:before="30" w:after="30" w:line="240"/>'
    form += "" if cell.side == "left" else f'<w:jc w:val="{cell.side}"/>'
    letters = ("<w:b/>" if cell.bold else "") + f'<w:sz w:val="{size}"/>'
    text = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in printable(cell.text).split("\n")
    )
    run = f"<w:r><w:rPr>{letters}</w:rPr>{text}</w:r>" if cell.text else ""
    return f"<w:tc><w:tcPr>{own}</w:tcPr><w:p><w:pPr>{form}</w:pPr>{run}</w:p></w:tc>"
