"""Who judges which unit: the seats of a round, except where somebody is of the unit's own office."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kaishu.access import Permission
from kaishu.access.models import Office, Person
from kaishu.access.permissions import GRANTS, Role
from kaishu.base.errors import Said
from kaishu.catalogue.models import Dataset
from kaishu.evaluation.models import JudgingRound, StandIn

ASSESSORS = ("first", "second")
SEATS: Mapping[str, Said] = {
    "first": Said("第一评估员", "first assessor"),
    "second": Said("第二评估员", "second assessor"),
    "reviewer": Said("复核人", "reviewer"),
}


@dataclass(frozen=True, slots=True)
class Seating:
    """The seats of a round unit by unit, with everybody who ever had one.

    ``offices`` are the ids of the offices that a unit is of, ``stand_ins`` by unit and seat, the first first.
    """

    round: JudgingRound
    people: Mapping[str, Person]
    offices: Mapping[str, frozenset[str]]
    stand_ins: Mapping[tuple[str, str], Sequence[StandIn]]

    def holders(self, unit_id: str, seat: str) -> list[str]:
        """The ids of all who had this seat for the unit, in their order; the last has it."""
        own = str(getattr(self.round, f"{seat}_id"))
        return [own, *(each.person_id for each in self.stand_ins.get((unit_id, seat), ()))]

    def recused(self, unit_id: str, person_id: str) -> bool:
        """Is this person of an office of the unit?"""
        person = self.people.get(person_id)
        return person is not None and person.office_id in self.offices.get(unit_id, frozenset())

    def vacant(self, unit_id: str, seat: str) -> bool:
        """Does whoever has the seat have to step aside here?"""
        return self.recused(unit_id, self.holders(unit_id, seat)[-1])

    def seats(self, unit_id: str, person_id: str) -> frozenset[str]:
        """The seats that this person has for the unit and may act in."""
        if self.recused(unit_id, person_id):
            return frozenset()
        return frozenset(seat for seat in SEATS if self.holders(unit_id, seat)[-1] == person_id)

    def stepped_aside(self, unit_id: str, person_id: str) -> bool:
        """Had this person a seat for the unit, and may not judge it?"""
        return self.recused(unit_id, person_id) and any(
            person_id in self.holders(unit_id, seat) for seat in SEATS
        )

    def standing_of(self, unit_id: str, assessor_id: str) -> tuple[str, int] | None:
        """In which seat an assessor scored this unit, and as which of its holders; None for nobody's."""
        for seat in ASSESSORS:
            had = self.holders(unit_id, seat)
            if assessor_id in had:
                return seat, had.index(assessor_id)
        return None


def seating_of(session: Session, round: JudgingRound) -> Seating:
    """Who sits where in a round."""
    taken: dict[tuple[str, str], list[StandIn]] = {}
    for row in session.scalars(
        select(StandIn).where(StandIn.round_id == round.id).order_by(StandIn.unit_id, StandIn.number)
    ):
        taken.setdefault((row.unit_id, row.seat), []).append(row)
    wanted = {round.first_id, round.second_id, round.reviewer_id}
    wanted.update(row.person_id for rows in taken.values() for row in rows)
    people = {each.id: each for each in session.scalars(select(Person).where(Person.id.in_(wanted)))}
    return Seating(round, people, offices_of(session, round.units), taken)


def offices_of(session: Session, units: Iterable[Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    """The offices of units: the one that was named, and the unit itself or its provider.

    Facts are joined to units by their ids, so an id that is the name of an office or dataset here means it.
    """
    found = {unit["id"]: {unit["office"]} - {None} for unit in units}
    for query in (select(Dataset.name, Dataset.office_id), select(Office.name, Office.id)):
        for name, office in session.execute(query.where(query.selected_columns[0].in_(found))):
            found[name].add(office)
    return {id: frozenset(of) for id, of in found.items()}


def may_sit(person: Person, seat: str) -> bool:
    """Is this person there, and allowed to do what the seat asks?"""
    needed = Permission.judging_decide if seat == "reviewer" else Permission.judging_judge
    return person.active and needed in GRANTS[Role(person.role)]


def stands_in(session: Session, person_id: str) -> frozenset[str]:
    """The ids of the rounds in which this person stands in for somebody, or did."""
    rows = session.scalars(select(StandIn.round_id).where(StandIn.person_id == person_id).distinct())
    return frozenset(rows)
