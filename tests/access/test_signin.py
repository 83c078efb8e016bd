"""Signing in: right passwords work, wrong ones lead to a pause, secrets are stored hashed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from kaishu import access
from kaishu.access import VISITOR, Actor, Call, Role
from kaishu.access.errors import (
    NameTaken,
    NotAllowed,
    SignInNeeded,
    TooManyTries,
    WeakPassword,
    WrongPassword,
)

PASSWORD = "正确的密码 2026"


@pytest.fixture
def person(call: Call) -> str:
    access.add_office(call, title="交通运输局", name="jiaotong")
    access.add_person(call, account="li", password=PASSWORD, role=Role.steward, office="jiaotong")
    return "li"


def test_the_right_password_signs_in_as_the_person(call: Call, person: str) -> None:
    secret = access.sign_in(call, account=person, password=PASSWORD)
    actor = access.actor_of_session(call.session, secret)
    assert actor is not None
    assert (actor.name, actor.role) == ("li", Role.steward)


def test_no_secret_is_stored_as_it_is(call: Call, person: str) -> None:
    secret = access.sign_in(call, account=person, password=PASSWORD)
    actor = access.actor_of_session(call.session, secret)
    assert actor is not None
    _, token = access.issue_token(replace(call, actor=actor), application="看板")
    stored = [
        str(row)
        for table in ("access_person", "access_signed_in", "access_token", "ledger_entry")
        for row in call.session.execute(text(f"SELECT * FROM {table}")).all()
    ]
    for hidden in (PASSWORD, secret, token):
        assert not any(hidden in row for row in stored)


def test_sign_out_ends_it(call: Call, person: str) -> None:
    secret = access.sign_in(call, account=person, password=PASSWORD)
    access.sign_out(call, secret)
    assert access.actor_of_session(call.session, secret) is None


def test_wrong_passwords_lead_to_a_pause_even_for_the_right_one(call: Call, person: str) -> None:
    for _ in range(5):
        with pytest.raises(WrongPassword):
            access.sign_in(call, account=person, password="wrong", address="10.0.0.1")
    with pytest.raises(TooManyTries):
        access.sign_in(call, account=person, password=PASSWORD, address="10.0.0.2")
    later = replace(call, now=call.now + timedelta(minutes=16))
    assert access.sign_in(later, account=person, password=PASSWORD)


def test_an_unknown_account_is_refused_in_the_same_words(call: Call, person: str) -> None:
    with pytest.raises(WrongPassword) as unknown:
        access.sign_in(call, account="nobody", password="x")
    with pytest.raises(WrongPassword) as wrong:
        access.sign_in(call, account=person, password="x")
    assert str(unknown.value) == str(wrong.value)


def test_changing_the_password_ends_every_sign_in(call: Call, person: str) -> None:
    secret = access.sign_in(call, account=person, password=PASSWORD)
    actor = access.actor_of_session(call.session, secret)
    assert actor is not None
    access.change_password(replace(call, actor=actor), old=PASSWORD, new="another one entirely")
    assert access.actor_of_session(call.session, secret) is None
    assert access.sign_in(call, account=person, password="another one entirely")


def test_weak_passwords_and_taken_accounts_are_refused(call: Call, person: str) -> None:
    with pytest.raises(WeakPassword):
        access.add_person(call, account="wang", password="12345678", role=Role.member)
    with pytest.raises(NameTaken):
        access.add_person(call, account=person, password=PASSWORD, role=Role.member)


def test_a_token_is_its_persons_and_ends_when_revoked(call: Call, person: str) -> None:
    actor = access.actor_of_session(call.session, access.sign_in(call, account=person, password=PASSWORD))
    assert actor is not None
    own = replace(call, actor=actor)
    token, secret = access.issue_token(own, application="地铁应用")
    found = access.actor_of_token(call.session, secret)
    assert found is not None
    assert (found.kind, found.role, found.office) == ("application", Role.steward, actor.office)
    access.revoke_token(own, token.id)
    assert access.actor_of_token(call.session, secret) is None


def test_a_visitor_must_sign_in_and_a_member_may_not_manage(
    call: Call, make_call: Callable[[Actor], Call]
) -> None:
    with pytest.raises(SignInNeeded):
        access.add_office(make_call(VISITOR), title="没有权限")
    with pytest.raises(NotAllowed):
        access.add_office(make_call(Actor("person", "p", "赵", Role.member)), title="没有权限")
