"""What a check is: a name, its words, and how it looks at one dataset or at all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as default
from datetime import date
from typing import Any, Protocol

from kaishu.base.errors import Said
from kaishu.inspection.scopes import Subject

#: Must be mended, should be mended, worth knowing.
WRONG, CARE, NOTE = "wrong", "care", "note"
#: Share that the survey of 2018 asks of fields and departments (目录覆盖).
ENOUGH = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Dead:
    """An address that did not answer."""

    status: int | None
    trouble: str
    detail: str
    on: str


@dataclass(slots=True, kw_only=True)
class Surroundings:
    """What a check may know besides the dataset: the day, the offices, their codes, dead addresses."""

    today: date
    scope: str
    offices: Sequence[tuple[str, str]] = ()
    office_codes: frozenset[str] = frozenset()
    dead: Mapping[str, Dead] = default(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One finding; ``facts`` fill the sentence, those ending in ``_zh`` and ``_en`` in their language."""

    subject: Subject | None = None
    office: str = ""
    field: str = ""
    value: str = ""
    facts: Mapping[str, Any] = default(default_factory=dict)


class Gathering(Protocol):
    """A check that needs all datasets before it can say anything; holds little of each."""

    def add(self, subject: Subject) -> None:
        """Look at one dataset."""

    def found(self) -> Iterable[Found]:
        """What there is to say in the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """``each`` looks at one dataset, ``whole`` makes a ``Gathering`` for the set; one of them is given.

    ``said`` and ``mend`` are templates over the facts, and ``field``, ``value`` and ``name``.
    """

    name: str
    severity: str
    title: Said
    why: Said
    said: Said
    mend: Said
    each: Callable[[Subject, Surroundings], Iterable[Found]] | None = None
    whole: Callable[[Surroundings], Gathering] | None = None

    def sentence(self, facts: Mapping[str, Any], language: str) -> str:
        """What was found."""
        return _filled(self.said, facts, language)

    def advice(self, facts: Mapping[str, Any], language: str) -> str:
        """What to do."""
        return _filled(self.mend, facts, language)


def _filled(template: Said, facts: Mapping[str, Any], language: str) -> str:
    text = template.en if language == "en" else str(template)
    own, other = ("_en", "_zh") if language == "en" else ("_zh", "_en")
    chosen = {key: value for key, value in facts.items() if not key.endswith(other)}
    return text.format_map(_Facts({key.removesuffix(own): value for key, value in chosen.items()}))


class _Facts(dict[str, Any]):
    """A fact that an older run did not keep is left out instead of stopping the page."""

    def __missing__(self, key: str) -> str:
        return ""


def both(zh: str, en: str, key: str = "reason") -> dict[str, str]:
    """A fact in two languages."""
    return {f"{key}_zh": zh, f"{key}_en": en}


def slim(subject: Subject) -> Subject:
    """Without the record, but for its title: what may be kept of a dataset until the end of a run."""
    entry = replace(subject.entry, record={"title": subject.record.get("title") or ""}, resources=())
    return replace(subject, entry=entry)
