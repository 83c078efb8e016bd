"""Which versions of tables are kept: sizes, rules, what they would drop, and a person's word on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from kaishu import catalogue, lake
from kaishu.access import Call, Permission, Role, allowed, require
from kaishu.base.errors import Invalid, KaishuError, NotFound
from kaishu.casework.errors import ReasonNeeded
from kaishu.catalogue import ResourceEntry
from kaishu.catalogue.models import Dataset, Resource
from kaishu.lake import Retention
from kaishu.lake.models import Disposal, Table, Version
from kaishu.web.figures import size
from kaishu.web.quality_contexts import levels
from kaishu.web.rendering import address, path_part, render
from kaishu.web.retention_contexts import (
    KeptTable,
    KeptVersion,
    ProposedVersion,
    RetentionOverview,
    RetentionPage,
)
from kaishu.web.routing import Unchanged, Visit, act, moved, page, said, text
from kaishu.web.shell import DISPOSAL_DECLINED, RETENTION_KEPT, VERSIONS_DROPPED, say
from kaishu.web.words import _, _n, language, pick

SHOWN = 200
LARGEST = 8
#: Room for names of datasets in the chart.
NAMES = 150


def show_overview(visit: Visit) -> Response:
    """My office's tables, or all for the bureau: those that wait for a decision first, then the largest."""
    call = visit.call
    office = call.actor.office if call.actor.role is Role.steward else None
    require(call, Permission.dataset_read_draft, office=office)
    tables = _tables(call, office)
    tables.sort(key=lambda each: (each.proposed is None, -each.bytes, each.dataset))
    largest = sorted(tables, key=lambda each: -each.bytes)[:LARGEST]
    most = float(largest[0].bytes) if largest else 0.0
    whole = sum(each.bytes for each in tables)
    share = f"{sum(each.bytes for each in largest[:3]) / whole:.0%}" if whole else ""
    waiting = [each for each in tables if each.proposed is not None]
    context = RetentionOverview(
        office=tables[0].office if office and tables else "",
        tables=tables[:SHOWN],
        more=max(0, len(tables) - SHOWN),
        bytes=whole,
        versions=sum(each.versions for each in tables),
        proposed=sum(each.proposed or 0 for each in waiting),
        waiting=len(waiting),
        sizes=levels(
            _("最大的三张表占{share}", share=share) if len(tables) > LARGEST else _("各表占用的空间"),
            [(each.title, float(each.bytes), most, size(each.bytes)) for each in largest],
            NAMES,
        )
        if whole
        else None,
    )
    return render("retention/overview.html", visit.shell, context)


def show_table(visit: Visit) -> Response:
    """One table."""
    return _show(visit)


def set_rule(visit: Visit, form: FormData) -> Response:
    """Keep the rule and say at once what it would drop."""
    dataset, entry = _chosen(visit, text(form, "resource"))
    given: dict[str, Any] = {name: text(form, name) for name in ("last", "days", "month_ends", "published")}
    try:
        rule = Retention.from_dict(given)
        table = lake.table_by_id(visit.call.session, str(entry.table_id))
        lake.set_retention(visit.call, table, rule)
        _propose(visit.call, table, rule)
    except Invalid as error:
        raise Unchanged(_show(visit, entry.id, error, error.problems_in(language()))) from error
    return say(moved(visit, _place(dataset.name, entry.id)), RETENTION_KEPT)


def drop(visit: Visit, form: FormData) -> Response:
    """Drop the versions that were ticked."""
    dataset, entry = _chosen(visit, text(form, "resource"))
    ticked = [str(each) for each in form.getlist("number")]
    numbers = [int(each) for each in ticked if each.isascii() and each.isdigit()]
    held = catalogue.held_versions(
        visit.call.session,
        str(entry.table_id),
        published=_rule(lake.table_by_id(visit.call.session, str(entry.table_id))).published,
    )
    try:
        if text(form, "sure") != "yes":
            raise Invalid({"sure": [_("请确认清退后不能恢复。")]})
        _of_table(visit, entry, text(form, "disposal"))
        decided = lake.confirm_disposal(visit.call, text(form, "disposal"), numbers, held)
    except KaishuError as error:
        visit.call.session.rollback()
        problems = error.problems_in(language()) if isinstance(error, Invalid) else {}
        raise Unchanged(_show(visit, entry.id, error, problems)) from error
    return say(moved(visit, _place(dataset.name, entry.id)), VERSIONS_DROPPED, n=str(len(decided.dropped)))


