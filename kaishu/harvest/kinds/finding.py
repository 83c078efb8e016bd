"""What every kind is given and gives, and how places are opened."""

from __future__ import annotations

import gzip
import hashlib
import json
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, BinaryIO

from kaishu.base import clock, settings
from kaishu.base.errors import Said, Transient
from kaishu.crosswalk import Note, Reading
from kaishu.harvest.errors import NotReadable, TooMuch
from kaishu.harvest.guard import Answer, Bounds, guarded_get

PAUSES = (1.0, 4.0, 10.0)
PAGES = 20_000


@dataclass(frozen=True, slots=True)
class Found:
    """One dataset at its source; ``read`` makes an entry of it, only asked for where it is needed.

    ``changed`` is when it was last changed there, as the source writes it, where that can be asked for.
    """

    remote_id: str
    digest: str
    title: str
    read: Callable[[], Reading]
    changed: str = ""


@dataclass
class Place:
    """An address or a file.  ``since`` asks only for what changed from then on.

    ``total`` is set when the source says how many there are; ``whole`` becomes False if not all was read.
    ``mark`` says, at each dataset found, where reading would go on after it; ``resume`` is such a mark of
    a reading that was interrupted.  ``content`` identifies the bytes of a file.
    """

    url: str = ""
    path: Path | None = None
    name: str = ""
    since: str = ""
    total: int = 0
    whole: bool = True
    pauses: tuple[float, ...] = PAUSES
    content: str = ""
    resume: dict[str, Any] = field(default_factory=dict)
    mark: dict[str, Any] = field(default_factory=dict)

    @property
    def done(self) -> int:
        """How many datasets were found before the interruption."""
        return int(self.resume.get("number") or 0)

    @property
    def shown(self) -> str:
        """For messages."""
        return self.name or self.url


class SourceMoved(Exception):
    """What was read before an interruption is not what the source says now: read all of it again."""


def rest(place: Place, found: Iterable[Found]) -> Iterator[Found]:
    """Of a document's datasets those that were not read before, each with its mark."""
    for number, each in enumerate(found, start=1):
        if number > place.done:
            place.mark = {"number": number, "content": place.content}
            yield each


def recognise(place: Place, path: Path) -> None:
    """Know the bytes again.  Raises ``SourceMoved`` if others were read before an interruption."""
    if not place.content:
        with path.open("rb") as stream:
            place.content = hashlib.file_digest(stream, "sha256").hexdigest()
    if place.resume and place.resume.get("content") != place.content:
        raise SourceMoved


def passed(said: Any) -> str:
    """A moment that a source wrote, in UTC without a zone; empty for none, and for one that is yet to come:
    asked for what changed since then, the source would never say anything again.
    """
    try:
        moment = datetime.fromisoformat(said if isinstance(said, str) else "")
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return ""
    return moment.replace(tzinfo=None).isoformat() if moment <= clock.now() else ""


def refused(where: str, zh: str, en: str) -> Reading:
    """A reading that takes nothing."""
    return Reading(None, (Note(where, Said(zh, en), True),))


def get(place: Place, url: str, accept: str = "application/json") -> Answer:
    """One page, tried again with pauses while the other side has trouble."""
    for pause in (*place.pauses, None):
        try:
            return guarded_get(url, accept=accept, bounds=Bounds(size=256 << 20))
        except Transient:
            if pause is None:
                raise
            time.sleep(pause)
    raise AssertionError


@contextmanager
def opened(place: Place, accept: str = "*/*") -> Iterator[tuple[IO[bytes], str]]:
    """The bytes of the place, unpacked if they are gzipped, and their media type if it was said."""
    with TemporaryDirectory(prefix="kaishu-harvest-") as folder:
        path, media_type = place.path, ""
        if path is None:
            path = Path(folder) / "download"
            media_type = _download(place, path, accept)
        recognise(place, path)
        with path.open("rb") as stream:
            zipped = stream.read(2) == b"\x1f\x8b"
            stream.seek(0)
            unpacked: IO[bytes] = _Bounded(stream, place.shown) if zipped else stream  # type: ignore[assignment]
            yield unpacked, media_type


def whole(place: Place, accept: str = "*/*") -> tuple[bytes, str]:
    """All of the place's bytes, for kinds that are one document."""
    with opened(place, accept) as (stream, media_type):
        most = 1 << 30
        data = stream.read(most + 1)
        if len(data) > most:
            raise TooMuch(address=place.shown, reason=f"超过{most}字节", reason_en=f"more than {most} bytes")
        return data, media_type


def parsed(place: Place, data: bytes, kind: str) -> Any:
    """A JSON document.  Raises ``NotReadable`` with line and column."""
    try:
        return json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        reason = f"第{error.start}字节不是 UTF-8"
        english = f"byte {error.start} is not UTF-8"
    except json.JSONDecodeError as error:
        reason = f"第{error.lineno}行第{error.colno}列不是 JSON（{error.msg}）"
        english = f"line {error.lineno}, column {error.colno} is not JSON ({error.msg})"
    except ValueError:
        reason, english = "有的数太长", "a number in it is too long"
    except RecursionError:
        reason, english = "嵌套太深", "it is nested too deeply"
    raise NotReadable(name=place.shown, kind=kind, reason=reason, reason_en=english)


def _download(place: Place, path: Path, accept: str) -> str:
    for pause in (*place.pauses, None):
        try:
            with path.open("wb") as target:
                answer = guarded_get(place.url, accept=accept, into=target)
            return answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        except Transient:
            if pause is None:
                raise
            time.sleep(pause)
    raise AssertionError


class _Bounded(gzip.GzipFile):
    """Unpacks up to the setting ``unpack_limit``; a broken file has a sentence."""

    def __init__(self, stream: BinaryIO, shown: str) -> None:
        super().__init__(fileobj=stream)
        self.shown, self.left = shown, settings.number("unpack_limit")

    def read(self, size: int | None = -1) -> bytes:
        """As a file, counted."""
        return self._counted(lambda: super(_Bounded, self).read(size))

    def readline(self, size: int | None = -1) -> bytes:
        """As a file, counted."""
        return self._counted(lambda: super(_Bounded, self).readline(size))

    def _counted(self, read: Callable[[], bytes]) -> bytes:
        try:
            piece = read()
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise NotReadable(
                name=self.shown, kind="gzip", reason=f"压缩已损坏（{error}）", reason_en=f"broken ({error})"
            ) from None
        self.left -= len(piece)
        if self.left < 0:
            raise TooMuch(address=self.shown, reason="解压后太大", reason_en="it unpacks to too much")
        return piece
