"""Documents: one dataset, a page of the catalogue, the whole catalogue as a stream."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from kaishu.crosswalk.dcat import vocabularies
from kaishu.crosswalk.dcat.names import HEAD
from kaishu.crosswalk.dcat.pen import BETWEEN
from kaishu.crosswalk.dcat.syntaxes import PLAIN, recast
from kaishu.crosswalk.dcat.terms import literal, typed
from kaishu.crosswalk.dcat.writing import written
from kaishu.crosswalk.model import Entry, Site

if TYPE_CHECKING:
    from pyoxigraph import Triple

BATCH = 200  # entries passed on at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """Which page of a list of datasets this is; ``address`` is the list's, without the page."""

    address: str
    number: int
    size: int
    total: int
    query: Mapping[str, str]

    @property
    def last(self) -> int:
        """Number of the last page; an empty list has one."""
        return max(1, -(-self.total // self.size))

    def at(self, number: int) -> str:
        """Address of a page."""
        return f"{self.address}?{urlencode({**self.query, 'page': number})}"


def turtle(entries: Iterable[Entry], site: Site, changed: datetime | None = None) -> Iterator[str]:
    """The whole catalogue piece by piece; memory does not grow with it."""
    yield HEAD + "\n" + catalogue(site, changed)
    used: set[tuple[str, str]] = set()
    batch: list[str] = []
    for entry in entries:
        batch.append(written(entry, site, used))
        if len(batch) >= BATCH:
            yield "".join(batch)
            batch = []
    yield "".join(batch) + vocabularies.described(used)


def stream(
    entries: Iterable[Entry], site: Site, syntax: str, changed: datetime | None = None
) -> Iterator[bytes]:
    """The whole catalogue in a syntax of lines."""
    if syntax in PLAIN:
        for piece in turtle(entries, site, changed):
            yield piece.encode()
        return
    used: set[tuple[str, str]] = set()
    batch = [catalogue(site, changed)]
    for entry in entries:
        batch.append(written(entry, site, used))
        if len(batch) >= BATCH:
            yield recast("".join(batch), syntax)
            batch = []
    yield recast("".join(batch) + vocabularies.described(used), syntax)


def write(entry: Entry, site: Site, syntax: str = "ttl") -> bytes:
    """One dataset with the catalogue it stands in."""
    used: set[tuple[str, str]] = set()
    body = written(entry, site, used)
    return recast(body + vocabularies.described(used), syntax)


def write_page(
    entries: Iterable[Entry],
    site: Site,
    syntax: str,
    leaf: Leaf | None = None,
    changed: datetime | None = None,
) -> bytes:
    """A page of the catalogue; with ``leaf`` it says where the others are, in both forms of Hydra."""
    used: set[tuple[str, str]] = set()
    parts = [catalogue(site, changed)]
    parts += [written(entry, site, used) for entry in entries]
    parts.append(vocabularies.described(used))
    if leaf:
        parts.append(_paging(leaf, site))
    return recast("".join(parts), syntax)


def quads(entry: Entry, site: Site, whole: bool = True) -> list[Triple]:
    """One dataset as triples; with ``whole`` the catalogue is described too."""
    import pyoxigraph as ox

    used: set[tuple[str, str]] = set()
    text = HEAD + (catalogue(site, None) if whole else "") + written(entry, site, used)
    text += vocabularies.described(used)
    return [quad.triple for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)]


def catalogue(site: Site, changed: datetime | None = None) -> str:
    """The catalogue itself."""
    place = f"<{site.url}/>"
    lines = [
        "a dcat:Catalog",
        f"dct:title {literal(site.title)}@{site.language}",
        f"dct:description {literal(site.description or site.title)}@{site.language}",
        f"dct:publisher <{site.url}/#publisher>",
        f"foaf:homepage {place}",
        f"dct:language {vocabularies.written('language').get(site.language, '<urn:x-kaishu:none>')}",
        "dcat:themeTaxonomy <https://kaishu.dev/ns#theme>",
    ]
    if site.title_en:
        lines.insert(2, f"dct:title {literal(site.title_en)}@en")
    if changed:
        lines.append(f"dct:modified {typed(changed.strftime('%Y-%m-%dT%H:%M:%SZ'), 'dateTime')}")
    name = f"foaf:name {literal(site.title)}@{site.language}"
    return (
        f"{place} {BETWEEN.join(lines)} .\n"
        f"{place} a foaf:Document .\n"
        f"<{site.url}/#publisher> a foaf:Agent, foaf:Organization ;\n  {name} .\n"
        '<https://kaishu.dev/ns#theme> a skos:ConceptScheme ;\n  dct:title "主题"@zh, "Theme"@en .\n'
    )


def _paging(leaf: Leaf, site: Site) -> str:
    """``hydra:PagedCollection`` as CKAN says it, ``hydra:PartialCollectionView`` as the newer draft does."""
    first, last = leaf.at(1), leaf.at(leaf.last)
    old = [
        "a hydra:PagedCollection, hydra:PartialCollectionView",
        f"hydra:totalItems {leaf.total}",
        f"hydra:itemsPerPage {leaf.size}",
        f"hydra:firstPage {literal(first)}",
        f"hydra:lastPage {literal(last)}",
        f"hydra:first <{first}>",
        f"hydra:last <{last}>",
    ]
    if leaf.number > 1:
        before = leaf.at(min(leaf.number - 1, leaf.last))
        old += [f"hydra:previousPage {literal(before)}", f"hydra:previous <{before}>"]
    if leaf.number < leaf.last:
        after = leaf.at(leaf.number + 1)
        old += [f"hydra:nextPage {literal(after)}", f"hydra:next <{after}>"]
    here = leaf.at(leaf.number)
    return (
        f"<{here}> {BETWEEN.join(old)} .\n"
        f"<{site.url}/> a hydra:Collection ; hydra:totalItems {leaf.total} ; hydra:view <{here}> .\n"
    )