def decline(visit: Visit, form: FormData) -> Response:
    """Keep all that was proposed, with a reason."""
    dataset, entry = _chosen(visit, text(form, "resource"))
    try:
        _of_table(visit, entry, text(form, "disposal"))
        lake.decline_disposal(visit.call, text(form, "disposal"), text(form, "reason"))
    except KaishuError as error:
        visit.call.session.rollback()
        problems = {"reason": [error.sentence(language())]} if isinstance(error, ReasonNeeded) else {}
        raise Unchanged(_show(visit, entry.id, error, problems)) from error
    return say(moved(visit, _place(dataset.name, entry.id)), DISPOSAL_DECLINED)


def look_again(visit: Visit, form: FormData) -> Response:
    """Work the proposal out anew, with what was declined before."""
    dataset, entry = _chosen(visit, text(form, "resource"))
    table = lake.table_by_id(visit.call.session, str(entry.table_id))
    _propose(visit.call, table, _rule(table))
    return moved(visit, _place(dataset.name, entry.id) + "#proposal")


def _show(
    visit: Visit,
    resource: str = "",
    error: KaishuError | None = None,
    problems: Mapping[str, Sequence[str]] | None = None,
) -> Response:
    call = visit.call
    dataset, entry = _chosen(visit, resource or visit.query("resource"))
    table = lake.table_by_id(call.session, str(entry.table_id))
    rule = _rule(table)
    disposal = lake.open_disposals(call.session, [table.id]).get(table.id)
    known = lake.versions_of(call.session, table.id)
    before = visit.query("before")
    shown = [each for each in known if not before.isdigit() or each.number < int(before)]
    context = RetentionPage(
        dataset=dataset,
        title=pick(dataset.title, dataset.title_en),
        resource=entry.id,
        tables=[(each.id, _named(each)) for each in _entries(call, dataset)],
        rule=rule,
        said=rule_said(rule),
        bytes=sum(_stored(each) for each in known),
        kept=sum(each.dropped_at is None for each in known),
        count=len(known),
        disposal=disposal,
        proposed=[_line(each) for each in disposal.versions] if disposal else [],
        spared=[(each["number"], _because(each["why"])) for each in disposal.held] if disposal else [],
        versions=_versions(call, shown[:SHOWN], disposal),
        older=address(_place(dataset.name, entry.id), ("before", str(shown[SHOWN - 1].number)))
        if len(shown) > SHOWN
        else "",
        decided=lake.disposals_of(call.session, table.id),
        may_decide=bool(allowed(call, Permission.lake_ingest, office=table.office_id)),
        problems=problems or {},
        trouble=said(error) if error else None,
    )
    return render("retention/table.html", visit.shell, context, error.status if error else 200)


def _versions(call: Call, versions: Sequence[Version], disposal: Disposal | None) -> list[KeptVersion]:
    if not versions:
        return []
    held = catalogue.held_versions(call.session, versions[0].table_id)
    going = {each["number"] for each in disposal.versions} if disposal else set()
    return [
        KeptVersion(each, [hold_word(why) for why in held.get(each.id, ())], each.number in going)
        for each in versions
    ]


