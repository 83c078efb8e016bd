"""Readers say what is wrong in a table, and see under a number what came of it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kaishu import casework, catalogue, quality
from kaishu.base.errors import Invalid, KaishuError, NotFound
from kaishu.catalogue.models import Dataset, Resource
from kaishu.quality import Correction
from kaishu.web import addresses
from kaishu.web.rendering import address, path_part, render
from kaishu.web.routing import Unchanged, Visit, act, moved, page, said, text
from kaishu.web.words import _, language, pick

HERE = "/corrections"
#: Marks of senders are of no use to anybody who comes by them later: the key ends with the process.
_KEY = secrets.token_bytes(32)
_LONGEST_NUMBER = 40


@dataclass(frozen=True, slots=True)
class CorrectionForm:
    """The form for one table, with what was filled in and what is wrong with it."""

    name: str
    title: str
    resource: str
    columns: Sequence[tuple[str, str]]
    given: Correction
    problems: Mapping[str, Sequence[str]] = field(default_factory=dict)
    trouble: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class CorrectionFound:
    """One correction as who sent it may see it; ``answers`` are (moment, who, word, text)."""

    number: str
    dataset: str
    title: str
    state: str
    sent: datetime
    due: date | None
    given: Correction
    answers: Sequence[tuple[datetime, str, str, str]]


@dataclass(frozen=True, slots=True)
class CorrectionSearch:
    """The field for a number."""

    number: str
    trouble: tuple[str, str] | None = None


def show_form(visit: Visit) -> Response:
    """The form; column and row may be named in the address."""
    given = Correction(row=visit.query("row")[:12], column=visit.query("column")[:200])
    return _form(visit, visit.query("resource"), given)


def send(visit: Visit, form: FormData) -> Response:
    """Take the correction and show its number."""
    resource = text(form, "resource")
    given = Correction(**{name: text(form, name) for name in ("row", "column", "wrong", "right", "contact")})
    _dataset, _entry, version = catalogue.readable_version(visit.call, visit.part("name"), resource or None)
    try:
        order = quality.send_correction(visit.call, version, given, _sender(visit))
    except KaishuError as error:
        raise Unchanged(_form(visit, resource, given, error)) from error
    return moved(visit, f"{HERE}/{order.id}")


def find(visit: Visit) -> Response:
    """To a correction by its number."""
    number = visit.query("number")[:_LONGEST_NUMBER].lower()
    if not number:
        return render("correction/find.html", visit.shell, CorrectionSearch(""))
    try:
        quality.correction_by_id(visit.call.session, number)
    except NotFound as error:
        context = CorrectionSearch(number, said(error))
        return render("correction/find.html", visit.shell, context, error.status)
    return RedirectResponse(f"{HERE}/{path_part(number)}", status_code=303)


def show(visit: Visit) -> Response:
    """What was said, how far it is, and what the office answered; nobody is named."""
    order, case = quality.correction_by_id(visit.call.session, visit.part("id"))
    dataset = visit.call.session.scalars(
        select(Dataset)
        .join(Resource, Resource.dataset_id == Dataset.id)
        .where(Resource.table_id == order.table_id)
    ).first()
    words = {
        "accept": (_("提供部门"), _("已受理")),
        "answer": (_("提供部门"), _("答复")),
        "refuse": (_("提供部门"), _("认为无误，报主管部门复核")),
        "insist": (_("主管部门"), _("要求重新核实")),
        "uphold": (_("主管部门"), _("答复")),
    }
    context = CorrectionFound(
        number=order.id,
        dataset=dataset.name if dataset else "",
        title=pick(dataset.title, dataset.title_en) if dataset else "",
        state=case.state,
        sent=case.opened_at,
        due=case.due_on if case.closed_at is None else None,
        given=quality.said_in(order),
        answers=[
            (step.at, *words[step.action], step.reason)
            for step in casework.steps_of(visit.call.session, case.id)
            if step.action in words
        ],
    )
    response = render("correction/found.html", visit.shell, context)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _form(visit: Visit, resource: str, given: Correction, error: KaishuError | None = None) -> Response:
    dataset, entry, version = catalogue.readable_version(visit.call, visit.part("name"), resource or None)
    names = [str(each["name"]) for each in version.columns]
    field_problem = isinstance(error, Invalid)
    context = CorrectionForm(
        name=dataset.name,
        title=pick(dataset.title, dataset.title_en),
        resource=entry.id,
        columns=[(name, name) for name in names],
        given=given,
        problems=error.problems_in(language()) if isinstance(error, Invalid) else {},
        trouble=said(error) if error is not None and not field_problem else None,
    )
    return render("correction/form.html", visit.shell, context, error.status if error else 200)


def _sender(visit: Visit) -> str:
    """Tells senders apart for an hour: a person, or the place a visitor writes from."""
    actor, client = visit.call.actor, visit.request.client
    who = actor.id or (client.host if client else "")
    return hmac.new(_KEY, who.encode(), hashlib.sha256).hexdigest()[:26]


def correction_href(name: str, resource: str) -> str:
    """Address of the form."""
    return address(addresses.dataset_path(name) + "/correct", ("resource", resource))


ROUTES: list[Route] = [
    page("/datasets/{name}/correct", show_form),
    act("/datasets/{name}/correct", send),
    page(HERE, find),
    page(f"{HERE}/{{id}}", show),
]
