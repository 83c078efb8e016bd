"""Letters to offices: an inbox in the platform, for those whom no mail reaches."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from kaishu.access import Call, Permission, Role, note, require
from kaishu.base import ids
from kaishu.engagement.errors import LetterTooLarge, NoLetter
from kaishu.engagement.models import Letter, LetterEnclosure

MOST_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that goes with a letter."""

    name: str
    media_type: str
    content: bytes


def leave_letter(
    call: Call,
    office: str,
    *,
    subject: str,
    text: str,
    about: tuple[str, str] = ("", ""),
    enclosed: Enclosed | None = None,
) -> Letter:
    """Put a letter into the inbox of the office with this id.  Raises ``LetterTooLarge``."""
    require(call, Permission.letter_leave)
    if enclosed is not None and len(enclosed.content) > MOST_BYTES:
        raise LetterTooLarge(size=len(enclosed.content), most=MOST_BYTES)
    letter = Letter(
        id=ids.new_id(),
        office_id=office,
        subject=subject[:500],
        body=text[:8000],
        about_kind=about[0],
        about_id=about[1],
        file_name=enclosed.name[:300] if enclosed else "",
        sender_id=call.actor.id,
        sender=call.actor.name[:200],
        created_at=call.now,
        read_at=None,
        read_by="",
    )
    call.session.add(letter)
    call.session.flush()
    if enclosed is not None:
        body = base64.b64encode(gzip.compress(enclosed.content, 6, mtime=0)).decode()
        call.session.add(LetterEnclosure(letter_id=letter.id, media_type=enclosed.media_type, body=body))
        call.session.flush()
    note(call, "engagement.letter", ("letter", letter.id), office=office, about=list(about))
    return letter


def letters(call: Call, *, limit: int = 100, offset: int = 0) -> Sequence[Letter]:
    """Letters to the actor's office, the newest first; to all offices for administrators."""
    require(call, Permission.letter_read, office=call.actor.office)
    query = select(Letter).order_by(Letter.created_at.desc(), Letter.id.desc())
    if call.actor.role is not Role.administrator:
        query = query.where(Letter.office_id == call.actor.office)
    return call.session.scalars(query.limit(limit).offset(offset)).all()


def unread_letters(call: Call) -> int:
    """How many letters to the actor's office nobody has read."""
    require(call, Permission.letter_read, office=call.actor.office)
    query = select(func.count()).where(Letter.office_id == call.actor.office, Letter.read_at.is_(None))
    return int(call.session.scalar(query) or 0)


def letter_by_id(call: Call, id: str) -> Letter:
    """One letter to the actor's office.  Raises ``NoLetter``."""
    require(call, Permission.letter_read, office=call.actor.office)
    letter = call.session.get(Letter, id)
    if letter is None or (
        call.actor.role is not Role.administrator and letter.office_id != call.actor.office
    ):
        raise NoLetter(kind="信 letter", name=id)
    return letter


def mark_read(call: Call, id: str) -> Letter:
    """Say that the letter was read; the first reader stays named.  Raises ``NoLetter``."""
    require(call, Permission.letter_read, office=call.actor.office)
    letter = letter_by_id(call, id)
    if letter.read_at is None:
        letter.read_at, letter.read_by = call.now, call.actor.name[:200]
        call.session.flush()
        note(call, "engagement.read-letter", ("letter", id))
    return letter


def enclosed_in(call: Call, id: str) -> Enclosed:
    """The file that goes with a letter.  Raises ``NoLetter``."""
    require(call, Permission.letter_read, office=call.actor.office)
    letter = letter_by_id(call, id)
    kept = call.session.get(LetterEnclosure, id)
    if kept is None:
        raise NoLetter(kind="附件 enclosed file", name=id)
    return Enclosed(letter.file_name, kept.media_type, gzip.decompress(base64.b64decode(kept.body)))
