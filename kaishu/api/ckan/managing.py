"""Departments, people and tokens, for those who keep them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from kaishu import access
from kaishu.access import Call, Permission, allowed, office_by_name, people, require, tokens_of
from kaishu.access.models import Person
from kaishu.access.permissions import Role
from kaishu.api.ckan import shapes
from kaishu.api.ckan.arguments import Asked
from kaishu.api.ckan.registry import action
from kaishu.base.errors import Invalid, NotFound, Said

OFFICE = {"title": "title", "description": "description"}
OFFICE_EXTRAS = ("title_en", "code", "description_en", "contact")
ROLES = {"member": Role.member, "editor": Role.steward, "admin": Role.reviewer}


@action("organization_create", writes=True)
def organization_create(asked: Asked) -> dict[str, Any]:
    """Add a department: ``name``, ``title``, ``description``, title_en, code, description_en, contact."""
    said = _office_facts(asked)
    with asked.writing() as call:
        title = said.pop("title", "") or asked.needed("name")
        made = access.add_office(call, title=title, name=asked.text("name"), **said)
        return shapes.organization(made, 0)


@action("organization_update", writes=True)
def organization_update(asked: Asked) -> dict[str, Any]:
    """Replace what is said of the department ``id``; its name stays."""
    return _revise_office(asked, {key: "" for key in ("description", *OFFICE_EXTRAS)})


@action("organization_patch", writes=True)
def organization_patch(asked: Asked) -> dict[str, Any]:
    """Change only what is given of the department ``id``."""
    return _revise_office(asked, {})


@action("organization_delete", writes=True)
def organization_delete(asked: Asked) -> None:
    """Refused: datasets and the ledger go on naming a department."""
    with asked.reading() as call:
        require(call, Permission.office_manage)
        office_by_name(call.session, asked.needed("id"))
    said = Said("部门不能删除，目录和台账仍引用它。", "A department stays: datasets and the ledger name it.")
    raise Invalid({"id": [said]})


def _no_group(asked: Asked) -> None:
    said = Said(
        "主题来自代码表，不能在这里增删改。", "Groups are the themes of a code list; it is not changed here."
    )
    raise Invalid({"name": [said]})


for _name in ("group_create", "group_update", "group_patch", "group_delete"):
    _no_group.__doc__ = "Refused: groups are the themes of a code list."
    action(_name, writes=True)(_no_group)


@action("user_show")
def user_show(asked: Asked) -> dict[str, Any]:
    """A person: oneself without ``id``, anybody for whoever keeps the accounts."""
    with asked.reading() as call:
        return shapes.user(_person(call, asked.text("id")))


@action("user_list")
def user_list(asked: Asked) -> list[Any]:
    """Everybody with an account, for whoever keeps them; ``q`` narrows, ``all_fields`` false gives names."""
    query = asked.text("q").casefold()
    with asked.reading() as call:
        require(call, Permission.person_manage)
        found = [shapes.user(each) for each in people(call.session)]
    found = [
        each for each in found if query in each["name"].casefold() or query in each["fullname"].casefold()
    ]
    return found if asked.flag("all_fields", True) else [each["name"] for each in found]


@action("user_create", writes=True)
def user_create(asked: Asked) -> dict[str, Any]:
    """Add an account: name, password, fullname, role (member, editor, admin), organization."""
    name, password = asked.needed("name"), asked.needed("password")
    role = asked.text("role", "member")
    if role not in ROLES:
        raise Invalid(
            {"role": [Said("应为 member、editor 或 admin。", f"Must be one of {', '.join(ROLES)}")]}
        )
    with asked.writing() as call:
        made = access.add_person(
            call,
            account=name,
            password=password,
            role=ROLES[role],
            name=asked.text("fullname"),
            office=asked.text("organization") or None,
        )
        return shapes.user(made)


@action("user_update", writes=True)
def user_update(asked: Asked) -> dict[str, Any]:
    """Change ``fullname``, or ``state`` (active, deleted), of the account ``id``."""
    return _revise_user(asked)


def _revise_user(asked: Asked) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if asked.text("fullname"):
        changes["name"] = asked.text("fullname")
    if asked.text("state"):
        changes["active"] = asked.text("state") == "active"
    with asked.writing() as call:
        account = _person(call, asked.needed("id", "name"), Permission.person_manage).account
        return shapes.user(access.revise_person(call, account, **changes))


@action("user_patch", writes=True)
def user_patch(asked: Asked) -> dict[str, Any]:
    """As user_update."""
    return _revise_user(asked)


@action("user_delete", writes=True)
def user_delete(asked: Asked) -> None:
    """Switch the account ``id`` off; what it did stays on record."""
    with asked.writing() as call:
        account = _person(call, asked.needed("id"), Permission.person_manage).account
        access.revise_person(call, account, active=False)


@action("api_token_create", writes=True)
def api_token_create(asked: Asked) -> dict[str, str]:
    """A token for an application ``name`` of one's own; it is shown this once.  ``user`` can only be oneself.

    A token may make another for the same person.  Tokens do not expire: ``expires_in`` is refused.
    """
    name = asked.needed("name")
    for argument in ("expires_in", "unit"):
        if asked.values.get(argument) not in (None, ""):
            said = Said(
                "令牌不会过期，请用完后撤销。", "Tokens do not expire here; revoke it when it is done."
            )
            raise Invalid({argument: [said]})
    with asked.writing() as call:
        if asked.text("user"):
            _own(call, asked.text("user"))
        _, secret = access.issue_token(call, application=name, by_application=True)
        return {"token": secret}


@action("api_token_list")
def api_token_list(asked: Asked) -> list[dict[str, Any]]:
    """One's own tokens that still work, without their secrets."""
    with asked.reading() as call:
        require(call, Permission.token_issue)
        person = _own(call, asked.text("user_id") or asked.text("user"))
        return [
            {
                "id": each.id,
                "name": each.application,
                "user_id": each.person_id,
                "created_at": shapes.stamp(each.created_at),
                "last_access": shapes.stamp(each.last_used_at) or None,
            }
            for each in tokens_of(call.session, person.id)
            if each.revoked_at is None
        ]


