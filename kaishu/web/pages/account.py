"""Signing in and out; one's own password and tokens."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kaishu import access, http
from kaishu.access import Permission, Role, require
from kaishu.access.errors import SignInNeeded, TooManyTries, WeakPassword, WrongPassword
from kaishu.access.models import Person, Token
from kaishu.base.errors import Invalid, KaishuError
from kaishu.web.desk_contexts import Account, DemoAccount, SignIn
from kaishu.web.rendering import render
from kaishu.web.rights import role_name
from kaishu.web.routing import Unchanged, Visit, act, moved, page, said, text
from kaishu.web.shell import PASSWORD_CHANGED, SIGNED_IN, SIGNED_OUT, TOKEN_REVOKED, say
from kaishu.web.words import language, pick

WORKPLACES = {Role.steward: "/desk", Role.reviewer: "/review", Role.administrator: "/desk"}


def show_sign_in(visit: Visit) -> Response:
    """The form; who is signed in already goes on."""
    following = local_path(visit.query("next"))
    if visit.shell.signed_in:
        return RedirectResponse(following or "/", status_code=303)
    return render("account/sign_in.html", visit.shell, SignIn(following, "", _demo_accounts(visit)))


def sign_in(visit: Visit, form: FormData) -> Response:
    """Check account and password.  Failures are kept, so this commits either way."""
    account, following = text(form, "account"), local_path(text(form, "next"))
    password = form.get("password")
    client = visit.request.client
    try:
        secret = access.sign_in(
            visit.call,
            account=account,
            password=password if isinstance(password, str) else "",
            address=client.host if client else "",
        )
    except (WrongPassword, TooManyTries) as error:
        context = SignIn(following, account, _demo_accounts(visit), said(error))
        return render("account/sign_in.html", visit.shell, context, error.status)
    actor = access.actor_of_session(visit.call.session, secret)
    assert actor is not None
    going = following or WORKPLACES.get(actor.role, "/")
    response = say(RedirectResponse(going, status_code=303), SIGNED_IN, name=actor.name)
    http.set_session_cookie(response, secret)
    return response


def sign_out(visit: Visit, form: FormData) -> Response:
    """End this browser's sign-in."""
    secret = visit.request.cookies.get("kaishu", "")
    if secret:
        access.sign_out(visit.call, secret)
    response = say(RedirectResponse("/", status_code=303), SIGNED_OUT)
    http.clear_session_cookie(response)
    return response


def show_account(visit: Visit) -> Response:
    """Who one is, one's tokens, one's password."""
    return render("account/account.html", visit.shell, _account(visit))


def make_token(visit: Visit, form: FormData) -> Response:
    """Make a token and show it, this once."""
    application = text(form, "application")
    try:
        token, secret = access.issue_token(visit.call, application=application)
    except Invalid as error:
        problems = error.problems_in(language())
        context = _account(visit, application=application, problems=problems)
        raise Unchanged(render("account/account.html", visit.shell, context, error.status)) from error
    context = _account(visit, secret=secret, secret_for=token.application)
    response = render("account/account.html", visit.shell, context, 201)
    response.headers["Cache-Control"] = "no-store"
    return response


def end_token(visit: Visit, form: FormData) -> Response:
    """Revoke a token."""
    token_id = visit.part("token")
    access.revoke_token(visit.call, token_id)
    token = visit.call.session.get_one(Token, token_id)
    return say(moved(visit, "/account"), TOKEN_REVOKED, name=token.application)


def change_password(visit: Visit, form: FormData) -> Response:
    """Change one's password; every sign-in ends."""
    old, new = form.get("old"), form.get("new")
    try:
        access.change_password(
            visit.call, old=old if isinstance(old, str) else "", new=new if isinstance(new, str) else ""
        )
    except (WrongPassword, WeakPassword) as error:
        context = _account(visit, trouble=error)
        raise Unchanged(render("account/account.html", visit.shell, context, 422)) from error
    response = say(RedirectResponse("/sign-in?next=/account", status_code=303), PASSWORD_CHANGED)
    http.clear_session_cookie(response)
    return response


def local_path(given: str) -> str:
    """An address of this site to go on to, never of another; empty if none was given."""
    if given.startswith("/") and not given.startswith(("//", "/\\")) and "\n" not in given:
        return given
    return ""


def _account(
    visit: Visit,
    *,
    secret: str = "",
    secret_for: str = "",
    application: str = "",
    problems: dict[str, list[str]] | None = None,
    trouble: KaishuError | None = None,
) -> Account:
    require(visit.call, Permission.person_self)
    person = visit.call.session.get(Person, visit.call.actor.id)
    if person is None or visit.call.actor.kind != "person":
        raise SignInNeeded(
            actor=visit.call.actor.name, role=visit.call.actor.role, permission=Permission.person_self
        )
    return Account(
        account=person.account,
        role=role_name(person.role),
        office=pick(person.office.title, person.office.title_en) if person.office else "",
        tokens=access.tokens_of(visit.call.session, person.id),
        secret=secret,
        secret_for=secret_for,
        application=application,
        problems=problems or {},
        trouble=said(trouble) if trouble else None,
    )


def _demo_accounts(visit: Visit) -> list[DemoAccount]:
    """The demo city's accounts that are here and still have the password it gave them."""
    from kaishu.web.demonstration import accounts

    return [
        DemoAccount(account, password, role_name(str(Role(role))))
        for account, password, role in accounts(visit.call.session)
    ]


ROUTES: list[Route] = [
    page("/sign-in", show_sign_in),
    act("/sign-in", sign_in),
    act("/sign-out", sign_out),
    page("/account", show_account),
    act("/account/tokens", make_token),
    act("/account/tokens/{token}/revoke", end_token),
    act("/account/password", change_password),
]
