"""Namespaces, and the addresses of things under them."""

from __future__ import annotations

from functools import cache

OWN = "https://kaishu.dev/ns#"
PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "cnt": "http://www.w3.org/2011/content#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "kaishu": OWN,
    "locn": "http://www.w3.org/ns/locn#",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "http://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "wdrs": "http://www.w3.org/2007/05/powder-s#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
HEAD = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in PREFIXES.items())
#: Formats in which every table is offered, as distributions of their own.
RENDERINGS = ("csv", "xlsx", "json")
#: Where the body keeps its media types.
IANA = "https://www.iana.org/assignments/media-types/"
SHA = "http://spdx.org/rdf/terms#checksumAlgorithm_"
#: A description is one of these.
CLASSES = {"dataset": "dcat:Dataset", "series": "dcat:DatasetSeries", "service": "dcat:DataService"}


@cache
def whole(name: str) -> str:
    """``dct:title`` as a whole address."""
    prefix, _, rest = name.partition(":")
    return PREFIXES[prefix] + rest


@cache
def camel(field: str) -> str:
    """``spatial_code`` as ``spatialCode``, the name of a field in our namespace."""
    first, *rest = field.split("_")
    return first + "".join(part.capitalize() for part in rest)


def short(address: str) -> str:
    """``dct:title`` for a whole address where we have a prefix; else the address."""
    for prefix, space in PREFIXES.items():
        if address.startswith(space):
            return f"{prefix}:{address[len(space) :]}"
    return address
