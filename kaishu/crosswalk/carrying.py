"""Standards whose documents are objects: written from the correspondences, and read back without loss.

A document has the elements of its standard.  Where reading those would not give a field back exactly, the
field itself stands beside them as ``kaishu:<field>``; so what is written always reads as what it was.
The other way round, a foreign statement that our fields would not give back is kept under the standard's
name, ``data-us:bureauCode``: in the extras of the record or link, in the constraints of an item.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from kaishu.base import ids
from kaishu.catalogue import DatasetRecord, Item, Link
from kaishu.crosswalk.keeping import OURS, Object
from kaishu.crosswalk.keepsakes import keep_marked, keep_unsaid, put_back
from kaishu.crosswalk.marking import AGENT, ENTRY, ITEMS, LINKS, difference, marks, overlay
from kaishu.crosswalk.model import Agent, Entry, Note, Reading, Site
from kaishu.crosswalk.steps import Draft, express, steps, take, tell
from kaishu.crosswalk.taking import Intake, Notes, meant

#: What must stand beside distributions, field by field, in their order; None where only reading tells.
Told = list[Object | None]


class Shape:
    """One standard: its table, where its distributions and fields stand, and what no table can say."""

    name = ""
    #: Places that hold objects read on their own, as paths of keys with ``/`` between.
    containers: frozenset[str] = frozenset()
    link_containers: frozenset[str] = frozenset()
    #: Keys that are read beside the table, of the document and of a distribution.
    heard: frozenset[str] = frozenset()
    link_heard: frozenset[str] = frozenset()
    #: Keys that say nothing of the dataset.
    ignored: frozenset[str] = frozenset()

    def link_places(self, document: Object) -> list[Object]:
        """The objects of the distributions."""
        return []

    def item_places(self, document: Object) -> list[Object]:
        """The objects of the fields."""
        return []

    def prepare(self, document: Object, entry: Entry) -> None:
        """Make the places."""

    def finish(self, document: Object, entry: Entry, site: Site) -> None:
        """What the standard wants and no field says."""

    def also(self, document: Object, draft: Draft, record: Intake) -> None:
        """What is read beside the table."""

    def link_also(self, place: Object, link: Intake) -> None:
        """What is read of a distribution beside the table."""

    def link_finish(self, place: Object, link: Mapping[str, Any], entry: Entry, site: Site) -> None:
        """What a distribution needs and no field says."""

    def settled(self, document: Object) -> Object:
        """The document as it will be read from its bytes."""
        return document

    # --- writing

    def write(self, entry: Entry, site: Site) -> Object:
        """The document of one dataset.  ``read`` gives the same entry."""
        told: Told = []
        document = self.expressed(entry, site, told)
        base, kept = put_back(self, document, entry, told)
        if not self.settles_as_it_is():
            document, base, told = self.settled(document), None, []
        base = base or self.taken_record(document, Notes())
        if len(told) < len(entry.resources) or None in told:
            base.links = self.taken_links(document, Notes())
        self.take_items(document, base, Notes())
        if kept:
            keep_marked(self, document, base, Notes())
        self._mark(document, entry, base, told)
        return document

    @classmethod
    def settles_as_it_is(cls) -> bool:
        """Is the document read as it was made?"""
        return cls.settled is Shape.settled

    @classmethod
    def told_by_rows(cls) -> bool:
        """Are distributions read by the correspondences alone?"""
        return cls.link_also is Shape.link_also

    def expressed(self, entry: Entry, site: Site, told: Told | None = None) -> Object:
        """The elements, without foreign statements and our own keys.

        ``told`` gets what must stand beside each distribution, None where only reading tells.
        """
        document: Object = {}
        self.prepare(document, entry)
        walked = steps(self.name)
        express(document, walked.dataset, entry.record, entry)
        for place, link in zip(self.link_places(document), entry.resources, strict=False):
            if told is None or walked.telling is None or not self.told_by_rows():
                express(place, walked.distribution, link, entry)
                self.link_finish(place, link, entry, site)
                continue
            beside = tell(place, walked.telling, link, entry)
            if beside is None:
                express(place, walked.distribution, link, entry)
            before = place.copy()
            self.link_finish(place, link, entry, site)
            told.append(beside if place == before else None)
        for place, item in zip(self.item_places(document), entry.record.get("items") or [], strict=False):
            express(place, walked.item, item, entry)
        self.finish(document, entry, site)
        return document

    def allowed(self, path: str) -> bool:
        """May a kept statement be written at this path?"""
        return bool(path) and not path.startswith(OURS) and path.partition("/")[0] not in self.ignored

    def _mark(self, document: Object, entry: Entry, base: Draft, told: Told) -> None:
        """Write beside the elements whatever they would not give back."""
        items, base_items = entry.record.get("items") or [], base.record.get("items") or []
        _add(document, difference(DatasetRecord, entry.record, base.record))
        places = self.item_places(document)
        if len(places) == len(items) == len(base_items):
            for place, item, known in zip(places, items, base_items, strict=True):
                _add(place, difference(Item, item, known))
        elif items or base_items:
            document[ITEMS] = [meant(Item, each) for each in items]
        self._mark_links(document, entry, base, told)
        agent = {name: getattr(entry.publisher, name) for name in Agent.__slots__}
        unsaid = {k: v for k, v in agent.items() if v != base.agent.get(k, "")}
        if unsaid:
            document[AGENT] = unsaid
        own = {"identifier": entry.identifier, "name": entry.name}
        own |= {"created": _stamp(entry.created), "modified": _stamp(entry.modified)}
        document[ENTRY] = {key: value for key, value in own.items() if value}

    def _mark_links(self, document: Object, entry: Entry, base: Draft, told: Told) -> None:
        places, links = self.link_places(document), entry.resources
        if told and None not in told:
            for place, beside, link in zip(places, told, links, strict=True):
                _add(
                    place,
                    {**(beside or {}), "extras": dict(more)}
                    if (more := link.get("extras"))
                    else beside or {},
                )
        elif len(places) == len(links) == len(base.links):
            for place, link, known in zip(places, links, base.links, strict=True):
                _add(place, difference(Link, link, known))
        elif links or base.links:
            document[LINKS] = [meant(Link, each) for each in links]

    # --- reading

    def read(self, document: Any, notes: Notes | None = None) -> Reading:
        """One dataset as this standard says it; never raises for what it says."""
        notes = notes or Notes()
        if not isinstance(document, dict):
            notes.add("", "不是对象，没有采用。", "Not an object; not taken.", fatal=True)
            return Reading(None, tuple(notes.said))
        own = isinstance(document.get(ENTRY), dict)
        draft = self.taken(document, notes)
        if own:
            keep_marked(self, document, draft, notes)
            self._marked(document, draft, notes)
        else:
            self._keep_foreign(document, draft, notes)
            draft.identifier = draft.identifier or ids.slug(draft.record.get("title", ""))
            draft.record.setdefault("languages", [])
            if draft.agent.get("title"):
                draft.record.setdefault("publisher", draft.agent["title"][:300])
            if draft.identifier:
                draft.record.setdefault("identifiers", [draft.identifier[:2000]])
        return self._entry(document, draft, notes)

    def taken(self, document: Object, notes: Notes) -> Draft:
        """What the elements say."""
        draft = self.taken_record(document, notes)
        draft.links = self.taken_links(document, notes)
        self.take_items(document, draft, notes)
        return draft

    def taken_record(self, document: Object, notes: Notes) -> Draft:
        """What the elements say, without distributions and fields."""
        draft, record = Draft(), Intake(DatasetRecord, notes)
        draft.record = record.said
        take(document, steps(self.name).dataset, record, draft)
        self.also(document, draft, record)
        draft.record = record.checked()
        start, end = draft.record.get("temporal_start"), draft.record.get("temporal_end")
        if start and end and start > end:
            del draft.record["temporal_end"]
            notes.add("temporal", "结束日期早于开始日期，放在一边。", "Ends before it starts; kept aside.")
        return draft

    def taken_links(self, document: Object, notes: Notes) -> list[Object]:
        """What the distributions say."""
        links, nobody = [], Draft()
        for number, place in enumerate(self.link_places(document)):
            link = Intake(Link, notes, f"distribution[{number}].")
            take(place, steps(self.name).distribution, link, nobody)
            self.link_also(place, link)
            links.append(link.checked())
        return links

    def take_items(self, document: Object, draft: Draft, notes: Notes) -> None:
        """Add what the fields of the table say."""
        items, nobody = [], Draft()
        for number, place in enumerate(self.item_places(document)[:5000]):
            item = Intake(Item, notes, f"fields[{number}].")
            take(place, steps(self.name).item, item, nobody)
            item.said.setdefault("name", f"field-{number + 1}")
            items.append(item.checked())
        if items:
            draft.record["items"] = items

    def _keep_foreign(self, document: Object, draft: Draft, notes: Notes) -> None:
        """Keep whatever our fields would not give back."""
        entry = Entry(
            identifier=draft.identifier,
            name="",
            record={"title": "", **draft.record},
            resources=draft.links,
            publisher=Agent(**{"title": "", **draft.agent}),
        )
        keep_unsaid(self, document, self.settled(self.expressed(entry, Site(url="", title=""))), draft, notes)

    def _marked(self, document: Object, draft: Draft, notes: Notes) -> None:
        """Let our own keys say what they say."""
        overlay(DatasetRecord, document, draft.record, notes, "")
        if isinstance(document.get(ITEMS), list):
            draft.record["items"] = [
                overlay(Item, marks(each), {}, notes, "")
                for each in document[ITEMS]
                if isinstance(each, dict)
            ]
        else:
            for place, item in zip(self.item_places(document), draft.record.get("items", []), strict=False):
                overlay(Item, place, item, notes, "")
        if isinstance(document.get(LINKS), list):
            draft.links = [
                overlay(Link, marks(each), {}, notes, "")
                for each in document[LINKS]
                if isinstance(each, dict)
            ]
        else:
            for place, link in zip(self.link_places(document), draft.links, strict=False):
                overlay(Link, place, link, notes, "")
        agent = document.get(AGENT)
        if isinstance(agent, dict):
            draft.agent |= {k: v for k, v in agent.items() if k in Agent.__slots__ and isinstance(v, str)}

    def _entry(self, document: Object, draft: Draft, notes: Notes) -> Reading:
        raw = document.get(ENTRY)
        said = {k: v for k, v in raw.items() if isinstance(v, str)} if isinstance(raw, dict) else {}
        if not draft.record.get("title"):
            notes.add("title", "没有名称，没有采用。", "It has no title; not taken.", fatal=True)
            return Reading(None, tuple(notes.said))
        entry = Entry(
            identifier=said.get("identifier", draft.identifier),
            name=said.get("name", "") or ids.slug(draft.record.get("title_en") or draft.record["title"]),
            record=draft.record,
            resources=tuple(draft.links),
            publisher=Agent(**{"title": "", **draft.agent}),
            created=_moment(said.get("created", "")),
            modified=_moment(said.get("modified", "")),
        )
        return Reading(entry, tuple(notes.said))


def readings(shape: Shape, documents: Iterator[Any], where: str) -> Iterator[Reading]:
    """Each document read on its own; notes name its place in the whole."""
    for number, document in enumerate(documents):
        reading = shape.read(document)
        prefix = f"{where}[{number}]."
        notes = tuple(
            Note((prefix + note.where).rstrip("."), note.said, note.fatal) for note in reading.notes
        )
        yield replace(reading, notes=notes)


def _add(place: Object, beside: Object) -> None:
    for name, value in beside.items():
        place[OURS + name] = value


def _stamp(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
