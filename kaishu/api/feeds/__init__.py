"""What others fetch by the hour: data.json, packages, site maps, Atom; each dataset in every standard."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from kaishu.api.catalog.answering import open_to_all
from kaishu.api.feeds import atom, documents, packages, sitemaps

__all__ = ["routes"]

METHODS = ["GET", "OPTIONS"]


def routes() -> list[BaseRoute]:
    """All addresses."""
    shown = {
        "/data.json": documents.answer_data_json,
        "/dataset/{name}/datapackage.zip": packages.answer_zip,
        "/dataset/{name}/{document}": documents.answer_document,
        "/robots.txt": sitemaps.answer_robots,
        "/sitemap.xml": sitemaps.answer_index,
        "/sitemap-{number}.xml": sitemaps.answer_part,
        "/feeds/datasets.atom": atom.answer_all,
        "/feeds/organization/{name}.atom": atom.answer_office,
        "/feeds/group/{name}.atom": atom.answer_theme,
    }
    return [Route(path, open_to_all(answer), methods=METHODS) for path, answer in shown.items()]
