"""Statements by their place in a document, and as texts to be kept."""

from __future__ import annotations

import json
from collections.abc import Iterator, MutableMapping
from typing import Any

from kaishu.crosswalk.taking import RUNNING

OURS = "kaishu:"
Object = dict[str, Any]


def leaves(
    document: Any, containers: frozenset[str] = frozenset(), at: str = ""
) -> Iterator[tuple[str, Any]]:
    """Path and value of everything that is not an object with members; lists are values."""
    for key, value in document.items():
        path = f"{at}/{_escaped(key)}" if at else _escaped(key)
        if path in containers and _objects(value):
            continue
        if isinstance(value, dict) and value and not path.startswith(OURS) and at.count("/") < 20:
            yield from leaves(value, containers, path)
        else:
            yield path, value


def put_path(document: MutableMapping[str, Any], path: str, value: Any) -> None:
    """Set the value at a path of keys; whatever is in the way gives way."""
    *way, last = [part.replace("~1", "/").replace("~0", "~") for part in path.split("/")]
    for part in way:
        inner = document.get(part)
        if not isinstance(inner, dict):
            inner = document[part] = {}
        document = inner
    document[last] = value


def kept_text(value: Any) -> str:
    """Any value as a text of the extras; ``value_of`` gives it back."""
    if isinstance(value, str) and value.strip() == value and _parsed(value) is None:
        return value
    return dumped(value)


def value_of(text: str) -> Any:
    """The value that ``kept_text`` wrote."""
    found = _parsed(text)
    return text if found is None else found[0]


def _parsed(text: str) -> tuple[Any] | None:
    if text[:1] not in set('"[{-0123456789tfn'):
        return None
    try:
        found = json.loads(text)
        return (found,) if dumped(found) == text else None
    except (ValueError, RecursionError):
        return None


def dumped(value: Any) -> str:
    """JSON with members in order, to compare by."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def trimmed(value: Any) -> Any:
    """Blanks around a text say nothing."""
    if isinstance(value, list):
        return [trimmed(each) for each in value]
    return value.strip() if isinstance(value, str) else value


def _escaped(key: Any) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")


def _objects(value: Any) -> bool:
    listed = value if isinstance(value, list) else [value]
    return all(isinstance(each, dict) for each in listed)


def running(value: Any) -> bool:
    """Is it, or holds it, an address that runs something?"""
    if isinstance(value, str):
        return bool(RUNNING.match(value))
    if isinstance(value, dict):
        return any(running(each) for each in value.values())
    return isinstance(value, list) and any(running(each) for each in value)


def restore(place: Object, saved: Object) -> None:
    """Make an object what it was."""
    place.clear()
    place.update(saved)


def listed(value: Any) -> list[str]:
    """Texts of a list, or the one there is."""
    return (
        [str(each) for each in value]
        if isinstance(value, list)
        else [value]
        if isinstance(value, str)
        else []
    )


def text_of(value: Any) -> Any:
    """Of an element with attributes, or a text with its language: the text."""
    if isinstance(value, list):
        return [text_of(each) for each in value]
    if isinstance(value, dict):
        return value.get("#text", value.get("@value", value))
    return value
