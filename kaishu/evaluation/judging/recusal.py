"""Stepping aside: reserves in turn when a round is opened, a stand-in named later, what is vacant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from kaishu.access import Call, Permission, note, note_all, people, require
from kaishu.access.models import Person
from kaishu.base.errors import Invalid, Said
from kaishu.evaluation.judging.errors import NoPlace, NotVacant, OwnUnit, RoundInState
from kaishu.evaluation.judging.places import places_of
from kaishu.evaluation.judging.reading import (
    SUBJECT,
    held_round,
    round_by_id,
    round_from_inside,
    vacancies,
)
from kaishu.evaluation.judging.seating import SEATS, Seating, may_sit, offices_of, seating_of
from kaishu.evaluation.models import JudgingRound, StandIn

#: Units that a sentence names; more are counted.
NAMED = 3
#: A unit's id, a seat and who takes it.
Turn = tuple[str, str, Person]


@dataclass(frozen=True, slots=True)
class Recusal:
    """Who steps aside from a unit, in which seat, and who stands in; ``needed``: somebody has to be named."""

    unit: Mapping[str, Any]
    seat: str
    person: Person
    stand_in: Person | None
    needed: bool


def turns(
    call: Call, units: Sequence[Mapping[str, Any]], seated: Mapping[str, Person], reserves: Sequence[Person]
) -> tuple[list[Turn], list[Said]]:
    """Reserves for the units of whose office somebody seated is: of those who may, whoever has least.

    With it sentences that say where nobody is left.
    """
    of, taken, left = offices_of(call.session, units), Counter[str](), dict[str, list[str]]()
    made: list[Turn] = []
    for unit in units:
        here = of[unit["id"]]
        sitting = {each.id for each in seated.values() if each.office_id not in here}
        for seat, person in seated.items():
            if person.office_id not in here:
                continue
            free = [
                each
                for each in reserves
                if each.office_id not in here and each.id not in sitting and may_sit(each, seat)
            ]
            if not free:
                left.setdefault(seat, []).append(str(unit["name"]))
                continue
            chosen = min(free, key=lambda each: taken[each.id])
            taken[chosen.id] += 1
            sitting.add(chosen.id)
            made.append((unit["id"], seat, chosen))
    return made, [_nobody(seat, seated[seat], names) for seat, names in left.items()]


def put_in_turn(call: Call, round: JudgingRound, made: Sequence[Turn]) -> None:
    """Enter those who stand in from the beginning; a row of the ledger for each."""
    rows = [_row(call, round, unit, seat, 1, person) for unit, seat, person in made]
    call.session.add_all(rows)
    call.session.flush()
    told = [
        ((SUBJECT, round.id), {"unit": unit, "seat": seat, "person": person.account})
        for unit, seat, person in made
    ]
    if told:
        note_all(call, "evaluation.judging.stand-in", told)


def name_stand_in(call: Call, round_id: str, unit_id: str, seat: str, account: str) -> StandIn:
    """Let somebody judge or decide about a unit instead of one who is of its office.

    Raises ``NotVacant``, ``OwnUnit``, ``RoundInState``, ``NoPlace``, ``Invalid``, ``NotFound``.
    """
    require(call, Permission.judging_manage)
    round = held_round(call, round_id)
    unit = _unit(round, unit_id, seat)
    if round.state == "closed" or (round.state != "judging" and seat != "reviewer"):
        raise RoundInState(state=round.state)
    seating = seating_of(call.session, round)
    if not seating.vacant(unit_id, seat):
        raise NotVacant(unit=unit["name"], seat=str(SEATS[seat]), seat_en=SEATS[seat].en)
    person = _chosen(call, account)
    if person.office_id in seating.offices[unit_id]:
        raise OwnUnit(person=person.name, unit=unit["name"])
    if not _free(seating, unit_id, seat, person):
        raise Invalid({"person": [_unfit(person)]})
    before = seating.holders(unit_id, seat)
    row = _row(call, round, unit_id, seat, len(before), person)
    call.session.add(row)
    call.session.flush()
    aside = seating.people[before[-1]].account
    facts = {"unit": unit_id, "seat": seat, "person": person.account, "instead_of": aside}
    note(call, "evaluation.judging.stand-in", (SUBJECT, round.id), **facts)
    return row


def stand_ins_for(call: Call, round_id: str, unit_id: str, seat: str) -> list[Person]:
    """Who may be named: of no office of the unit, without a seat there, and allowed to judge or decide."""
    require(call, Permission.judging_manage)
    round = round_by_id(call, round_id)
    _unit(round, unit_id, seat)
    seating = seating_of(call.session, round)
    here = seating.offices[unit_id]
    return [
        each
        for each in people(call.session)
        if each.office_id not in here and _free(seating, unit_id, seat, each)
    ]


def recusals(call: Call, round_id: str) -> list[Recusal]:
    """Everybody who steps aside in a round, in the order of its units.  Not for the units: ``NotSeated``."""
    round = round_from_inside(call, round_id)
    seating = seating_of(call.session, round)
    needed = vacancies(call.session, round, seating)
    judged = {unit["id"] for unit, _ in places_of(round)}
    found = []
    for unit in round.units:
        for seat in SEATS:
            had = seating.holders(unit["id"], seat)
            vacant = seating.vacant(unit["id"], seat)
            if unit["id"] not in judged or (len(had) == 1 and not vacant):
                continue
            aside = seating.people[had[-1] if vacant else had[-2]]
            stand_in = None if vacant else seating.people[had[-1]]
            found.append(Recusal(unit, seat, aside, stand_in, (unit["id"], seat) in needed))
    return found


def _row(call: Call, round: JudgingRound, unit: str, seat: str, number: int, person: Person) -> StandIn:
    return StandIn(
        round_id=round.id,
        unit_id=unit,
        seat=seat,
        number=number,
        person_id=person.id,
        by=call.actor.name,
        at=call.now,
    )


def _free(seating: Seating, unit_id: str, seat: str, person: Person) -> bool:
    """May this person take the seat, and has none for the unit so far?"""
    had = any(person.id in seating.holders(unit_id, each) for each in SEATS)
    return may_sit(person, seat) and not had


def _unit(round: JudgingRound, unit_id: str, seat: str) -> Mapping[str, Any]:
    unit = next((each for each in round.units if each["id"] == unit_id), None)
    if unit is None:
        raise NoPlace(kind="对象 unit", name=unit_id)
    if seat not in SEATS:
        raise NoPlace(kind="席位 seat", name=seat)
    return unit


def _chosen(call: Call, account: str) -> Person:
    found = call.session.scalar(select(Person).where(Person.account == account.strip(), Person.active))
    if found is None:
        said = Said("请选择一个人。", "Choose somebody.")
        raise Invalid({"person": [said]})
    return found


def _unfit(person: Person) -> Said:
    return Said(
        f"“{person.name}”在这个对象上已有席位，或没有相应的权限。",
        f'"{person.name}" has a seat for this unit already, or lacks the permission.',
    )


def _nobody(seat: str, person: Person, names: Sequence[str]) -> Said:
    more, said = len(names) - NAMED, SEATS[seat]
    zh, en = "、".join(f"“{name}”" for name in names[:NAMED]), ", ".join(f'"{n}"' for n in names[:NAMED])
    if more > 0:
        zh, en = f"{zh}等{len(names)}个对象", f"{en} and {more} more"
    return Said(
        f"{said}“{person.name}”须回避同部门的{zh}，替补中没有能接替的人。请加一位其他部门的替补，或换人。",
        f'The {said.en} "{person.name}" is of the same department as {en}, and no reserve can take the '
        "place. Add one of another department, or choose somebody else.",
    )
