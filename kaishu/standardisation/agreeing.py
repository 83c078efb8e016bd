"""A mapping from draft to force: every office that feeds the entity, and the one that owns it, must agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete

from kaishu import access, casework
from kaishu.access import Call, Permission, allowed, note, office_by_name, require
from kaishu.base.errors import NotFound
from kaishu.casework.models import Case, Voice
from kaishu.standardisation.errors import MappingNotAgreed, NoMappingInState
from kaishu.standardisation.models import MappingVersion, Objection, StandardEntity
from kaishu.standardisation.queries import (
    AGREEING,
    DRAFT,
    IN_FORCE,
    SUPERSEDED,
    mapping_of,
    read_mapping,
    standard_by_name,
)

KIND = "standard-mapping"
AGREES, OBJECTS, WAITS, CARRIED = "agrees", "objects", "waits", "carried"


@dataclass(frozen=True, slots=True)
class Stand:
    """How an office (id) stands to a mapping: agrees, objects, waits, or carried (agreed to it before)."""

    office_id: str
    stands: str
    reason: str = ""
    by: str = ""
    at: datetime | None = None


def submit_mapping(call: Call, name: str) -> MappingVersion:
    """Hand the draft to the offices that it concerns.

    An office to which it says nothing new since the mapping in force is not asked again; that of the
    proposer agrees by proposing.
    """
    entity, kept = _newest(call, name, DRAFT)
    case = casework.open_case(call, KIND, ("standard-mapping", kept.id), entity.office_id)
    before = mapping_of(call.session, entity, entity.in_force)
    known = before.concerns if before is not None else {}
    # What the mapping in force says to an office was agreed to when it came into force.
    kept.carried = sorted(office for office, digest in kept.concerns.items() if known.get(office) == digest)
    asked = [office for office in sorted(kept.concerns) if office not in kept.carried]
    kept.case_id, kept.state = case.id, case.state
    casework.ask_offices(call, case, asked)
    own = call.actor.office
    if own in asked and allowed(call, Permission.standard_answer, office=own):
        casework.answer(call, case, str(own), True)
    call.session.flush()
    facts = {"number": kept.number, "asked": asked, "carried": kept.carried}
    note(call, "standardisation.mapping.submit", ("standard", entity.id), **facts)
    return kept


def take_mapping_back(call: Call, name: str) -> MappingVersion:
    """Take the mapping back from the offices; the answers stay in its case."""
    entity, kept = _newest(call, name, AGREEING)
    casework.take_step(call, _case(call, kept), "take-back")
    kept.state = DRAFT
    call.session.execute(delete(Objection).where(Objection.mapping_id == kept.id))
    call.session.flush()
    note(call, "standardisation.mapping.take-back", ("standard", entity.id), number=kept.number)
    return kept


def answer_mapping(
    call: Call, name: str, office: str, agrees: bool, reason: str = "", fields: Sequence[str] = ()
) -> Voice:
    """Answer for an office (name or id) that was asked; an objection may name the items that it is about.

    Raises ``NotFound``, ``NoMappingInState``, and as ``casework.answer`` does.
    """
    asked = office_by_name(call.session, office)
    require(call, Permission.standard_answer, office=asked.id)
    entity = standard_by_name(call.session, name)
    kept = _in_state(call, entity, AGREEING)
    voice = casework.answer(call, _case(call, kept), asked.id, agrees, reason)
    call.session.execute(
        delete(Objection).where(Objection.mapping_id == kept.id, Objection.office_id == asked.id)
    )
    known = read_mapping(kept).fields
    for field in dict.fromkeys(() if agrees else fields):
        if field not in known:
            raise NotFound(kind="字段 field", name=field[:60])
        said = (call.actor.name or call.actor.id)[:200]
        call.session.add(
            Objection(
                mapping_id=kept.id,
                office_id=asked.id,
                field=field,
                reason=voice.reason,
                said_by=said,
                said_at=call.now,
            )
        )
    call.session.flush()
    facts = {"number": kept.number, "office": asked.name, "answer": voice.answer, "fields": list(fields)}
    note(call, "standardisation.mapping.answer", ("standard", entity.id), **facts)
    return voice


def put_in_force(call: Call, name: str) -> MappingVersion:
    """Put the mapping in force in place of the one before.  Raises ``MappingNotAgreed``."""
    entity, kept = _newest(call, name, AGREEING)
    stands = [each for each in standing_of(call, kept) if each.stands in (OBJECTS, WAITS)]
    if stands:
        raise _not_agreed(call, stands)
    casework.take_step(call, _case(call, kept), "put-in-force")
    before = mapping_of(call.session, entity, entity.in_force)
    if before is not None:
        before.state, before.ended_at = SUPERSEDED, call.now
    kept.state, kept.in_force_at = IN_FORCE, call.now
    entity.in_force = kept.number
    call.session.flush()
    note(call, "standardisation.mapping.in-force", ("standard", entity.id), number=kept.number)
    return kept


def standing_of(call: Call, kept: MappingVersion) -> list[Stand]:
    """How each office that a mapping concerns stands to it; of a draft all of them wait."""
    require(call, Permission.standard_read)
    voices = casework.voices_of(call.session, kept.case_id) if kept.case_id and kept.state != DRAFT else []
    found = {
        voice.office_id: Stand(
            voice.office_id, voice.answer or WAITS, voice.reason, voice.answered_by, voice.answered_at
        )
        for voice in voices
    }
    for office in kept.concerns:
        silent = CARRIED if office in kept.carried else WAITS
        found.setdefault(office, Stand(office, silent))
    return list(found.values())


def _newest(call: Call, name: str, state: str) -> tuple[StandardEntity, MappingVersion]:
    entity = standard_by_name(call.session, name)
    require(call, Permission.standard_propose, office=entity.office_id)
    return entity, _in_state(call, entity, state)


def _in_state(call: Call, entity: StandardEntity, state: str) -> MappingVersion:
    kept = mapping_of(call.session, entity, entity.newest)
    if kept is None or kept.state != state:
        raise NoMappingInState(name=entity.title, state=kept.state if kept else "—")
    return kept


def _case(call: Call, kept: MappingVersion) -> Case:
    return casework.case_by_id(call.session, str(kept.case_id))


def _not_agreed(call: Call, stands: Sequence[Stand]) -> MappingNotAgreed:
    names = {office.id: office for office in access.offices(call.session)}
    zh, en = [], []
    for each in stands:
        office = names[each.office_id]
        objects = each.stands == OBJECTS
        zh.append(office.title + ("有异议" if objects else "尚未答复"))
        en.append((office.title_en or office.title) + (" objects" if objects else " has not answered"))
    return MappingNotAgreed(offices="，".join(zh), offices_en=", ".join(en))
