"""``/data.json`` and one dataset as a document of each standard."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import format_datetime
from importlib import import_module
from urllib.parse import quote

from sqlalchemy import func, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kaishu import catalogue, ledger
from kaishu.access import offices
from kaishu.api.catalog.asking import every_entry, published, site_of
from kaishu.api.catalog.errors import NoSuchForm
from kaishu.catalogue.models import Dataset
from kaishu.crosswalk import Entry, Site, datajson, entry_of
from kaishu.http import not_modified, read_call, streamed

BLOCK = 262_144  # bytes sent at once
EDITION = "1"  # raised when documents are written differently


@dataclass(frozen=True, slots=True)
class Form:
    """One document: its media type, and the module and function that write it."""

    media_type: str
    home: str
    function: str = "to_bytes"

    def write(self, entry: Entry, site: Site) -> bytes:
        """The bytes."""
        made: Callable[[Entry, Site], bytes] = getattr(
            import_module(f"kaishu.crosswalk.{self.home}"), self.function
        )
        return made(entry, site)


FORMS = {
    "datapackage.json": Form("application/json", "datapackage"),
    "croissant.jsonld": Form("application/ld+json", "croissant"),
    "schema.jsonld": Form("application/ld+json", "schema_org"),
    "csv-metadata.json": Form("application/csvm+json", "csvw"),
    "data.json": Form("application/json", "datajson"),
    "guide.json": Form("application/json", "guide", "to_json"),
    "guide.xml": Form("application/xml", "guide"),
    "guide.csv": Form("text/csv; charset=utf-8", "guide", "to_csv"),
    "gbt21063.json": Form("application/json", "gbt", "to_json"),
    "gbt21063.xml": Form("application/xml", "gbt"),
    "dc.xml": Form("application/xml", "dublin_core"),
    "dc.json": Form("application/json", "dublin_core", "to_json"),
}


def answer_data_json(request: Request) -> Response:
    """All published datasets, dataset by dataset."""
    site = site_of(request)
    with read_call(request) as call:
        count, newest, changed = call.session.execute(
            select(func.count(), func.max(Dataset.published_at), func.max(Dataset.updated_at)).where(
                Dataset.state == catalogue.State.published
            )
        ).one()
        publishers = [
            (each.id, each.name, each.title, each.title_en, each.code) for each in offices(call.session)
        ]
    tag = _tag(repr((EDITION, count, newest, changed, publishers, site)).encode())
    headers = {"etag": tag, "cache-control": "no-cache"}
    if newest:
        headers["last-modified"] = format_datetime(newest, usegmt=True)
    if not_modified(request, tag):
        return Response(status_code=304, headers=headers)
    pieces = _together(datajson.write_all(every_entry(), site))
    return streamed(request, pieces, "application/json", headers)


def _together(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Pieces sent some hundred kilobytes at a time: each sending costs a change of threads."""
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= BLOCK:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)


def answer_document(request: Request) -> Response:
    """``/dataset/{name}/{document}``."""
    document = request.path_params["document"]
    form = FORMS.get(document)
    if form is None:
        raise NoSuchForm(kind="", name=document[:40], have=", ".join([*FORMS, "datapackage.zip"]))
    with read_call(request) as call:
        dataset = published(call, request.path_params["name"])
        moved = elsewhere(request, dataset, document)
        if moved is not None:
            return moved
        if request.method != "HEAD":
            ledger.tally(call.actor.row, "catalogue.view", ("dataset", dataset.id))
        entry = entry_of(dataset)
    return validated(request, form.write(entry, site_of(request)), form.media_type, entry)


def elsewhere(request: Request, dataset: Dataset, document: str) -> Response | None:
    """A former name leads to the present one."""
    if request.path_params["name"] in (dataset.name, dataset.id):
        return None
    return RedirectResponse(f"/dataset/{quote(dataset.name, safe='')}/{document}", status_code=301)


def validated(request: Request, body: bytes, media_type: str, entry: Entry | None = None) -> Response:
    """The body with its ETag, or 304 for who has it."""
    headers = {"etag": _tag(body), "cache-control": "no-cache"}
    if entry is not None:
        page = f"{site_of(request).url}/datasets/{quote(entry.name, safe='')}"
        headers["link"] = f'<{page}>; rel="describedby"; type="text/html"'
        if entry.modified:
            headers["last-modified"] = format_datetime(entry.modified, usegmt=True)
    if not_modified(request, headers["etag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=media_type)


def _tag(body: bytes) -> str:
    return f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
