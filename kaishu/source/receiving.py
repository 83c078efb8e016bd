"""Take a file in: its bytes unchanged under their SHA-256, its arrival in the record."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from kaishu.access import Call, Permission, note, require
from kaishu.base import ids
from kaishu.source.errors import NoSuchFile
from kaishu.source.models import Delivery
from kaishu.source.originals import Original, keep_original


def receive(call: Call, name: str, stream: BinaryIO) -> Delivery:
    """Copy the stream in and record it.

    On SQLite the call holds the only write lock; for a slow stream use ``keep_original`` before the
    session is opened, and ``receive_original`` in it.
    """
    require(call, Permission.source_receive)
    return receive_original(call, keep_original(name, stream))


def receive_path(call: Call, path: Path) -> Delivery:
    """The same for a file on this machine.  Raises ``NoSuchFile``."""
    require(call, Permission.source_receive)
    return receive_original(call, keep_path(path))


def keep_path(path: Path) -> Original:
    """Copy a file of this machine into the folder; needs no database.  Raises ``NoSuchFile``."""
    try:
        with path.open("rb") as stream:
            return keep_original(path.name, stream)
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise NoSuchFile(file=str(path), reason=error.strerror or type(error).__name__) from error


def receive_original(call: Call, original: Original) -> Delivery:
    """Record the arrival of bytes that already stand in the folder."""
    require(call, Permission.source_receive)
    delivery = Delivery(
        id=ids.new_id(),
        name=original.name,
        sha256=original.sha256,
        size=original.size,
        received_at=call.now,
        person_id=call.actor.id,
    )
    call.session.add(delivery)
    call.session.flush()
    note(
        call,
        "source.receive",
        ("delivery", delivery.id),
        name=delivery.name,
        sha256=delivery.sha256,
        size=delivery.size,
    )
    return delivery
