"""A list of printed statements, read from CSV: every cell that cannot be used is named, all at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kaishu.base.errors import Said
from kaishu.base.problems import CellProblem
from kaishu.evaluation.auditing.errors import BadFormula, BadStatements, TableUnreadable
from kaishu.evaluation.auditing.formulas import Formula, Rows, parse_formula
from kaishu.evaluation.auditing.plain import arithmetic_in
from kaishu.evaluation.auditing.printed import RELATIONS, Printed, read_printed
from kaishu.evaluation.auditing.tables import read_table
from kaishu.evaluation.auditing.verdicts import VERDICTS

#: Columns and their Chinese names; only ``value`` must be there.
COLUMNS: dict[str, str] = {
    "source": "来源",
    "figure_or_table": "图表",
    "statement": "陈述",
    "value": "数值",
    "unit": "单位",
    "relation": "关系",
    "recomputable_from": "数据",
    "compute": "算式",
    "base": "基数",
    "otherwise": "另算",
    "reason": "另算理由",
    "recomputed_value": "重算值",
    "agrees": "相符",
    "check_kind": "核对方式",
    "note": "说明",
}
MOST_BASE = 10_000_000


@dataclass(frozen=True, slots=True)
class Statement:
    """A printed figure and how it may be checked; ``line`` is that of the file.

    ``formula`` computes it, or ``base`` is the whole number that a percentage is of; ``otherwise`` are other
    reckonings, agreeing partly for the ``reason``; ``tables`` are those its formulas mean first; ``written``
    says whether the formula was given or found in the words, ``borrowed`` whether it is of the shipped list;
    ``agrees`` is a verdict reached elsewhere.
    """

    line: int
    source: str
    place: str
    text: str
    printed: Printed
    unit: str
    formula: Formula | None
    written: bool
    base: int | None
    otherwise: tuple[Formula, ...]
    other_bases: tuple[int, ...]
    reason: str
    tables: tuple[str, ...]
    agrees: str
    note: str
    borrowed: bool = False


def read_statements(path: Path) -> list[Statement]:
    """Read a file.  Raises ``BadStatements`` with every line and column to mend, ``TableUnreadable``."""
    table = read_table(path, path.name.removesuffix(".csv"))
    names = {chinese: name for name, chinese in COLUMNS.items()}
    places = {names.get(head, head): at for head, at in table.columns.items() if "." not in head}
    if "value" not in places:
        raise TableUnreadable(
            file=path.name, reason_zh="没有“value”（数值）列", reason_en='it has no column "value"'
        )
    reader = _Reader(table, places)
    found = [reader.statement(row, line) for row, line in zip(table.rows, table.lines, strict=True)]
    if reader.problems:
        raise BadStatements(path.name, reader.problems)
    return found


class _Reader:
    def __init__(self, table: Rows, places: Mapping[str, int]) -> None:
        self.table, self.places = table, places
        self.problems: list[CellProblem] = []

    def wrong(self, line: int, column: str, zh: str, en: str) -> None:
        self.problems.append(CellProblem(line, column, Said(zh, en)))

    def statement(self, row: tuple[str, ...], line: int) -> Statement:
        cells = {name: row[at].strip() for name, at in self.places.items()}
        unit, comes_from = cells.get("unit", "").replace("％", "%"), cells.get("recomputable_from", "")
        formula = self.formula(cells.get("compute", ""), line, "compute")
        bases = self.bases(cells.get("base", ""), line)
        relation = cells.get("relation", "").lower()
        if relation and relation not in RELATIONS:
            known = ", ".join(RELATIONS)
            self.wrong(
                line,
                "relation",
                f"没有关系“{relation}”；有：{known}",
                f'there is no "{relation}" but {known}',
            )
            relation = ""
        if not cells["value"]:
            self.wrong(line, "value", "没有印出的值", "there is no printed value")
        printed = read_printed(cells["value"], relation)
        if bases and printed.number is None:
            self.wrong(line, "value", f"“{cells['value']}”不是数", f'"{cells["value"]}" is no number')
        agrees = cells.get("agrees", "").lower()
        if agrees and agrees not in VERDICTS:
            known = ", ".join(VERDICTS)
            self.wrong(line, "agrees", f"应为 {known} 之一", f"it should be one of {known}")
        found = Statement(
            line=line,
            source=cells.get("source", ""),
            place=cells.get("figure_or_table", ""),
            text=cells.get("statement", ""),
            printed=printed,
            unit=unit,
            formula=formula,
            written=formula is not None,
            base=bases[0] if bases else None,
            otherwise=self.others(cells.get("otherwise", ""), line),
            other_bases=tuple(bases[1:]),
            reason=cells.get("reason", ""),
            tables=tuple(part.strip().removesuffix(".csv") for part in comes_from.split(";") if part.strip()),
            agrees=agrees,
            note=cells.get("note", ""),
        )
        if formula is None and not bases:
            plain = arithmetic_in(comes_from, unit) or arithmetic_in(found.text, unit)
            return replace(found, formula=plain)
        return found

    def formula(self, text: str, line: int, column: str) -> Formula | None:
        if not text:
            return None
        try:
            return parse_formula(text)
        except BadFormula as error:
            self.problems.append(CellProblem(line, column, error.said))
            return None

    def others(self, text: str, line: int) -> tuple[Formula, ...]:
        read = (self.formula(part.strip(), line, "otherwise") for part in text.split(";"))
        return tuple(each for each in read if each is not None)

    def bases(self, text: str, line: int) -> list[int]:
        parts = [part.strip() for part in text.split(";") if part.strip()]
        good = [int(part) for part in parts if part.isdecimal() and 0 < int(part[:20]) <= MOST_BASE]
        if len(good) < len(parts):
            self.wrong(
                line,
                "base",
                f"“{text}”应为正整数，多个以分号分开",
                f'"{text}" should be whole numbers parted by ;',
            )
        return good
