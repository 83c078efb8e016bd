"""Pairs that wait for a person: both sides' values, and the decision, which holds for ever."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from kaishu import lake
from kaishu.access import Call, Permission, note, require
from kaishu.base import ids
from kaishu.standardisation.conversions import literal
from kaishu.standardisation.errors import PairGone, RunFilesNotKept
from kaishu.standardisation.fusing import companions
from kaishu.standardisation.models import FusionRun, PairDecision, StandardEntity, WaitingPair
from kaishu.standardisation.queries import standard_by_name
from kaishu.standardisation.running import run_file

MOST_REASON = 4000


@dataclass(frozen=True, slots=True)
class PairSides:
    """A pair with the values of both rows {field: value}, unmasked; None where a file is not kept."""

    pair: WaitingPair
    left: dict[str, Any] | None
    right: dict[str, Any] | None


def sides_of(call: Call, pairs: Sequence[WaitingPair]) -> list[PairSides]:
    """The values of pairs of one entity, as the run read them: mask what the reader may not see."""
    require(call, Permission.standard_read)
    values: dict[tuple[str, str], dict[str, Any]] = {}
    for run_id in {pair.run_id for pair in pairs}:
        run = call.session.get_one(FusionRun, run_id)
        ends = [end for pair in pairs if pair.run_id == run_id for end in _ends(pair)]
        try:
            values |= _values(call, run, ends)
        except RunFilesNotKept:
            continue
    return [PairSides(pair, *(values.get(end) for end in _ends(pair))) for pair in pairs]


def decide_pair(call: Call, pair_id: str, same: bool, reason: str = "") -> PairDecision:
    """Say that two rows are the same, or that they are not; the next run goes by it.

    An older decision on the same rows is kept and no longer counts.  Raises ``PairGone``.
    """
    pair, entity = _pair(call, pair_id)
    ends = (pair.left_source, pair.left_handle, pair.right_source, pair.right_handle)
    for former in call.session.scalars(_about(entity, ends)):
        former.replaced_at = call.now
    decision = _decision(call, entity, ends, same, reason)
    decision.probability = pair.probability
    call.session.add(decision)
    call.session.delete(pair)
    call.session.flush()
    facts = {"left": list(ends[:2]), "right": list(ends[2:]), "same": same}
    note(call, "standardisation.pair.decide", ("standard", entity.id), decision=decision.id, **facts)
    return decision


def change_decision(call: Call, decision_id: str, same: bool, reason: str = "") -> PairDecision:
    """Decide anew about rows that were decided before."""
    former = call.session.get(PairDecision, decision_id)
    if former is None or former.replaced_at is not None:
        raise PairGone()
    entity = standard_by_name(call.session, former.entity_id)
    require(call, Permission.standard_decide, office=entity.office_id)
    ends = (former.left_source, former.left_handle, former.right_source, former.right_handle)
    decision = _decision(call, entity, ends, same, reason)
    decision.probability, former.replaced_at = former.probability, call.now
    call.session.add(decision)
    call.session.flush()
    facts = {"left": list(ends[:2]), "right": list(ends[2:]), "same": same, "former": former.id}
    note(call, "standardisation.pair.decide", ("standard", entity.id), decision=decision.id, **facts)
    return decision


def put_pair_off(call: Call, pair_id: str) -> WaitingPair:
    """Put a pair behind all others.  Raises ``PairGone``."""
    pair, entity = _pair(call, pair_id)
    pair.later_at = call.now
    call.session.flush()
    facts = {"left": [pair.left_source, pair.left_handle], "right": [pair.right_source, pair.right_handle]}
    note(call, "standardisation.pair.later", ("standard", entity.id), **facts)
    return pair


def _pair(call: Call, pair_id: str) -> tuple[WaitingPair, StandardEntity]:
    pair = call.session.get(WaitingPair, pair_id)
    if pair is None:
        require(call, Permission.standard_decide)
        raise PairGone()
    entity = call.session.get_one(StandardEntity, pair.entity_id)
    require(call, Permission.standard_decide, office=entity.office_id)
    return pair, entity


def _ends(pair: WaitingPair) -> tuple[tuple[str, str], tuple[str, str]]:
    return (pair.left_source, pair.left_handle), (pair.right_source, pair.right_handle)


def _about(entity: StandardEntity, ends: tuple[str, str, str, str]) -> Any:
    """Decisions that still count about these rows, whichever of them comes first."""

    def of(left: tuple[str, str], right: tuple[str, str]) -> Any:
        return (
            (PairDecision.left_source == left[0])
            & (PairDecision.left_handle == left[1])
            & (PairDecision.right_source == right[0])
            & (PairDecision.right_handle == right[1])
        )

    one, other = (ends[0], ends[1]), (ends[2], ends[3])
    return select(PairDecision).where(
        PairDecision.entity_id == entity.id,
        PairDecision.replaced_at.is_(None),
        or_(of(one, other), of(other, one)),
    )


def _decision(
    call: Call, entity: StandardEntity, ends: tuple[str, str, str, str], same: bool, reason: str
) -> PairDecision:
    return PairDecision(
        id=ids.new_id(),
        entity_id=entity.id,
        left_source=ends[0],
        left_handle=ends[1],
        right_source=ends[2],
        right_handle=ends[3],
        same=same,
        reason=reason.strip()[:MOST_REASON],
        decided_by=(call.actor.name or call.actor.id)[:200],
        decided_at=call.now,
    )


def _values(
    call: Call, run: FusionRun, ends: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], dict[str, Any]]:
    path = companions(run_file(call.session, run))["rows"]
    wanted = ", ".join(f"({literal(source)}, {literal(handle)})" for source, handle in ends)
    sql = f"SELECT * FROM data WHERE (_source, _handle) IN ({wanted})"  # noqa: S608
    with lake.open_files([path]) as connection:
        rows: list[dict[str, Any]] = connection.execute(sql).to_arrow_table().to_pylist()
    return {(row["_source"], row["_handle"]): row for row in rows}
