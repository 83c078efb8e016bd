"""Two languages: Chinese sentences are the message ids, English stands in ``translations``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kaishu import compilation, standards

LANGUAGES = ("zh", "en")
FOLDER = Path(__file__).parent / "translations"

_language: ContextVar[str] = ContextVar("kaishu_web_language", default="zh")


@dataclass(frozen=True, slots=True)
class English:
    """One message in English: for one, and for several of them."""

    one: str
    many: str


def language() -> str:
    """The language being spoken now, ``zh`` or ``en``."""
    return _language.get()


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak this language inside the block."""
    token = _language.set(code if code in LANGUAGES else "zh")
    try:
        yield
    finally:
        _language.reset(token)


def _(message: str, /, **facts: Any) -> str:
    """The message in the language being spoken, with its facts filled in."""
    if language() == "en":
        found = english().get(message)
        message = found.one if found else message
    return message.format(**facts) if facts else message


def _n(message: str, n: int, /, **facts: Any) -> str:
    """The message for ``n`` things; ``{n}`` in it becomes the number with separators."""
    if language() == "en":
        found = english().get(message)
        if found:
            message = found.one if n == 1 else found.many
    return message.format(n=f"{n:,}", **facts)


def pick(zh: str | None, en: str | None) -> str:
    """A text that exists in both languages, or in one of them only."""
    first, second = (en, zh) if language() == "en" else (zh, en)
    return first or second or ""


def label(vocabulary: str, code: str | None) -> str:
    """The words for a code of a shipped vocabulary; the code itself if it is not in there."""
    if not code:
        return ""
    try:
        term = standards.vocabulary(vocabulary).term(code)
    except KeyError:
        return code
    return pick(term.zh, term.en)


@cache
def english() -> dict[str, English]:
    """Every message with its English; read once."""
    from babel.messages.pofile import read_po

    with (FOLDER / "en" / "LC_MESSAGES" / "kaishu.po").open("rb") as file:
        catalogue = read_po(file, locale="en", charset="utf-8")
    found: dict[str, English] = {}
    for message in catalogue:
        if not message.id or not message.string:
            continue
        key = message.id[0] if isinstance(message.id, tuple | list) else message.id
        said = message.string
        one, many = (said, said) if isinstance(said, str) else (said[0], said[-1])
        if one:
            found[key] = English(one, many or one)
    return found


def duty_kind(kind: str) -> str:
    """What kind of duty it is, in words."""
    return pick(kind, compilation.kind_in_english(kind))


def listed(texts: Iterable[Any]) -> str:
    """Several texts in a row, with the comma of the language."""
    return (", " if language() == "en" else "、").join(map(str, texts))


def kind_title(code: str) -> str:
    """What an entry of the catalogue is, in words."""
    return {"series": _("数据系列"), "service": _("数据服务")}.get(code, _("数据集"))
