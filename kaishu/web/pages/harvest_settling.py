"""Where a person decides: items of a plan field by field, conflicts, possible duplicates."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from kaishu import catalogue, harvest
from kaishu.base.errors import NotFound
from kaishu.catalogue.models import Dataset
from kaishu.harvest.models import Duplicate, PlanItem, Source
from kaishu.web.desk_contexts import Change
from kaishu.web.forms.record import titles
from kaishu.web.harvest_contexts import ConflictLine, ItemPage, ListPage, Pair, Sides
from kaishu.web.pages.harvest import words
from kaishu.web.pages.review import worded
from kaishu.web.paging import around, beginning
from kaishu.web.rendering import render
from kaishu.web.routing import Visit, act, moved, page, text
from kaishu.web.words import _, _n, listed, pick

SHOWN = 20
#: What a field says when nobody wrote it.
STANDING: dict[str, Any] = {"languages": ["zh"], "kind": "dataset"}


def show_item(visit: Visit) -> Response:
    """What the source says against what stands here."""
    found = harvest.source_by_name(visit.call, visit.part("name"))
    item = _item(visit, found)
    dataset = catalogue.dataset_by_id(visit.call, item.dataset_id) if item.dataset_id else None
    context = ItemPage(
        source=found,
        title=pick(found.title, found.title_en),
        item=item,
        word=words().get(item.action, item.action),
        dataset=dataset,
        changes=_changes(visit, item, dataset),
        may_settle=item.action == "conflict" and item.applied_at is None,
        sides=sorted((_sides(each) for each in harvest.differences(visit.call, item)), key=_settled),
    )
    return render("harvest/item.html", visit.shell, context)


def settle(visit: Visit, form: FormData) -> Response:
    """Keep ours, take theirs, or as was chosen field by field."""
    found = harvest.source_by_name(visit.call, visit.part("name"))
    item, choice = _item(visit, found), text(form, "choice")
    fields = {}
    if choice == "fields":
        choice = "ours"
        fields = {key[6:]: text(form, key) for key in form if key.startswith("field.")}
    harvest.settle(visit.call, item.run_id, item.number, choice, fields)
    return moved(visit, "/admin/harvest-conflicts")


def show_conflicts(visit: Visit) -> Response:
    """Every conflict that nobody has settled."""
    lines = [
        ConflictLine(item, found, pick(found.title, found.title_en))
        for item, found in harvest.conflicts(visit.call)
    ]
    return render("harvest/conflicts.html", visit.shell, ListPage(lines))


def show_duplicates(visit: Visit) -> Response:
    """Pairs that may be one, with the reasons, twenty a page; ``q`` stands in one of the titles."""
    q, start = visit.query("q").strip()[:100], beginning(visit)
    total = harvest.duplicate_count(visit.call, words=q)
    found = harvest.duplicates(visit.call, limit=SHOWN, words=q, start=start)
    wanted = {each.one_id for each in found} | {each.other_id for each in found}
    known = {each.id: each for each in catalogue.datasets_by_ids(visit.call, wanted)}
    pairs = [
        _pair(visit, each, known[each.one_id], known[each.other_id])
        for each in found
        if each.one_id in known and each.other_id in known
    ]
    here = "/admin/harvest-duplicates"
    before, following = around(here, (("q", q),), start, SHOWN, total)
    return render("harvest/duplicates.html", visit.shell, ListPage(pairs, q, total, before, following))


def decide(visit: Visit, form: FormData) -> Response:
    """Merge into the one kept, or say that they are two."""
    keep = text(form, "keep")
    if keep:
        harvest.merge(visit.call, visit.part("id"), keep)
    else:
        harvest.decline(visit.call, visit.part("id"))
    return moved(visit, "/admin/harvest-duplicates")


def _item(visit: Visit, found: Source) -> PlanItem:
    runs = [run for run in harvest.runs_of(visit.call, found, 10) if run.state != "dropped"]
    number = visit.part("number")
    if runs and number.isascii() and number.isdecimal() and len(number) < 10:
        items = harvest.items_of(visit.call, runs[0], after=int(number) - 1, limit=1)
        if items and items[0].number == int(number):
            return items[0]
    raise NotFound(kind="计划项 item", name=number)


def _changes(visit: Visit, item: PlanItem, dataset: Dataset | None) -> list[Change]:
    """Fields that differ, from the draft if there is one; all that is said for a new one."""
    spoken = titles()
    draft = catalogue.draft_of(visit.call, dataset) if dataset else None
    before: dict[str, Any] = dict(draft.record if draft else dataset.record) if dataset else {}
    after: dict[str, Any] = dict((item.entry or {}).get("record") or {})
    if item.entry is None:
        return []
    lines = []
    kept = harvest.kept_fields(item)
    for field in {**after, **{key: None for key, value in before.items() if value}}:
        old, new = before.get(field) or None, after.get(field) or None
        old, new = (old or STANDING.get(field) if dataset else old), new or STANDING.get(field)
        if field not in ("items", "extras", *kept) and old != new:
            lines.append(Change(spoken.get(field, field), _brief(field, old), _brief(field, new)))
    fields = [_items(before), _items(after)]
    if fields[0] != fields[1] and "items" not in kept:
        lines.append(Change(spoken["items"], *(_listed(each) for each in fields)))
    links = (item.entry or {}).get("resources") or []
    names = [_names(dataset.resources if dataset else []), _names(links)]
    if names[0] != names[1] and "resources" not in kept:
        lines.append(Change(_("数据和链接"), *(_listed(each) for each in names)))
    return lines


def _sides(each: harvest.Difference) -> Sides:
    if each.field == "resources":
        ours, theirs = _listed(_names(each.ours or [])), _listed(_names(each.theirs or []))
    elif each.field == "items":
        ours, theirs = (_listed(_items({"items": said})) for said in (each.ours, each.theirs))
    else:
        ours, theirs = _brief(each.field, each.ours), _brief(each.field, each.theirs)
    more = {"resources": _("数据和链接"), "extras": _("其他说明")}
    title = more.get(each.field) or titles().get(each.field, each.field)
    reason = ""
    if each.decided and each.before:
        reason = _("上次已决定保留本地的")
    elif each.decided:
        reason = _("只有来源改了") if each.side == harvest.THEIRS else _("只有本地改了")
    return Sides(each.field, title, ours, theirs, each.side, reason)


def _settled(line: Sides) -> bool:
    return bool(line.reason)


def _brief(field: str, value: Any) -> str:
    said = (
        "; ".join(f"{k}: {v}" for k, v in value.items()) if isinstance(value, dict) else worded(field, value)
    )
    return said if len(said) <= 600 else said[:599] + "…"


def _items(record: dict[str, Any]) -> list[str]:
    return [str(each.get("title") or each.get("name") or "") for each in record.get("items") or []]


def _names(links: list[dict[str, Any]]) -> list[str]:
    return [str(each.get("name") or each.get("url") or "") for each in links if not each.get("table_id")]


def _listed(names: list[str]) -> str:
    shown = listed(names[:12]) + ("…" if len(names) > 12 else "")
    return _n("{n}个：{names}", len(names), names=shown) if names else ""


def _pair(visit: Visit, each: Duplicate, one: Dataset, other: Dataset) -> Pair:
    reasons = {
        "identifier": _("标识相同"),
        "title-and-address": _("名称和数据地址相同"),
        "title-and-publisher": _("名称和发布者相同"),
    }
    origins = []
    for dataset in (one, other):
        origin = harvest.origin_of(visit.call.session, dataset.id)
        origins.append(pick(origin[1].title, origin[1].title_en) if origin else _("本平台"))
    return Pair(each, one, other, [reasons[reason] for reason in each.reasons], origins)


ROUTES: list[Route] = [
    page("/admin/harvest/{name}/items/{number}", show_item),
    act("/admin/harvest/{name}/items/{number}", settle),
    page("/admin/harvest-conflicts", show_conflicts),
    page("/admin/harvest-duplicates", show_duplicates),
    act("/admin/harvest-duplicates/{id}", decide),
]
