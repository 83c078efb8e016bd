"""The template of a report: its sections, their titles, their sentences.  An evaluator can change it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path as FilePath
from typing import Literal

from pydantic import Field, ValidationError

from kaishu.base.errors import Said
from kaishu.evaluation.reports.errors import BadTemplate
from kaishu.evaluation.reports.words import UNIT_WORDS, WHOLE_WORDS
from kaishu.evaluation.system.errors import BadSystem, Problem
from kaishu.evaluation.system.lines import Path, read_lines, shown
from kaishu.evaluation.system.scalars import Strict, Text, Title, Whole, Words
from kaishu.evaluation.system.wording import place_of, said_of

DEFAULT = FilePath(__file__).with_name("default.yaml")
MOST_CHARACTERS = 100_000
_MARK = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")

Kind = Literal[
    "findings",
    "method",
    "results",
    "map",
    "groups",
    "dimensions",
    "distribution",
    "change",
    "diagnosis",
    "advice",
    "robustness",
    "printed",
    "notices",
    "appendix",
    "again",
    "text",
]
UnitKind = Literal[
    "findings", "profile", "diagnosis", "change", "advice", "robustness", "method", "notices", "appendix",
    "again", "text",
]  # fmt: skip


class Section(Strict):
    """A section of the report on all units; ``most`` limits the rows of its table, or the bars."""

    section: Kind
    title: Title = Words()
    text: tuple[Title, ...] = Field(default=(), max_length=50)
    most: Whole | None = Field(default=None, ge=1, le=100_000)
    target: Literal["best", "top-quarter", "mean"] = "best"


class UnitSection(Section):
    """A section of the report on one unit."""

    section: UnitKind  # type: ignore[assignment]


class Template(Strict):
    """Both reports.  A section without anything to show is left out; so is a sentence with an empty word."""

    template: Text = "standard"
    title: Title
    unit_title: Title
    sections: tuple[Section, ...] = Field(min_length=1, max_length=60)
    unit_sections: tuple[UnitSection, ...] = Field(min_length=1, max_length=60)


@cache
def default_template() -> Template:
    """The one that is shipped."""
    return read_template(DEFAULT)


def template_text() -> str:
    """The shipped one as YAML, to begin with."""
    return DEFAULT.read_text(encoding="utf-8")


def read_template(source: str | FilePath, *, file: str = "") -> Template:
    """A template from a path, or YAML text of more than one line.  Raises ``BadTemplate``, ``OSError``."""
    if isinstance(source, str) and "\n" in source:
        text, name = source, file or "template.yaml"
    else:
        name = file or FilePath(source).name
        try:
            text = FilePath(source).read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise _bad(name, 0, "", "文件不是 UTF-8。", "The file is not UTF-8.") from error
    if len(text) > MOST_CHARACTERS:
        raise _bad(name, 0, "", "文件太大。", "The file is too large.")
    try:
        data, lines = read_lines(text, name)
    except BadSystem as error:
        raise BadTemplate(name, error.problems) from error
    if not isinstance(data, dict):
        raise _bad(name, 1, "", "应为“键: 值”", 'should be "key: value" lines')
    try:
        found = Template.model_validate(data)
    except ValidationError as error:
        problems: dict[Path, Problem] = {}
        for each in error.errors(include_url=False):
            path = place_of(each["loc"], data)
            problems.setdefault(path, Problem(lines.at(path), shown(path), said_of(each, path)))
        # A list with a wrong entry is called too short as well.
        kept = [
            each
            for path, each in problems.items()
            if not any(other[: len(path)] == path and other != path for other in problems)
        ]
        raise BadTemplate(name, sorted(kept, key=lambda each: each.line)) from error
    wrong = [Problem(lines.at(path), shown(path), said) for path, said in _wrong_words(found, data)]
    if wrong:
        raise BadTemplate(name, sorted(wrong, key=lambda each: each.line))
    return found


def _bad(file: str, line: int, key: str, zh: str, en: str) -> BadTemplate:
    return BadTemplate(file, [Problem(line, key, Said(zh, en))])


def _wrong_words(template: Template, data: Mapping[str, object]) -> Iterator[tuple[Path, Said]]:
    """Every word in braces that no report fills in."""
    unit = {**WHOLE_WORDS, **UNIT_WORDS}
    places: list[tuple[Path, Words, Iterable[str]]] = [
        (("title",), template.title, WHOLE_WORDS),
        (("unit-title",), template.unit_title, unit),
    ]
    for key, sections, known in (
        ("sections", template.sections, WHOLE_WORDS),
        ("unit-sections", template.unit_sections, unit),
    ):
        for at, section in enumerate(sections):
            places.append(((key, at, "title"), section.title, known))
            places += [((key, at, "text", line), each, known) for line, each in enumerate(section.text)]
    for path, words, names in places:
        for language, text in (("zh", words.zh), ("en", words.en)):
            for said in _problems(text, names):
                yield (*path, language), said


def _problems(text: str, known: Iterable[str]) -> Iterator[Said]:
    names = list(known)
    for found in _MARK.finditer(text):
        whole, name = found[0], found[1]
        if whole in ("{{", "}}") or name in names:
            continue
        if name is None:
            yield Said(
                "花括号没有配对；文字里的花括号写两次",
                "a brace without its pair; write a brace of the text twice",
            )
            continue
        near = difflib.get_close_matches(name, names, 1)
        hint = (f"；是不是“{near[0]}”？", f'; did you mean "{near[0]}"?') if near else ("", "")
        if name in UNIT_WORDS:
            hint = ("；它只用于单位报告", "; it belongs to the report on one unit")
        yield Said(f"没有“{{{name}}}”这个词{hint[0]}", f'there is no word "{{{name}}}"{hint[1]}')


def filled(text: str, words: Mapping[str, str]) -> str:
    """A sentence with its words put in, once; empty if one of them is empty.

    >>> filled("{{{units}}}", {"units": "{x}"}), filled("a {rank}", {"rank": ""})
    ('{{x}}', '')
    """
    parts, end = [], 0
    for found in _MARK.finditer(text):
        parts.append(text[end : found.start()])
        end = found.end()
        if found[1] is None:
            parts.append(found[0][0])
        else:
            value = words.get(found[1], "")
            if not value:
                return ""
            parts.append(value)
    return "".join([*parts, text[end:]]).strip()
