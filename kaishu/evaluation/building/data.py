"""Columns of any table to the units of a passport, with every doubtful cell named."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kaishu.base.errors import Said
from kaishu.base.problems import CellProblem
from kaishu.evaluation.building.errors import BadData
from kaishu.evaluation.building.table import Array, Mask, UnitTable
from kaishu.evaluation.system import deciding
from kaishu.evaluation.system.choices import Binary, Levels, Normalisation
from kaishu.evaluation.system.deciding import Condition, OfColumn
from kaishu.evaluation.system.model import Node, Passport, column_of

if TYPE_CHECKING:
    import polars as pl

    from kaishu.lake import ReadOptions

MOST_UNITS = 200_000
NOWHERE: frozenset[str] = frozenset()
_NUMBER = re.compile(r"[-+]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?([eE][-+]?\d+)?")
_WIDE = str.maketrans("０１２３４５６７８９．－＋，", "0123456789.-+,")
_YES = {"1", "是", "有", "yes", "true", "y", "√", "✓"}
_NO = {"0", "否", "无", "no", "false", "n", "×", "✗"}


def read_units(
    path: Path,
    passport: Passport,
    options: ReadOptions | None = None,
    *,
    absent: bool = False,
    elsewhere: Set[str] = NOWHERE,
) -> UnitTable:
    """The units of a file: CSV in any encoding, XLSX, Parquet and so on, as the lake reads them.

    With ``absent`` an indicator whose column is not there is missing for all; columns of ``elsewhere`` come
    from another source.  Raises ``BadData`` and the errors of reading.
    """
    from kaishu import lake

    plan = lake.make_plan(path, path.name, options or lake.ReadOptions())
    names = [column.name for column in plan.columns]
    wanted = wanted_columns(passport)
    kept = [place for place, name in enumerate(names) if name in wanted]
    columns: dict[str, list[Any]] = {names[place]: [] for place in kept}
    lines: list[int] = []
    for line, cells in lake.text_rows(path, path.name, plan):
        lines.append(line)
        if len(lines) > MOST_UNITS:
            raise BadData(path.name, [CellProblem(line, "", too_many())])
        for place in kept:
            columns[names[place]].append(cells[place])
    return make_units(
        columns, passport, source=path.name, known=names, lines=lines, absent=absent, elsewhere=elsewhere
    )


def units_of_frame(
    frame: pl.DataFrame,
    passport: Passport,
    *,
    source: str = "",
    absent: bool = False,
    elsewhere: Set[str] = NOWHERE,
) -> UnitTable:
    """The units of a Polars table.  Raises ``BadData`` with rows counted from 1."""
    if frame.height > MOST_UNITS:
        raise BadData(source, [CellProblem(MOST_UNITS + 1, "", too_many())])
    wanted = wanted_columns(passport)
    columns = {name: frame[name].to_list() for name in frame.columns if name in wanted}
    return make_units(
        columns, passport, source=source, known=frame.columns, absent=absent, elsewhere=elsewhere
    )


def too_many() -> Said:
    """More rows than an evaluation takes."""
    return Said(f"超过{MOST_UNITS:,}个评估对象。", f"There are more than {MOST_UNITS:,} units.")


def make_units(
    columns: Mapping[str, Sequence[Any]],
    passport: Passport,
    *,
    source: str = "",
    known: Sequence[str] = (),
    lines: Sequence[int] = (),
    absent: bool = False,
    elsewhere: Set[str] = NOWHERE,
) -> UnitTable:
    """The units of columns of texts, numbers and None; ``lines`` are their rows in the file.

    ``elsewhere`` are columns that another source has: they need not be here.
    """
    return _Maker(columns, passport, source, known or list(columns), lines, elsewhere).make(absent)


def text_reading(chosen: Normalisation) -> bool:
    """Whether a leaf reads words, not numbers."""
    return isinstance(chosen, Levels | Binary) or chosen == "binary"


def condition_columns(condition: Condition) -> Iterator[OfColumn]:
    """Every comparison of a column inside a condition."""
    if isinstance(condition, OfColumn):
        yield condition
    for each in deciding.inside(condition):
        yield from condition_columns(each)


def conditions_of(passport: Passport) -> list[Condition]:
    """All conditions of vetoes and stages."""
    return [veto.when for veto in passport.vetoes] + [each for stage in passport.stages for each in stage.all]


def wanted_columns(passport: Passport) -> set[str]:
    """Columns that the passport reads."""
    units = passport.units
    found = {each for each in (units.id, units.name, units.class_, units.group, units.period) if each}
    for leaf in passport.leaves():
        found.add(column_of(leaf))
        if leaf.indicator is not None and leaf.indicator.per is not None:
            found.add(leaf.indicator.per)
    for condition in conditions_of(passport):
        found |= {each.column for each in condition_columns(condition)}
    return found


class _Maker:
    def __init__(
        self,
        columns: Mapping[str, Sequence[Any]],
        passport: Passport,
        source: str,
        known: Sequence[str],
        lines: Sequence[int],
        elsewhere: Set[str],
    ) -> None:
        self.columns, self.passport, self.source, self.known = columns, passport, source, known
        self.lines = lines
        self.elsewhere = elsewhere - columns.keys()
        self.missing, self.apart = set(passport.marks.missing), set(passport.marks.not_applicable)
        self.problems: list[CellProblem] = []
        self.numbers: dict[str, Array] = {}
        self.texts: dict[str, tuple[str | None, ...]] = {}
        self.not_applicable: dict[str, Mask] = {}

    def make(self, absent: bool) -> UnitTable:
        units = self.passport.units
        ids = self.words(units.id)
        if ids is not None and not ids:
            self.wrong(0, "", "没有一行数据", "there is no row")
        self.check_ids(ids or [], units.period)
        for leaf in self.passport.leaves():
            self.leaf(leaf, absent, len(ids or ()))
        for condition in conditions_of(self.passport):
            for each in condition_columns(condition):
                self.compared(each)
        names, classes, groups, periods = (
            self.words(column) if column is not None else None
            for column in (units.name, units.class_, units.group, units.period)
        )
        if self.problems:
            problems = sorted(self.problems, key=lambda each: (each.row, each.column))
            raise BadData(self.source, problems)
        named = [name or id for name, id in zip(names or ids or (), ids or (), strict=True)]
        return UnitTable(
            ids=tuple(str(id) for id in ids or ()),
            names=tuple(str(name) for name in named),
            numbers=self.numbers,
            texts=self.texts,
            not_applicable={name: mask for name, mask in self.not_applicable.items() if mask.any()},
            source=self.source,
            classes=tuple(classes or ()),
            groups=tuple(groups or ()),
            periods=tuple(periods or ()),
        )

    def wrong(self, row: int, column: str, zh: str, en: str) -> None:
        self.problems.append(CellProblem(row, column, Said(zh, en)))

    def row(self, place: int) -> int:
        return self.lines[place] if place < len(self.lines) else place + 1

    def there(self, column: str, code: str = "") -> bool:
        """Whether the column is there; a problem with near names if not."""
        if column in self.columns:
            return True
        near = difflib.get_close_matches(column, self.known, 3, 0.5)
        named = near or list(self.known)[:12]
        of_zh, of_en = (f"（指标{code}）", f" (indicator {code})") if code else ("", "")
        self.wrong(
            0,
            column,
            f"数据里没有这一列{of_zh}；{'相近的' if near else ''}有：{'、'.join(named)}",
            f"there is no such column{of_en}; {'near' if near else 'there'} are: {', '.join(named)}",
        )
        return False

    def words(self, column: str | None) -> list[str | None] | None:
        """A column of texts; None if it is not there."""
        if column is None or not self.there(column):
            return None
        found: list[str | None] = []
        for cell in self.columns[column]:
            text = "" if cell is None else str(cell).strip()
            found.append(text or None)
        return found

    def check_ids(self, ids: Sequence[str | None], period: str | None) -> None:
        periods = self.columns.get(period or "", ())
        seen: dict[tuple[str, str], int] = {}
        column = self.passport.units.id
        for place, id in enumerate(ids):
            if id is None:
                self.wrong(self.row(place), column, "缺少评估对象的标识", "the unit has no id")
                continue
            key = (id, str(periods[place]) if place < len(periods) else "")
            if key in seen:
                first = self.row(seen[key])
                self.wrong(
                    self.row(place),
                    column,
                    f"“{id}”重复，第{first}行已有",
                    f'the unit "{id}" is there twice, first in row {first}',
                )
            seen.setdefault(key, place)

    def leaf(self, leaf: Node, absent: bool, count: int) -> None:
        indicator = leaf.indicator
        assert indicator is not None
        column = column_of(leaf)
        if column in self.elsewhere:
            pass
        elif absent and column not in self.columns:
            self.numbers[column] = np.full(count, math.nan)
        elif column not in self.numbers and self.there(column, leaf.code):
            chosen = indicator.normalise or self.passport.normalise
            if text_reading(chosen):
                self.read_words(column, chosen)
            else:
                self.numbers[column] = self.read_numbers(column)
        per = indicator.per
        if per is not None and per not in (self.elsewhere | self.numbers.keys()) and self.there(per):
            self.numbers[per] = self.read_numbers(per)

    def compared(self, condition: OfColumn) -> None:
        if condition.column in self.elsewhere or not self.there(condition.column):
            return
        if isinstance(condition.equals, str):
            self.texts[condition.column] = tuple(self.words(condition.column) or ())
        elif condition.column not in self.numbers:
            self.numbers[condition.column] = self.read_numbers(condition.column)

    def cells(self, column: str, mask: Mask) -> Iterator[tuple[int, Any]]:
        """Places and cells that hold something; those that do not apply are marked."""
        for place, cell in enumerate(self.columns[column]):
            if isinstance(cell, str):
                cell = cell.strip()
                if cell in self.apart:
                    mask[place] = True
                    continue
                if cell in self.missing:
                    continue
            if cell is not None:
                yield place, cell

    def read_numbers(self, column: str) -> Array:
        values = np.full(len(self.columns[column]), math.nan)
        mask = self.not_applicable.setdefault(column, np.zeros(len(values), dtype=bool))
        for place, cell in self.cells(column, mask):
            number = parse_number(cell)
            if number is None:
                shown = str(cell)[:40]
                self.wrong(self.row(place), column, f"“{shown}”不是数字", f'"{shown}" is not a number')
            else:
                values[place] = number
        return values

    def read_words(self, column: str, chosen: Normalisation) -> None:
        scores = word_scores(chosen)
        values = np.full(len(self.columns[column]), math.nan)
        mask = self.not_applicable.setdefault(column, np.zeros(len(values), dtype=bool))
        texts: list[str | None] = [None] * len(values)
        for place, cell in self.cells(column, mask):
            text = plain_word(cell)
            texts[place] = text
            if isinstance(chosen, Binary):
                values[place] = float(text in scores)
            elif (text if isinstance(chosen, Levels) else text.lower()) in scores:
                values[place] = scores[text if isinstance(chosen, Levels) else text.lower()]
            else:
                listed = "、".join(scores)
                self.wrong(
                    self.row(place),
                    column,
                    f"没有“{text[:40]}”这一档；有：{listed}",
                    f'"{text[:40]}" is no level; there are {listed}',
                )
        self.numbers[column], self.texts[column] = values, tuple(texts)


def word_scores(chosen: Normalisation) -> dict[str, float]:
    """Words and the numbers they stand for."""
    if isinstance(chosen, Levels):
        return dict(chosen.levels)
    if isinstance(chosen, Binary):
        return dict.fromkeys(chosen.binary, 1.0)
    return {**dict.fromkeys(sorted(_YES), 1.0), **dict.fromkeys(sorted(_NO), 0.0)}


def plain_word(cell: Any) -> str:
    """A cell as a word: 1.0 is 1."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = str(cell)
    return text[:-2] if re.fullmatch(r"[01]\.0", text) else text


def parse_number(cell: Any) -> float | None:
    """A finite number, thousands separated or full-width as people write them; else None.

    >>> parse_number("1,234.5"), parse_number("12%"), parse_number("nan")
    (1234.5, None, None)
    """
    if isinstance(cell, bool):
        return float(cell)
    if isinstance(cell, str):
        try:
            number = float(cell)
        except ValueError:
            text = cell.translate(_WIDE)
            if not _NUMBER.fullmatch(text) or not any(letter.isdigit() for letter in text):
                return None
            number = float(text.replace(",", ""))
        if "_" in cell:
            return None
    else:
        try:
            number = float(cell)
        except (TypeError, ValueError):
            return None
    return number if math.isfinite(number) and abs(number) < 1e150 else None


def columns_of_rows(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Columns of records such as JSON has them; what a record lacks is None."""
    listed = list(rows)
    names = dict.fromkeys(name for row in listed for name in row)
    return {name: [row.get(name) for row in listed] for name in names}
