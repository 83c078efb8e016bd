"""The correspondences, one YAML file a standard: read by the docs page, the writers and the tests."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

TABLES = Path(__file__).parent / "correspondences"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One element of a standard.

    ``field`` is a field of ours, ``record.title`` or ``link.url`` or ``item.name`` or ``publisher.title``
    or ``entry.modified``; empty where we have none.  ``obligation`` is mandatory, recommended or
    optional as the standard itself says.  ``how`` names the conversion where it is not a plain copy.
    """

    element: str
    field: str = ""
    about: str = "dataset"
    obligation: str = "optional"
    how: str = ""
    zh: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A standard with its edition, where it is written down, and its elements in their order."""

    name: str
    zh: str
    en: str
    edition: str
    source: str
    licence: str
    rows: tuple[Row, ...]


@cache
def table(name: str) -> Table:
    """The correspondences with a standard.  Raises ``KeyError`` if we know none of that name."""
    path = TABLES / f"{name}.yaml"
    if name not in standards():
        raise KeyError(name)
    written = _read(path)
    rows = tuple(Row(**row) for row in written["rows"])
    return Table(
        name=name,
        zh=written["zh"],
        en=written["en"],
        edition=str(written["edition"]),
        source=written["source"],
        licence=written["licence"],
        rows=rows,
    )


@cache
def standards() -> tuple[str, ...]:
    """Names of the standards, in order."""
    return tuple(sorted(path.stem for path in TABLES.glob("*.yaml")))


def _read(path: Path) -> dict[str, Any]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    written = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe loader either way
    assert isinstance(written, dict)
    return written
