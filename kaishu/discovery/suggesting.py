"""While a person types: names of datasets, tags, departments and fields that begin like this."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from sqlalchemy import func, select

from kaishu import catalogue
from kaishu.access import Call, Permission, require
from kaishu.access.models import Office
from kaishu.discovery import documents, shape
from kaishu.discovery.matching import matching
from kaishu.discovery.searching import current_reader
from kaishu.discovery.words import LATIN, RUN, plain

if TYPE_CHECKING:
    import tantivy

LONGEST = 50
MOST_OFFICES = 5000
SHARES = {"tag": 4, "office": 3, "field": 2}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``text`` to search for; a title has the ``name`` of its dataset, an office its own."""

    text: str
    kind: Literal["title", "tag", "office", "field"]
    name: str = ""
    text_en: str = ""


def suggest(call: Call, text: str, limit: int = 10) -> list[Suggestion]:
    """What may be meant by the beginning of a query; nothing for nothing."""
    require(call, Permission.dataset_read)
    text = text.strip()[:LONGEST]
    start = plain(text)
    if not RUN.search(start) and not LATIN.search(start):
        return []
    searcher = current_reader(call).searcher
    tags = searcher.terms_with_prefix("tag", text, limit=SHARES["tag"])
    found = [Suggestion(tag, "tag") for tag, _count in tags]
    found += _offices(call, start)
    found += [
        Suggestion(word, "field")
        for word, _count in searcher.terms_with_prefix("field", start, limit=SHARES["field"])
        if len(word) > 1
    ]
    found += _titles(call, searcher, text, start, limit)
    once = {each.text: each for each in reversed(found)}
    return [each for each in found if once.get(each.text) is each][:limit]


def _offices(call: Call, start: str) -> list[Suggestion]:
    if (call.session.scalar(select(func.count()).select_from(Office)) or 0) > MOST_OFFICES:
        return []
    rows = call.session.execute(select(Office.name, Office.title, Office.title_en).order_by(Office.title))
    squeezed = start.replace(" ", "")
    found = [
        Suggestion(row.title, "office", row.name, row.title_en)
        for row in rows
        if _begins(row.title, squeezed) or plain(row.title_en).startswith(start)
    ]
    return found[: SHARES["office"]]


def _begins(title: str, start: str) -> bool:
    if RUN.search(start):
        return start in plain(title)
    return any(form.startswith(start) for form in _forms(title))


@lru_cache(maxsize=10_000)
def _forms(title: str) -> tuple[str, str, str]:
    """A title as it is written, as it sounds, and its initials."""
    sounds = documents.sounds_of(title)
    return plain(title), "".join(sounds), "".join(sound[0] for sound in sounds)


def _titles(call: Call, searcher: tantivy.Searcher, text: str, start: str, limit: int) -> list[Suggestion]:
    from tantivy import Occur, Query

    ways = []
    if RUN.search(start):
        ways.append(matching(text, searcher, among=("title", "part_title")))
    else:
        last = LATIN.findall(start)[-1]
        ways.append(matching(text, searcher))
        for name in ("pinyin", "title"):
            for term, _count in searcher.terms_with_prefix(name, last, limit=5):
                ways.append(Query.term_query(shape.schema(), name, term, "freq"))
    each = [(Occur.Should, way) for way in ways if way is not None]
    hits = searcher.search(Query.boolean_query(each), limit).hits if each else []
    rows = catalogue.datasets_by_ids(call, [searcher.doc(address)["id"][0] for _score, address in hits])
    return [Suggestion(row.title, "title", row.name, row.title_en) for row in rows]
