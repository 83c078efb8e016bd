"""Departments and people, for an administrator."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from kaishu import access
from kaishu.access import Permission, Role, require
from kaishu.access.errors import NameTaken, WeakPassword
from kaishu.base.errors import Invalid, KaishuError
from kaishu.web.desk_contexts import OfficesAdmin, PeopleAdmin
from kaishu.web.pages.account import role_name
from kaishu.web.rendering import render
from kaishu.web.routing import Unchanged, Visit, act, moved, page, said, text
from kaishu.web.shell import OFFICE_ADDED, PERSON_ADDED, say
from kaishu.web.words import _, language, pick

OFFICE = ("title", "title_en", "name", "code", "contact", "description", "description_en")
PERSON = ("account", "name", "role", "office")
LONGEST = {"title": 200, "title_en": 200, "code": 40, "contact": 200, "account": 100, "name": 100}
PROSE = 4000


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
    problems = {
        name: [_("太长，最多{n}个字。", n=LONGEST.get(name, PROSE))]
        for name, value in values.items()
        if len(value) > LONGEST.get(name, PROSE)
    }
    if not values[needed]:
        problems[needed] = [_("必填。")]
    if problems:
        raise Invalid(problems)


def _problems(error: KaishuError | None, field: str) -> dict[str, list[str]]:
    if isinstance(error, Invalid):
        return error.problems_in(language())
    return {field: [error.sentence(language())]} if error else {}


def _offices(visit: Visit, values: Mapping[str, str], error: KaishuError | None = None) -> Response:
    require(visit.call, Permission.office_manage)
    context = OfficesAdmin(
        offices=access.offices(visit.call.session),
        values={name: values.get(name, "") for name in OFFICE},
        problems=_problems(error, "name"),
        trouble=said(error) if error else None,
    )
    return render("admin/offices.html", visit.shell, context, error.status if error else 200)


def _people(visit: Visit, values: Mapping[str, str], error: KaishuError | None = None) -> Response:
    require(visit.call, Permission.person_manage)
    roles = {str(role): role_name(str(role)) for role in Role}
    context = PeopleAdmin(
        people=access.people(visit.call.session),
        roles=roles,
        role_options=[(code, title) for code, title in roles.items() if code != "visitor"],
        office_options=[(o.name, pick(o.title, o.title_en)) for o in access.offices(visit.call.session)],
        values={name: values.get(name, "") for name in PERSON},
        problems=_problems(error, "password" if isinstance(error, WeakPassword) else "account"),
        trouble=said(error) if error else None,
    )
    return render("admin/people.html", visit.shell, context, error.status if error else 200)


ROUTES: list[Route] = [
    page("/admin/offices", list_offices),
    act("/admin/offices", add_office),
    page("/admin/people", list_people),
    act("/admin/people", add_person),
]
