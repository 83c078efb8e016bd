"""All fields against all standards: what carries what, for the page, the docs and the tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pydantic import BaseModel

from kaishu.catalogue import DatasetRecord, Item, Link
from kaishu.crosswalk.tables import Row, standards, table

#: Element fields that one correspondence carries together with its own.
TOGETHER = {
    "record.temporal_start": ("record.temporal_end",),
    "record.themes": ("record.subjects",),
    "record.licence": ("record.licence_text",),
    "link.licence": ("link.licence_text",),
    "publisher.title": ("record.publisher",),
    "publisher.url": ("record.publisher_url",),
}
MODELS: dict[str, type[BaseModel]] = {"record": DatasetRecord, "link": Link, "item": Item}


@dataclass(frozen=True, slots=True)
class Carried:
    """One field: its name with scope, its words, and its elements by standard."""

    field: str
    zh: str
    en: str
    elements: dict[str, tuple[str, ...]]

    @property
    def key(self) -> str:
        """Its name in our own namespace."""
        return f"kaishu:{self.field.partition('.')[2]}"

    def label(self, language: str) -> str:
        """What it is called."""
        return self.en if language == "en" else self.zh


@cache
def matrix() -> tuple[Carried, ...]:
    """Every field of record, distribution and item, in the order of the model."""
    carried: dict[str, dict[str, list[str]]] = {}
    words: dict[str, tuple[str, str]] = {}
    for name in standards():
        for row in table(name).rows:
            for field in fields_of(row):
                elements = carried.setdefault(field, {}).setdefault(name, [])
                if row.element not in elements:
                    elements.append(row.element)
                if row.field == field and row.zh:
                    words.setdefault(field, (row.zh, row.en))
    return tuple(
        Carried(
            field,
            *words.get(field, ("", "")),
            {name: tuple(found) for name, found in carried.get(field, {}).items()},
        )
        for field in every_field()
    )


def fields_of(row: Row) -> tuple[str, ...]:
    """The fields that an element says."""
    return (row.field, *TOGETHER.get(row.field, ())) if row.field else ()


def every_field() -> Iterator[str]:
    """``record.title`` and so on."""
    for scope, model in MODELS.items():
        yield from (f"{scope}.{name}" for name in model.model_fields)
