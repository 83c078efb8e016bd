"""The session cookie, and the proof against forged forms that is derived from it."""

from __future__ import annotations

import hashlib
import hmac

from starlette.requests import HTTPConnection
from starlette.responses import Response

from kaishu.base import settings

COOKIE = "kaishu"


def session_secret(request: HTTPConnection) -> str:
    """The secret in the session cookie; empty if there is none."""
    return request.cookies.get(COOKIE, "")


def set_session_cookie(response: Response, secret: str) -> None:
    """Give the browser the secret of a new sign-in."""
    response.set_cookie(
        COOKIE,
        secret,
        max_age=settings.number("session_hours") * 3600,
        httponly=True,
        samesite="lax",
        secure=settings.text("secure_cookies") == "1",
        path="/",
    )


def clear_session_cookie(response: Response) -> None:
    """Take the secret back."""
    response.delete_cookie(
        COOKIE, path="/", httponly=True, samesite="lax", secure=settings.text("secure_cookies") == "1"
    )


def csrf_token(request: HTTPConnection) -> str:
    """What a form of ours carries in its field ``csrf``: HMAC-SHA256 of a fixed word under the secret.

    Empty for visitors, whose few forms (signing in) are guarded by where the browser says they come from.
    """
    secret = session_secret(request)
    return hmac.new(secret.encode(), b"kaishu form", hashlib.sha256).hexdigest() if secret else ""


def proves(request: HTTPConnection, given: str) -> bool:
    """Is ``given`` the proof that belongs to this request's cookie?"""
    return hmac.compare_digest(csrf_token(request).encode(), given.encode())
