"""Metadata quality as linked data: dqv:QualityMeasurement of datasets and catalogues, and our shapes."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from kaishu import catalogue, inspection
from kaishu.access import Permission, require
from kaishu.api.catalog.answering import open_to_all
from kaishu.api.v1.checked_tables import checks_of_dataset
from kaishu.http import read_call, site_url
from kaishu.inspection import OWN
from kaishu.inspection.errors import NotMeasured

METHODS = ["GET", "OPTIONS"]


def routes() -> list[BaseRoute]:
    """All addresses."""
    shown = {
        "/dataset/{name}/dqv.ttl": answer_dataset,
        "/dataset/{name}/dqv.jsonld": answer_dataset,
        "/quality/metadata.ttl": answer_catalogues,
        "/quality/metadata.jsonld": answer_catalogues,
        "/quality/shapes.ttl": answer_shapes,
    }
    return [Route(path, open_to_all(answer), methods=METHODS) for path, answer in shown.items()]


def answer_dataset(request: Request) -> Response:
    """The indicators of a dataset, from its record as it is now."""
    with read_call(request) as call:
        require(call, Permission.inspection_read)
        dataset = catalogue.dataset_by_name(call, request.path_params["name"])
        for page in inspection.subjects(call.session, dataset=dataset.id):
            for _subject, outcome in inspection.scored(call.session, page):
                place = f"{site_url(request)}/dataset/{quote(dataset.id, safe='')}"
                measured = list(inspection.dqv.of_dataset(place, outcome, call.now))
                for resource, run, _ in checks_of_dataset(call, dataset.name):
                    table = f"{place}/resource/{resource}"
                    measured += inspection.dqv.of_data(table, run.scores, run.ended_at)
                return _written(request, measured)
        raise NotMeasured(kind="数据集 dataset", name=dataset.name)


def answer_catalogues(request: Request) -> Response:
    """The sums of every catalogue."""
    site = site_url(request)
    with read_call(request) as call:
        require(call, Permission.inspection_read)
        measured = [
            each
            for sums in inspection.sums(call.session)
            for each in inspection.dqv.of_catalogue(_place(site, sums.name), sums)
        ]
    return _written(request, measured)


def answer_shapes(request: Request) -> Response:
    """The shapes that we check with."""
    return Response(inspection.shapes.turtle(), media_type="text/turtle; charset=utf-8")


def _written(request: Request, measured: list[inspection.dqv.Measurement]) -> Response:
    if request.url.path.endswith(".jsonld"):
        return Response(inspection.dqv.jsonld(measured), media_type="application/ld+json")
    return Response(inspection.dqv.turtle(measured), media_type="text/turtle; charset=utf-8")


def _place(site: str, name: str) -> str:
    return f"{site}/catalog" if name == OWN else f"{site}/quality/metadata?source={quote(name, safe='')}"
