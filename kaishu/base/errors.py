"""Errors are data: a code, a status, facts, a sentence in two languages and what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar


class KaishuError(Exception):
    """Root of every error we raise on purpose.

    ``zh``/``en`` say what happened and where, ``next_zh``/``next_en`` what to do; all four are
    ``str.format`` templates over the keyword facts.  A fact that a template names must be given.
    """

    code: ClassVar[str] = "base.error"
    status: ClassVar[int] = 500
    zh: ClassVar[str] = "出错了。"
    en: ClassVar[str] = "Something went wrong."
    next_zh: ClassVar[str] = ""
    next_en: ClassVar[str] = ""

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.sentence("en"))

    def sentence(self, language: str) -> str:
        """What happened and where, in ``zh`` or ``en``."""
        return (self.en if language == "en" else self.zh).format(**_told(self.facts, language))

    def advice(self, language: str) -> str:
        """What to do next, in ``zh`` or ``en``; empty if there is nothing to add."""
        return (self.next_en if language == "en" else self.next_zh).format(**_told(self.facts, language))

    def as_dict(self, language: str = "zh") -> dict[str, Any]:
        """Shape for machines: code, status, message, advice, facts."""
        return {
            "code": self.code,
            "status": self.status,
            "message": self.sentence(language),
            "advice": self.advice(language),
            "facts": {key: _plain(value) for key, value in self.facts.items()},
        }


class Transient(KaishuError):
    """Worth trying again later; the worker does."""

    code = "base.transient"
    status = 503


class Terminal(KaishuError):
    """Will not get better by trying again; someone has to change something."""

    code = "base.terminal"
    status = 422


class NotFound(Terminal):
    """Something was asked for that is not here, or that this actor may not know of.

    ``kind`` is the word for it in both languages, Chinese first: ``数据集 dataset``.
    """

    code = "base.not-found"
    status = 404
    zh = "找不到{kind}“{name}”。"
    en = 'There is no {kind} "{name}".'
    next_zh = "请检查名称，或到搜索页查找。"
    next_en = "Check the name, or look for it on the search page."

    def sentence(self, language: str) -> str:
        """With the kind in one language."""
        zh, _, en = str(self.facts.get("kind", "")).partition(" ")
        facts = {**self.facts, "kind": (en or zh) if language == "en" else zh}
        return (self.en if language == "en" else self.zh).format(**facts)


class Conflict(Terminal):
    """The act does not fit the present state."""

    code = "base.conflict"
    status = 409
    zh = "现在不能这样做：{reason}"
    en = "This cannot be done now: {reason}"


class Said(str):
    """A sentence in Chinese that carries its English."""

    en: str
    __slots__ = ("en",)

    def __new__(cls, zh: str, en: str) -> Said:
        said = super().__new__(cls, zh)
        said.en = en
        return said


def several(names: Iterable[Any], most: int = 0) -> Said:
    """Names one after the other, as each language parts them; ``…`` after the first ``most``."""
    every = [str(name) for name in names]
    shown, rest = every[: most or None], "…" if most and len(every) > most else ""
    return Said("、".join(shown) + rest, ", ".join(shown) + rest)


def _told(facts: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Facts that are sentences or lists, in that language."""
    return {
        key: in_language(each, language) if isinstance(each, Said) else each for key, each in facts.items()
    }


def in_language(sentence: str, language: str) -> str:
    """The sentence itself, or its English if it has one and English is asked for."""
    return sentence.en if language == "en" and isinstance(sentence, Said) else str(sentence)


class Invalid(Terminal):
    """Input that breaks rules; ``problems`` maps a field to its messages."""

    code = "base.invalid"
    status = 422
    zh = "有{count}处需要改正：{summary}"
    en = "{count_en} mending: {summary}"
    next_zh = "请按提示改正后再提交。"
    next_en = "Mend them as noted and send again."

    def __init__(self, problems: Mapping[str, Sequence[str]], **facts: Any) -> None:
        self.problems = {field: list(said) for field, said in problems.items()}
        count = sum(map(len, problems.values()))
        many = "1 thing needs" if count == 1 else f"{count} things need"
        super().__init__(count=count, count_en=many, **facts)

    def problems_in(self, language: str) -> dict[str, list[str]]:
        """Field to messages in one language."""
        return {field: [in_language(s, language) for s in said] for field, said in self.problems.items()}

    def sentence(self, language: str) -> str:
        """All problems in one sentence."""
        summary = "; ".join(
            f"{field}: {' '.join(said)}" for field, said in self.problems_in(language).items()
        )
        return (self.en if language == "en" else self.zh).format(**self.facts, summary=summary)

    def as_dict(self, language: str = "zh") -> dict[str, Any]:
        """As every error, and the problems by field."""
        return {**super().as_dict(language), "problems": self.problems_in(language)}


def _plain(value: Any) -> Any:
    if isinstance(value, str | int | float | bool | list | dict) or value is None:
        return value
    return str(value)
