"""Whole files: a version, or the rows of a query, in any format."""

from __future__ import annotations

import hashlib
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

from kaishu.access import Call, Permission, require
from kaishu.base import settings
from kaishu.base.errors import several
from kaishu.delivery.columns import Column, Columns
from kaishu.delivery.errors import UnknownFormat
from kaishu.delivery.exporter import EXPORTS, Exporter, Shape
from kaishu.delivery.frames import cut, whole
from kaishu.delivery.keeping import prune, touch
from kaishu.delivery.query import RowQuery
from kaishu.delivery.rows import copy_of
from kaishu.delivery.selection import selected
from kaishu.lake.models import Version
from kaishu.ledger import tally

if TYPE_CHECKING:
    import polars as pl

EDITION = 1  # raised when a format is written differently, so that kept files are made anew
PIECE = 1 << 18
_making: defaultdict[Path, threading.Lock] = defaultdict(threading.Lock)


@dataclass(frozen=True, slots=True)
class Export:
    """A file on its way: what it is, its name, its fingerprint (unquoted ETag), its bytes."""

    media_type: str
    file_name: str
    etag: str
    chunks: Iterator[bytes]


def available_formats(version: Version) -> list[str]:
    """Codes of the formats that this version can be had in."""
    columns = Columns.of(version.columns).own
    return [code for code, exporter in EXPORTS.items() if exporter.fits(columns)]


def export_stream(
    call: Call,
    version: Version,
    format: str,
    *,
    query: RowQuery | None = None,
    bom: bool = False,
    subject: str = "",
    part: tuple[int, int | None] = (0, None),
) -> Export:
    """The version, or what ``query`` leaves of it, as a stream that needs no room on disk.

    Of the query, filters, search, sort and columns count; there are no pages in a file, only a ``part``:
    rows to skip and most rows to give.  ``_id`` is left out unless it is among ``query.columns``.
    ``subject``: id of the dataset whose download is counted.
    """
    require(call, Permission.delivery_download)
    exporter, shape = _asked(version, format, query, bom)
    if query is None or query == RowQuery(columns=query.columns):
        frames = _whole(version, shape.columns, exporter.rows)
    else:
        frames = selected(copy_of(call.session, version), query, shape.columns, exporter.rows)
    if part != (0, None):
        frames = cut(frames, *part)
    _count(call, subject, format)
    return Export(
        exporter.media_type,
        f"{_stem(version)}.{exporter.suffix}",
        etag_of(version, format, query=query, bom=bom, part=part),
        exporter.chunks(frames, shape),
    )


def export_path(call: Call, version: Version, format: str, *, subject: str = "") -> Path:
    """The whole version as a kept file, made now if it is missing; whoever asks meanwhile waits for it."""
    require(call, Permission.delivery_download)
    exporter, shape = _asked(version, format, None, False)
    place = settings.folder("exports") / f"{version.id}.{EDITION}.{exporter.suffix}"
    if not place.exists():
        with _making[place]:
            if not place.exists():
                _make(place, exporter.chunks(_whole(version, shape.columns, exporter.rows), shape))
                prune(place.parent, settings.number("exports_limit"))
        _making.pop(place, None)
    touch(place)
    _count(call, subject, format)
    return place


def etag_of(
    version: Version,
    format: str,
    *,
    query: RowQuery | None = None,
    bom: bool = False,
    part: tuple[int, int | None] = (0, None),
) -> str:
    """The same for the same bytes: of version, format and query.  Known before anything is made."""
    said = repr((version.id, version.sha256, format, EDITION, query, bom, part))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _asked(version: Version, format: str, query: RowQuery | None, bom: bool) -> tuple[Exporter, Shape]:
    exporter = EXPORTS.get(format)
    columns = Columns.of(version.columns)
    chosen: tuple[Column, ...] = columns.own
    if query is not None and query.columns is not None:
        chosen = columns.chosen(query.columns)
    if exporter is None or not exporter.fits(chosen):
        raise UnknownFormat(
            kind="格式 format",
            name=format[:50],
            format=format[:50],
            existing=several(available_formats(version)),
        )
    return exporter, Shape(columns=chosen, bom=bom)


def _whole(version: Version, columns: Sequence[Column], size: int) -> Iterator[pl.DataFrame]:
    from kaishu.lake import open_version

    yield from whole(open_version(version), [column.name for column in columns], size)


def _make(place: Path, chunks: Iterator[bytes]) -> None:
    fresh = place.with_name(f".{place.name}.{token_hex(6)}.new")
    try:
        with fresh.open("wb", buffering=PIECE) as file, closing(chunks):  # type: ignore[type-var]
            for chunk in chunks:
                file.write(chunk)
        fresh.replace(place)
    finally:
        fresh.unlink(missing_ok=True)


def _count(call: Call, subject: str, format: str) -> None:
    if subject:
        tally(call.actor.row, "delivery.download", ("dataset", subject), format)


def _stem(version: Version) -> str:
    """Name of the received file without its ending, fit for a file system."""
    stem = Path(version.file_name.replace("\\", "/")).name.split(".")[0].strip()
    return "".join(c for c in stem if c.isprintable() and c not in '<>:"/\\|?*')[:100] or "data"
