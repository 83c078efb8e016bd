"""What the pages of letters and of sending reports show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from markupsafe import Markup

from kaishu.engagement.models import Letter
from kaishu.evaluation.models import ReportTemplate


@dataclass(frozen=True, slots=True)
class LettersPage:
    """The inbox; ``offices`` names the addressees for those who see several."""

    letters: Sequence[Letter]
    offices: dict[str, str]
    several: bool
    next: str
    previous: str


@dataclass(frozen=True, slots=True)
class LetterPage:
    """One letter; ``about`` is the address of what it is about."""

    letter: Letter
    lines: list[str]
    office: str
    about: str


@dataclass(frozen=True, slots=True)
class SendLine:
    """A unit in the form: to whom its report goes as things stand."""

    unit: str
    name: str
    office: str
    mail: str
    way: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class SendPage:
    """The form."""

    run: str
    title: str
    lines: list[SendLine]
    mail_set: bool
    languages: list[tuple[str, str]]
    forms: list[tuple[str, str]]
    language: str
    form: str
    templates: list[tuple[str, str]]
    chosen: str
    template: str
    trouble: tuple[str, str] | None = None
    problems: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SentPage:
    """How far it is, and what became of each."""

    run: str
    title: str
    open: bool
    done: int
    total: int
    at: datetime
    sent: list[tuple[str, str]]
    failed: list[tuple[str, str]]
    trouble: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class EvaluationReportPage:
    """A report inside the frame; template and earlier result can be chosen, ``files`` are (form, word)."""

    title: str
    body: Markup | None
    back: str
    here: str
    unit: str
    files: list[tuple[str, str]]
    templates: list[tuple[str, str]]
    template: str
    others: list[tuple[str, str]]
    earlier: str
    may_keep: bool
    trouble: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class TemplateEdit:
    """A template as it is being written; ``lines`` are its mistakes, ``fields`` those of the form."""

    name: str
    text: str
    lines: list[str]
    fields: dict[str, list[str]]
    trouble: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class TemplatesPage:
    """Kept templates and a form: of a new one, or of ``row``."""

    rows: Sequence[ReportTemplate]
    edit: TemplateEdit
    words: list[tuple[str, list[tuple[str, str]]]]
    row: ReportTemplate | None = None
    may_edit: bool = True