@action("api_token_revoke", writes=True)
def api_token_revoke(asked: Asked) -> None:
    """End one's own token: ``jti`` is its id, or ``token`` the secret itself."""
    with asked.writing() as call:
        token_id = asked.text("jti")
        if not token_id:
            token_id = access.token_of_secret(call, asked.needed("token")).id
        access.revoke_token(call, token_id)


def _office_facts(asked: Asked) -> dict[str, str]:
    said = {field: asked.text(key) for key, field in OFFICE.items() if asked.values.get(key) is not None}
    extras = asked.values.get("extras")
    for each in extras if isinstance(extras, list) else []:
        if isinstance(each, dict) and each.get("key") in OFFICE_EXTRAS:
            said[str(each["key"])] = str(each.get("value") or "")
    for key in OFFICE_EXTRAS:
        if asked.values.get(key) is not None:
            said[key] = asked.text(key)
    return said


def _revise_office(asked: Asked, empty: dict[str, str]) -> dict[str, Any]:
    said = {**empty, **_office_facts(asked)}
    if not said.get("title"):
        said.pop("title", None)
    with asked.writing() as call:
        office = office_by_name(call.session, asked.needed("id", "name"))
        return shapes.organization(access.revise_office(call, office.name, **said))


def _person(call: Call, name: str, permission: Permission = Permission.person_self) -> Person:
    """The person of that account or id; oneself for nothing.  Others are for whoever keeps the accounts."""
    require(call, permission)
    if not name or name == call.actor.id:
        return _found(call, call.actor.id)
    person = call.session.scalars(
        select(Person).where((Person.account == name) | (Person.id == name))
    ).first()
    if person is None or (person.id != call.actor.id and not allowed(call, Permission.person_manage)):
        raise NotFound(kind="人员 user", name=name)
    return person


def _own(call: Call, name: str) -> Person:
    person = _person(call, name)
    if person.id != call.actor.id:
        raise NotFound(kind="人员 user", name=name)
    return person


def _found(call: Call, person_id: str) -> Person:
    person = call.session.get(Person, person_id)
    if person is None:
        raise NotFound(kind="人员 user", name=person_id)
    return person
