"""The constraints of DCAT-AP as data, read once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "dcat-ap-3.0.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What is asked of one property of one class; see the head of the file for the words."""

    path: str
    zh: str
    en: str
    field: str = ""
    min: int = 0
    max: int = 0
    text: bool = False
    filled: bool = False
    iri: bool = False
    time: bool = False
    type: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A class with its rules."""

    name: str
    zh: str
    en: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """All of it."""

    zh: str
    en: str
    edition: str
    source: str
    namespace: str
    prefixes: Mapping[str, str]
    things: tuple[Thing, ...]

    def expanded(self, name: str) -> str:
        """``dct:title`` as a whole address."""
        prefix, _, rest = name.partition(":")
        return self.prefixes[prefix] + rest

    def shape(self, thing: Thing, rule: Rule) -> str:
        """The address of a property shape."""
        return self.namespace + f"{thing.name}-{rule.path}".replace(":", ".")


@cache
def profile() -> Profile:
    """DCAT-AP 3.0."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    written = yaml.load(FILE.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe loader either way
    things = tuple(
        Thing(
            name=name,
            zh=said["zh"],
            en=said["en"],
            rules=tuple(
                Rule(**{"kind" if key == "class" else key: value for key, value in each.items()})
                for each in said["properties"]
            ),
        )
        for name, said in written["classes"].items()
    )
    return Profile(
        zh=written["zh"],
        en=written["en"],
        edition=written["edition"],
        source=written["source"],
        namespace=written["namespace"],
        prefixes=written["prefixes"],
        things=things,
    )


@cache
def edition() -> str:
    """Changes when the constraints do."""
    return hashlib.sha256(FILE.read_bytes()).hexdigest()[:12]


def mark(revision: str) -> str:
    """What a verdict holds for: one revision of a record under one edition of the constraints."""
    return f"{revision}:{edition()}"
