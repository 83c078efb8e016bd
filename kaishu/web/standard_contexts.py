"""What the pages about standard entities are given, and the words that they share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from kaishu import access, elements, quality, standardisation, standards
from kaishu.access import Call, Permission, allowed
from kaishu.queue.models import Task
from kaishu.standardisation import Difference, Survivorship
from kaishu.standardisation.models import FusionRun, MappingVersion, PairDecision, StandardEntity
from kaishu.web.words import _, listed, pick

HERE = "/desk/standard"


@dataclass(frozen=True, slots=True)
class StandardFrame:
    """The entity that a page is about, with what its tabs say."""

    entity: StandardEntity
    title: str
    office: str
    newest: MappingVersion | None
    waiting: int
    may_propose: bool
    may_run: bool
    may_decide: bool

    @property
    def href(self) -> str:
        """Address of its first page."""
        return f"{HERE}/{self.entity.name}"


@dataclass(frozen=True, slots=True)
class StandardLine:
    """An entity in a list; ``asked``: does an office of the reader have to answer?"""

    entity: StandardEntity
    title: str
    office: str
    state: str
    run: FusionRun | None
    waiting: int
    asked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardsPage:
    """Every entity, and the form for one more."""

    lines: Sequence[StandardLine]
    may_add: bool
    offices: Sequence[tuple[str, str]]
    tables: Sequence[tuple[str, str]]
    values: Mapping[str, str]
    problems: Mapping[str, Sequence[str]]
    trouble: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class FieldLine:
    """An item of an entity: its sources with their columns, whose value counts, who stands how to it."""

    name: str
    title: str
    standard: str
    sources: Sequence[tuple[str, str]]
    rule: str
    agreed: Sequence[str] = ()
    objections: Sequence[tuple[str, str, str]] = ()
    differing: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardPage:
    """One entity: what its newest run came to."""

    frame: StandardFrame
    run: FusionRun | None
    version: int | None
    finding: str
    fields: Sequence[FieldLine]
    links: Sequence[tuple[str, int]]
    differences: Sequence[tuple[Difference, str, str]]
    unreadable: Sequence[str]
    runs: Sequence[FusionRun]
    running: Task | None
    failed: tuple[str, str] | None
    fusion: bool
    trouble: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class StandLine:
    """An office and how it stands to a mapping; ``sources`` are those that it feeds."""

    office: str
    stands: str
    sources: Sequence[str]
    by: str
    at: datetime | None
    reason: str
    due: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardMappingPage:
    """One version of a mapping, its agreement, and the editor."""

    frame: StandardFrame
    mapping: MappingVersion | None
    fields: Sequence[FieldLine]
    stands: Sequence[StandLine]
    settled: bool
    answering: Sequence[tuple[str, str]]
    text: str
    versions: Sequence[MappingVersion]
    steps: Sequence[tuple[datetime, str, str]]
    problems: Sequence[str]
    tables: Sequence[tuple[str, str]]
    trouble: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class PairLine:
    """A pair: its rows of (title, left, right, weight, alike)."""

    id: str
    left: str
    right: str
    probability: float
    later: datetime | None
    values: Sequence[tuple[str, str | None, str | None, float | None, bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairsPage:
    """Pairs that wait, and what was decided last."""

    frame: StandardFrame
    pairs: Sequence[PairLine]
    after: int
    size: int
    decided: Sequence[PairDecision]
    fusion: bool
    masked: str
    trouble: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class CellLine:
    """A golden cell: value, source, rule in words, (source, row, value) of what lost."""

    title: str
    value: str | None
    source: str
    row: int | None
    rule: str
    losers: Sequence[tuple[str, int, str | None]]


@dataclass(frozen=True, slots=True)
class EntityFile:
    """One person's, one enterprise's file; ``rows`` are (source, row, how it came in, values)."""

    id: str
    cells: Sequence[CellLine]
    rows: Sequence[tuple[str, int, str, Sequence[str | None]]]
    links: Sequence[str]
    masked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePage:
    """Entities that were asked for."""

    frame: StandardFrame
    key: str
    run: FusionRun | None
    titles: Sequence[str]
    files: Sequence[EntityFile]
    keys: Sequence[str]
    trouble: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferencesPage:
    """Rows of one source whose value of one item lost and differs; ``mine``: may all be taken out?"""

    frame: StandardFrame
    run: FusionRun
    source: str
    field: str
    title: str
    rows: Sequence[Mapping[str, Any]]
    next: str
    masked: str
    mine: bool
    others: Sequence[tuple[Difference, str, str]]


def frame_of(call: Call, name: str) -> StandardFrame:
    """The frame of an entity's pages.  Raises ``NoSuchStandard``, and for those who may not see entities."""
    access.require(call, Permission.standard_read)
    entity = standardisation.standard_by_name(call.session, name)
    own = entity.office_id
    return StandardFrame(
        entity=entity,
        title=pick(entity.title, entity.title_en),
        office=office_names(call).get(own, ""),
        newest=standardisation.mapping_of(call.session, entity, entity.newest),
        waiting=standardisation.count_waiting(call.session, entity),
        may_propose=bool(allowed(call, Permission.standard_propose, office=own)),
        may_run=bool(allowed(call, Permission.standard_run, office=own)),
        may_decide=bool(allowed(call, Permission.standard_decide, office=own)),
    )


