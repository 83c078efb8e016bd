"""CKAN's package: read leniently from anywhere, written in the shape that its clients and harvesters want."""

from kaishu.crosswalk.ckan.documents import from_bytes, to_bytes
from kaishu.crosswalk.ckan.reading import read_package
from kaishu.crosswalk.ckan.writing import write_package, write_resource

__all__ = ["from_bytes", "read_package", "to_bytes", "write_package", "write_resource"]
