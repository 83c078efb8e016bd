"""What tables give away without any statement: doubled rows, wrong averages and totals, lists too long."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from kaishu.base.errors import Said
from kaishu.evaluation.auditing.errors import TableUnreadable
from kaishu.evaluation.auditing.formulas import Rows, decimals_of, half_up, read_number, written
from kaishu.evaluation.auditing.tables import Tables

#: A file of this name in the folder says what tables are: columns ``table`` and ``title``.
TITLES = "titles"
#: Tables longer than this are registers, where equal numbers in two rows mean nothing.
MOST_ROWS = 200
#: Bytes of a file that may be a printed table.
LARGEST = 1024 * 1024
#: Shares further from 100 than this are parts of something longer.
_NEARLY = 5
_COUNTER = re.compile(r"(?:row|seq|rank|position|id|序号|排名|名次)$|(?:^|_)no$", re.I)
_REMARK = re.compile(r"note|remark|quote|说明|备注", re.I)
_TOP = re.compile(
    r"前(\d{1,3}|十|五|三|二十)(?![\d季年月天日周次期])|top[ _-]?(\d{1,3}|ten|five|three|twenty)(?![\da-z])",
    re.I,
)
_TENS = {"十": 10, "五": 5, "三": 3, "二十": 20, "ten": 10, "five": 5, "three": 3, "twenty": 20}
_AVERAGE = re.compile(r"(?:average|mean|avg)_(?P<of>\w+)|(?P<each>\w+)_per_(?P<by>\w+)|平均(?P<zh>\w+)")
_PERCENT = re.compile(r"(?:^|_)(?:percent|share)$|占比|比例|百分比", re.I)
_TOTAL = re.compile(r"合计|总计|总和|全国|total|sum", re.I)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something odd in a table; ``lines`` are those of its file."""

    table: str
    lines: tuple[int, ...]
    said: Said

    def as_dict(self) -> dict[str, Any]:
        """For machines."""
        return {"table": self.table, "lines": list(self.lines), "zh": str(self.said), "en": self.said.en}


def scan_tables(tables: Tables) -> list[Finding]:
    """Findings in all tables below the folder, table by table; other files are passed over."""
    titles = {}
    if TITLES in tables.files:
        known = tables.rows(TITLES)
        if {"table", "title"} <= set(known.columns):
            table, title = known.columns["table"], known.columns["title"]
            titles = {row[table].removesuffix(".csv"): row[title] for row in known.rows}
    found: list[Finding] = []
    for path in tables.files:
        if path == TITLES:
            continue
        rows = _small(tables, path)
        if rows is None:
            continue
        found += _too_long(path, rows, titles.get(path, ""))
        if len(rows.rows) <= MOST_ROWS:
            found += [*_doubled(path, rows), *_averages(path, rows), *_totals(path, rows)]
            found += [*_shares(path, rows), *_contradictions(path, rows)]
    return found


def _small(tables: Tables, path: str) -> Rows | None:
    if tables.files[path].stat().st_size > LARGEST:
        return None
    try:
        return tables.rows(path)
    except TableUnreadable:
        return None


def heads_of(rows: Rows) -> list[str]:
    """Plain column names in their order."""
    return [name for name in rows.columns if "." not in name]


def _too_long(path: str, rows: Rows, title: str) -> Iterator[Finding]:
    said = _TOP.search(title) or _TOP.search(path.rpartition("/")[2])
    if not said:
        return
    word = (said[1] or said[2]).lower()
    most = int(word) if word.isdecimal() else _TENS[word]
    if len(rows.rows) > most:
        lines = tuple(rows.lines[most:])
        yield Finding(
            path,
            lines,
            Said(f"应为前{most}名，却有{len(rows.rows)}行", f"a top {most}, yet {len(rows.rows)} rows"),
        )


def _numeric(rows: Rows) -> dict[str, list[Fraction | None]]:
    """Columns that hold numbers only, counters left out."""
    found = {}
    for head in heads_of(rows):
        cells = [row[rows.columns[head]] for row in rows.rows]
        numbers = [read_number(cell) for cell in cells]
        if (
            any(cells)
            and not _COUNTER.search(head)
            and all(n is not None for n, c in zip(numbers, cells, strict=True) if c)
        ):
            found[head] = numbers
    return found


def _doubled(path: str, rows: Rows) -> Iterator[Finding]:
    counted = [rows.columns[head] for head in heads_of(rows) if not _COUNTER.search(head)]
    whole = Said("整行重复", "the whole row is repeated")
    yield from _repeats(path, rows, counted, whole, least=2, filled=_keys(rows))
    numeric = _numeric(rows)
    labels = [head for head in heads_of(rows) if head not in numeric and not _COUNTER.search(head)]
    counters = any(_COUNTER.search(head) for head in heads_of(rows))
    if len(labels) == 1 and counters and len(numeric) >= 2:
        yield from _repeats(
            path,
            rows,
            [rows.columns[labels[0]]],
            Said("同一对象出现两次", "the same subject stands twice"),
            least=1,
        )
        large = [
            rows.columns[h]
            for h, numbers in numeric.items()
            if any(n is not None and n >= 100 for n in numbers)
        ]
        pairs = [(a, b) for i, a in enumerate(large) for b in large[i + 1 :]]
        for pair in pairs:
            words = Said("不同对象的数完全相同", "different subjects have the same numbers")
            yield from _repeats(path, rows, list(pair), words, least=2)


