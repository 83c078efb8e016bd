"""GB/T 21063.3-2007, the core metadata of the catalogue system, as XML and as JSON."""

from __future__ import annotations

from collections.abc import Iterator

from kaishu.crosswalk.carrying import Shape, readings
from kaishu.crosswalk.forms import Marked, read_json, write_json
from kaishu.crosswalk.keeping import Object
from kaishu.crosswalk.model import Entry, Reading, Site
from kaishu.crosswalk.places import page_of


class Core(Shape):
    """As JSON."""

    name = "gbt-21063-3"

    def finish(self, document: Object, entry: Entry, site: Site) -> None:
        document.setdefault("标识符", entry.identifier)
        if site.url:
            document.setdefault("链接地址", page_of(entry, site))


class CoreXml(Marked, Core):
    """As XML."""

    root, child = "元数据集", "元数据"


JSON, XML = Core(), CoreXml()


def to_bytes(entry: Entry, site: Site) -> bytes:
    """One dataset as XML."""
    return XML.bytes_of(XML.write(entry, site))


def from_bytes(data: bytes) -> Iterator[Reading]:
    """Every dataset of an XML document.  Raises ``Unreadable`` and ``NotThatStandard``."""
    yield from readings(XML, iter(XML.documents(data)), XML.child)


def to_json(entry: Entry, site: Site) -> bytes:
    """One dataset as JSON."""
    return write_json(JSON, entry, site)


def from_json(data: bytes) -> Iterator[Reading]:
    """From JSON.  Raises ``Unreadable`` and ``NotThatStandard``."""
    return read_json(JSON, data)
