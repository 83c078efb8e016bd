"""Distributions as links; the renderings of one table of ours as the one resource that they are."""

from __future__ import annotations

import re
from typing import Any

from kaishu.catalogue import Link
from kaishu.crosswalk.dcat import vocabularies
from kaishu.crosswalk.dcat.forms import IANA, Reader
from kaishu.crosswalk.dcat.graph import Graph, Term
from kaishu.crosswalk.dcat.names import SHA, whole
from kaishu.crosswalk.dcat.things import flat, label, named, text_of
from kaishu.crosswalk.model import LINK_FIELDS
from kaishu.crosswalk.taking import Notes

MOST_LINKS = 5000
READ_HERE = frozenset(
    whole(name)
    for name in (
        "rdf:type",
        "dcat:accessURL",
        "dcat:downloadURL",
        "dct:format",
        "dcat:mediaType",
        "spdx:checksum",
        "dct:license",
    )
)


def read_links(graph: Graph, subject: str, notes: Notes, language: str) -> list[dict[str, Any]]:
    """All distributions of a dataset, in the order that they say or in which they stand."""
    terms = graph.said(subject, "kaishu:table")
    terms += [
        term
        for term in graph.said(subject, "dcat:distribution")
        if not graph.said(term.value, "kaishu:renders")
    ]
    if len(terms) > MOST_LINKS:
        notes.add(
            "dcat:distribution", f"多于{MOST_LINKS}个，只取前面的。", f"More than {MOST_LINKS}; the first."
        )
    placed = [(_position(graph, term), term) for term in terms[:MOST_LINKS]]
    ordered = sorted(placed, key=lambda pair: pair[0]) if all(place for place, _ in placed) else placed
    return [
        _read_link(graph, term, notes, f"dcat:distribution[{number}].", language)
        for number, (_, term) in enumerate(ordered)
    ]


def _position(graph: Graph, term: Term) -> int:
    said = graph.text(term.value, "kaishu:position")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 9 else 0


def _read_link(graph: Graph, term: Term, notes: Notes, where: str, language: str) -> dict[str, Any]:
    if not graph.described(term):
        return {"access_url": term.value} if re.match(r"(https?|ftps?)://\S+$", term.value) else {}
    reader = Reader(graph, term.value, Link, notes, where, language)
    reader.owned(LINK_FIELDS)
    reader.read("link")
    _addresses(reader)
    _format(reader)
    _checksum(reader)
    take_licence(reader)
    said = reader.intake.said
    if not reader.own and "original_id" not in said and term.kind == "iri":
        reader.put("original_id", term.value[:300], "dct:identifier")
    reader.leftovers(READ_HERE)
    return reader.finish()


def _addresses(reader: Reader) -> None:
    graph, subject = reader.graph, reader.subject
    downloads = graph.texts(subject, "dcat:downloadURL")
    accesses = graph.texts(subject, "dcat:accessURL")
    if downloads and "url" not in reader.settled:
        reader.put("url", downloads[0], "dcat:downloadURL")
    if accesses and "access_url" not in reader.settled and (reader.own or accesses[:1] != downloads[:1]):
        reader.put("access_url", accesses[0], "dcat:accessURL")
    for name, texts in (("dcat:downloadURL", downloads), ("dcat:accessURL", accesses)):
        if len(texts) > 1:
            reader.keep(whole(name), text_of(list(texts)))


def _format(reader: Reader) -> None:
    graph, subject = reader.graph, reader.subject
    formats = [term for term in graph.said(subject, "dct:format") if term.value]
    if formats and "format" not in reader.settled:
        reader.put("format", _format_name(graph, formats[0], reader), "dct:format")
    if len(formats) > 1:
        reader.keep(whole("dct:format"), text_of([flat(graph, term) for term in formats]))
    media = [term for term in graph.said(subject, "dcat:mediaType") if term.value]
    if media and "media_type" not in reader.settled:
        text = named(graph, media[0]) or label(graph, media[0].value)
        for space in IANA:
            text = text.removeprefix(space)
        reader.put("media_type", text, "dcat:mediaType")


def _format_name(graph: Graph, term: Term, reader: Reader) -> str:
    text = named(graph, term, reader.language)
    if term.kind == "iri":
        usual = vocabularies.usual_format(term.value)
        if usual:
            return usual
        if term.value.startswith(f"{reader.subject}#") or term.value.startswith(f"{reader.subject}-"):
            return label(graph, term.value)
        for space in IANA:
            text = text.removeprefix(space)
        code = vocabularies.code_of("file-format", text)
        if code:
            return code.upper()
        found = label(graph, term.value, reader.language)
        if found or "/" not in text.rstrip("/"):
            return found or text
        reader.keep(whole("dct:format"), term.value)
        return re.split(r"[/#]", text.rstrip("/"))[-1]
    return text


def _checksum(reader: Reader) -> None:
    if "checksum" in reader.settled:
        return
    for term in reader.graph.said(reader.subject, "spdx:checksum"):
        value = reader.graph.text(term.value, "spdx:checksumValue") if term.kind != "text" else term.value
        way = reader.graph.text(term.value, "spdx:algorithm").removeprefix(SHA)
        way = re.sub(r"^.*[/#](?:checksumAlgorithm_)?", "", way).lower().replace("-", "")
        if value:
            reader.put("checksum", f"{way}:{value.strip().lower()}" if way else value, "spdx:checksum")
            return


def take_licence(reader: Reader) -> None:
    """The licence of a dataset or a distribution: ours, or as it is written."""
    graph, text = reader.graph, reader.intake.said.get("licence_text", "")
    terms = [term for term in graph.said(reader.subject, "dct:license") if term.value]
    wanting = "licence" not in reader.settled
    unknown = []
    for term in terms:
        if (
            reader.own
            and text
            and term.value in (text, f"{reader.subject}#licence", f"{reader.subject}-licence")
        ):
            continue
        code = vocabularies.code_of("licence", term.value)
        name = label(graph, term.value, reader.language) if graph.described(term) else ""
        code = code or (vocabularies.code_of("licence", name) if name else None)
        if code and wanting:
            reader.put("licence", code, "dct:license")
            wanting = False
        elif not code and wanting:
            unknown.append((term, name))
    for term, name in unknown:
        said = name or named(graph, term)
        if said and not text and "licence" not in reader.intake.said:
            reader.put("licence_text", said, "dct:license")
            text = said
            if term.kind == "iri" and name:
                reader.keep(whole("dct:license"), term.value)
        elif said:
            reader.keep(whole("dct:license"), text_of([flat(graph, term)]))
