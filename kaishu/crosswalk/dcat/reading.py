"""From a document of RDF to entries.

Every dataset, series and service of the document gives one reading; nothing raises for the sake of one.
What our own writer wrote comes back as it was; of others, what has no field is kept under its address.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from kaishu.base import ids
from kaishu.catalogue import DatasetRecord, Item
from kaishu.crosswalk.dcat.forms import Reader
from kaishu.crosswalk.dcat.graph import Graph, Term, read_graph
from kaishu.crosswalk.dcat.linkreading import read_links
from kaishu.crosswalk.dcat.names import CLASSES, whole
from kaishu.crosswalk.dcat.things import (
    agent_of,
    contact_of,
    flat,
    label,
    period_of,
    place_of,
    text_of,
    whole_day,
)
from kaishu.crosswalk.model import RECORD_FIELDS, Agent, Entry, Reading
from kaishu.crosswalk.taking import Intake, Notes

READ_ELSEWHERE = frozenset(
    whole(name)
    for name in (
        "rdf:type",
        "dct:identifier",
        "dct:publisher",
        "dct:creator",
        "dcat:contactPoint",
        "dct:spatial",
        "dct:temporal",
        "dct:license",
        "dcat:landingPage",
        "adms:identifier",
        "dcat:distribution",
        "odrl:permission",
    )
)


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed document: its readings, and where the next page is, if it is one of several."""

    graph: Graph
    base: str

    def readings(self) -> Iterator[Reading]:
        """One for each dataset."""
        for subject in subjects(self.graph):
            yield read_one(self.graph, subject, self.base)

    @property
    def next_page(self) -> str:
        """Address of the next page; empty if this is the last."""
        for subject in self.graph.of_class("hydra:PartialCollectionView", "hydra:PagedCollection"):
            found = self.graph.text(subject, "hydra:next", "hydra:nextPage")
            if found:
                return found
        return ""

    @property
    def total(self) -> int | None:
        """How many datasets all pages have, if it is said."""
        for subject in self.graph.of_class("hydra:PagedCollection", "hydra:Collection"):
            said = self.graph.text(subject, "hydra:totalItems")
            if said.isascii() and said.isdigit() and len(said) < 12:
                return int(said)
        return None


def read_document(data: bytes, syntax: str = "", base: str = "") -> Document:
    """Parse all of it.  Raises ``BrokenDocument`` and its kin, naming line and column."""
    return Document(read_graph(data, syntax, base), base)


def read_all(data: bytes, syntax: str = "", base: str = "") -> Iterator[Reading]:
    """Every dataset of a document; an unknown syntax is guessed from its first bytes."""
    return read_document(data, syntax, base).readings()


def subjects(graph: Graph) -> Iterator[str]:
    """Datasets, series, and services that are not merely the way to a distribution."""
    listed = {
        term.value for things in graph.things.values() for term in things.get(whole("dcat:service"), ())
    }
    ways = {
        term.value for things in graph.things.values() for term in things.get(whole("dcat:accessService"), ())
    }
    for subject in graph.of_class(*CLASSES.values()):
        if graph.is_a(subject, "kaishu:Rows"):
            continue
        if graph.is_a(subject, "dcat:DataService") and subject in ways and subject not in listed:
            continue
        yield subject


def read_one(graph: Graph, subject: str, base: str = "") -> Reading:
    """One dataset."""
    notes = Notes()
    reader = Reader(graph, subject, DatasetRecord, notes, "", None)
    said = reader.intake.said
    reader.owned(RECORD_FIELDS)
    reader.read("record")
    kind = "series" if graph.is_a(subject, "dcat:DatasetSeries") else "dataset"
    kind = "service" if graph.is_a(subject, "dcat:DataService") else kind
    if kind != "dataset":
        said["kind"] = kind
    if "languages" not in said:
        said["languages"] = []
    publisher = _publishers(reader)
    _contact(reader)
    _time(reader)
    _space(reader)
    _licence(reader)
    identifier = _identifiers(reader, base)
    if not reader.own:
        _page(reader)
    _items(reader)
    reader.leftovers(READ_ELSEWHERE)
    if not said.get("title"):
        _untitled(reader)
    record = reader.finish()
    if not record.get("title"):
        notes.add("dct:title", "没有名称，没有采用。", "It has no title; not taken.", fatal=True)
        return Reading(None, tuple(notes.said))
    links = read_links(graph, subject, notes, reader.language)
    created, modified = _moments(graph, subject)
    entry = Entry(
        identifier=identifier,
        name=graph.text(subject, "kaishu:name") or ids.slug(record.get("title_en") or record["title"]),
        record=record,
        resources=links,
        publisher=publisher,
        created=created,
        modified=modified,
    )
    return Reading(entry, tuple(notes.said))


