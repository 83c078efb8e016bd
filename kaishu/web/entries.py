"""Datasets as entries of a list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from kaishu import discovery
from kaishu.catalogue.models import Dataset
from kaishu.web.contexts import Entry, Piece
from kaishu.web.figures import plain
from kaishu.web.words import _, pick

EXCERPT = 200


def entry_of(dataset: Dataset, uses: int | None = None, words: Sequence[Any] = ()) -> Entry:
    """What a list says of a dataset; ``words`` of a search are marked in it."""
    record = dataset.record
    counted = [entry["rows"] for entry in dataset.resources if entry.get("rows") is not None]
    formats = dict.fromkeys(format_name(entry.get("format") or "") for entry in dataset.resources)
    title = pick(dataset.title, dataset.title_en)
    abstract = plain(pick(record.get("description"), record.get("description_en")), addresses=False)
    return Entry(
        name=dataset.name,
        title=title,
        abstract=abstract,
        office=pick(dataset.office.title, dataset.office.title_en),
        open_class=dataset.open_class,
        updated=changed_on(dataset),
        rows=sum(counted) if counted else None,
        formats=[name for name in formats if name],
        uses=uses,
        title_pieces=_pieces(title, discovery.spans(title, words)) if words else (),
        abstract_pieces=_excerpt(abstract, words) if words else (),
    )


def format_name(said: str) -> str:
    """A format as lists and facets name it; the dataset's own page says what its record says."""
    code = discovery.format_code(said)
    return _("其他") if code == discovery.OTHER_FORMAT else code.upper()


def changed_on(dataset: Dataset) -> datetime | date:
    """When the data changed: what the portal says that they lie at, else when this record was published."""
    said = str(dataset.record.get("modified") or "")[:10]
    if said and not any(entry.get("table_id") for entry in dataset.resources):
        try:
            return date.fromisoformat(said)
        except ValueError:  # a year or a month alone
            pass
    return dataset.published_at or dataset.updated_at


def _excerpt(text: str, words: Sequence[Any]) -> list[Piece]:
    """The stretch of a text where the words stand."""
    cut = discovery.snippet(text, words, EXCERPT)
    pieces = _pieces(cut.text, cut.spans)
    return [*([("…", False)] if cut.before else []), *pieces, *([("…", False)] if cut.after else [])]


def _pieces(text: str, spans: Iterable[tuple[int, int]]) -> list[Piece]:
    """The text cut at the spans; those are the marked pieces."""
    pieces: list[Piece] = []
    place = 0
    for start, end in spans:
        pieces += [(text[place:start], False), (text[start:end], True)]
        place = end
    return [piece for piece in [*pieces, (text[place:], False)] if piece[0]]
