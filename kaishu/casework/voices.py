"""Several offices are asked about one case, and what their answers and their silence come to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from kaishu import standards
from kaishu.access import Call, note, require
from kaishu.base import clock, ids
from kaishu.base.errors import NotFound
from kaishu.casework.errors import ReasonNeeded, WrongState
from kaishu.casework.kinds import VoiceRule, kind
from kaishu.casework.models import Case, Voice
from kaishu.casework.queries import voices_of

AGREES, OBJECTS, WAITS = "agrees", "objects", "waits"


@dataclass(frozen=True, slots=True)
class Standing:
    """Ids of offices by how they stand today; ``silent`` are those whose silence was counted."""

    agree: tuple[str, ...]
    object: tuple[str, ...]
    wait: tuple[str, ...]
    silent: tuple[str, ...]

    @property
    def settled(self) -> bool:
        """Does nobody object, and is nobody waited for?"""
        return not self.object and not self.wait


def standing(voices: Iterable[Voice], rule: VoiceRule, today: date) -> Standing:
    """Count the answers; past its last day silence counts as the kind says."""
    found: dict[str, list[str]] = {AGREES: [], OBJECTS: [], WAITS: []}
    silent = []
    for voice in voices:
        late = not voice.answer and voice.due_on < today
        if late:
            silent.append(voice.office_id)
        found[voice.answer or (rule.silence if late else WAITS)].append(voice.office_id)
    return Standing(tuple(found[AGREES]), tuple(found[OBJECTS]), tuple(found[WAITS]), tuple(silent))


def ask_offices(call: Call, case: Case, offices: Sequence[str]) -> list[Voice]:
    """Ask these offices (ids), each once; their clock starts today.  The case must be where its kind asks."""
    rule = _rule(case)
    require(call, rule.asks)
    if case.state != rule.state or case.closed_at is not None:
        raise WrongState(state=case.state, action="ask")
    known = {voice.office_id for voice in voices_of(call.session, case.id)}
    due = standards.add_working_days(clock.day_of(call.now), rule.working_days)
    made = [
        Voice(id=ids.new_id(), case_id=case.id, office_id=office, asked_at=call.now, due_on=due, answer="")
        for office in dict.fromkeys(offices)
        if office not in known
    ]
    call.session.add_all(made)
    call.session.flush()
    note(call, "casework.ask", ("case", case.id), offices=[voice.office_id for voice in made], due=str(due))
    return made


def answer(call: Call, case: Case, office: str, agrees: bool, reason: str = "") -> Voice:
    """Answer for an office that was asked; until the case is closed the answer can be changed.

    Raises ``NotFound``, ``WrongState``, and ``ReasonNeeded`` for an objection without one.
    """
    rule = _rule(case)
    require(call, rule.permission, office=office)
    voice = next((each for each in voices_of(call.session, case.id) if each.office_id == office), None)
    if voice is None:
        raise NotFound(kind="征询 question", name=case.id)
    if case.state != rule.state or case.closed_at is not None:
        raise WrongState(state=case.state, action="answer")
    if not agrees and not reason.strip():
        raise ReasonNeeded()
    voice.answer, voice.reason = (AGREES if agrees else OBJECTS), reason.strip()[:4000]
    voice.answered_by, voice.answered_at = call.actor.name or call.actor.id, call.now
    call.session.flush()
    note(call, "casework.answer", ("case", case.id), office=office, answer=voice.answer, reason=voice.reason)
    return voice


def _rule(case: Case) -> VoiceRule:
    rule = kind(case.kind).voices
    if rule is None:
        raise WrongState(state=case.state, action="ask")
    return rule
