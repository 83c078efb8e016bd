"""The documents that say the same as a dataset's page, and what pages say to search engines."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from markupsafe import Markup
from starlette.requests import Request

from kaishu import http
from kaishu.base import settings
from kaishu.catalogue.models import Dataset
from kaishu.crosswalk import Site, entry_of, schema_org
from kaishu.web.words import _


@dataclass(frozen=True, slots=True)
class Document:
    """One form of one standard: its ending, its address, its media type."""

    form: str
    href: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Family:
    """A standard and the forms it is to be had in."""

    title: str
    about: str
    documents: tuple[Document, ...]


RDF = {
    "Turtle": ("ttl", "text/turtle"),
    "RDF/XML": ("rdf", "application/rdf+xml"),
    "JSON-LD": ("jsonld", "application/ld+json"),
}


def families(name: str) -> list[Family]:
    """Every standard that a dataset's record can be fetched in."""
    base = f"/dataset/{quote(name, safe='')}"

    def of(*forms: tuple[str, str, str]) -> tuple[Document, ...]:
        return tuple(Document(form, f"{base}/{path}", kind) for form, path, kind in forms)

    rdf = tuple(Document(form, f"{base}.{suffix}", kind) for form, (suffix, kind) in RDF.items())
    json_type, xml_type, linked = "application/json", "application/xml", "application/ld+json"
    return [
        Family(
            _("政务信息资源目录编制指南"),
            _("13项核心元数据"),
            of(
                ("CSV", "guide.csv", "text/csv"),
                ("JSON", "guide.json", json_type),
                ("XML", "guide.xml", xml_type),
            ),
        ),
        Family(
            "GB/T 21063.3-2007",
            _("目录体系核心元数据"),
            of(("JSON", "gbt21063.json", json_type), ("XML", "gbt21063.xml", xml_type)),
        ),
        Family("DCAT 3 / DCAT-AP 3.0", _("数据目录词汇，欧盟门户通用"), rdf),
        Family(
            _("都柏林核心"),
            "ISO 15836",
            of(("XML", "dc.xml", xml_type), ("JSON", "dc.json", json_type)),
        ),
        Family("schema.org", _("搜索引擎读取"), of(("JSON-LD", "schema.jsonld", linked))),
        Family("DCAT-US 1.1", "data.json", of(("JSON", "data.json", json_type))),
        Family(
            "Data Package 2.0",
            _("描述文件，或连同数据打包"),
            of(
                ("JSON", "datapackage.json", json_type),
                ("ZIP", "datapackage.zip", "application/zip"),
            ),
        ),
        Family("CSVW", _("表格各列的说明"), of(("JSON", "csv-metadata.json", "application/csvm+json"))),
        Family("Croissant 1.0", _("机器学习数据集"), of(("JSON-LD", "croissant.jsonld", linked))),
    ]


def site_of(request: Request) -> Site:
    """This catalogue, as documents name it."""
    title, title_en = settings.text("site_title"), settings.text("site_title_en")
    return Site(url=http.site_url(request), title=title, title_en=title_en)


def dataset_data(request: Request, dataset: Dataset) -> Markup:
    """The JSON-LD of a dataset's page."""
    return script(schema_org.page_data(entry_of(dataset), site_of(request)))


def script(document: Mapping[str, Any]) -> Markup:
    """JSON for inside a ``script`` element: nothing in it can end the element."""
    text = json.dumps(document, ensure_ascii=False, default=str)
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return Markup(text)  # noqa: S704 - no angle bracket is left in it