def _untitled(reader: Reader) -> None:
    name = label(reader.graph, reader.subject, reader.language)
    if name and reader.put("title", name, "dct:title"):
        reader.intake.note(
            "dct:title", "没有 dct:title，用了另外的名称。", "Another label stands for the title."
        )


def _publishers(reader: Reader) -> Agent:
    graph, subject, said = reader.graph, reader.subject, reader.intake.said
    terms = graph.said(subject, "dct:publisher")
    for field, name in (("creator", "dct:creator"),):
        makers = [agent_of(graph, term).title for term in graph.said(subject, name)]
        makers = [maker for maker in makers if maker]
        if makers and field not in reader.settled:
            reader.put(field, makers[0], name)
        if len(makers) > 1:
            reader.keep(whole(name), text_of(list(makers)))
    if reader.own:
        offices = graph.said(subject, "kaishu:office")
        if not offices and "publisher" not in said:
            offices = terms
        name = graph.text(subject, "kaishu:officeName")
        return agent_of(graph, offices[0]) if offices else Agent(title="", name=name)
    found = agent_of(graph, terms[0]) if terms else Agent(title="")
    if found.title:
        reader.put("publisher", found.title, "dct:publisher")
        if found.url:
            reader.put("publisher_url", found.url, "dct:publisher")
    if len(terms) > 1:
        reader.keep(whole("dct:publisher"), text_of([flat(graph, term) for term in terms]))
    return found


def _contact(reader: Reader) -> None:
    terms = [term for term in reader.graph.said(reader.subject, "dcat:contactPoint") if term.value]
    for field, value in (contact_of(reader.graph, terms[0]) if terms else {}).items():
        if value and field not in reader.settled:
            reader.put(field, value, f"dcat:contactPoint/{field}")
    if len(terms) > 1:
        reader.keep(whole("dcat:contactPoint"), text_of([flat(reader.graph, term) for term in terms]))


def _time(reader: Reader) -> None:
    terms = reader.graph.said(reader.subject, "dct:temporal")
    if not terms:
        return
    intake, said = reader.intake, reader.intake.said
    start, end = period_of(reader.graph, terms[0])
    for field, text in (("temporal_start", start), ("temporal_end", end)):
        day = whole_day(text, field == "temporal_end")
        if text and not intake.put(field, day, f"dct:temporal/{field}"):
            reader.keep(f"{whole('dct:temporal')}/{field}", text)
        elif text and day != text:
            intake.note("dct:temporal", f"“{text}”当作{day}。", f'"{text}" is taken as {day}.')
    if said.get("temporal_start", "") > said.get("temporal_end", "9999"):
        reader.keep(f"{whole('dct:temporal')}/temporal_end", said.pop("temporal_end"))
        intake.note("dct:temporal", "结束日期早于开始日期，放在一边。", "Ends before it starts; kept aside.")
    if len(terms) > 1 or not (start or end):
        reader.keep(whole("dct:temporal"), text_of([flat(reader.graph, term) for term in terms]))


def _space(reader: Reader) -> None:
    terms = [term for term in reader.graph.said(reader.subject, "dct:spatial") if term.value]
    told: dict[str, Any] = {}
    over: list[Term] = []
    for term in terms:
        found = place_of(reader.graph, term, reader.language)
        own = reader.own and term.value in (f"{reader.subject}#spatial", f"{reader.subject}-spatial")
        if own:
            found.pop("spatial_uri", None)
        left = found.pop("left", None)
        if left:
            reader.keep(whole("locn:geometry"), left)
        for field, value in found.items():
            if value and field not in reader.settled:
                if field in told and told[field] != value:
                    over.append(term)
                else:
                    told[field] = value
    for field, value in told.items():
        reader.put(field, value, f"dct:spatial/{field}")
    if over:
        reader.keep(whole("dct:spatial"), text_of([flat(reader.graph, term) for term in terms]))