def _tables(call: Call, office: str | None) -> list[KeptTable]:
    """In four statements, however many tables there are."""
    there = func.sum(Version.stored_bytes - func.coalesce(Version.freed_bytes, 0))
    counted = (
        select(Version.table_id, func.count(), func.count(Version.dropped_at), there)
        .group_by(Version.table_id)
        .subquery()
    )
    wanted = (
        select(Dataset, Resource.id, Table, *list(counted.c)[1:])
        .join(Resource, Resource.dataset_id == Dataset.id)
        .join(Table, Table.id == Resource.table_id)
        .join(counted, counted.c[0] == Table.id)
    )
    if office is not None:
        wanted = wanted.where(Dataset.office_id == office)
    rows = call.session.execute(wanted).all()
    standing = lake.open_disposals(call.session)
    found = []
    for dataset, resource, table, versions, dropped, stored in rows:
        disposal = standing.get(table.id)
        found.append(
            KeptTable(
                dataset.name,
                resource,
                pick(dataset.title, dataset.title_en),
                pick(dataset.office.title, dataset.office.title_en),
                rule_said(_rule(table)),
                versions - dropped,
                dropped,
                int(stored),
                disposal.bytes if disposal else None,
            )
        )
    return found


def rule_said(rule: Retention) -> str:
    """A rule in a few words."""
    parts = [_n("最近{n}版", rule.last)] if rule.last else []
    parts += [_n("最近{n}天", rule.days)] if rule.days else []
    parts += [_("每月最后一版")] if rule.month_ends else []
    if not parts:
        return _("全部保留")
    parts += [_("发布过的")] if rule.published else []
    return _join(parts)


def hold_word(why: str) -> str:
    """Why a version stays."""
    words = {
        "newest": _("最新"),
        "shown": _("正在发布"),
        "draft": _("修订中"),
        "entered": _("入库依据"),
        "published": _("发布过"),
        "golden": _("标准实体在用"),
        "order": _("工单在办"),
    }
    return words.get(why, why)


def _because(why: Sequence[str]) -> str:
    return _join([hold_word(each) for each in why])


def _join(parts: Sequence[str]) -> str:
    return (", " if language() == "en" else "、").join(parts)


def _propose(call: Call, table: Table, rule: Retention) -> None:
    held = catalogue.held_versions(call.session, table.id, published=rule.published)
    lake.propose_disposal(call, table, held, again=True)


def _of_table(visit: Visit, entry: ResourceEntry, disposal: str) -> None:
    """A proposal is decided on the page of its own table."""
    standing = lake.open_disposals(visit.call.session, [str(entry.table_id)]).get(str(entry.table_id))
    found = visit.call.session.get(Disposal, disposal)
    if (standing is None and found is None) or (found is not None and found.table_id != entry.table_id):
        raise NotFound(kind=_("清退方案"), name=disposal[:60])


def _rule(table: Table) -> Retention:
    return Retention.from_dict(table.retention or {})


def _line(told: Mapping[str, Any]) -> ProposedVersion:
    at = datetime.fromisoformat(told["at"])
    return ProposedVersion(told["number"], at, told["rows"], told["bytes"])


def _stored(version: Version) -> int:
    return max(0, version.stored_bytes - (version.freed_bytes or 0))


def _entries(call: Call, dataset: Dataset) -> list[ResourceEntry]:
    return [each for each in catalogue.draft_resources(call, dataset) if each.table_id]


def _chosen(visit: Visit, resource: str) -> tuple[Dataset, ResourceEntry]:
    dataset = catalogue.dataset_by_name(visit.call, visit.part("name"))
    require(visit.call, Permission.dataset_read_draft, office=dataset.office_id)
    for entry in _entries(visit.call, dataset):
        if resource in ("", entry.id):
            return dataset, entry
    raise NotFound(kind=_("表"), name=resource or dataset.name)


def _named(entry: ResourceEntry) -> str:
    return entry.name or entry.file_name or entry.id


def _place(name: str, resource: str) -> str:
    return address(f"/desk/datasets/{path_part(name)}/retention", ("resource", resource))


HERE = "/desk/datasets/{name}/retention"
ROUTES: list[Route] = [
    page("/desk/retention", show_overview),
    page(HERE, show_table),
    act(f"{HERE}/rule", set_rule),
    act(f"{HERE}/drop", drop),
    act(f"{HERE}/decline", decline),
    act(f"{HERE}/again", look_again),
]
