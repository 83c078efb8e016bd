"""The catalogue as documents: ``/catalog.ttl`` and its kin, ``/dataset/{id}.ttl``, Accept on the pages."""

from __future__ import annotations

from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope

from kaishu.api.catalog import answering, forms
from kaishu.api.catalog.namespace import answer_namespace

__all__ = ["routes"]

METHODS = ["GET", "OPTIONS"]


class Negotiated(Route):
    """The address of a page, for those who would rather have RDF; everybody else gets the page."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Only if the Accept header likes RDF better."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            return Match.NONE, {}
        accept = b",".join(value for name, value in scope["headers"] if name == b"accept")
        if not forms.preferred(accept.decode("latin-1")):
            return Match.NONE, {}
        return super().matches(scope)


def routes() -> list[BaseRoute]:
    """They stand before the pages, so that an address with a suffix is a document."""
    shown = {
        "/catalog.{form}": answering.answer_catalogue,
        "/catalog": answering.answer_moved,
        "/dataset/{name}/rdf": answering.answer_moved,
        "/dataset/{name}.{form}": answering.answer_dataset,
        "/organization/{name}/catalog.{form}": answering.answer_office,
        "/organization/{name}/catalog": answering.answer_moved,
        "/context.jsonld": answering.answer_context,
        "/ns": answer_namespace,
    }
    pages = ("/", "/datasets", "/dataset", "/datasets/{name}", "/dataset/{name}")
    return [
        *(Route(path, answering.open_to_all(answer), methods=METHODS) for path, answer in shown.items()),
        *(Negotiated(path, answering.open_to_all(answering.answer_page), methods=METHODS) for path in pages),
    ]
