"""Standards whose documents are objects: written from the correspondences, and read back without loss.

A document has the elements of its standard.  Where reading those would not give a field back exactly, the
field itself stands beside them as ``kaishu:<field>``; so what is written always reads as what it was.
The other way round, a foreign statement that our fields would not give back is kept under the standard's
name, ``data-us:bureauCode``: in the extras of the record or link, in the constraints of an item.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from kaishu.base import ids
from kaishu.catalogue import DatasetRecord, Item, Link
from kaishu.crosswalk.keeping import (
    OURS,
    Object,
    dumped,
    kept_text,
    leaves,
    listed,
    put_path,
    restore,
    running,
    trimmed,
    value_of,
)
from kaishu.crosswalk.marking import (
    AGENT,
    ENTRY,
    ITEMS,
    KEPT,
    LINKS,
    Draft,
    difference,
    express_row,
    marks,
    overlay,
    take_row,
)
from kaishu.crosswalk.model import Agent, Entry, Note, Reading, Site
from kaishu.crosswalk.tables import table
from kaishu.crosswalk.taking import Intake, Notes, meant


class Shape:
    """One standard: its table, where its distributions and fields stand, and what no table can say."""

    name = ""
    #: Places that hold objects read on their own, as paths of keys with ``/`` between.
    containers: frozenset[str] = frozenset()
    link_containers: frozenset[str] = frozenset()
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
        document = self.settled(self._kept_put_back(self._express(entry, site), entry))
        base = self._taken(document, Notes(), frozenset(_all_kept(self, document)))
        self._mark(document, entry, base)
        return document

    def _express(self, entry: Entry, site: Site) -> Object:
        document: Object = {}
        self.prepare(document, entry)
        rows = table(self.name).rows
        for row in rows:
            if row.about == "dataset" and row.field:
                express_row(document, row, entry.record, entry)
        for place, link in zip(self.link_places(document), entry.resources, strict=False):
            for row in rows:
                if row.about == "distribution" and row.field:
                    express_row(place, row, link, entry)
            self.link_finish(place, link, entry, site)
        for place, item in zip(self.item_places(document), entry.record.get("items") or [], strict=False):
            for row in rows:
                if row.about == "item" and row.field:
                    express_row(place, row, item, entry)
        self.finish(document, entry, site)
        return document

    def _kept_put_back(self, document: Object, entry: Entry) -> Object:
        """Put foreign statements where they came from, as long as they say what the fields say now."""
        places = [(document, entry.record.get("extras") or {}, True)]
        places += [
            (place, link.get("extras") or {}, True)
            for place, link in zip(self.link_places(document), entry.resources, strict=False)
        ]
        items = entry.record.get("items") or []
        places += [
            (place, item.get("constraints") or {}, False)
            for place, item in zip(self.item_places(document), items, strict=False)
        ]
        prefix = f"{self.name}:"
        before: Draft | None = None
        for place, store, textual in places:
            names = [key for key in store if key.startswith(prefix) and self.allowed(key[len(prefix) :])]
            if not names:
                continue
            before = before or self._taken(document, Notes())
            kept = {key[len(prefix) :]: value_of(store[key]) if textual else store[key] for key in names}
            done = self._try_all(document, place, kept, before)
            if done:
                place[KEPT] = done
        return document

    def allowed(self, path: str) -> bool:
        """May a kept statement be written at this path?"""
        return bool(path) and not path.startswith(OURS) and path.partition("/")[0] not in self.ignored

    def _try_all(self, document: Object, place: Object, kept: Object, before: Draft) -> list[str]:
        saved = json.loads(json.dumps(place))
        for path, value in kept.items():
            put_path(place, path, value)
        if self._stable(document, before):
            return list(kept)
        restore(place, saved)
        done = []
        for path, value in kept.items():
            saved = json.loads(json.dumps(place))
            put_path(place, path, value)
            if self._stable(document, before):
                done.append(path)
            else:
                restore(place, saved)
        return done

    def _stable(self, document: Object, before: Draft) -> bool:
        now = self._taken(document, Notes())
        return (now.record, now.links, now.agent) == (before.record, before.links, before.agent)

    def _mark(self, document: Object, entry: Entry, base: Draft) -> None:
        """Write beside the elements whatever they would not give back."""
        record = meant(DatasetRecord, dict(entry.record))
        links = [meant(Link, dict(each)) for each in entry.resources]
        items, base_items = record.pop("items", []), base.record.pop("items", [])
        for name, value in difference(DatasetRecord, record, base.record).items():
            document[f"{OURS}{name}"] = value
        places = self.item_places(document)
        if len(places) == len(items) == len(base_items):
            for place, item, known in zip(places, items, base_items, strict=True):
                more = difference(Item, meant(Item, item), meant(Item, known))
                place.update({f"{OURS}{name}": value for name, value in more.items()})
        elif items or base_items:
            document[ITEMS] = [meant(Item, each) for each in items]
        spots = self.link_places(document)
        if len(spots) == len(links) == len(base.links):
            for place, link, known in zip(spots, links, base.links, strict=True):
                more = difference(Link, link, meant(Link, known))
                place.update({f"{OURS}{name}": value for name, value in more.items()})
        elif links or base.links:
            document[LINKS] = links
        agent = {name: getattr(entry.publisher, name) for name in Agent.__slots__}
        told = {k: v for k, v in agent.items() if v != base.agent.get(k, "")}
        if told:
            document[AGENT] = told
        own = {"identifier": entry.identifier, "name": entry.name}
        own |= {"created": _stamp(entry.created), "modified": _stamp(entry.modified)}
        document[ENTRY] = {key: value for key, value in own.items() if value}

    # --- reading

    def read(self, document: Any, notes: Notes | None = None) -> Reading:
        """One dataset as this standard says it; never raises for what it says."""
        notes = notes or Notes()
        if not isinstance(document, dict):
            notes.add("", "不是对象，没有采用。", "Not an object; not taken.", fatal=True)
            return Reading(None, tuple(notes.said))
        own = isinstance(document.get(ENTRY), dict)
        kept = frozenset(_all_kept(self, document)) if own else None
        draft = self._taken(document, notes, kept)
        if own:
            self._marked(document, draft, notes)
        else:
            draft.identifier = draft.identifier or ids.slug(draft.record.get("title", ""))
            draft.record.setdefault("languages", [])
            if draft.agent.get("title"):
                draft.record.setdefault("publisher", draft.agent["title"][:300])
            if draft.identifier:
                draft.record.setdefault("identifiers", [draft.identifier[:2000]])
        return self._entry(document, draft, notes)

    def _taken(self, document: Object, notes: Notes, kept: frozenset[str] | None = frozenset()) -> Draft:
        """What the elements say.  ``kept`` names the paths to keep; None finds them out."""
        draft = Draft()
        record = Intake(DatasetRecord, notes)
        for row in table(self.name).rows:
            if row.about == "dataset" and row.field:
                take_row(document, row, record, draft)
        rows = [row for row in table(self.name).rows if row.about == "distribution" and row.field]
        for number, place in enumerate(self.link_places(document)):
            link = Intake(Link, notes, f"distribution[{number}].")
            for row in rows:
                take_row(place, row, link, draft)
            self.link_also(place, link)
            draft.links.append(link.checked())
        rows = [row for row in table(self.name).rows if row.about == "item" and row.field]
        items = []
        for number, place in enumerate(self.item_places(document)[:5000]):
            item = Intake(Item, notes, f"fields[{number}].")
            for row in rows:
                take_row(place, row, item, draft)
            item.said.setdefault("name", f"field-{number + 1}")
            items.append(item.checked())
        draft.record = record.said
        self.also(document, draft, record)
        if items:
            record.said["items"] = items
        draft.record = record.checked()
        start, end = draft.record.get("temporal_start"), draft.record.get("temporal_end")
        if start and end and start > end:
            del draft.record["temporal_end"]
            notes.add("temporal", "结束日期早于开始日期，放在一边。", "Ends before it starts; kept aside.")
        self._keep(document, draft, notes, kept)
        return draft

    def _keep(self, document: Object, draft: Draft, notes: Notes, kept: frozenset[str] | None) -> None:
        if kept is not None and not kept:
            return
        ours: Object = {}
        if kept is None:
            title = {"title": "", **draft.record}
            agent = Agent(**{"title": "", **draft.agent})
            entry = Entry(
                identifier=draft.identifier, name="", record=title, resources=draft.links, publisher=agent
            )
            ours = self.settled(self._express(entry, Site(url="", title="")))
        pairs: list[tuple[Object, Object, Object, str, frozenset[str]]] = [
            (document, ours, draft.record, "extras", self.containers)
        ]
        their, our = self.link_places(document), self.link_places(ours)
        for number, link in enumerate(draft.links):
            back = our[number] if number < len(our) else {}
            pairs.append((their[number], back, link, "extras", self.link_containers))
        their, our = self.item_places(document), self.item_places(ours)
        for number, item in enumerate(draft.record.get("items", [])):
            back = our[number] if number < len(our) else {}
            if number < len(their):
                pairs.append((their[number], back, item, "constraints", frozenset()))
        for theirs, back, target, store, containers in pairs:
            wanted = listed(theirs.get(KEPT)) if kept is not None else None
            self._keep_one(theirs, back, target, store, containers, wanted, notes)

    def _keep_one(
        self,
        theirs: Object,
        ours: Object,
        target: Object,
        store: str,
        containers: frozenset[str],
        wanted: list[str] | None,
        notes: Notes,
    ) -> None:
        known = dict(leaves(ours, containers))
        for path, value in list(leaves(theirs, containers)):
            if path.startswith(OURS) or path.partition("/")[0] in self.ignored:
                continue
            if wanted is not None and path not in wanted:
                continue
            if wanted is None and path in known and dumped(trimmed(known[path])) == dumped(trimmed(value)):
                continue
            if running(value):
                notes.add(path, "可执行的地址没有采用。", "An address that runs something was not taken.")
                continue
            key, text = f"{self.name}:{path}", kept_text(value)
            box = target.setdefault(store, {})
            full = len(box) >= (500 if store == "extras" else 50)
            if len(key) > 500 or len(text) > 20_000 or full or key != key.strip():
                notes.add(path, "太长，没有原样保留。", "Too long to be kept as it was.")
                continue
            box[key] = text if store == "extras" else value

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


def _all_kept(shape: Shape, document: Object) -> Iterator[str]:
    for place in (document, *shape.link_places(document), *shape.item_places(document)):
        yield from listed(place.get(KEPT))


def _stamp(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
