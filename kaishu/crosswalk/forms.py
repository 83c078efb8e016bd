"""One shape in several forms: JSON as it is, XML with an element a member, CSV with a row a dataset."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from kaishu.crosswalk import markup
from kaishu.crosswalk.carrying import Shape, readings
from kaishu.crosswalk.errors import NotThatStandard
from kaishu.crosswalk.keeping import Object
from kaishu.crosswalk.loading import dump_json, load_json
from kaishu.crosswalk.model import Entry, Reading, Site


def read_json(shape: Shape, data: bytes) -> Iterator[Reading]:
    """One object or a list of them.  Raises ``Unreadable`` and ``NotThatStandard``."""
    whole = load_json(data, shape.name)
    if not isinstance(whole, dict | list):
        raise NotThatStandard(standard=shape.name, reason="JSON")
    yield from readings(shape, iter(whole if isinstance(whole, list) else [whole]), shape.name)


def write_json(shape: Shape, entry: Entry, site: Site) -> bytes:
    """The document of one dataset."""
    return dump_json(shape.write(entry, site))


class Marked:
    """The XML form of a shape."""

    name: str
    root: str
    child: str
    spaces: ClassVar[dict[str, str]] = {}

    def settled(self, document: Object) -> Object:
        """The document as the XML will be read."""
        return markup.from_xml(self.bytes_of(document), self.name, self.child, self.spaces)[0]

    def allowed(self, path: str) -> bool:
        """Elements have names."""
        return markup.named(path, self.spaces)

    def bytes_of(self, document: Mapping[str, Any]) -> bytes:
        """The XML of one object."""
        return markup.to_xml(self.root, self.child, [document], self.spaces)

    def documents(self, data: bytes) -> list[Object]:
        """The objects of an XML document.  Raises ``Unreadable`` and ``NotThatStandard``."""
        return markup.from_xml(data, self.name, self.child, self.spaces)