def _keys(rows: Rows) -> list[int]:
    """Columns that tell rows apart where they are filled; a row without them is not known to be another's."""
    found = []
    for head in heads_of(rows):
        filled = [cell for row in rows.rows if (cell := row[rows.columns[head]].strip())]
        if (
            filled
            and not _COUNTER.search(head)
            and not _REMARK.search(head)
            and len(set(filled)) > 0.8 * len(filled)
        ):
            found.append(rows.columns[head])
    return found


def _repeats(
    path: str, rows: Rows, columns: Sequence[int], words: Said, *, least: int, filled: Sequence[int] = ()
) -> Iterator[Finding]:
    seen: dict[tuple[str, ...], list[int]] = {}
    for row, line in zip(rows.rows, rows.lines, strict=True):
        if not all(row[at].strip() for at in filled):
            continue
        key = tuple(row[at].strip() for at in columns)
        if sum(map(bool, key)) >= least:
            seen.setdefault(key, []).append(line)
    for key, lines in seen.items():
        if len(lines) > 1:
            shown = "、".join(part for part in key[:4] if part)
            yield Finding(path, tuple(lines), Said(f"{words}：{shown}", f"{words.en}: {shown}"))


def _averages(path: str, rows: Rows) -> Iterator[Finding]:
    """Columns named as averages against the quotient of the two columns that they are of."""
    numeric = _numeric(rows)
    plain = [head for head in numeric if not _AVERAGE.fullmatch(head)]
    for head in numeric:
        named = _AVERAGE.fullmatch(head)
        of = (named["of"] or named["each"] or named["zh"]) if named else None
        if not named or of not in numeric:
            continue
        divisors = [
            each for each in plain if each != of and (not named["by"] or each.rstrip("s") == named["by"])
        ]
        if len(divisors) != 1:
            continue
        for at, line in enumerate(rows.lines):
            total, count = numeric[of][at], numeric[divisors[0]][at]
            printed = rows.rows[at][rows.columns[head]]
            average = read_number(printed) if printed else None
            if total is None or not count or average is None:
                continue
            found = half_up(total / count, decimals_of(printed))
            if found != average:
                yield Finding(
                    path,
                    (line,),
                    Said(
                        f"{head} 印作{printed}，{of}/{divisors[0]} 得{written(found)}",
                        f"{head} is printed as {printed}; {of}/{divisors[0]} gives {written(found)}",
                    ),
                )


def _totals(path: str, rows: Rows) -> Iterator[Finding]:
    """A row called total, standing last, against the sum of the rows before it."""
    if len(rows.rows) < 3 or not any(_TOTAL.fullmatch(cell.strip()) for cell in rows.rows[-1]):
        return
    for head, numbers in _numeric(rows).items():
        parts, total = [n for n in numbers[:-1] if n is not None], numbers[-1]
        if total is not None and parts and sum(parts) != total:
            shown = written(sum(parts, Fraction(0)))
            yield Finding(
                path,
                (rows.lines[-1],),
                Said(
                    f"{head} 合计印作{written(total)}，各行相加得{shown}",
                    f"{head} sums to {shown}, printed {written(total)}",
                ),
            )


def _shares(path: str, rows: Rows) -> Iterator[Finding]:
    """Percentages of one subject that nearly sum to 100 but miss it by more than rounding explains."""
    heads = heads_of(rows)
    labels = [head for head in heads if head not in _numeric(rows) and not _REMARK.search(head)]
    column = "value" if {"value", "unit"} <= set(heads) else next(filter(_PERCENT.search, heads), "")
    group = (
        "subject" if "subject" in heads else next((each for each in labels if not _COUNTER.search(each)), "")
    )
    if not column or not group:
        return
    groups: dict[str, list[tuple[int, str]]] = {}
    for row, line in zip(rows.rows, rows.lines, strict=True):
        cell = row[rows.columns[column]]
        if (column != "value" or row[rows.columns["unit"]].strip() in ("%", "％")) and read_number(
            cell
        ) is not None:
            groups.setdefault(row[rows.columns[group]], []).append((line, cell))
    for name, cells in groups.items():
        total = sum((read_number(cell) or Fraction(0) for _, cell in cells), Fraction(0))
        slack = sum((Fraction(1, 2) / 10 ** decimals_of(cell) for _, cell in cells), Fraction(0))
        if len(cells) > 1 and slack < abs(total - 100) <= _NEARLY:
            lines = tuple(line for line, _ in cells)
            shown = written(total)
            yield Finding(
                path,
                lines,
                Said(
                    f"{name} 所列占比相加得{shown}，不是100",
                    f"the shares listed of {name} sum to {shown}, not 100",
                ),
            )


def _contradictions(path: str, rows: Rows) -> Iterator[Finding]:
    """One subject and category in one unit with two values."""
    if not {"subject", "value"} <= set(rows.columns):
        return
    named = [rows.columns[head] for head in ("subject", "category", "place", "unit") if head in rows.columns]
    seen: dict[tuple[str, ...], dict[str, int]] = {}
    for row, line in zip(rows.rows, rows.lines, strict=True):
        if cell := row[rows.columns["value"]].strip():
            seen.setdefault(tuple(row[at].strip() for at in named), {}).setdefault(cell, line)
    for key, values in seen.items():
        if len({read_number(cell) or cell for cell in values}) > 1:
            words, cells = " ".join(part for part in key if part), "、".join(values)
            yield Finding(
                path,
                tuple(values.values()),
                Said(f"{words} 有不同的值：{cells}", f"{words} has several values: {cells}"),
            )
