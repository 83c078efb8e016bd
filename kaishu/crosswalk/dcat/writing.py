"""One entry as Turtle.

Every thing has an address of its own, under the dataset's, so that pages can be joined without confusion.
What a property cannot hold exactly as it stands here is said again in our namespace; what the writer
filled in by itself is named by ``kaishu:derived``, so that reading gives back what was written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from kaishu.crosswalk.dcat import extras, linkwriting, vocabularies
from kaishu.crosswalk.dcat.licences import licence
from kaishu.crosswalk.dcat.names import CLASSES
from kaishu.crosswalk.dcat.pen import BETWEEN, Pen, steps
from kaishu.crosswalk.dcat.terms import HAN, LANGUAGE, address, is_address, literal, nearest, slug
from kaishu.crosswalk.model import Agent, Entry, Site

ENGLISH = ("title_en", "description_en", "tags_en")
TELEPHONE = re.compile(r"[+0-9.()-]+")
MAIL = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+")
ROWS_PATH = "/api/v1/datasets/{name}/rows"
DEFAULT_LANGUAGES = ["zh"]
ITEM_OWN = ("name", "type", "letter", "unit", "format", "uri", "code_list")


def place_of(entry: Entry, site: Site) -> str:
    """The address of a dataset, without brackets; it outlives a change of name."""
    if ":" in entry.identifier and is_address(entry.identifier):
        return entry.identifier
    return f"{site.url}/dataset/{slug(entry.identifier)}"


def written(entry: Entry, site: Site, used: set[tuple[str, str]]) -> str:
    """The dataset with its distributions, its record in the catalogue and whoever publishes it."""
    record = entry.record
    place = place_of(entry, site)
    kind = record.get("kind") or "dataset"
    named = CLASSES.get(kind, CLASSES["dataset"])
    if kind == "series":  # also said plainly, for those who do not know that a series is a dataset
        named = f"{named}, {CLASSES['dataset']}"
    pen = Pen(place, named, _tongue(record), site.url, used, [])
    pen.lines += (f"dct:identifier {literal(entry.identifier)}", f"kaishu:name {literal(entry.name)}")
    pen.walk("record", record)
    if "languages" not in record:
        steps("record")[2]["languages"](pen, DEFAULT_LANGUAGES)
    created = _moment(entry.created) if entry.created else ""
    modified = _moment(entry.modified) if entry.modified else ""
    _filled_in(pen, entry, site, created, modified)
    _publishers(pen, entry, site)
    _contact(pen, record)
    _time(pen, record.get("temporal_start"), record.get("temporal_end"))
    _space(pen, record)
    place = licence(pen, record)
    if place:
        pen.lines.append(f"dct:license {place}")
    if record.get("identifiers"):
        _identifiers(pen, record["identifiers"])
    if record.get("open_condition") and record.get("open_class") == "conditional":
        _offer(pen, record["open_condition"])
    if record.get("items"):
        _items(pen, record["items"])
    if record.get("extras"):
        extras.write(pen, record["extras"])
    if entry.resources:
        linkwriting.write(pen, entry, site)
    _listed(pen, site, kind, created, modified or created)
    return pen.written()


def _tongue(record: Mapping[str, Any]) -> str:
    """The tag of the language in which the record is written; none where that is in doubt."""
    languages = record.get("languages", DEFAULT_LANGUAGES)
    if not languages or "zh" in languages or HAN.search(record["title"]):
        return "@zh"
    tag = languages[0]
    if not LANGUAGE.fullmatch(tag):
        return ""
    if tag == "en" and (
        any(record.get(field) for field in ENGLISH)
        or any(item.get("title_en") or item.get("description_en") for item in record.get("items") or ())
    ):
        return ""
    return f"@{tag}"


def _filled_in(pen: Pen, entry: Entry, site: Site, created: str, modified: str) -> None:
    """What every catalogue is to say, from what is known otherwise."""
    record = entry.record
    if record.get("kind") == "service" and not any(x.startswith("dcat:endpointURL") for x in pen.lines):
        pen.lines.append(f"dcat:endpointURL <{site.url}/datasets/{slug(entry.name)}>")
        if not record.get("endpoint_url"):
            pen.derived("endpoint_url")
    if not record.get("description"):
        pen.lines.append(f"dct:description {literal(record['title'])}{pen.tongue}")
        pen.lines.append('kaishu:derived "description"')
    if created and not record.get("issued"):
        pen.lines.append(f'dct:issued {created}{BETWEEN}kaishu:derived "issued"')
    if modified and not record.get("modified"):
        pen.lines.append(f'dct:modified {modified}{BETWEEN}kaishu:derived "modified"')
    if entry.name:
        pen.lines.append(f"dcat:landingPage <{site.url}/datasets/{slug(entry.name)}>")
    if record.get("source_url"):
        pen.own("source_url", record["source_url"])


def _moment(moment: datetime) -> str:
    if moment.tzinfo is not UTC and moment.tzinfo is not None:
        moment = moment.astimezone(UTC)
    return f'"{moment.isoformat()[:19]}Z"^^xsd:dateTime'


def _publishers(pen: Pen, entry: Entry, site: Site) -> None:
    """Who publishes; where the record names somebody else, the department only keeps the entry."""
    record, office = entry.record, ""
    if entry.publisher.title:
        office = agent(pen, entry.publisher, site)
    elif entry.publisher.name:
        pen.lines.append(f"kaishu:officeName {literal(entry.publisher.name)}")
    if record.get("publisher"):
        lines = ["a foaf:Agent", f"foaf:name {literal(record['publisher'])}"]
        home = address(record.get("publisher_url") or "")
        if home:
            lines.append(f"foaf:homepage {home}")
        pen.lines.append(f"dct:publisher {pen.other('publisher', lines)}")
        pen.own("publisher", record["publisher"])
        if office:
            pen.lines.append(f"kaishu:office {office}")
    elif office:
        pen.lines.append(f"dct:publisher {office}")
    if record.get("publisher_url"):
        pen.own("publisher_url", record["publisher_url"])
    if record.get("creator"):
        lines = ["a foaf:Agent", f"foaf:name {literal(record['creator'])}"]
        pen.lines.append(f"dct:creator {pen.other('creator', lines)}")
    if record.get("maintainer"):
        lines = ["a foaf:Agent", f"foaf:name {literal(record['maintainer'])}"]
        role = "<http://inspire.ec.europa.eu/metadata-codelist/ResponsiblePartyRole/custodian>"
        attribution = [
            "a prov:Attribution",
            f"prov:agent {pen.other('maintainer', lines)}",
            f"dcat:hadRole {role}",
        ]
        pen.lines.append(f"prov:qualifiedAttribution {pen.other('attribution', attribution)}")


def agent(pen: Pen, who: Agent, site: Site) -> str:
    """A department or another body; returns its ``<address>``."""
    if not who.name:
        return pen.other("office", _agent_lines(who))
    subject, described = _department(
        who.name, who.title, who.title_en, who.code, who.email, who.url, site.url
    )
    key = ("", described)
    if key not in pen.used:
        pen.used.add(key)
        pen.others.append(described)
    return subject


@lru_cache(maxsize=4096)
def _department(
    name: str, title: str, title_en: str, code: str, email: str, home: str, here: str
) -> tuple[str, str]:
    subject = f"<{here}/organization/{slug(name)}>"
    who = Agent(name=name, title=title, title_en=title_en, code=code, email=email, url=home)
    lines = [*_agent_lines(who), f"kaishu:name {literal(name)}"]
    return subject, f"{subject} {BETWEEN.join(lines)} .\n"


def _agent_lines(who: Agent) -> list[str]:
    lines = ["a foaf:Agent, foaf:Organization", f"foaf:name {literal(who.title)}@zh"]
    if who.title_en:
        lines.append(f"foaf:name {literal(who.title_en)}@en")
    if who.code:
        lines.append(f"dct:identifier {literal(who.code)}")
    if MAIL.fullmatch(who.email):
        lines.append(f"foaf:mbox <mailto:{who.email}>")
    home = address(who.url)
    if home:
        lines.append(f"foaf:homepage {home}")
    return lines


def _contact(pen: Pen, record: Mapping[str, Any]) -> None:
    name, mail = record.get("contact_name"), record.get("contact_email")
    telephone, page = record.get("contact_phone"), record.get("contact_url")
    if not (name or mail or telephone or page):
        return
    lines = ["a vcard:Kind, vcard:Organization"]
    if name:
        lines.append(f"vcard:fn {literal(name)}{pen.tongue}")
    if mail:
        if MAIL.fullmatch(mail):
            lines.append(f"vcard:hasEmail <mailto:{mail}>")
        else:
            pen.own("contact_email", mail)
    if telephone:
        if TELEPHONE.fullmatch(telephone):
            lines.append(f"vcard:hasTelephone <tel:{telephone}>")
        else:
            pen.own("contact_phone", telephone)
    if page:
        place = nearest(page)
        if place:
            lines.append(f"vcard:hasURL {place}")
        if place != f"<{page}>":
            pen.own("contact_url", page)
    pen.lines.append(f"dcat:contactPoint {pen.other('contact', lines)}")


def _time(pen: Pen, start: str | None, end: str | None) -> None:
    if not (start or end):
        return
    place = pen.node("temporal")
    first = f'{BETWEEN}dcat:startDate "{start}"^^xsd:date' if start else ""
    last = f'{BETWEEN}dcat:endDate "{end}"^^xsd:date' if end else ""
    pen.others.append(f"<{place}> a dct:PeriodOfTime{first}{last} .\n")
    pen.lines.append(f"dct:temporal <{place}>")


def _space(pen: Pen, record: Mapping[str, Any]) -> None:
    name, code, box = record.get("spatial"), record.get("spatial_code"), record.get("bbox")
    if name or code or box:
        place = pen.node("spatial")
        said = f"{BETWEEN}skos:prefLabel {literal(name)}{pen.tongue}" if name else ""
        if code:
            said += f"{BETWEEN}dct:identifier {literal(code)}"
        if box:
            west, south, east, north = (repr(float(each)) for each in box)
            ring = f"{west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}"
            said += f'{BETWEEN}dcat:bbox "POLYGON(({ring}))"^^geo:wktLiteral'
        pen.others.append(f"<{place}> a dct:Location{said} .\n")
        pen.lines.append(f"dct:spatial <{place}>")
    uri = record.get("spatial_uri")
    if uri:
        known = address(uri)
        if known and uri not in vocabularies.named():  # whose name would be read as that of the place
            pen.lines.append(f"dct:spatial {known}")
        else:
            pen.own("spatial_uri", uri)


def _identifiers(pen: Pen, identifiers: list[str]) -> None:
    found = []
    for number, identifier in enumerate(identifiers, 1):
        lines = ["a adms:Identifier", f"skos:notation {literal(identifier)}"]
        found.append(pen.other(f"identifier-{number}", lines))
    pen.lines.append(f"adms:identifier {', '.join(found)}")


def _offer(pen: Pen, condition: str) -> None:
    """The offer to whoever meets the condition of opening."""
    permission = [
        "a odrl:Permission",
        f"odrl:target <{pen.place}>",
        "odrl:action odrl:use",
        f"dct:description {literal(condition)}{pen.tongue}",
    ]
    policy = [
        "a odrl:Policy, odrl:Offer",
        f"odrl:uid <{pen.node('offer')}>",
        f"odrl:permission {pen.other('permission', permission)}",
    ]
    pen.lines.append(f"odrl:hasPolicy {pen.other('offer', policy)}")


def _items(pen: Pen, items: list[Mapping[str, Any]]) -> None:
    """信息项, in their order."""
    places = []
    for number, item in enumerate(items, 1):
        lines = ["a kaishu:Item", f"kaishu:position {number}"]
        said = [(field, item.get(field)) for field in ITEM_OWN]
        lines += [f"kaishu:{_camel(field)} {literal(value)}" for field, value in said if value]
        for field, element in (("title", "dct:title"), ("description", "dct:description")):
            if item.get(field):
                lines.append(f"{element} {literal(item[field])}{pen.tongue}")
            if item.get(f"{field}_en"):
                lines.append(f"{element} {literal(item[f'{field}_en'])}@en")
        if item.get("length") is not None:
            lines.append(f"kaishu:length {item['length']}")
        if item.get("constraints"):
            import json

            lines.append(f"kaishu:constraints {literal(json.dumps(item['constraints'], ensure_ascii=False))}")
        places.append(pen.other(f"item-{number}", lines))
    pen.lines.append(f"kaishu:item {', '.join(places)}")


def _camel(field: str) -> str:
    return "codeList" if field == "code_list" else field


def _listed(pen: Pen, site: Site, kind: str, created: str, changed: str) -> None:
    """The catalogue's record of it, where it is known when it was made or changed."""
    member = "dcat:service" if kind == "service" else "dcat:dataset"
    if not changed:
        pen.others.append(f"<{site.url}/> {member} <{pen.place}> .\n")
        return
    listing = f"<{pen.node('record')}>"
    more = f"{BETWEEN}dct:issued {created}" if created else ""
    pen.others.append(
        f"{listing} a dcat:CatalogRecord ;\n  foaf:primaryTopic <{pen.place}>{more} ;\n"
        f"  dct:modified {changed} .\n"
        f"<{site.url}/> {member} <{pen.place}> ; dcat:record {listing} .\n"
    )
