"""Which of the two languages to answer in."""

from __future__ import annotations

from functools import lru_cache

from starlette.requests import HTTPConnection

LANGUAGES = ("zh", "en")


def language_of(request: HTTPConnection) -> str:
    """``zh`` or ``en``: ``?lang=``, else the cookie ``lang``, else Accept-Language, else Chinese."""
    for wanted in (request.query_params.get("lang"), request.cookies.get("lang")):
        if wanted in LANGUAGES:
            return str(wanted)
    return preferred(request.headers.get("accept-language", ""))


@lru_cache(maxsize=512)
def preferred(header: str) -> str:
    """The language an Accept-Language header likes best; English for those who name neither.

    >>> preferred("en-GB,en;q=0.9,zh;q=0.8"), preferred("zh-CN,en;q=0.5"), preferred("fr"), preferred("")
    ('en', 'zh', 'en', 'zh')
    """
    best, weight = "", 0.0
    named = [part.strip() for part in header.split(",") if part.strip()]
    for part in named:
        tag, _, rest = part.partition(";")
        try:
            quality = float(rest.split("=", 1)[1]) if "=" in rest else 1.0
        except ValueError:
            quality = 0.0
        primary = "zh" if tag.strip() == "*" else tag.strip().lower().split("-")[0]
        if primary in LANGUAGES and quality > weight:
            best, weight = primary, quality
    return best or ("en" if named else "zh")
