"""Statements by their place in a document, and as texts to be kept."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from typing import Any

from kaishu.crosswalk.taking import CONTROLS, RUNNING, clean

OURS = "kaishu:"
LEAST, MOST = -(2**63), 2**64
NESTED = 100  # what stands deeper in a value is given up
DEEPEST = 21  # objects further inside are values
Object = dict[str, Any]


def leaves(
    document: Any, containers: frozenset[str] = frozenset(), at: str = ""
) -> Iterator[tuple[str, Any]]:
    """Path and value of everything that is not an object with members; lists are values."""
    for key, value in document.items():
        path = f"{at}/{_escaped(key)}" if at else _escaped(key)
        if path in containers and _objects(value):
            continue
        if isinstance(value, dict) and value and not path.startswith(OURS) and at.count("/") < DEEPEST - 1:
            yield from leaves(value, containers, path)
        else:
            yield path, value


def leaf_at(document: Object, path: str, containers: frozenset[str] = frozenset()) -> tuple[Any] | None:
    """The value that ``leaves`` gives under this path; None if it gives none."""
    parts = split_path(path)
    if len(parts) > DEEPEST + 1 or path_of(parts) != path:
        return None
    value: Any = document
    for depth, part in enumerate(parts, 1):
        if not isinstance(value, dict) or part not in value:
            return None
        value = value[part]
        if containers and path_of(parts[:depth]) in containers and _objects(value):
            return None
    return None if isinstance(value, dict) and value and len(parts) <= DEEPEST else (value,)


def split_path(path: str) -> tuple[str, ...]:
    """The keys of a path."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in path.split("/"))


def path_of(parts: Iterable[str]) -> str:
    """The path of keys."""
    return "/".join(_escaped(part) for part in parts)


#: Where something was put, and what stood there; ``MISSING`` for nothing.
Undo = tuple[Object, str, Any]
MISSING = object()


def put_path(document: Object, path: str, value: Any) -> Undo:
    """Set the value at a path of keys; whatever is in the way gives way.  ``take_back`` undoes it."""
    *way, last = split_path(path)
    undo: Undo | None = None
    for part in way:
        inner = document.get(part)
        if not isinstance(inner, dict):
            undo = undo or (document, part, document.get(part, MISSING))
            inner = document[part] = {}
        document = inner
    undo = undo or (document, last, document.get(last, MISSING))
    document[last] = value
    return undo


def take_back(undo: Undo) -> None:
    """Let it stand as it stood."""
    place, key, value = undo
    if value is MISSING:
        del place[key]
    else:
        place[key] = value


def kept_text(value: Any) -> str:
    """Any value as a text of the extras; ``value_of`` gives it back."""
    value = tamed(value)
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
        return (found,) if dumped(found) == text and tame(found) else None
    except (ValueError, RecursionError):
        return None


def tame(value: Any, inside: int = 0) -> bool:
    """Is it JSON that every program reads: no control characters, no number too long or none at all?"""
    if isinstance(value, str):
        return value.isprintable() or not CONTROLS.search(value)
    if isinstance(value, int):
        return LEAST <= value < MOST
    if isinstance(value, float):
        return math.isfinite(value)
    if inside > NESTED and isinstance(value, dict | list):
        return False
    if isinstance(value, dict):
        return all(isinstance(k, str) and tame(k) and tame(v, inside + 1) for k, v in value.items())
    return all(tame(each, inside + 1) for each in value) if isinstance(value, list) else True


def tamed(value: Any, inside: int = 0) -> Any:
    """The value itself if it is tame, else without what is not; a number that is too long is a text."""
    if isinstance(value, dict | list) and inside > NESTED:
        return None
    if isinstance(value, dict):
        return {clean(str(key)): tamed(each, inside + 1) for key, each in value.items()}
    if isinstance(value, list):
        return [tamed(each, inside + 1) for each in value]
    if tame(value):
        return value
    return clean(value) if isinstance(value, str) else str(value) if isinstance(value, int) else None


def dumped(value: Any) -> str:
    """JSON with members in order, to compare by."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def alike(one: Any, other: Any) -> bool:
    """Is it the same JSON?  ``==`` alone would not tell 1 from 1.0 and true."""
    if isinstance(one, str) and isinstance(other, str):
        return one == other
    if isinstance(one, list) and one == other and all(isinstance(each, str) for each in one):
        return True
    return dumped(one) == dumped(other)


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
