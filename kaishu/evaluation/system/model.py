"""The passport of a method: everything that decides a score, in one readable, frozen tree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Discriminator, Field, StringConstraints, Tag

from kaishu.evaluation.system.choices import (
    Aggregation,
    Method,
    Missing,
    Normalisation,
    Pair,
    Treatment,
    Weighing,
)
from kaishu.evaluation.system.deciding import Grading, Rank, Stage, Veto
from kaishu.evaluation.system.scalars import (
    Code,
    Number,
    Strict,
    Text,
    Title,
    Weight,
    Whole,
    Words,
    tag_of,
)

#: Code of the root, whose children are the nodes of ``tree``.
INDEX = "index"


class Report(Strict):
    """Who published the system, and where in it."""

    report: Title = Words()
    place: Title = Words()
    note: Title = Words()


class Columns(Strict):
    """Columns of the data that say which unit a row is; ``class`` chooses weights, ``group`` ranks apart."""

    id: Text = "id"
    name: Text | None = None
    class_: Text | None = None
    group: Text | None = None
    period: Text | None = None


class Marks(Strict):
    """Words of the data that stand for no value, and for not applicable."""

    missing: tuple[Text, ...] = ("", "-", "—", "…", "NA", "N/A", "null", "缺失", "无数据")
    not_applicable: tuple[Text, ...] = ("不适用", "not applicable", "n.a.")


class Ranges(Strict):
    """Over which units extremes and means are taken: all, those of a group, of a period, of a base period."""

    within: Literal["all", "group", "period", "group-and-period"] = "all"
    base: Text | None = None


class UnitClass(Strict):
    """How the units of one class differ: nodes that do not apply, where their weight goes, other weights."""

    not_applicable: tuple[Code, ...] = ()
    fold: dict[Code, Code] = Field(default={})
    weights: dict[Code, Weight] = Field(default={})


class Column(Strict):
    """A column of the data."""

    column: Text


class Fact(Strict):
    """A fact that a platform tells about itself; in a file, the column with the fact's name."""

    fact: Text


class Criterion(Strict):
    """What earns a score."""

    score: Number
    text: Title


class Judging(Strict):
    """Written criteria, the steps of judging, and what counts as evidence."""

    criteria: tuple[Criterion, ...] = Field(min_length=1)
    steps: Title = Words()
    evidence: Title = Words()


class Judged(Strict):
    """A judge's score by written criteria; in a file, the column with the indicator's code."""

    judged: Judging


Origin = Annotated[
    Annotated[Column, Tag("column")] | Annotated[Fact, Tag("fact")] | Annotated[Judged, Tag("judged")],
    Discriminator(tag_of),
]


class FrozenRange(Strict):
    """Extremes (or mean and sd, for z-scores) of an earlier edition, kept for comparison."""

    frozen: Pair


class Indicator(Strict):
    """Where a leaf's value comes from and how it becomes a score."""

    from_: Origin | None = None
    direction: Literal["more", "less"] | None = None
    unit: Title = Words()
    per: Text | None = None
    per_scale: Number = Field(default=1.0, gt=0)
    treat: Treatment | None = None
    normalise: Normalisation | None = None
    missing: Missing | None = None
    range: FrozenRange | None = None
    definition: Title = Words()


class Node(Strict):
    """A node of the tree: with children, or with an indicator.

    ``ours`` names its keys that the source does not publish, such as ``weight``.
    """

    code: Code
    title: Title = Words()
    weight: Weight | None = None
    note: Title = Words()
    weigh: Weighing | None = None
    aggregate: Method | None = None
    missing: Missing | None = None
    ours: tuple[Text, ...] = ()
    children: tuple[Node, ...] = ()
    indicator: Indicator | None = None

    def walk(self) -> Iterator[Node]:
        """The node and all below it, each before its children."""
        yield self
        for child in self.children:
            yield from child.walk()


class Passport(Strict):
    """An indicator system."""

    system: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
    edition: Text = "1"
    title: Title = Words()
    source: Report = Report()
    scale: Pair = (0.0, 100.0)
    digits: Whole = Field(default=2, ge=0, le=12)
    units: Columns = Columns()
    data: Text | None = None
    marks: Marks = Marks()
    missing: Missing = "skip"
    constant: Literal["full", "zero", "middle", "leave-out"] = "leave-out"
    outliers: Treatment = "none"
    normalise: Normalisation = "min-max"
    ranges: Ranges = Ranges()
    classes: dict[str, UnitClass] = Field(default={})
    weights: Weighing = "given"
    aggregate: Aggregation = "arithmetic"
    rank: Rank = Rank()
    grades: Grading | None = None
    graded: Literal["index", "dimensions", "all"] = "index"
    vetoes: tuple[Veto, ...] = ()
    stages: tuple[Stage, ...] = ()
    stage_rule: Literal["highest", "climbing"] = "highest"
    ours: tuple[Text, ...] = ()
    tree: tuple[Node, ...] = Field(min_length=1)

    def nodes(self) -> Iterator[Node]:
        """All nodes, each before its children."""
        for node in self.tree:
            yield from node.walk()

    def mark_said(self, mark: str | None, language: str) -> str:
        """A grade or a stage with its title; without one itself, nothing for nothing."""
        limits = self.grades if isinstance(self.grades, tuple) else ()
        titled = {each.stage: each.worded(language) for each in self.stages}
        titled |= {each.grade: each.worded(language) for each in limits}
        return titled.get(mark, mark) if mark else ""

    def leaves(self) -> list[Node]:
        """Nodes with an indicator, in the order of the tree."""
        return [node for node in self.nodes() if not node.children]

    def node(self, code: str) -> Node:
        """One node.  Raises ``KeyError``."""
        for node in self.nodes():
            if node.code == code:
                return node
        raise KeyError(code)


def column_of(node: Node) -> str:
    """The column of the data that a leaf reads."""
    origin = node.indicator.from_ if node.indicator else None
    if isinstance(origin, Column):
        return origin.column
    return origin.fact if isinstance(origin, Fact) else node.code


def facts_of(passport: Passport) -> list[Node]:
    """The leaves that read a fact."""
    leaves = passport.leaves()
    return [leaf for leaf in leaves if leaf.indicator and isinstance(leaf.indicator.from_, Fact)]


Node.model_rebuild()
Passport.model_rebuild()
