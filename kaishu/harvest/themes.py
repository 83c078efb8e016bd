"""Rules by which a source's keywords, publishers and groups mean a theme; inferred themes are marked as such.

Only a dataset of which the source names no theme of ours is given one; where no rule fits it has none.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import translate
from typing import Any

from sqlalchemy import select

from kaishu import standards
from kaishu.access import Call, Permission, note, require
from kaishu.base.errors import Invalid, Said
from kaishu.catalogue import State
from kaishu.catalogue.models import Dataset
from kaishu.crosswalk import INFERRED, inferred_themes
from kaishu.db import canonical
from kaishu.harvest.models import Harvested, Source
from kaishu.harvest.queries import source_by_name

#: What a rule may look at: the source's own keywords, who publishes, groups and foreign themes.
LOOKS = ("keyword", "publisher", "group")
MOST_RULES, LONGEST = 1000, 60_000
MOST_EXTRAS = 500


@dataclass(frozen=True, slots=True)
class Rule:
    """What it looks at, the words that match (``*`` stands for anything), and the theme that is meant."""

    looks: str
    words: tuple[str, ...]
    theme: str


@dataclass(frozen=True)
class Themes:
    """The rules of a source, first match first; ``digest`` names them, empty without rules."""

    rules: tuple[Rule, ...] = ()
    digest: str = ""
    _exact: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    _open: list[tuple[int, str, re.Pattern[str], str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for number, rule in enumerate(self.rules):
            for word in rule.words:
                if "*" in word:
                    plain = _fold(word).replace("[", "[[]").replace("?", "[?]")
                    self._open.append((number, rule.looks, re.compile(translate(plain)), word))
                else:
                    self._exact.setdefault((rule.looks, _fold(word)), (number, word))

    def match(self, said: Mapping[str, Iterable[str]]) -> tuple[str, str] | None:
        """The theme and the rule, as ``looks: word``, for what is said of a dataset; None if nothing fits."""
        found: list[tuple[int, str, str]] = []
        for looks, texts in said.items():
            for text in map(_fold, texts):
                hit = self._exact.get((looks, text))
                if hit:
                    found.append((hit[0], looks, hit[1]))
                found += [
                    (number, looks, word)
                    for number, open_looks, pattern, word in self._open
                    if open_looks == looks and pattern.fullmatch(text)
                ]
        if not found:
            return None
        number, looks, word = min(found)
        return self.rules[number].theme, f"{looks}: {word}"

    def infer(self, staged: dict[str, Any]) -> dict[str, Any]:
        """What was staged, with a theme and the mark that it was inferred, if the source names none."""
        record = staged["record"]
        extras = record.get("extras") or {}
        if not self.rules or record.get("themes") or len(extras) >= MOST_EXTRAS:
            return staged
        found = self.match(_texts(record, staged["publisher"]))
        if found is None:
            return staged
        marked = {**extras, INFERRED: f"{found[0]}; {found[1]}"}
        return {**staged, "record": {**record, "themes": [found[0]], "extras": marked}}


@dataclass(frozen=True, slots=True)
class Share:
    """How many datasets of a source have a theme by its own word, by a rule, or none."""

    stated: int
    inferred: int
    without: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.stated + self.inferred + self.without


def themes_of(source: Source) -> Themes:
    """The rules of a source."""
    return read_rules(source.themes or "")


def read_rules(written: str) -> Themes:
    """Rules as written in YAML: a list of ``{keyword|publisher|group: word or words, theme: code}``.

    Raises ``Invalid`` naming the rule and what is wrong with it.
    """
    import yaml

    if len(written) > LONGEST:
        raise _wrong(f"太长，最多{LONGEST}个字符。", f"Too long; at most {LONGEST} characters.")
    try:
        said = yaml.safe_load(written)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        where = (f"第{line + 1}行", f"Line {line + 1}") if line is not None else ("内容", "The text")
        raise _wrong(f"{where[0]}不是 YAML。", f"{where[1]} is not YAML.") from None
    said = [] if said is None else said
    if not isinstance(said, list) or len(said) > MOST_RULES:
        raise _wrong(
            f"应为规则的列表，最多{MOST_RULES}条。", f"A list of at most {MOST_RULES} rules is needed."
        )
    rules = tuple(_rule(each, number) for number, each in enumerate(said, start=1))
    told = canonical([[rule.looks, list(rule.words), rule.theme] for rule in rules])
    return Themes(rules, hashlib.sha256(told.encode()).hexdigest() if rules else "")


def set_themes(call: Call, name: str, written: str) -> Source:
    """Give a source its rules; they hold from its next reading on.  Raises ``Invalid``."""
    require(call, Permission.harvest_manage)
    source = source_by_name(call, name)
    rules = read_rules(written).rules
    source.themes = written
    call.session.flush()
    note(call, "harvest.source.themes", ("harvest", source.id), name=source.name, rules=len(rules))
    return source


def theme_share(call: Call, source: Source) -> Share:
    """Counted over the published datasets of a source."""
    require(call, Permission.harvest_read)
    rows = call.session.execute(
        select(Dataset.record)
        .join(Harvested, Harvested.dataset_id == Dataset.id)
        .where(Harvested.source_id == source.id, Dataset.state == State.published),
        execution_options={"yield_per": 1000},
    )
    stated = inferred = without = 0
    for (record,) in rows:
        themes = record.get("themes") or []
        guessed = inferred_themes(record)
        if not themes:
            without += 1
        elif all(theme in guessed for theme in themes):
            inferred += 1
        else:
            stated += 1
    return Share(stated, inferred, without)


def _texts(record: Mapping[str, Any], publisher: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    tags = [*(record.get("tags") or []), *(record.get("tags_en") or [])]
    who = [record.get("publisher"), *(publisher.get(key) for key in ("title", "title_en", "name"))]
    return {
        "keyword": tags,
        "publisher": [str(each) for each in who if each],
        "group": record.get("subjects") or [],
    }


def _rule(said: Any, number: int) -> Rule:
    looks = [each for each in LOOKS if each in said] if isinstance(said, dict) else []
    if len(looks) != 1 or set(said) != {looks[0], "theme"}:
        raise _wrong(
            f"第{number}条：应为 keyword、publisher、group 之一，加 theme。",
            f"Rule {number}: one of keyword, publisher and group is needed, and theme.",
        )
    words = list(_words(said[looks[0]]))
    if not words or not all(isinstance(word, str | int) and _fold(str(word)).strip("*") for word in words):
        raise _wrong(f"第{number}条：没有写词。", f"Rule {number}: no words.")
    theme = said["theme"]
    codes = standards.vocabulary("theme").codes
    if not isinstance(theme, str) or theme not in codes:
        known = "、".join(codes)
        raise _wrong(
            f"第{number}条：“{theme}”不是主题代码。可用：{known}",
            f'Rule {number}: "{theme}" is no code of a theme. There are: {", ".join(codes)}',
        )
    return Rule(looks[0], tuple(str(word).strip() for word in words), theme)


def _words(said: Any) -> Iterator[Any]:
    if isinstance(said, list):
        yield from said
    elif said is not None:
        yield said


def _wrong(zh: str, en: str) -> Invalid:
    return Invalid({"themes": [Said(zh, en)]})


def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