def office_names(call: Call) -> dict[str, str]:
    """Id to title."""
    return {each.id: pick(each.title, each.title_en) for each in access.offices(call.session)}


def field_title(mapping: standardisation.Mapping, name: str) -> str:
    """What an item is called."""
    found = mapping.entity.fields.get(name)
    said = pick(found.title, found.title_en) if found else ""
    return said[:1].upper() + said[1:] or name


def rule_said(rule: Survivorship, givers: Sequence[str]) -> str:
    """Whose value counts, in words."""
    parts = []
    for step in rule.steps:
        if step.rule == "authority":
            order = [name for name in step.order if name in givers]
            parts.append(" → ".join(order) if order else _("权威次序"))
        elif step.rule == "condition":
            parts.append(_("{field}为{values}的行", field=step.field, values=listed(step.among)))
        else:
            parts.append(rule_word(step.rule))
    said = _("，再按").join(parts)
    return _("只认{said}", said=said) if rule.strict else said


def rule_word(rule: str) -> str:
    """What decided about a golden cell."""
    if rule.startswith("condition:"):
        return _("条件 {field}", field=rule.partition(":")[2])
    return {
        "only": _("只有一个值"),
        "agreed": _("各处一致"),
        "authority": _("权威次序"),
        "newest": _("最新"),
        "longest": _("最长"),
        "vote": _("多数"),
        "sources": _("来源次序"),
        "value": _("值的次序"),
    }.get(rule, rule)


def link_word(by: str, mapping: standardisation.Mapping | None = None) -> str:
    """How rows came together."""
    kind, _between, fields = by.partition(":")
    if kind == "key":
        titles = [field_title(mapping, name) if mapping else name for name in fields.split("+")]
        return _("键：{fields}", fields=" + ".join(titles))
    return {"probable": _("近似匹配"), "decided": _("人工判断"), "": _("单独一行")}.get(kind, by)


def masked_said(sources: Iterable[str], seen: frozenset[str]) -> str:
    """Which of these sources are masked, and why; empty if none is."""
    hidden = sorted(set(sources) - seen)
    if not hidden:
        return ""
    return _(
        "{sources}的值已遮盖：一个来源的值只给供数的部门看，全部的值只给归口部门有权的人看。",
        sources=listed(hidden),
    )


def covered(
    value: str | None,
    source: str,
    seen: frozenset[str],
    mapping: standardisation.Mapping | None = None,
    name: str = "",
) -> str | None:
    """A value of a source as it may be shown; with the item's name, a code with its word."""
    if source not in seen:
        return quality.masked(value)
    found = mapping.entity.fields.get(name) if mapping else None
    word = _codes(found.standard).get(value or "") if found and found.kind == "code" else None
    return value if word is None else f"{value} {pick(*word)}"


@cache
def _codes(standard: str) -> Mapping[str, tuple[str, str]]:
    """Code to word of the set that a standard lays down, as GB/T 2261.1; empty where none ships."""
    name = standard.lower().translate(str.maketrans("/ .", "---"))
    if name not in elements.shipped_code_sets():
        return {}
    columns = standards.code_set(name).columns
    english = columns.get("en", columns["zh"])
    words = zip(columns["code"], columns["zh"], english, strict=True)
    return {code: (zh, en or zh) for code, zh, en in words}
