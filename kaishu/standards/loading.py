"""Reads a shipped file once, when it is first asked for."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kaishu.standards.terms import Term, Vocabulary

DATA = Path(__file__).parent / "data"

#: Name of each vocabulary and the folder of the body that keeps it.
NAMES: dict[str, str] = {
    "resource-class": "guide-2017",
    "format-category": "guide-2017",
    "share-class": "guide-2017",
    "open-class": "guide-2017",
    "item-type": "guide-2017",
    "update-frequency": "kaishu",
    "theme": "kaishu",
    "licence": "kaishu",
    "file-format": "kaishu",
    "language": "iso",
    "secrecy": "state",
    "administrative-level": "state",
    "profile-statistic": "report-2021",
    "gb-t-2261-1": "sac",
    "gb-t-2261-2": "sac",
}
_OWN = frozenset({"code", "zh", "en", "uri", "aliases"})


@cache
def vocabulary(name: str) -> Vocabulary:
    """The vocabulary of that name.  Raises ``KeyError`` if we ship none."""
    written = written_form(name)
    return Vocabulary(
        name=name,
        zh=written["zh"],
        en=written["en"],
        body=written["body"],
        edition=str(written["edition"]),
        source=written["source"],
        licence=written["licence"],
        terms=tuple(_term(entry) for entry in written["terms"]),
    )


def written_form(name: str) -> dict[str, Any]:
    """The file as it is written."""
    return written_file(NAMES[name], name)


def written_file(folder: str, name: str) -> dict[str, Any]:
    """The YAML file of a vocabulary, or of the head of a code table."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    path = DATA / folder / f"{name}.yaml"
    written = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe loader either way
    assert isinstance(written, dict)
    return written


def _term(entry: dict[str, Any]) -> Term:
    return Term(
        code=str(entry["code"]),
        zh=entry["zh"],
        en=entry["en"],
        uri=entry.get("uri", ""),
        aliases=tuple(str(alias) for alias in entry.get("aliases", ())),
        extra=MappingProxyType({key: value for key, value in entry.items() if key not in _OWN}),
    )
