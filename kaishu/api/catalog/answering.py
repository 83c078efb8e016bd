"""The answers: catalogue, dataset, office's catalogue, context; open to every page, with validators."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kaishu import ledger
from kaishu.access import offices
from kaishu.api.catalog import asking, forms, tables
from kaishu.api.catalog.errors import BadAsking, NoSuchForm
from kaishu.base.errors import KaishuError, NotFound
from kaishu.crosswalk import dcat, entry_of
from kaishu.http import not_modified, problem, read_call, streamed
from kaishu.http.entrance import OPEN_READING, PREFLIGHT

Endpoint = Callable[[Request], Any]


def open_to_all(answer: Callable[[Request], Response]) -> Endpoint:
    """An endpoint whose answers every page may read; its errors are problems."""

    async def endpoint(request: Request) -> Response:
        if request.method == "OPTIONS":
            response = Response(status_code=204)
            response.headers.raw.extend(PREFLIGHT)
            return response
        try:
            response = await run_in_threadpool(answer, request)
        except KaishuError as error:
            response = problem(request, error)
        response.headers.raw.extend(OPEN_READING)
        return response

    return endpoint


def answer_catalogue(request: Request) -> Response:
    """``/catalog.{form}``."""
    form = _form(request, forms.CATALOGUE)
    return catalogue_as(request, form, f"/catalog.{form}")


def answer_office(request: Request) -> Response:
    """``/organization/{name}/catalog.{form}``; the name or the id of an office."""
    form, wanted = _form(request, forms.CATALOGUE), request.path_params["name"]
    with read_call(request) as call:
        known = next((o.name for o in offices(call.session) if wanted in (o.name, o.id)), None)
    if known is None:
        raise NotFound(kind="部门 office", name=wanted[:100])
    return catalogue_as(request, form, f"/organization/{quote(known, safe='')}/catalog.{form}", known)


def catalogue_as(request: Request, form: str, path: str, office: str = "") -> Response:
    """A page of the catalogue, or the whole of it as a stream."""
    asked, site = asking.asked_of(request), asking.site_of(request)
    if asked.page is None:
        if form not in forms.STREAMED or office:
            said = "、".join(forms.STREAMED)
            raise BadAsking(
                name="page", value=asking.ALL, wanted=f"页码（{said} 可用 all）", wanted_en="a number"
            )
        pieces = dcat.stream(asking.every_entry(), site, form)
        return streamed(request, pieces, forms.media_type(form), {"cache-control": "no-cache"})
    with read_call(request) as call:
        found = asking.found_for(call, asked, site.url + path, office)
        entries = found.entries
    if form == "csv":
        body = tables.as_csv(entries, site, request.query_params.get("bom") in ("1", "true"))
    elif form == "json":
        body = tables.as_json(entries, site, found.leaf)
    else:
        body = dcat.write_page(entries, site, form, found.leaf, found.changed)
    links = [f'<{found.leaf.at(1)}>; rel="first"', f'<{found.leaf.at(found.leaf.last)}>; rel="last"']
    if found.leaf.number > 1:
        links.append(f'<{found.leaf.at(min(found.leaf.number - 1, found.leaf.last))}>; rel="prev"')
    if found.leaf.number < found.leaf.last:
        links.append(f'<{found.leaf.at(found.leaf.number + 1)}>; rel="next"')
    stem = path.rpartition(".")[0]
    links += [_alternate(f"{site.url}{stem}.{other}", other) for other in forms.CATALOGUE if other != form]
    headers = {"link": ", ".join(links)}
    if found.changed:
        headers["last-modified"] = format_datetime(found.changed, usegmt=True)
    return _validated(request, body, form, headers)


def answer_dataset(request: Request) -> Response:
    """``/dataset/{id or name}.{form}``."""
    return dataset_as(request, _form(request, forms.RDF))


def dataset_as(request: Request, form: str) -> Response:
    """One published dataset; a former name leads to the present one."""
    wanted, site = request.path_params["name"], asking.site_of(request)
    with read_call(request) as call:
        dataset = asking.published(call, wanted)
        if wanted not in (dataset.name, dataset.id):
            return RedirectResponse(f"/dataset/{quote(dataset.name, safe='')}.{form}", status_code=301)
        if request.method != "HEAD":
            ledger.tally(call.actor.row, "catalogue.view", ("dataset", dataset.id))
        entry = entry_of(dataset)
    base = f"{site.url}/dataset/{quote(entry.name, safe='')}"
    links = [f'<{site.url}/datasets/{quote(entry.name, safe="")}>; rel="describedby"; type="text/html"']
    links += [_alternate(f"{base}.{other}", other) for other in forms.RDF if other != form]
    headers = {"link": ", ".join(links), "content-location": f"/dataset/{quote(entry.name, safe='')}.{form}"}
    if entry.modified:
        headers["last-modified"] = format_datetime(entry.modified, usegmt=True)
    moment = entry.modified.timestamp() if entry.modified else None
    return _validated(request, dcat.write(entry, site, form), form, headers, moment)


def answer_context(request: Request) -> Response:
    """``/context.jsonld``."""
    body = orjson.dumps(dcat.context(), option=orjson.OPT_INDENT_2)
    return _validated(request, body, "jsonld", {})


def answer_moved(request: Request) -> Response:
    """``/catalog`` and ``/dataset/{id}/rdf``, as other portals have them, lead to a form."""
    form = forms.preferred(request.headers.get("accept", "")) or "rdf"
    path = request.url.path.removesuffix("/rdf")
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{path}.{form}{query}", status_code=303, headers={"vary": "Accept"})


def answer_page(request: Request) -> Response:
    """The address of a page, asked for as RDF."""
    form = forms.preferred(request.headers.get("accept", ""))
    if "name" in request.path_params:
        response = dataset_as(request, form)
    else:
        response = catalogue_as(request, form, f"/catalog.{form}")
    response.headers.add_vary_header("Accept")
    return response


def _form(request: Request, have: tuple[str, ...]) -> str:
    form = str(request.path_params["form"]).lower()
    if form not in have:
        raise NoSuchForm(kind="", name=form[:40], have=", ".join(have))
    return form


def _alternate(address: str, form: str) -> str:
    kind = forms.media_type(form).partition(";")[0]
    return f'<{address}>; rel="alternate"; type="{kind}"'


def _validated(
    request: Request, body: bytes, form: str, headers: dict[str, str], moment: float | None = None
) -> Response:
    """The body with its ETag, or 304 for who has it."""
    tag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers |= {"etag": tag, "cache-control": "no-cache"}
    if not_modified(request, tag, moment):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=forms.media_type(form))
