"""From requests to calls and from errors to answers: what both web entrances, pages and APIs, share."""

from kaishu.http.calls import handing_call, idle_call, read_call, request_id, write_call
from kaishu.http.cookies import clear_session_cookie, csrf_token, set_session_cookie
from kaishu.http.files import file_response, matching, not_modified, streamed
from kaishu.http.freshness import Remembered, forget
from kaishu.http.identity import actor_of, bears_nothing
from kaishu.http.installation import handle_errors, install
from kaishu.http.language import language_of
from kaishu.http.later import Later
from kaishu.http.links import site_url
from kaishu.http.problems import errors_under, problem

__all__ = [
    "Later",
    "Remembered",
    "actor_of",
    "bears_nothing",
    "clear_session_cookie",
    "csrf_token",
    "errors_under",
    "file_response",
    "forget",
    "handing_call",
    "handle_errors",
    "idle_call",
    "install",
    "language_of",
    "matching",
    "not_modified",
    "problem",
    "read_call",
    "request_id",
    "set_session_cookie",
    "site_url",
    "streamed",
    "write_call",
]
