"""CKAN's package: read leniently from anywhere, written in the shape that its clients and harvesters want."""

from kaishu.crosswalk.ckan.documents import from_bytes, to_bytes
from kaishu.crosswalk.ckan.reading import read_package
from kaishu.crosswalk.ckan.writing import (
    media_type,
    stamp,
    write_group,
    write_licence,
    write_package,
    write_resource,
    write_tag,
)

__all__ = [
    "from_bytes",
    "media_type",
    "read_package",
    "stamp",
    "to_bytes",
    "write_group",
    "write_licence",
    "write_package",
    "write_resource",
    "write_tag",
]
