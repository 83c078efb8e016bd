"""Chinese unless somebody says otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from kaishu.http import language_of
from kaishu.http.language import preferred


def request(query: str = "", cookie: str = "", accept: str = "") -> Request:
    headers = [(b"cookie", cookie.encode()), (b"accept-language", accept.encode())]
    return Request({"type": "http", "query_string": query.encode(), "headers": headers})


@pytest.mark.parametrize(
    ("query", "cookie", "accept", "wanted"),
    [
        ("", "", "", "zh"),
        ("", "", "en-GB,en;q=0.9", "en"),
        ("", "", "en;q=0.4, zh-TW;q=0.8", "zh"),
        ("", "", "de, fr;q=0.5", "en"),
        ("", "", "*", "zh"),
        ("", "lang=en", "zh", "en"),
        ("lang=zh", "lang=en", "en", "zh"),
        ("lang=xx", "lang=yy", "en", "en"),
    ],
)
def test_address_then_cookie_then_browser(query: str, cookie: str, accept: str, wanted: str) -> None:
    assert language_of(request(query, cookie, accept)) == wanted


@given(st.text(max_size=80))
def test_any_header_gives_one_of_the_two(header: str) -> None:
    assert preferred(header) in ("zh", "en")
