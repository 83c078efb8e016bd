"""Words and tables that all reports of a census share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from kaishu.base.errors import in_language
from kaishu.evaluation.census.platforms import REGIONS_EN, Doubt
from kaishu.evaluation.census.reading import LEVELS_EN, column_words
from kaishu.evaluation.systems.rows import AGREEMENTS, Compared, Comparison
from kaishu.reporting import Bar, Bars, Block, Document, Heading, Note, Table

MOST_BARS = 15
MOST_DOUBTS = 200

SCOPES_EN = {"国家": "national", "省域": "provinces", "城市": "cities"}
#: What a printed figure may be about, where that is no name.
_ABOUT_EN = {**LEVELS_EN, **REGIONS_EN, **SCOPES_EN, "嵌入式": "embedded", "独立": "of their own"}

#: A column of a frame: its two heads, and how its cells are said.
Column = tuple[str, str, str, Callable[[Any], str]]


def text(value: Any) -> str:
    """As it is; nothing as a dash."""
    return "—" if value is None or value == "" else str(value)


def whole(value: Any) -> str:
    """A whole number with its thousands."""
    return "—" if value is None else f"{value:,}"


def share(value: Any) -> str:
    """Parts of 1 as a percentage."""
    return "—" if value is None else f"{100 * value:.2f}%"


def decimal(value: Any) -> str:
    """Two decimals."""
    return "—" if value is None else f"{value:.2f}"


def _capital(block: Block) -> Block:
    if not isinstance(block, Table):
        return block
    heads = [each[:1].upper() + each[1:] for each in block.heads]
    return replace(block, title=block.title[:1].upper() + block.title[1:], heads=heads)


class Writer:
    """Blocks in ``zh`` or ``en``."""

    def __init__(self, language: str) -> None:
        self.language = language

    def say(self, zh: str, en: str) -> str:
        """The words of the language."""
        return en if self.language == "en" else zh

    def report(self, title: str, blocks: Sequence[Block]) -> Document:
        """The report; heads and titles of tables begin with a capital in English."""
        return Document(title, self.language, [_capital(each) for each in blocks])

    def heading(self, zh: str, en: str, level: int = 1) -> Heading:
        """A heading."""
        return Heading(self.say(zh, en), level)

    def table(
        self, frame: pl.DataFrame, columns: Sequence[Column], title: str = "", folded: bool = False
    ) -> Table:
        """Some columns of a frame; numbers are set to the right."""
        heads = [self.say(zh, en) for _name, zh, en, _form in columns]
        rows = [
            [form(value) for value, (*_rest, form) in zip(row, columns, strict=True)]
            for row in frame.select([name for name, *_rest in columns]).iter_rows()
        ]
        numbers = frozenset(place for place, column in enumerate(columns) if column[3] is not text)
        return Table(title, heads, rows, numbers, folded)

    def chart(
        self,
        title: str,
        frame: pl.DataFrame,
        label: str,
        value: str,
        form: Callable[[Any], str] = whole,
    ) -> Bars:
        """The first rows as bars; the longest is the largest value."""
        rows = list(frame.select(label, value).head(MOST_BARS).iter_rows())
        most = max((number or 0 for _name, number in rows), default=0) or 1
        return Bars(
            title,
            [Bar(str(name), (number or 0) / most, form(number)) for name, number in rows],
        )

    def section(
        self,
        heading: tuple[str, str],
        title: str,
        found: pl.DataFrame,
        columns: Sequence[Column],
        listed: tuple[str, str],
        *,
        value: str = "",
        newest: bool = False,
        words: Mapping[str, str] | None = None,
    ) -> list[Block]:
        """A heading, the second column (or ``value``) by the first as bars, and the table, folded.

        ``words`` translate the first column; with ``newest`` the bars are of the last rows.
        """
        label = columns[0][0]
        shown = found.with_columns(pl.col(label).replace(words)) if words else found
        value = value or columns[1][0]
        # Years without any are part of a course; a name without any is no bar.
        bars = shown.tail(MOST_BARS) if newest else shown.filter(pl.col(value) > 0)
        return [
            self.heading(*heading),
            self.chart(title, bars, label, value),
            self.table(shown, columns, self.say(*listed), folded=True),
        ]

    def printed(self, rows: Sequence[Compared]) -> list[Block]:
        """What the reports print, beside ours."""
        if not rows:
            return []
        heads = [
            self.say("数字", "figure"),
            self.say("对象", "of"),
            self.say("公布的", "printed"),
            self.say("算出的", "computed"),
            self.say("对照", "verdict"),
            self.say("说明", "why"),
        ]
        cells = [
            [
                in_language(row.what, self.language),
                self.say(row.unit, _ABOUT_EN.get(row.unit, row.unit)) or "—",
                row.printed,
                row.ours or "—",
                in_language(AGREEMENTS[row.agrees], self.language),
                in_language(row.reason, self.language) if row.agrees != "yes" or row.reason else "—",
            ]
            for row in rows
        ]
        summary = in_language(Comparison("census", AGREEMENTS["yes"], rows).summary, self.language)
        return [
            self.heading("与公布的数字对照", "Beside what was printed"),
            Note(summary),
            Table("", heads, [[cell or "—" for cell in row] for row in cells], frozenset({2, 3})),
        ]

    def doubtful(self, doubts: Sequence[Doubt]) -> list[Block]:
        """What is amiss in the data, row by row."""
        if not doubts:
            return []
        heads = [
            self.say("行", "row"),
            self.say("列", "column"),
            self.say("写的", "written"),
            self.say("疑问", "doubt"),
        ]
        rows = [
            [
                str(each.row),
                self.say(*column_words(each.column)),
                each.value[:120],
                in_language(each.said, self.language),
            ]
            for each in doubts[:MOST_DOUBTS]
        ]
        more = len(doubts) - len(rows)
        told = self.say(f"全部{len(doubts)}处", f"all {len(doubts)}")
        if more:
            told = self.say(f"前{len(rows)}处，另有{more}处", f"the first {len(rows)}; {more} more")
        note = self.say(
            "行号是文件里的行，标题行为1。数据照原样计数，没有改动。",
            "Rows are those of the file, the header being 1. The data are counted as they are.",
        )
        return [
            self.heading("数据里的重复和可疑之处", "What is twice or doubtful in the data"),
            Note(note),
            Table(told, heads, rows, frozenset({0}), folded=True),
        ]
