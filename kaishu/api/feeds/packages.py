"""The data package of a dataset in one file: the descriptor and the CSV of each table that may be read."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from kaishu import catalogue, delivery, ledger
from kaishu.access import Call
from kaishu.api.catalog.asking import published, site_of
from kaishu.api.feeds.documents import EDITION, elsewhere
from kaishu.catalogue.errors import NoSuchResource, NotOpen
from kaishu.catalogue.models import Dataset
from kaishu.crosswalk import datapackage, dump_json, entry_of
from kaishu.http import not_modified, read_call, streamed
from kaishu.http.files import disposition

PIECE = 1 << 18
Member = tuple[str, Iterable[bytes]]


class _Sink(io.RawIOBase):
    """Takes what the archive writes and gives it on."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: object) -> int:
        """Keep a piece until it is taken."""
        self.kept.append(bytes(data))  # type: ignore[call-overload]
        return len(self.kept[-1])

    def taken(self) -> bytes:
        """All since the last time."""
        whole = b"".join(self.kept)
        self.kept.clear()
        return whole


def answer_zip(request: Request) -> Response:
    """``/dataset/{name}/datapackage.zip``: never more than some pieces of it in memory."""
    site = site_of(request)
    with read_call(request) as call:
        dataset = published(call, request.path_params["name"])
        moved = elsewhere(request, dataset, "datapackage.zip")
        if moved is not None:
            return moved
        entry = entry_of(dataset)
        document = datapackage.write(entry, site)
        paths, members, marks = _tables(call, dataset)
    descriptor = dump_json(datapackage.inside(document, paths))
    mark = hashlib.sha256(repr((EDITION, marks)).encode() + descriptor).hexdigest()[:32]
    headers = {
        "etag": f'W/"{mark}"',
        "cache-control": "no-cache",
        "content-disposition": disposition(f"{dataset.name}.zip"),
        "vary": "Cookie, Authorization",
    }
    if not_modified(request, headers["etag"]):
        return Response(status_code=304, headers=headers)
    files = [("datapackage.json", [descriptor]), *members]
    pieces = zipped(files, entry.modified or datetime.now(UTC))
    if members and request.method != "HEAD":
        ledger.tally(call.actor.row, "delivery.download", ("dataset", dataset.id), "csv")
    return streamed(request, pieces, "application/zip", headers)


def _tables(call: Call, dataset: Dataset) -> tuple[dict[int, str], list[Member], list[str]]:
    """Paths, contents and fingerprints of the tables that this actor may read."""
    paths: dict[int, str] = {}
    members: list[Member] = []
    marks: list[str] = []
    for number, resource in enumerate(catalogue.resources_of(dataset)):
        if not resource.table_id or not resource.version_id:
            continue
        try:
            _, shown, version = catalogue.readable_version(call, dataset.name, resource.id, resource.version)
        except (NotOpen, NoSuchResource):
            continue
        export = delivery.export_stream(call, version, "csv")
        paths[number] = datapackage.file_name(shown.name, number)
        members.append((paths[number], export.chunks))
        marks.append(export.etag)
    return paths, members, marks


def zipped(files: Iterable[Member], moment: datetime) -> Iterator[bytes]:
    """An archive as it is made."""
    sink = _Sink()
    stamp = (max(moment.year, 1980), moment.month, moment.day, moment.hour, moment.minute, moment.second)
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, pieces in files:
            about = zipfile.ZipInfo(name, stamp)
            about.compress_type = zipfile.ZIP_DEFLATED
            about.external_attr = 0o644 << 16
            with archive.open(about, "w", force_zip64=True) as member:
                waiting = 0
                for piece in pieces:
                    member.write(piece)
                    waiting += len(piece)
                    if waiting >= PIECE:
                        yield sink.taken()
                        waiting = 0
            yield sink.taken()
    yield sink.taken()
