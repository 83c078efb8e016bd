"""A file as it lies: plain, .gz or .zip, opened as a stream that watches its own limits."""

from __future__ import annotations

import gzip
import io
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from kaishu.base import settings
from kaishu.base.errors import several
from kaishu.lake.errors import (
    BadFileName,
    DamagedFile,
    EmptyFile,
    NoRecords,
    NoSuchPart,
    ProtectedFile,
    UnpacksTooLarge,
)

_RATIO = 300  # deflate reaches 1,032; real tables stay below 100
_RATIO_FROM = 64 << 20  # small files may be that repetitive
_ENCRYPTED = 0x1
_UTF8_NAMES = 0x800
_TABLE_SUFFIXES = (
    ".csv", ".tsv", ".tab", ".txt", ".xls", ".xlsx",
    ".json", ".ndjson", ".jsonl", ".xml", ".geojson", ".parquet",
)  # fmt: skip


def plain_name(name: str) -> str:
    """The last part of a file name, without folders or control characters.  Raises ``BadFileName``."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(mark for mark in last if mark.isprintable()).strip()
    if not kept.strip("."):
        raise BadFileName(file=name)
    return kept


class Stream(io.RawIOBase):
    """Unpacked bytes; ``taken`` counts what was read of the file on disk, for progress."""

    def __init__(self, inner: BinaryIO, disk: BinaryIO, source: Source) -> None:
        super().__init__()
        self._inner, self._disk, self._source = inner, disk, source
        self._packed = source.compression is not None
        self._limit = settings.number("unpack_limit")
        self._unpacked = 0

    @property
    def taken(self) -> int:
        """Bytes of the file on disk that were read so far."""
        return min(self._disk.tell(), self._source.size)

    @property
    def file(self) -> str:
        """Name of the file, for errors."""
        return self._source.name

    def line_at(self, offset: int, encoding: str = "utf-8") -> int:
        """Line of an offset of the unpacked content, counted afresh from its beginning."""
        wide = encoding.startswith(("utf-16", "utf-32"))
        line = 1
        with self._source.open() as again:
            while offset > 0 and (piece := again.read(min(offset, 1 << 20))):
                offset -= len(piece)
                text = piece.decode(encoding, "ignore").encode("utf-8", "ignore") if wide else piece
                line += text.count(b"\n")
        return line

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if size is None or size < 0:
            size = 1 << 62
        if not self._packed:
            return self._inner.read(min(size, self._source.size + 1))
        pieces: list[bytes] = []
        while size > 0:
            piece = self._unpack(min(size, 1 << 20))
            if not piece:
                break
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def _unpack(self, size: int) -> bytes:
        try:
            data = self._inner.read(size)
        except (EOFError, OSError, zlib.error, zipfile.BadZipFile) as error:
            raise DamagedFile(
                file=self._source.name, format=self._source.compression, detail=str(error)
            ) from error
        self._unpacked += len(data)
        ratio = self._unpacked // max(self.taken, 1)
        if self._unpacked > self._limit or (self._unpacked > _RATIO_FROM and ratio > _RATIO):
            raise UnpacksTooLarge(file=self._source.name, unpacked=self._unpacked, ratio=ratio)
        return data


@dataclass(slots=True)
class Source:
    """A received file: where it lies, what it is called, how it is packed."""

    path: Path
    name: str
    size: int
    compression: str | None = None
    member: str | None = None
    members: list[str] = field(default_factory=list)

    @contextmanager
    def open(self) -> Iterator[Stream]:
        """The unpacked content as a forward stream."""
        with open(self.path, "rb") as disk:
            if self.compression == "gz":
                yield Stream(gzip.GzipFile(fileobj=disk, mode="rb"), disk, self)  # type: ignore[arg-type]
            elif self.compression == "zip":
                with _archive(disk, self.name) as archive, archive.open(self._entry(archive)) as inner:
                    yield Stream(inner, disk, self)  # type: ignore[arg-type]
            else:
                yield Stream(disk, disk, self)

    def _entry(self, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
        return next(entry for entry in archive.infolist() if _entry_name(entry) == self.member)

    @contextmanager
    def open_seekable(self) -> Iterator[BinaryIO]:
        """The unpacked content as a seekable file; packed content goes to a temporary file first."""
        if self.compression is None:
            with open(self.path, "rb") as disk:
                yield disk
            return
        with tempfile.TemporaryFile() as copy, self.open() as stream:
            while piece := stream.read(1 << 20):
                copy.write(piece)
            copy.seek(0)
            yield copy

    def head(self, size: int) -> bytes:
        """The first bytes of the unpacked content."""
        with self.open() as stream:
            return stream.read(size)


def find_source(path: Path, name: str, member: str | None = None) -> Source:
    """Look at how a file is packed.  Raises ``BadFile`` errors for names, empty and damaged archives."""
    kept = plain_name(name)
    size = path.stat().st_size
    if size == 0:
        raise EmptyFile(file=kept)
    with open(path, "rb") as disk:
        magic = disk.read(4)
    source = Source(path, kept, size)
    if magic[:2] == b"\x1f\x8b":
        source.compression = "gz"
    elif magic in (b"PK\x03\x04", b"PK\x05\x06") and not _is_office(path, kept):
        source.compression = "zip"
        _choose_member(source, member)
    if member and source.compression != "zip":
        raise NoSuchPart(file=kept, kind_zh="文件", kind_en="file", name=member, present="-")
    return source


def inner_name(source: Source) -> str:
    """The name that tells the format: of the zip member, or without the .gz."""
    name = source.member or source.name
    return name[:-3] if source.compression == "gz" and name.lower().endswith(".gz") else name


def check_archive(file: BinaryIO, name: str) -> None:
    """Refuse a workbook (itself a zip) that unpacks to too much.  Raises ``UnpacksTooLarge``."""
    with _archive(file, name) as archive:
        unpacked = sum(entry.file_size for entry in archive.infolist())
        packed = sum(entry.compress_size for entry in archive.infolist())
    file.seek(0)
    ratio = unpacked // max(packed, 1)
    limit = min(settings.number("unpack_limit"), 2 << 30)
    if unpacked > limit or (unpacked > _RATIO_FROM and ratio > _RATIO):
        raise UnpacksTooLarge(file=name, unpacked=unpacked, ratio=ratio)


@contextmanager
def _archive(file: BinaryIO | Path, name: str) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise DamagedFile(file=name, format="zip", detail=str(error)) from error


def _is_office(path: Path, name: str) -> bool:
    with _archive(path, name) as archive:
        names = set(archive.namelist())
    return "[Content_Types].xml" in names or "mimetype" in names


def _entry_name(entry: zipfile.ZipInfo) -> str:
    """Names without the UTF-8 flag are mostly GBK in Chinese archives."""
    if entry.flag_bits & _UTF8_NAMES:
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def _choose_member(source: Source, member: str | None) -> None:
    with _archive(source.path, source.name) as archive:
        entries = {
            _entry_name(entry): entry
            for entry in archive.infolist()
            if not entry.is_dir() and not _entry_name(entry).startswith("__MACOSX/")
        }
    if not entries:
        raise NoRecords(file=source.name, detail_zh="压缩包是空的", detail_en="the archive is empty")
    source.members = sorted(entries)
    if member is None:
        tables = [name for name in entries if name.lower().endswith(_TABLE_SUFFIXES)]
        member = max(tables or entries, key=lambda name: (entries[name].file_size, name))
    elif member not in entries:
        raise NoSuchPart(
            file=source.name,
            kind_zh="文件",
            kind_en="file",
            name=member,
            present=several(source.members[:20]),
        )
    if entries[member].flag_bits & _ENCRYPTED:
        raise ProtectedFile(file=source.name)
    source.member = member
