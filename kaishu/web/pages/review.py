"""What waits for the reviewers, and deciding on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from kaishu import casework, catalogue, lake
from kaishu.access import Permission, require
from kaishu.base import clock
from kaishu.base.errors import Invalid, KaishuError
from kaishu.casework.errors import ReasonNeeded
from kaishu.catalogue import Difference, State
from kaishu.catalogue.drafts import CODED
from kaishu.catalogue.errors import NothingToPublish
from kaishu.catalogue.models import Dataset, Revision
from kaishu.web.desk_contexts import Change, ReviewPage, TableChange, WaitingEntry, WaitingPage
from kaishu.web.figures import day, lasting
from kaishu.web.forms.record import titles
from kaishu.web.grids import first_rows, type_name
from kaishu.web.hints import hints_of
from kaishu.web.pages.gates import steps_of
from kaishu.web.rendering import path_part, render
from kaishu.web.routing import Unchanged, Visit, act, moved, page, said, text
from kaishu.web.shell import ALL_PUBLISHED, PUBLISHED, SENT_BACK, say
from kaishu.web.words import _, _n, kind_title, label, language, pick

SHOWN = 50


def waiting(visit: Visit) -> Response:
    """The waiting list with its clock, the oldest first."""
    return _list(visit)


def publish_chosen(visit: Visit, form: FormData) -> Response:
    """Publish those that were ticked with one comment, all or none."""
    require(visit.call, Permission.dataset_review)
    chosen = [str(name) for name in form.getlist("dataset")]
    try:
        if not chosen:
            raise Invalid({"dataset": [_("请先勾选数据集。")]})
        for name in chosen:
            catalogue.publish(visit.call, name, text(form, "comment"))
    except KaishuError as error:
        visit.call.session.rollback()
        raise Unchanged(_list(visit, error, text(form, "comment"))) from error
    return say(moved(visit, "/review"), ALL_PUBLISHED, n=str(len(chosen)))


def _list(visit: Visit, error: KaishuError | None = None, comment: str = "") -> Response:
    entries = [_waiting(visit, dataset) for dataset in catalogue.waiting(visit.call)]
    trouble = said(error) if error else None
    if isinstance(error, Invalid):  # the one thing that can be wrong here says itself what to do
        trouble = (error.problems_in(language())["dataset"][0], "")
    gone = catalogue.datasets(visit.call, among=Dataset.state == State.withdrawn, limit=SHOWN)
    context = WaitingPage(
        entries,
        [
            (each.name, pick(each.title, each.title_en), pick(each.office.title, each.office.title_en))
            for each in gone.rows
        ],
        bool(gone.next),
        trouble,
        comment,
    )
    return render("review/waiting.html", visit.shell, context, error.status if error else 200)


def show_review(visit: Visit) -> Response:
    """A revision against what is published; who comes late finds what there is to do now."""
    require(visit.call, Permission.dataset_review)
    dataset = catalogue.dataset_by_name(visit.call, visit.part("name"))
    if dataset.draft_state != State.in_review:
        return moved(visit, f"/review/{path_part(dataset.name)}/publication")
    return _show(visit, dataset)


def decide(visit: Visit, form: FormData) -> Response:
    """Publish, or return with a reason."""
    require(visit.call, Permission.dataset_review)
    dataset = catalogue.dataset_by_name(visit.call, visit.part("name"))
    reason = text(form, "reason")
    if text(form, "do") == "publish":
        catalogue.publish(visit.call, dataset.name, reason)
        return say(moved(visit, "/review"), PUBLISHED, name=dataset.title)
    try:
        catalogue.send_back(visit.call, dataset.name, reason)
    except ReasonNeeded as error:
        problems = {"reason": [error.sentence(language())]}
        raise Unchanged(_show(visit, dataset, reason, problems, said(error))) from error
    return say(moved(visit, "/review"), SENT_BACK, name=dataset.title)


def _show(
    visit: Visit,
    dataset: Dataset,
    reason: str = "",
    problems: dict[str, list[str]] | None = None,
    trouble: tuple[str, str] | None = None,
) -> Response:
    draft = catalogue.draft_of(visit.call, dataset)
    if draft is None or draft.state != State.in_review:
        state = State.in_review.en if language() == "en" else State.in_review.zh
        raise NothingToPublish(name=dataset.name, state=state)
    found = catalogue.compare(visit.call, dataset.name)
    record = [each for each in found if each.kind == "record"]
    items = [each for each in found if each.kind == "item"]
    due = casework.case_by_id(visit.call.session, draft.case_id).due_on if draft.case_id else None
    words = titles()
    context = ReviewPage(
        name=dataset.name,
        gates=[each for each in steps_of(visit, dataset.name) if each.passed < len(each.lines)],
        title=pick(dataset.title, dataset.title_en),
        office=pick(dataset.office.title, dataset.office.title_en),
        author=draft.author,
        submitted=draft.submitted_at,
        waited=_waited(visit, draft),
        due=due,
        first_time=dataset.published_revision_id is None,
        changes=len(found),
        record=[_change(each, words) for each in record if each.after or each.before],
        items=[Change(each.field, _item(each.before), _item(each.after)) for each in items],
        tables=[_table(visit, entry, found) for entry in draft.resources if entry.get("version_id")],
        reason=reason,
        problems=problems or {},
        trouble=trouble,
    )
    return render("review/review.html", visit.shell, context, 422 if problems else 200)


def _waiting(visit: Visit, dataset: Dataset) -> WaitingEntry:
    draft = visit.call.session.get_one(Revision, dataset.draft_revision_id)
    due = casework.case_by_id(visit.call.session, draft.case_id).due_on if draft.case_id else None
    return WaitingEntry(
        dataset.name,
        pick(dataset.title, dataset.title_en),
        pick(dataset.office.title, dataset.office.title_en),
        draft.author,
        _("修改或新版本") if dataset.published_revision_id else _("首次发布"),
        _waited(visit, draft),
        due,
        due is not None and due < clock.day_of(visit.call.now),
    )


def _waited(visit: Visit, draft: Revision) -> str:
    if draft.submitted_at is None:
        return ""
    seconds = (visit.call.now - draft.submitted_at).total_seconds()
    return _n("{n}天", int(seconds // 86_400)) if seconds >= 86_400 else lasting(seconds)


def _change(each: Difference, words: Mapping[str, str]) -> Change:
    return Change(
        words.get(each.field, each.field), worded(each.field, each.before), worded(each.field, each.after)
    )


def worded(field: str, value: Any) -> str:
    """A value of the record in words."""
    if value is None or value == "":
        return ""
    if isinstance(value, list):
        joint = ", " if language() == "en" else "、"
        return joint.join(worded(field, each) for each in value)
    if field == "kind":
        return kind_title(str(value))
    if field in CODED:
        return label(CODED[field], str(value))
    if field in ("issued", "temporal_start", "temporal_end"):
        return day(str(value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _item(item: Mapping[str, Any] | None) -> str:
    """One field's description in a line."""
    if not item:
        return ""
    parts = [
        pick(item.get("title"), item.get("title_en")),
        type_name(item.get("type", "")),
        item.get("unit"),
        pick(item.get("description"), item.get("description_en")),
    ]
    return " · ".join(str(part) for part in parts if part)


def _table(visit: Visit, entry: Mapping[str, Any], found: list[Difference]) -> TableChange:
    """One table: rows and columns before and after, notes, hints, the first rows."""
    version = lake.version_by_id(visit.call.session, str(entry["version_id"]))
    before = next(
        (each.before for each in found if each.kind == "table" and each.field == entry.get("name")), None
    )
    old = [name.rpartition(" ")[0] for name in before["columns"]] if before else None
    new = [column["name"] for column in version.columns]
    return TableChange(
        name=entry.get("name") or version.file_name,
        rows=version.rows,
        rows_before=before.get("rows") if before else None,
        columns=len(new),
        columns_before=len(old) if old is not None else None,
        version=version.number,
        set_aside=version.set_aside,
        added=[name for name in new if old is not None and name not in old],
        removed=[name for name in old or [] if name not in new],
        notes=version.notes,
        hints=hints_of(visit.call, version),
        preview=first_rows(visit.call, version),
    )


ROUTES: list[Route] = [
    page("/review", waiting),
    act("/review", publish_chosen),
    page("/review/{name}", show_review),
    act("/review/{name}", decide),
]
