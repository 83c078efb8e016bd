"""Ranks, grades, stages and the conditions that decide them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from kaishu.evaluation.system.scalars import Code, Number, Strict, Text, Title, Whole, Words, tag_of

_BY_KEY = Discriminator(tag_of)


class Rank(Strict):
    """Ties share the best place, its average, or leave no gap; ``decimals`` ranks the rounded score."""

    ties: Literal["best", "average", "dense"] = "best"
    within: Literal["group", "all"] = "all"
    decimals: Whole | None = Field(default=None, ge=0, le=15)


class Limit(Strict):
    """A grade and the lowest score that earns it; the last one needs none."""

    grade: Text
    at_least: Number | None = None
    title: Title = Words()

    def worded(self, language: str) -> str:
        """The grade with its title; a Chinese word gives way to an English title."""
        title = self.title.said(language)
        if not self.grade.isascii():
            return title if language == "en" and title else self.grade
        return title if self.grade in title else f"{self.grade} {title}".rstrip()


class Quantiles(Strict):
    """Shares of the units that reach each grade, best first, as [0.1, 0.3, 0.6]; then the rest."""

    quantiles: tuple[Number, ...] = Field(min_length=1)
    names: tuple[Text, ...] = ()


class EqualWidth(Strict):
    """So many classes of the same width between the extremes."""

    equal_width: Whole = Field(ge=2, le=26)
    names: tuple[Text, ...] = ()


class Deviations(Strict):
    """Limits at mean + k standard deviations, best first, as [1, 0, -1]."""

    sd: tuple[Number, ...] = Field(min_length=1)
    names: tuple[Text, ...] = ()


class NaturalBreaks(Strict):
    """So many classes with the least variance inside (Jenks)."""

    natural_breaks: Whole = Field(ge=2, le=26)
    names: tuple[Text, ...] = ()


Grading = Annotated[
    Annotated[tuple[Limit, ...], Tag("list")]
    | Annotated[Quantiles, Tag("quantiles")]
    | Annotated[EqualWidth, Tag("equal-width")]
    | Annotated[Deviations, Tag("sd")]
    | Annotated[NaturalBreaks, Tag("natural-breaks")],
    Discriminator(lambda value: "list" if isinstance(value, list | tuple) else tag_of(value)),
]


class Comparison(Strict):
    """What a number is held against; exactly one is written."""

    at_least: Number | None = None
    more_than: Number | None = None
    at_most: Number | None = None
    less_than: Number | None = None
    equals: Number | Text | None = None


class OfNode(Comparison):
    """The score of a node (or the index, code ``index``)."""

    node: Code


class OfRaw(Comparison):
    """The value of an indicator as it came, after its denominator."""

    raw: Code


class OfColumn(Comparison):
    """A column of the data: a number, or a text with ``equals``."""

    column: Text


class IsMissing(Strict):
    """The node has no score."""

    missing: Code


class All(Strict):
    """Every condition holds."""

    all: tuple[Condition, ...] = Field(min_length=1)


class Any(Strict):
    """At least one condition holds."""

    any: tuple[Condition, ...] = Field(min_length=1)


class Not(Strict):
    """The condition does not hold."""

    not_: Condition


class Count(Strict):
    """At least so many of the conditions hold."""

    of: tuple[Condition, ...] = Field(min_length=1)
    at_least: Whole = Field(ge=1)


def _kind(value: object) -> str:
    if isinstance(value, dict):
        for key in ("node", "raw", "column", "missing", "all", "any", "not", "of"):
            if key in value:
                return key
        return str(next(iter(value), ""))
    for kind, tag in _TAGS:
        if isinstance(value, kind):
            return tag
    return ""


_TAGS: tuple[tuple[type[Strict], str], ...] = (
    (OfNode, "node"),
    (OfRaw, "raw"),
    (OfColumn, "column"),
    (IsMissing, "missing"),
    (All, "all"),
    (Any, "any"),
    (Not, "not"),
    (Count, "of"),
)

Condition = Annotated[
    Annotated[OfNode, Tag("node")]
    | Annotated[OfRaw, Tag("raw")]
    | Annotated[OfColumn, Tag("column")]
    | Annotated[IsMissing, Tag("missing")]
    | Annotated[All, Tag("all")]
    | Annotated[Any, Tag("any")]
    | Annotated[Not, Tag("not")]
    | Annotated[Count, Tag("of")],
    Discriminator(_kind),
]


class Veto(Strict):
    """Where the condition holds, the grade is no better than this one."""

    when: Condition
    at_most: Text
    note: Title = Words()


class Stage(Strict):
    """A stage of maturity, from the lowest to the highest; all its conditions must hold."""

    stage: Text
    title: Title = Words()
    all: tuple[Condition, ...] = ()

    def worded(self, language: str) -> str:
        """The stage with its title; in English without its Chinese letters, if it has a title."""
        title = self.title.said(language)
        if not title or title == self.stage:
            return self.stage
        number = "".join(each for each in self.stage if not "\u4e00" <= each <= "\u9fff")
        return f"{number if language == 'en' else self.stage} {title}".strip()


def inside(condition: Condition) -> tuple[Condition, ...]:
    """The conditions that a condition is made of; none for a comparison."""
    if isinstance(condition, All):
        return condition.all
    if isinstance(condition, Any):
        return condition.any
    if isinstance(condition, Not):
        return (condition.not_,)
    return condition.of if isinstance(condition, Count) else ()


for _model in (All, Any, Not, Count, Veto, Stage):
    _model.model_rebuild()
