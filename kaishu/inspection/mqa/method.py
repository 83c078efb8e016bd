"""The method as data: dimensions, 23 indicators, ratings, options."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "indicators.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A code with its words."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One of the 23; ``about`` is dataset, distribution or either, ``field`` where it is mended."""

    code: str
    metric: str
    dimension: str
    points: int
    about: str
    property: str
    field: str
    zh: str
    en: str
    mend_zh: str
    mend_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the sources leave open, as ``indicators.yaml`` decides it."""

    excellent: int
    good: int
    sufficient: int
    missing_format: int
    missing_media_type: int
    dates_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """All of it."""

    zh: str
    en: str
    edition: str
    source: str
    namespace: str
    options: Options
    ratings: tuple[Word, ...]
    dimensions: tuple[Word, ...]
    indicators: tuple[Indicator, ...]

    @property
    def most(self) -> int:
        """Points that can be had: 405."""
        return sum(each.points for each in self.indicators)

    def points_of(self, dimension: str) -> int:
        """Points that can be had in one dimension."""
        return sum(each.points for each in self.indicators if each.dimension == dimension)

    def rating(self, score: float) -> str:
        """The rating's code for so many points."""
        for code in ("excellent", "good", "sufficient"):
            if score >= getattr(self.options, code):
                return code
        return "bad"

    def bit(self, code: str) -> int:
        """The bit of an indicator in a stored score."""
        return 1 << _positions()[code]


@cache
def method() -> Method:
    """The method, read once."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    written = yaml.load(FILE.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe loader either way
    return Method(
        zh=written["zh"],
        en=written["en"],
        edition=written["edition"],
        source=written["source"],
        namespace=written["namespace"],
        options=Options(**written["options"]),
        ratings=tuple(Word(**each) for each in written["ratings"]),
        dimensions=tuple(Word(**each) for each in written["dimensions"]),
        indicators=tuple(Indicator(**each) for each in written["indicators"]),
    )


@cache
def _positions() -> dict[str, int]:
    return {each.code: place for place, each in enumerate(method().indicators)}
