"""Errors that name everything wrong with a file at once, each thing with its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from kaishu.base.errors import Said, Terminal, in_language


class Placed(Protocol):
    """One thing to mend: a dataclass whose fields are its place, and what is ``said`` of it."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def said(self) -> Said:
        """What is wrong."""

    def sentence(self, language: str) -> str:
        """Place and message in one language."""


One = TypeVar("One", bound=Placed)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend in a file: line (from 1; 0 unknown), the key as a path, what is wrong."""

    line: int
    key: str
    said: Said

    def sentence(self, language: str) -> str:
        """Place and message in one language."""
        words = in_language(self.said, language)
        place = (f"line {self.line}" if language == "en" else f"第{self.line}行") if self.line else ""
        return " ".join(part for part in (place, self.key + ":" if self.key else "", words) if part)


@dataclass(frozen=True, slots=True)
class CellProblem:
    """One thing to mend in a table: row of the file (0 unknown), column (may be empty), what is wrong."""

    row: int
    column: str
    said: Said

    def sentence(self, language: str) -> str:
        """Place and message in one language."""
        words = in_language(self.said, language)
        if language == "en":
            place = [f"row {self.row}"] if self.row else []
            place += [f'column "{self.column}"'] if self.column else []
            return f"{', '.join(place)}: {words}" if place else words
        place = [f"第{self.row}行"] if self.row else []
        place += [f"“{self.column}”列"] if self.column else []
        return f"{''.join(place)}：{words}" if place else words


class BadFile(Terminal, Generic[One]):
    """A file cannot be used; every problem is named with its place.

    ``zh`` and ``en`` say ``file``, how many (``count``, in English ``count_en``) and ``summary``, the
    problems a line each.
    """

    code = "base.bad-file"
    zh = "“{file}”有{count}处问题：{summary}"
    en = '"{file}" has {count_en}: {summary}'
    #: So many are told, None for all; the count is of all.
    shown: ClassVar[int | None] = None

    def __init__(self, file: str, problems: Sequence[One], count: int | None = None) -> None:
        self.problems = list(problems)
        listed = [
            {
                **{each.name: getattr(one, each.name) for each in fields(one) if each.name != "said"},
                "zh": str(one.said),
                "en": one.said.en,
            }
            for one in self.problems[: self.shown]
        ]
        super().__init__(file=file, count=count or len(self.problems), problems=listed, summary="")

    def sentence(self, language: str) -> str:
        """The problems, a line each."""
        told = [each.sentence(language) for each in self.problems[: self.shown]]
        count = self.facts["count"]
        if len(told) < count:
            told.append("…")
        count_en = "1 problem" if count == 1 else f"{count} problems"
        facts = {**self.facts, "count_en": count_en, "summary": "".join(f"\n  {each}" for each in told)}
        return (self.en if language == "en" else self.zh).format(**facts)
