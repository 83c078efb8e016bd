"""Templates to pages."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from kaishu.web import figures, words
from kaishu.web.shell import FLASH, Shell

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
BACKQUOTED = re.compile(r"`+([^`]+)`+")


@cache
def environment() -> Environment:
    """The Jinja environment; every value is escaped unless it is our own drawing."""
    made = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "_": words._,
        "_n": words._n,
        "pick": words.pick,
        "label": words.label,
        "static": static_address,
        "seal": seal(),
        "address": address,
    }
    made.filters |= {
        "coded": coded,
        "number": figures.number,
        "share": figures.share,
        "size": figures.size,
        "day": figures.day,
        "moment": figures.moment,
        "iso": figures.iso,
        "ago": figures.ago,
        "cell": figures.cell,
        "brief": figures.brief,
        "edged": figures.edged,
        "path": path_part,
        "listed": words.listed,
        "duty_kind": words.duty_kind,
    }
    return made


def render(template: str, shell: Shell, page: Any = None, status: int = 200) -> HTMLResponse:
    """A page from its template, the frame's context and its own typed context."""
    body = environment().get_template(template).render(shell=shell, page=page)
    response = HTMLResponse(body, status_code=status)
    response.headers["Content-Language"] = "en" if shell.language == "en" else "zh-CN"
    response.headers["Vary"] = "Cookie, Accept-Language"
    response.headers["Cache-Control"] = "private, no-cache"
    if shell.flash:
        response.delete_cookie(FLASH, path="/")
    return response


@cache
def static_address(name: str) -> str:
    """Address of a static file, with a part that changes when the file does."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


@cache
def coded(text: str) -> Markup:
    """A sentence in which what stands in backquotes is code."""
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if place % 2 else escape(piece)
        for place, piece in enumerate(BACKQUOTED.split(text))
    )


def seal() -> Markup:
    """The mark, drawn inline; decoration here, since the site's name stands beside it."""
    drawn = (STATIC / "seal.svg").read_text(encoding="utf-8").strip()
    return Markup(drawn.replace('role="img" aria-label="开数"', 'aria-hidden="true" focusable="false"'))  # noqa: S704 - our own file


def path_part(value: str) -> str:
    """A value as one part of an address path."""
    return quote(value, safe="")


def address(path: str, *pairs: tuple[str, Any]) -> str:
    """A path with a query; pairs without a value are left out."""
    query = urlencode([(key, value) for key, value in pairs if value not in (None, "")])
    return f"{path}?{query}" if query else path
