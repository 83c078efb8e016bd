"""The content-addressed folder of received files: whole or not at all, once for the same bytes."""

from __future__ import annotations

import fcntl
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from kaishu.base import ids, settings
from kaishu.source.errors import EmptyDelivery, TooLarge, room_for
from kaishu.source.names import clean_name

_CHUNK = 1 << 20
_ARRIVING = "arriving"


@dataclass(frozen=True, slots=True)
class Original:
    """A file that was received and stands in the folder; ``size`` in bytes."""

    name: str
    sha256: str
    size: int

    @property
    def path(self) -> Path:
        """Where the bytes are."""
        return original_path(self.sha256)


def original_path(sha256: str) -> Path:
    """``home/originals/<first two>/<sha256>``."""
    return settings.home() / "originals" / sha256[:2] / sha256


def keep_original(name: str, stream: BinaryIO) -> Original:
    """Copy a stream into the folder, in constant memory; needs no database.

    Raises ``EmptyDelivery``, ``TooLarge`` (setting ``upload_limit``) or ``BadName``; nothing stays then.
    """
    name = clean_name(name)
    arriving = settings.folder("originals") / _ARRIVING
    arriving.mkdir(exist_ok=True)
    temporary = arriving / f"{ids.new_id()}.part"
    try:
        with room_for(name), temporary.open("xb") as target:
            # The lock tells a sweep of another process that somebody is still writing here.
            fcntl.flock(target, fcntl.LOCK_EX)
            sha256, size = _copy(name, stream, target)
            target.flush()
            os.fsync(target.fileno())
            _settle(temporary, original_path(sha256), size)
    finally:
        temporary.unlink(missing_ok=True)
    return Original(name, sha256, size)


def sweep_originals() -> int:
    """Remove what interrupted receipts left behind; returns the number of files removed."""
    removed = 0
    for path in (settings.home() / "originals" / _ARRIVING).glob("*.part"):
        try:
            with path.open("rb") as leftover:
                fcntl.flock(leftover, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()
        except (BlockingIOError, FileNotFoundError):
            continue  # still being written, or finished meanwhile
        removed += 1
    return removed


def _copy(name: str, stream: BinaryIO, target: BinaryIO) -> tuple[str, int]:
    limit = settings.number("upload_limit")
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > limit:
            raise TooLarge(file=name, limit=limit)
        digest.update(chunk)
        target.write(chunk)
    if not size:
        raise EmptyDelivery(file=name)
    return digest.hexdigest(), size


def _settle(temporary: Path, place: Path, size: int) -> None:
    if place.exists() and place.stat().st_size == size:
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    temporary.replace(place)
    _sync_folder(place.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
