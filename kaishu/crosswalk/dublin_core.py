"""Dublin Core: the fifteen elements with the terms that refine them, as ``oai_dc`` and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from kaishu.crosswalk.carrying import Shape, readings
from kaishu.crosswalk.forms import Marked, read_json, write_json
from kaishu.crosswalk.keeping import Object
from kaishu.crosswalk.model import Entry, Reading, Site


class DublinCore(Shape):
    """As JSON, each element under its usual name."""

    name = "dublin-core"

    def finish(self, document: Object, entry: Entry, site: Site) -> None:
        document["dc:type"] = {"series": "Collection", "service": "Service"}.get(
            str(entry.record.get("kind")), "Dataset"
        )
        formats = {str(each.get("media_type") or each.get("format") or "") for each in entry.resources}
        if formats - {""}:
            document["dc:format"] = sorted(formats - {""})


class DublinCoreXml(Marked, DublinCore):
    """As ``oai_dc``."""

    root, child = "kaishu:records", "oai_dc:dc"
    spaces: ClassVar[dict[str, str]] = {
        "oai_dc": "http://www.openarchives.org/OAI/2.0/oai_dc/",
        "dc": "http://purl.org/dc/elements/1.1/",
        "dcterms": "http://purl.org/dc/terms/",
    }

    def bytes_of(self, document: Mapping[str, Any]) -> bytes:
        """The element itself is the document."""
        whole = super().bytes_of(document).decode()
        head, _, rest = whole.partition("<kaishu:records")
        spaces, _, inner = rest.partition(">\n")
        inner = inner.rpartition("</kaishu:records>")[0]
        return (head + inner.lstrip().replace("<oai_dc:dc", f"<oai_dc:dc{spaces}", 1)).encode()


JSON, XML = DublinCore(), DublinCoreXml()


def to_bytes(entry: Entry, site: Site) -> bytes:
    """One dataset as XML."""
    return XML.bytes_of(XML.write(entry, site))


def from_bytes(data: bytes) -> Iterator[Reading]:
    """Every ``oai_dc`` in an XML document.  Raises ``Unreadable`` and ``NotThatStandard``."""
    yield from readings(XML, iter(XML.documents(data)), "dc")


def to_json(entry: Entry, site: Site) -> bytes:
    """One dataset as JSON."""
    return write_json(JSON, entry, site)


def from_json(data: bytes) -> Iterator[Reading]:
    """From JSON.  Raises ``Unreadable`` and ``NotThatStandard``."""
    return read_json(JSON, data)
