"""Departments and people, for an administrator."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from kaishu import access, catalogue, harvest
from kaishu.access import Permission, Role, require
from kaishu.access.errors import NameTaken, OwnAccount, WeakPassword
from kaishu.access.models import Office, Person
from kaishu.base.errors import Invalid, KaishuError, NotFound
from kaishu.web.desk_contexts import Found, OfficeEdit, OfficesAdmin, PeopleAdmin, PersonEdit
from kaishu.web.office_choices import own_offices
from kaishu.web.paging import around, beginning
from kaishu.web.rendering import render
from kaishu.web.rights import role_name
from kaishu.web.routing import Unchanged, Visit, act, moved, page, said, text
from kaishu.web.shell import OFFICE_ADDED, OFFICE_KEPT, PERSON_ADDED, PERSON_KEPT, say
from kaishu.web.words import _, language

OFFICE = ("title", "title_en", "name", "code", "contact", "description", "description_en")
PERSON = ("account", "name", "role", "office")
LONGEST = {"title": 200, "title_en": 200, "code": 40, "contact": 200, "account": 100, "name": 100}
PROSE = 4000
SHOWN = 50

T = TypeVar("T")


def list_offices(visit: Visit) -> Response:
    """Every department, and the form for one more."""
    return _offices(visit, {})


def add_office(visit: Visit, form: FormData) -> Response:
    """Add a department."""
    values = {name: text(form, name) for name in OFFICE}
    try:
        _check(values, "title")
        access.add_office(visit.call, **values)
    except (NameTaken, Invalid) as error:
        raise Unchanged(_offices(visit, values, error)) from error
    return say(moved(visit, "/admin/offices"), OFFICE_ADDED, name=values["title"])


def show_office(visit: Visit) -> Response:
    """One department, to be changed."""
    require(visit.call, Permission.office_manage)
    office = access.office_by_name(visit.call.session, visit.part("name"))
    return _office(visit, office, {name: getattr(office, name) for name in OFFICE})


def keep_office(visit: Visit, form: FormData) -> Response:
    """Keep what was changed of a department; a credit code must have the right check character."""
    require(visit.call, Permission.office_manage)
    office = access.office_by_name(visit.call.session, visit.part("name"))
    values = {name: text(form, name) for name in OFFICE if name != "name"}
    try:
        _check(values, "title")
        access.revise_office(visit.call, office.name, **values)
    except Invalid as error:
        raise Unchanged(_office(visit, office, {**values, "name": office.name}, error)) from error
    return say(moved(visit, "/admin/offices"), OFFICE_KEPT, name=values["title"])


def show_person(visit: Visit) -> Response:
    """One person, to be changed."""
    return _person(visit, {})


def keep_person(visit: Visit, form: FormData) -> Response:
    """Keep name, role, office, and whether the person may sign in."""
    values = {name: text(form, name) for name in (*PERSON[1:], "active")}
    try:
        _check({"name": values["name"]}, "name")
        access.revise_person(
            visit.call,
            visit.part("account"),
            name=values["name"],
            role=_role(values["role"]).value,
            office=values["office"] or None,
            active=values["active"] == "yes",
        )
    except (Invalid, OwnAccount) as error:
        visit.call.session.rollback()
        raise Unchanged(_person(visit, values, error)) from error
    return say(moved(visit, "/admin/people"), PERSON_KEPT, name=values["name"])


def list_people(visit: Visit) -> Response:
    """Everybody with an account, and the form for one more."""
    return _people(visit, {})


def add_person(visit: Visit, form: FormData) -> Response:
    """Add a person."""
    values = {name: text(form, name) for name in PERSON}
    password = form.get("password")
    try:
        _check(values, "account")
        access.add_person(
            visit.call,
            account=values["account"],
            password=password if isinstance(password, str) else "",
            role=_role(values["role"]),
            name=values["name"],
            office=values["office"] or None,
        )
    except (NameTaken, WeakPassword, Invalid) as error:
        raise Unchanged(_people(visit, values, error)) from error
    return say(moved(visit, "/admin/people"), PERSON_ADDED, name=values["name"] or values["account"])


def _role(code: str) -> Role:
    try:
        return Role(code)
    except ValueError as error:
        raise Invalid({"role": [_("请选择。")]}) from error


def _check(values: Mapping[str, str], needed: str) -> None:
    problems: dict[str, list[str]] = {
        name: [_("太长，最多{n}个字。", n=LONGEST.get(name, PROSE))]
        for name, value in values.items()
        if len(value) > LONGEST.get(name, PROSE)
    }
    flaw = catalogue.codes.check_office(values.get("code", ""))
    if flaw:
        problems["code"] = [flaw.said]
    if not values[needed]:
        problems[needed] = [_("必填。")]
    if problems:
        raise Invalid(problems)


def _problems(error: KaishuError | None, field: str) -> dict[str, list[str]]:
    if isinstance(error, Invalid):
        return error.problems_in(language())
    return {field: [error.sentence(language())]} if error else {}


def _paged(
    visit: Visit, path: str, entries: Sequence[T], words: Callable[[T], str], *kept: tuple[str, str]
) -> tuple[Sequence[T], Found]:
    """Those with the words of ``q`` in them, a page of them."""
    q, start = visit.query("q")[:100], beginning(visit)
    fitting = [each for each in entries if q.casefold() in words(each).casefold()]
    before, following = around(path, (*kept, ("q", q)), start, SHOWN, len(fitting))
    return fitting[start : start + SHOWN], Found(q, len(fitting), before, following)


def _office_words(office: Office) -> str:
    return " ".join((office.name, office.title, office.title_en, office.code or ""))


def _person_words(person: Person) -> str:
    office = (person.office.title, person.office.title_en) if person.office else ()
    return " ".join((person.account, person.name, *office))


def _offices(visit: Visit, values: Mapping[str, str], error: KaishuError | None = None) -> Response:
    require(visit.call, Permission.office_manage)
    others = harvest.foreign_offices(visit.call.session)
    offices = access.offices(visit.call.session)
    elsewhere = visit.query("of") == "elsewhere"
    listed = [office for office in offices if (office.id in others) is elsewhere]
    foreign = sum(office.id in others for office in offices)
    kept = ("of", "elsewhere" if elsewhere else "")
    shown, found = _paged(visit, "/admin/offices", listed, _office_words, kept)
    context = OfficesAdmin(
        offices=shown,
        counts=(len(offices) - foreign, foreign),
        elsewhere=elsewhere,
        found=found,
        values={name: values.get(name, "") for name in OFFICE},
        problems=_problems(error, "name"),
        trouble=said(error) if error else None,
    )
    return render("admin/offices.html", visit.shell, context, error.status if error else 200)


def _people(visit: Visit, values: Mapping[str, str], error: KaishuError | None = None) -> Response:
    require(visit.call, Permission.person_manage)
    roles = {str(role): role_name(str(role)) for role in Role}
    shown, found = _paged(visit, "/admin/people", access.people(visit.call.session), _person_words)
    context = PeopleAdmin(
        people=shown,
        found=found,
        roles=roles,
        role_options=[(code, title) for code, title in roles.items() if code != "visitor"],
        office_options=own_offices(visit.call),
        values={name: values.get(name, "") for name in PERSON},
        problems=_problems(error, "password" if isinstance(error, WeakPassword) else "account"),
        trouble=said(error) if error else None,
    )
    return render("admin/people.html", visit.shell, context, error.status if error else 200)


def _office(
    visit: Visit, office: Office, values: Mapping[str, str], error: KaishuError | None = None
) -> Response:
    context = OfficeEdit(
        office=office,
        values=values,
        problems=_problems(error, "title"),
        trouble=said(error) if error else None,
    )
    return render("admin/office.html", visit.shell, context, error.status if error else 200)


def _person(visit: Visit, values: Mapping[str, str], error: KaishuError | None = None) -> Response:
    require(visit.call, Permission.person_manage)
    account = visit.part("account")
    person = next((p for p in access.people(visit.call.session) if p.account == account), None)
    if person is None:
        raise NotFound(kind="人员 person", name=account)
    shown = {
        "name": person.name,
        "role": person.role,
        "office": person.office.name if person.office else "",
        "active": "yes" if person.active else "",
    }
    context = PersonEdit(
        person=person,
        values={**shown, **values},
        role_options=[(str(r), role_name(str(r))) for r in Role if r is not Role.visitor],
        office_options=own_offices(visit.call, shown["office"]),
        problems=_problems(error, "active"),
        trouble=said(error) if error else None,
    )
    return render("admin/person.html", visit.shell, context, error.status if error else 200)


ROUTES: list[Route] = [
    page("/admin/offices", list_offices),
    act("/admin/offices", add_office),
    page("/admin/offices/{name}", show_office),
    act("/admin/offices/{name}", keep_office),
    page("/admin/people/{account}", show_person),
    act("/admin/people/{account}", keep_person),
    page("/admin/people", list_people),
    act("/admin/people", add_person),
]
