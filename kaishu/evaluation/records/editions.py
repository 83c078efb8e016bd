"""Indicator systems from draft to publication, edition after edition."""

from __future__ import annotations

from sqlalchemy import func, select

from kaishu.access import Call, Permission, note, require
from kaishu.base import ids
from kaishu.base.errors import Invalid, Said
from kaishu.evaluation.errors import EditionInState, OtherSystem
from kaishu.evaluation.models import MOST_TEXT, SystemEdition
from kaishu.evaluation.records.queries import edition_by_id
from kaishu.evaluation.records.rewriting import with_value
from kaishu.evaluation.system.choosing import system_chosen
from kaishu.evaluation.system.errors import BadSystem, Problem
from kaishu.evaluation.system.fingerprint import fingerprint
from kaishu.evaluation.system.model import Passport
from kaishu.evaluation.system.reading import read_system

_SUBJECT = "indicator-system"


def draft_edition(call: Call, base: str, *, system: str = "", edition: str = "") -> SystemEdition:
    """A draft made from another edition (by id) or from a system (by name); its text is kept as it is.

    ``system`` gives another name, so that it becomes a system of its own; ``edition`` the word for the new
    edition.  Raises ``NoSystem``, ``BadSystem``.
    """
    require(call, Permission.evaluation_draft)
    chosen = system_chosen(call, base)
    text = chosen.text
    if system.strip():
        text = with_value(text, ("system",), system.strip())
    if edition.strip():
        text = with_value(text, ("edition",), edition.strip())
    based_on = chosen.row.id if chosen.row else chosen.passport.system
    return _add(call, text, based_on)


def add_system(call: Call, text: str) -> SystemEdition:
    """A system from its text, as a draft: the first edition of its name, or the next one.

    Raises ``BadSystem`` with lines.
    """
    require(call, Permission.evaluation_draft)
    return _add(call, text, "")


def revise_edition(call: Call, id: str, text: str) -> SystemEdition:
    """Change the text of a draft.  Raises ``BadSystem``, ``EditionInState``, ``OtherSystem``."""
    require(call, Permission.evaluation_draft)
    row = _in_state(call, id, "draft")
    text, passport = read_text(text)
    if passport.system != row.system:
        raise OtherSystem(system=row.system, written=passport.system)
    _fill(call, row, text, passport)
    call.session.flush()
    note(call, "evaluation.system.revise", (_SUBJECT, row.id), system=row.system, fingerprint=row.fingerprint)
    return row


def publish_edition(call: Call, id: str) -> SystemEdition:
    """Put a draft in force; the edition before it is replaced.  Raises ``EditionInState``."""
    require(call, Permission.evaluation_publish)
    row = _in_state(call, id, "draft")
    former = call.session.scalars(
        select(SystemEdition).where(SystemEdition.system == row.system, SystemEdition.state == "published")
    )
    for each in former:
        each.state, each.ended_at = "replaced", call.now
    row.state, row.published_at, row.changed_at = "published", call.now, call.now
    call.session.flush()
    note(call, "evaluation.system.publish", (_SUBJECT, row.id), system=row.system, number=row.number)
    return row


def withdraw_edition(call: Call, id: str, reason: str) -> SystemEdition:
    """Take an edition out of everybody's sight, with a reason; its evaluations stay.

    Raises ``EditionInState``, ``Invalid``.
    """
    row = edition_by_id(call, id)
    needed = Permission.evaluation_draft if row.state == "draft" else Permission.evaluation_publish
    require(call, needed)
    row = _in_state(call, id, "draft", "published", "replaced")
    reason = needed_reason(reason)
    row.state, row.reason, row.ended_at, row.changed_at = "withdrawn", reason, call.now, call.now
    call.session.flush()
    note(call, "evaluation.system.withdraw", (_SUBJECT, row.id), system=row.system, reason=reason)
    return row


def read_text(text: str) -> tuple[str, Passport]:
    """A text as it is kept, and its system.  Raises ``BadSystem``."""
    text = text.replace("\r\n", "\n").rstrip() + "\n"
    if len(text) > MOST_TEXT:
        said = Said(f"文字超过{MOST_TEXT:,}个字符。", f"The text is longer than {MOST_TEXT:,} characters.")
        raise BadSystem("system.yaml", [Problem(0, "", said)])
    return text, read_system(text if text.count("\n") > 1 else text + "\n\n")


def needed_reason(reason: str) -> str:
    """A reason that is there, at most as long as is kept.  Raises ``Invalid``."""
    if not reason.strip():
        raise Invalid({"reason": [Said("请写明理由。", "A reason is needed.")]})
    return reason.strip()[:4000]


def actor_name(call: Call) -> str:
    """The actor's name, for the record."""
    return str(call.actor.name or call.actor.kind)[:200]


def _add(call: Call, text: str, based_on: str) -> SystemEdition:
    text, passport = read_text(text)
    last = call.session.scalar(
        select(func.max(SystemEdition.number)).where(SystemEdition.system == passport.system)
    )
    row = SystemEdition(
        id=ids.new_id(),
        system=passport.system,
        number=(last or 0) + 1,
        state="draft",
        based_on=based_on,
        author_id=call.actor.id,
        created_at=call.now,
    )
    _fill(call, row, text, passport)
    call.session.add(row)
    call.session.flush()
    note(call, "evaluation.system.draft", (_SUBJECT, row.id), system=row.system, number=row.number)
    return row


def _fill(call: Call, row: SystemEdition, text: str, passport: Passport) -> None:
    title = passport.title
    row.text, row.edition, row.fingerprint = text, passport.edition[:200], fingerprint(passport)
    row.title = (title.zh or title.en or passport.system)[:500]
    row.title_en = (title.en or "")[:500]
    row.author, row.changed_at = actor_name(call), call.now


def _in_state(call: Call, id: str, *states: str) -> SystemEdition:
    row = edition_by_id(call, id)
    if row.state not in states:
        raise EditionInState(system=row.system, state=row.state)
    return row
