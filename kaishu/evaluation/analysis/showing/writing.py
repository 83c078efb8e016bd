"""What the writers of tables share: one language, numbers as text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from kaishu.base.errors import in_language
from kaishu.evaluation.analysis.wording import SMALLEST_P, shown
from kaishu.reporting import Table


class Words:
    """Says things in ``zh`` or ``en``."""

    def __init__(self, language: str) -> None:
        self.language = language

    def say(self, zh: str, en: str) -> str:
        """The one of the two that is wanted."""
        return en if self.language == "en" else zh

    def told(self, sentence: str) -> str:
        """A sentence that carries its English."""
        return in_language(sentence, self.language)

    def yes(self, holds: bool | None) -> str:
        """Whether an assumption holds."""
        if holds is None:
            return self.say("无法检验", "cannot be tested")
        return self.say("成立", "holds") if holds else self.say("不成立", "broken")

    def table(
        self, title: tuple[str, str], heads: Sequence[tuple[str, str]], rows: Iterable[Sequence[Any]]
    ) -> Table:
        """Floats are shown with four significant digits; columns of numbers are set to the right."""
        given = [list(row) for row in rows]
        right = frozenset(
            place for place in range(len(heads)) if place and all(_is_figure(row[place]) for row in given)
        )
        written = [[_cell(value) for value in row] for row in given]
        return Table(self.say(*title), [self.say(*head) for head in heads], written, right)


class Probability(float):
    """A p-value, which is never shown as 0."""


def as_p(value: float | None) -> Probability | None:
    """Marked to be shown as a probability."""
    return None if value is None else Probability(value)


def _is_figure(value: Any) -> bool:
    """A number, a share in per cent, a place among so many, or nothing."""
    return not isinstance(value, str) or re.fullmatch(r"(-?[\d,.]+%|\d+/\d+|—|)", value) is not None


def _cell(value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, Probability):
        return f"<{SMALLEST_P}" if value < SMALLEST_P else f"{value:.4f}"
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int):
        return f"{value:,}"
    return shown(value, 4) if isinstance(value, float) else str(value)
