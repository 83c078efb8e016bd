"""Text without control characters, extras in one form, and what is to be said of the reading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from kaishu.base.errors import Said
from kaishu.crosswalk.ckan import names
from kaishu.crosswalk.keeping import tame, tamed
from kaishu.crosswalk.model import Note
from kaishu.crosswalk.taking import CONTROLS

#: How what has to go is seen in JSON: escaped, or the two that are no letters in UTF-8.
SEEN = (b"\\u", b"\\b", b"\\f", b"\x7f", b"\xef\xbf\xbe", b"\xef\xbf\xbf", b"[[[[[[[[")
DEEPEST = 20


class Notes:
    """What was repaired, kept aside or refused."""

    def __init__(self, strict: bool) -> None:
        self.strict = strict
        self._notes: list[Note] = []

    @property
    def all(self) -> tuple[Note, ...]:
        """In the order in which they were made."""
        return tuple(self._notes)

    @property
    def fatal(self) -> bool:
        """Was something said for which nothing can be taken?"""
        return any(note.fatal for note in self._notes)

    def aside(self, where: str, zh: str, en: str) -> None:
        """Kept, but not in a field."""
        self._notes.append(Note(where, Said(zh[:500], en[:500])))

    def drop(self, where: str, zh: str, en: str) -> None:
        """Cut or left out; refused where the reading is strict."""
        self._notes.append(Note(where, Said(zh[:500], en[:500]), fatal=self.strict))

    def refuse(self, where: str, zh: str, en: str) -> None:
        """Nothing can be taken."""
        self._notes.append(Note(where, Said(zh[:500], en[:500]), fatal=True))


def tidy(package: Mapping[str, Any], notes: Notes) -> Mapping[str, Any]:
    """The package itself if it is clean, as nearly all are; else a copy without control characters, and with
    numbers that are too long as texts.
    """
    if _surely_clean(package) or not _dirty(package, 0):
        return package
    notes.aside(
        "package",
        "去掉了控制字符和不成立的数。",
        "Control characters and numbers that are none were removed.",
    )
    cleaned = _clean(package, 0)
    assert isinstance(cleaned, dict)
    return cleaned


def _surely_clean(package: Mapping[str, Any]) -> bool:
    """A quick look: what is clean as JSON has no escape of a control character."""
    try:
        written = orjson.dumps(package)
    except (orjson.JSONEncodeError, RecursionError):
        return False
    return not any(mark in written for mark in SEEN)


def _dirty(value: Any, depth: int) -> bool:
    if isinstance(value, str):
        return CONTROLS.search(value) is not None
    if isinstance(value, int | float):
        return not tame(value)
    if depth > DEEPEST:
        return True
    if isinstance(value, Mapping):
        return any(
            _dirty(each, depth + 1) or not isinstance(key, str) or CONTROLS.search(key)
            for key, each in value.items()
        )
    return isinstance(value, list) and any(_dirty(each, depth + 1) for each in value)


def _clean(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return CONTROLS.sub("", value)
    if depth > DEEPEST:
        return None
    if isinstance(value, Mapping):
        return {CONTROLS.sub("", str(key)): _clean(each, depth + 1) for key, each in value.items()}
    return [_clean(each, depth + 1) for each in value] if isinstance(value, list) else tamed(value)


def pairs_of(given: Any, notes: Notes) -> dict[str, Any]:
    """The extras of a package, whichever form they have; a key said twice keeps both values."""
    pairs: dict[str, Any] = {}
    if isinstance(given, Mapping):
        listed = list(given.items())
    else:
        listed = []
        for each in given if isinstance(given, list) else []:
            if isinstance(each, Mapping) and isinstance(each.get("key"), str) and each["key"].strip():
                listed.append((each["key"], each.get("value")))
            else:
                notes.drop("extras", "应为 {key, value} 的列表。", "A list of {key, value} is needed.")
        if given and not isinstance(given, list):
            notes.drop("extras", "应为 {key, value} 的列表。", "A list of {key, value} is needed.")
    for key, value in listed:
        place, number = key.strip(), 2
        while place in pairs and pairs[place] != value:
            place, number = f"{key} ({number})", number + 1
        if isinstance(value, bool | int | float | list | dict):
            value = names.kept_text(value)
        pairs[place] = value
    return pairs
