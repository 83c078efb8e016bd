"""What passes through the crosswalk: one dataset with its distributions and who publishes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from kaishu.base.errors import Said
from kaishu.catalogue import DatasetRecord, Link, ResourceEntry

if TYPE_CHECKING:
    from kaishu.catalogue.models import Dataset


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """A department or another body; ``name`` is its address part here, empty for one not known here."""

    title: str
    name: str = ""
    title_en: str = ""
    code: str = ""
    url: str = ""
    email: str = ""
    identifier: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One dataset.

    ``record`` is the JSON form of a ``DatasetRecord`` and each of ``resources`` that of a
    ``ResourceEntry``, or of a ``Link`` where it was read from elsewhere; absent keys mean the default.
    """

    identifier: str
    name: str
    record: Mapping[str, Any]
    resources: Sequence[Mapping[str, Any]] = ()
    publisher: Agent = field(default_factory=lambda: Agent(title=""))
    created: datetime | None = None
    modified: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The catalogue that writes; ``url`` has no slash at its end."""

    url: str
    title: str
    title_en: str = ""
    description: str = ""
    language: str = "zh"


@dataclass(frozen=True, slots=True)
class Note:
    """Something read that was repaired, kept aside or refused; ``where`` is a field or path."""

    where: str
    said: Said
    fatal: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """One dataset as read from another standard, and what is to be said of it.

    ``entry`` is None where a fatal note says why nothing could be taken.
    """

    entry: Entry | None
    notes: tuple[Note, ...] = ()


#: The extra that says which theme was inferred here, and by which rule: ``code; rule``.
INFERRED = "inferred-theme"


def inferred_themes(record: Mapping[str, Any]) -> frozenset[str]:
    """Themes of a record that nobody stated."""
    mark = (record.get("extras") or {}).get(INFERRED) or ""
    return frozenset({mark.partition(";")[0].strip()} if mark else ())


def stated(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """A record without inferred themes: what is written for others claims only what was said."""
    guessed = inferred_themes(record)
    if not guessed:
        return record
    return {**record, "themes": [each for each in record.get("themes") or [] if each not in guessed]}


def entry_of(dataset: Dataset) -> Entry:
    """A dataset of this catalogue, as it may be shown; themes that were inferred are left to the mark."""
    office = dataset.office
    return Entry(
        identifier=dataset.id,
        name=dataset.name,
        record=stated(dataset.record),
        resources=dataset.resources,
        publisher=Agent(
            name=office.name,
            title=office.title,
            title_en=office.title_en,
            code=office.code,
            identifier=office.id,
        ),
        created=dataset.created_at,
        modified=dataset.published_at or dataset.updated_at,
    )


def same(one: Entry, other: Entry) -> bool:
    """Do both say the same?  Names, records, distributions and publisher count, defaults filled in."""
    return _whole(one) == _whole(other)


def _whole(entry: Entry) -> tuple[Any, ...]:
    record = DatasetRecord.model_validate(dict(entry.record)).model_dump(mode="json")
    kept = set(Link.model_fields)
    links = [
        Link.model_validate({k: v for k, v in each.items() if k in kept}).model_dump(mode="json")
        for each in entry.resources
    ]
    return entry.name, record, links, entry.publisher.title


#: For readers: the fields that may be filled.
RECORD_FIELDS = frozenset(DatasetRecord.model_fields)
LINK_FIELDS = frozenset(Link.model_fields)
ENTRY_FIELDS = frozenset(ResourceEntry.model_fields)