def _licence(reader: Reader) -> None:
    from kaishu.crosswalk.dcat.linkreading import take_licence

    take_licence(reader)


def _identifiers(reader: Reader, base: str) -> str:
    """What the dataset is called by its source, and its other identifiers."""
    graph, subject = reader.graph, reader.subject
    given = graph.texts(subject, "dct:identifier")
    others = []
    for term in graph.said(subject, "adms:identifier"):
        others.append(graph.text(term.value, "skos:notation", "dct:identifier") or named_or_empty(term))
    if reader.own:
        reader.put("identifiers", [other for other in others if other], "adms:identifier")
        return given[0] if given else subject
    absolute = re.match(r"[A-Za-z][A-Za-z0-9+.-]*:\S", subject) and not subject.startswith("_:")
    found = [*([subject] if absolute else []), *given, *others]
    reader.put("identifiers", [one for one in found if one.strip()], "dct:identifier")
    here, there = urlsplit(base).hostname, urlsplit(subject).hostname if absolute else None
    if here and there and here != there:
        reader.intake.note(
            "dct:identifier",
            f"这个标识属于另一个网站（{there[:100]}），只当作标识。",
            f"The identifier belongs to another site ({there[:100]}); it is taken for a name only.",
        )
    if absolute:
        return subject
    if given:
        return given[0]
    if not subject.startswith("_:"):
        return subject
    title = str(reader.intake.said.get("title", ""))
    return (
        "untitled-"
        + hashlib.sha256(f"{title}\n{reader.intake.said.get('publisher', '')}".encode()).hexdigest()[:32]
    )


def named_or_empty(term: Term) -> str:
    """The text or address itself, but no name of a thing without address."""
    return "" if term.kind == "blank" else term.value


def _page(reader: Reader) -> None:
    pages = reader.graph.texts(reader.subject, "dcat:landingPage")
    if pages:
        reader.put("source_url", pages[0], "dcat:landingPage")
    if len(pages) > 1:
        reader.keep(whole("dcat:landingPage"), text_of(list(pages)))


def _items(reader: Reader) -> None:
    graph = reader.graph
    found: list[tuple[int, dict[str, Any]]] = []
    for term in graph.said(reader.subject, "kaishu:item"):
        place = term.value
        position = graph.text(place, "kaishu:position")
        number = int(position) if position.isascii() and position.isdigit() else len(found)
        found.append((number, _item(reader, place, len(found))))
    if found:
        reader.intake.said["items"] = [item for _, item in sorted(found, key=lambda pair: pair[0])][:5000]


def _item(reader: Reader, place: str, number: int) -> dict[str, Any]:
    import json

    graph = reader.graph
    intake = Intake(Item, reader.intake.notes, f"kaishu:item[{number}].")
    for field in ("name", "type", "letter", "unit", "format", "uri", "length"):
        intake.put(field, graph.text(place, f"kaishu:{field}"))
    intake.put("code_list", graph.text(place, "kaishu:codeList"))
    for field, name in (("title", "dct:title"), ("description", "dct:description")):
        for term in graph.said(place, name):
            english = term.language.startswith("en") and not reader.language.startswith("en")
            intake.put(f"{field}_en" if english else field, term.value)
    try:
        told = json.loads(graph.text(place, "kaishu:constraints") or "{}")
        intake.put("constraints", told if isinstance(told, dict) else {})
    except (ValueError, RecursionError):
        intake.note("constraints", "不是合法的 JSON，放在一边。", "Not valid JSON; kept aside.")
    intake.said.setdefault("name", f"field-{number + 1}")
    return intake.checked()


def _moments(graph: Graph, subject: str) -> tuple[datetime | None, datetime | None]:
    """When the entry was made and changed, as the catalogue's record says."""
    here = graph.said(subject, "foaf:isPrimaryTopicOf")
    record = next((term.value for term in here), "")
    own = f"{subject}{'-' if '#' in subject else '#'}record"
    record = record or (own if own in graph.things else "")
    created = _moment(graph.text(record, "dct:issued"))
    return created, _moment(graph.text(record, "dct:modified") or graph.text(subject, "dct:modified"))


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if text else None
        if found is None:
            return None
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
