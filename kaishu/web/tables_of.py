"""The table of a dataset that a page is about, and words that pages about its quality share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from kaishu import catalogue, quality
from kaishu.access import Call, Permission, allowed
from kaishu.base.errors import NotFound
from kaishu.quality.models import Finding, Rulebook, Run
from kaishu.web.figures import share
from kaishu.web.loop_contexts import RuleLine, Sparkline, TableOf
from kaishu.web.rendering import address, path_part
from kaishu.web.words import _, language, listed, pick


def table_of(call: Call, name: str, resource: str = "") -> TableOf:
    """The first table, or the one named; drafts for those who may see them.  Raises ``NotFound``."""
    dataset = catalogue.dataset_by_name(call, name)
    if allowed(call, Permission.dataset_read_draft, office=dataset.office_id):
        entries = catalogue.draft_resources(call, dataset)
    else:
        entries = catalogue.resources_of(dataset)
    tables = [entry for entry in entries if entry.table_id]
    chosen = [entry for entry in tables if resource in ("", entry.id)]
    if not chosen:
        raise NotFound(kind="表 table", name=resource or dataset.name)
    return TableOf(dataset, pick(dataset.title, dataset.title_en), chosen[0], tables)


def newest_check(call: Call, table: TableOf) -> Run | None:
    """The newest check; for the public that of the published version."""
    insider = allowed(call, Permission.dataset_read_draft, office=table.dataset.office_id)
    version = "" if insider else str(table.entry.version_id)
    return quality.last_check(call.session, table.id, version)


def level_word(level: str | None) -> str:
    """The word for a level, or for none."""
    return {"warning": _("警告"), "error": _("错误"), "critical": _("严重")}.get(level or "", _("合格"))


def dimension_word(name: str) -> str:
    """The word for a dimension."""
    zh, en = {"total": ("总分", "total"), **quality.DIMENSION_WORDS}.get(name, (name, name))
    return pick(zh, en)


def covered(value: str | None, may_read: bool) -> str | None:
    """A value as it may be shown."""
    return value if may_read else quality.masked(value)


def hint_said(hint: Mapping[str, Any], may_read: bool) -> str:
    """Where failing rows come from, in words."""
    value = covered(hint["value"], may_read)
    template = str(hint["en" if language() == "en" else "zh"])
    return template.format(column=hint["column"], value=_("空白") if value is None else value)


def rule_lines(
    call: Call, table: TableOf, run: Run, may_read: bool, ordered: frozenset[str]
) -> list[RuleLine]:
    """What each rule found, in words; where rows are not handed out, nothing that stands in them."""
    closed = catalogue.rows_refused(call, table.dataset, table.entry.id) is not None
    courses = quality.courses(call.session, table.id)
    book = call.session.get_one(Rulebook, run.rulebook_id)
    about = {rule.id: rule.check.reads for rule in quality.parse_rules(book.text, "rules.yaml").rules}
    lines = []
    for each in quality.findings_of_run(call.session, run.id):
        course = [part for part in courses.get(each.rule_id, ()) if seen(call, table, part[0])]
        line = _line(table, each, course, may_read, each.rule_id in ordered)
        if not (each.title or each.title_en) and about.get(each.rule_id):
            line = replace(line, title=line.title + pick("：", ": ") + listed(about[each.rule_id]))
        lines.append(replace(line, notes=(), hints=(), sample=()) if closed else line)
    return lines


def seen(call: Call, table: TableOf, number: int) -> bool:
    """Is a version no newer than what this actor may see?"""
    insider = allowed(call, Permission.dataset_read_draft, office=table.dataset.office_id)
    return bool(insider) or number <= (table.entry.version or 0)


def _line(
    table: TableOf, each: Finding, course: Sequence[tuple[int, int, int]], may_read: bool, ordered: bool
) -> RuleLine:
    check = quality.CHECKS.get(each.check)
    place = f"/datasets/{path_part(table.dataset.name)}/data-quality/rows"
    sample = [
        {
            "row": one["row"],
            "key": covered(one["key"], may_read),
            "value": covered(one["value"], may_read),
        }
        for one in each.sample
    ]
    return RuleLine(
        id=each.rule_id,
        title=pick(each.title, each.title_en) or (pick(check.zh, check.en) if check else each.check),
        dimension=dimension_word(each.dimension),
        level=each.level or "",
        checked=each.checked,
        failed=each.failed,
        share=each.failed / each.checked if each.checked else None,
        notes=[pick(said["zh"], said["en"]) for said in each.notes],
        hints=[hint_said(hint, may_read) for hint in each.hints],
        sample=sample,
        spark=sparkline(course),
        href=address(place, ("resource", table.entry.id), ("rule", each.rule_id)),
        ordered=ordered,
    )


def sparkline(course: Sequence[tuple[int, int, int]]) -> Sparkline | None:
    """Shares over versions, 80 by 20; None of a single one."""
    shares = [(number, failed / checked if checked else 0.0) for number, checked, failed in course]
    if len(shares) < 2:
        return None
    most = max(value for _number, value in shares) or 1.0
    step = 76 / (len(shares) - 1)
    points = " ".join(
        f"{2 + place * step:.1f},{18 - 16 * value / most:.1f}"
        for place, (_number, value) in enumerate(shares)
    )
    said = _(
        "第{a}版{first}，第{b}版{last}",
        a=shares[0][0],
        b=shares[-1][0],
        first=share(shares[0][1]),
        last=share(shares[-1][1]),
    )
    return Sparkline(points, said)
