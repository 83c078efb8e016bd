"""From technical review over the offices concerned to release."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from kaishu import access, casework
from kaishu.access import Call, Permission, note, office_by_name, require
from kaishu.base import clock
from kaishu.casework import Standing
from kaishu.casework.models import Case, Voice
from kaishu.elements.errors import NotAgreed
from kaishu.elements.models import Entry, Version
from kaishu.elements.proposing import KIND
from kaishu.elements.queries import ELEMENT, RELEASED, offices_using, version_by_id


def pass_technical(call: Call, version_id: str, also: Sequence[str] = (), comment: str = "") -> Version:
    """Find the proposal sound, and ask the offices concerned: those that use the element or one that it
    may double, those the proposer names, and ``also``; the proposer itself is not asked.
    """
    entry, version, case = _under_review(call, version_id)
    casework.take_step(call, case, "pass", comment)
    offices = [*concerned(call, entry, version), *(office_by_name(call.session, each).id for each in also)]
    casework.ask_offices(call, case, [each for each in offices if each != entry.office_id])
    return _moved(call, entry, version, case, "pass")


def answer(call: Call, version_id: str, office: str, agrees: bool, reason: str = "") -> Voice:
    """Answer for an office (name or id) that was asked.  Raises as ``casework.answer`` does."""
    asked = office_by_name(call.session, office)
    require(call, Permission.elements_answer, office=asked.id)
    entry, version = version_by_id(call.session, version_id)
    case = casework.case_by_id(call.session, version.case_id or "")
    voice = casework.answer(call, case, asked.id, agrees, reason)
    facts = {"code": entry.code, "version": version.number, "office": asked.name, "answer": voice.answer}
    note(call, f"elements.{entry.kind}.answer", (entry.kind, entry.id), **facts)
    return voice


def release(call: Call, version_id: str, comment: str = "") -> Version:
    """Put a version in force in place of the one before.

    Raises ``NotAgreed`` while an office objects or may still answer; silence counts as the kind says.
    """
    entry, version, case = _under_review(call, version_id)
    stands = standing(call, version)
    if not stands.settled:
        raise _not_agreed(call, stands)
    casework.take_step(call, case, "release", comment)
    for other in call.session.scalars(select(Version).where(Version.entry_id == entry.id)):
        if other.state == RELEASED:
            other.state, other.ended_at = "superseded", call.now
    version.released_at = call.now
    entry.released, entry.state = version.number, RELEASED
    entry.name = str(version.definition["name"])
    return _moved(call, entry, version, case, "release", silent=list(stands.silent))


def send_back(call: Call, version_id: str, reason: str) -> Version:
    """Return a proposal with a reason."""
    entry, version, case = _under_review(call, version_id)
    casework.take_step(call, case, "send-back", reason)
    return _moved(call, entry, version, case, "send-back", reason=reason.strip())


def standing(call: Call, version: Version) -> Standing:
    """How the offices that were asked stand today.  Whoever may read the library may read this."""
    require(call, Permission.elements_read)
    rule = casework.kind(KIND).voices
    assert rule is not None
    voices = casework.voices_of(call.session, version.case_id or "")
    return casework.standing(voices, rule, clock.day_of(call.now))


def concerned(call: Call, entry: Entry, version: Version) -> list[str]:
    """Ids of the offices to ask, without those a reviewer adds."""
    require(call, Permission.elements_read)
    codes = [entry.code, *(str(flag["code"]) for flag in version.flags)] if entry.kind == ELEMENT else []
    offices = [*offices_using(call.session, codes), *version.asked]
    return [each for each in dict.fromkeys(offices) if each != entry.office_id]


def _under_review(call: Call, version_id: str) -> tuple[Entry, Version, Case]:
    require(call, Permission.elements_review)
    entry, version = version_by_id(call.session, version_id)
    return entry, version, casework.case_by_id(call.session, version.case_id or "")


def _moved(call: Call, entry: Entry, version: Version, case: Case, step: str, **facts: object) -> Version:
    version.state = case.state
    call.session.flush()
    note(
        call,
        f"elements.{entry.kind}.{step}",
        (entry.kind, entry.id),
        code=entry.code,
        version=version.number,
        **facts,
    )
    return version


def _not_agreed(call: Call, stands: Standing) -> NotAgreed:
    names = {office.id: office for office in access.offices(call.session)}

    def said(offices: Sequence[str], english: bool) -> str:
        titles = [(english and names[each].title_en) or names[each].title for each in offices]
        return (", " if english else "、").join(titles)

    zh, en = [], []
    if stands.object:
        zh.append(f"{said(stands.object, False)}有异议")
        en.append(f"{said(stands.object, True)} object")
    if stands.wait:
        zh.append(f"{said(stands.wait, False)}尚未答复")
        en.append(f"{said(stands.wait, True)} can still answer")
    return NotAgreed(offices="，".join(zh), offices_en="; ".join(en))
