"""The arguments of a call, whichever of CKAN's five ways they came in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

import orjson
from starlette.datastructures import UploadFile
from starlette.requests import Request

from kaishu.access import Call
from kaishu.api.ckan.errors import BadCall
from kaishu.base.errors import Invalid, Said
from kaishu.http import read_call, site_url, write_call

TRUE = frozenset({"true", "yes", "t", "y", "1", "on"})
DEEPEST = 50  # objects and lists one inside the other
FALSE = frozenset({"false", "no", "f", "n", "0", "off", "", "none"})


@dataclass(slots=True)
class Asked:
    """One call: its arguments, the file sent with it, and the way to the records."""

    request: Request
    values: Mapping[str, Any]
    upload: UploadFile | None = None
    site: str = field(default="")

    def __post_init__(self) -> None:
        self.site = site_url(self.request)

    @contextmanager
    def reading(self) -> Iterator[Call]:
        """A call that reads."""
        with read_call(self.request) as call:
            yield call

    @contextmanager
    def writing(self) -> Iterator[Call]:
        """A call that writes."""
        with write_call(self.request) as call:
            yield call

    def text(self, name: str, default: str = "") -> str:
        """A text argument."""
        value = self.values.get(name)
        if value is None:
            return default
        if isinstance(value, str | int | float):
            return str(value)
        raise Invalid({name: [Said("应为文字。", "Must be text.")]})

    def needed(self, *names: str) -> str:
        """The first of these arguments that is given.  Raises ``Invalid`` if none is."""
        for name in names:
            if self.values.get(name) not in (None, ""):
                return self.text(name)
        raise Invalid({names[0]: [Said("缺少参数。", "Missing value")]})

    def integer(self, name: str, default: int, *, most: int = 2**31 - 1) -> int:
        """A natural number; what is more than ``most`` becomes ``most``, as CKAN does."""
        value = self.values.get(name)
        if value is None or value == "":
            return default
        try:
            if isinstance(value, bool | float | list | dict):
                raise ValueError
            number = int(str(value)[:20])
        except ValueError as error:
            raise Invalid({name: [Said("应为整数。", "Invalid integer")]}) from error
        if number < 0:
            raise Invalid({name: [Said("应为自然数。", "Must be a natural number")]})
        return min(number, most)

    def flag(self, name: str, default: bool = False) -> bool:
        """True or false, in any of CKAN's words."""
        value = self.values.get(name)
        if value is None:
            return default
        word = str(value).strip().lower()
        if word in TRUE or word in FALSE:
            return word in TRUE
        raise Invalid({name: [Said("应为 true 或 false。", "Must be true or false")]})

    def words(self, name: str) -> list[str]:
        """A list of texts: a JSON list, the same as text, or one or several words with commas between."""
        value = self.values.get(name)
        if value is None or value == "":
            return []
        if isinstance(value, str):
            value = _json_list(name, value)
        if not isinstance(value, list) or not all(isinstance(each, str | int | float) for each in value):
            raise Invalid({name: [Said("应为列表。", "Not a list")]})
        return [str(each) for each in value]


def _json_list(name: str, text: str) -> Any:
    if not text.lstrip().startswith("["):
        return [part.strip() for part in text.split(",") if part.strip()]
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        inside = text.strip().removeprefix("[").removesuffix("]")
        parts = [part.strip().strip("'\"") for part in inside.split(",")]
        if any("'" in p or '"' in p or "[" in p for p in parts):
            raise Invalid({name: [Said("应为列表。", "Not a list")]}) from None
        return [part for part in parts if part]


async def asked_of(request: Request) -> Asked:
    """Read the arguments: address, JSON, form, JSON as the only key of a form, or multipart.

    Raises ``BadCall``.
    """
    if request.method in ("GET", "HEAD"):
        return Asked(request, _together(request.query_params.multi_items()))
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        form = await request.form()
        pairs = [(key, value) for key, value in form.multi_items() if isinstance(value, str)]
        sent = form.get("upload")
        return Asked(request, _together(pairs), sent if isinstance(sent, UploadFile) else None)
    body = await request.body()
    if not body.strip():
        return Asked(request, {})
    if kind == "application/x-www-form-urlencoded":
        return Asked(request, _form(body))
    return Asked(request, _object(body))


def _form(body: bytes) -> dict[str, Any]:
    text = body.decode("utf-8", "replace").strip()
    if text.startswith("{"):
        return _object(body)
    whole = unquote_plus(text.removesuffix("="))
    if whole.lstrip().startswith("{"):
        return _object(whole.encode("utf-8", "replace"))
    try:
        return _together(parse_qsl(text, keep_blank_values=True, max_num_fields=1000))
    except ValueError as error:
        raise BadCall(reason=str(error)) from error


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadCall(reason=f"JSON Error: Error decoding JSON data. Error: {error}") from error
    if not isinstance(found, dict):
        raise BadCall(reason="Request data JSON decoded to something that is not a dictionary")
    if _too_deep(found):
        raise BadCall(reason=f"Request data is nested deeper than {DEEPEST}")
    return found


def _too_deep(found: Any) -> bool:
    layer: list[Any] = [found]
    for _ in range(DEEPEST):
        layer = [
            inner
            for each in layer
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        if not layer:
            return False
    return any(isinstance(each, dict | list) for each in layer)


def _together(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key not in found:
            found[key] = value
        elif isinstance(found[key], list):
            found[key].append(value)
        else:
            found[key] = [found[key], value]
    return found
