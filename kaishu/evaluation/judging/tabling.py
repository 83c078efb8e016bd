"""Settled scores as the units of an evaluation, with notes and evidence for its explanation."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace

import numpy as np
from sqlalchemy import select

from kaishu.access import Call
from kaishu.evaluation.building.table import Remark, UnitTable
from kaishu.evaluation.judging.errors import RoundInState
from kaishu.evaluation.judging.places import applies, judged_of, passport_of
from kaishu.evaluation.judging.reading import board, round_by_id
from kaishu.evaluation.models import Evaluation, Evidence
from kaishu.evaluation.records.queries import Chosen
from kaishu.evaluation.records.running import Loaded, compute, keep_evaluation
from kaishu.evaluation.system.model import Passport, column_of

HERE = "/desk/judging"
_HOW = {
    "agreed": ("两位评估员一致", "both assessors agreed"),
    "decided": ("复核裁定", "decided by the reviewer"),
    "appealed": ("申诉后改定", "changed on appeal"),
}


def judgements_table(call: Call, round_id: str) -> UnitTable:
    """The settled scores of a round that was disclosed: a column for each judged indicator's code.

    Remarks say how a score came about, with the assessors' notes and the addresses of the evidence.  Raises
    ``RoundInState``, ``NotFound``.
    """
    found = board(call, round_id)
    round = found.round
    if round.state == "judging" or found.seats <= {"unit"}:
        raise RoundInState(state=round.state)
    passport = passport_of(round)
    links: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in call.session.scalars(select(Evidence).where(Evidence.round_id == round.id)):
        links[row.unit_id, row.code].append(row.url or f"{HERE}/{round.id}/evidence/{row.id}")
    numbers, not_applicable, remarks = {}, {}, {}
    for each in judged_of(passport):
        code = each.code
        held = [found.settled.get((unit["id"], code)) for unit in round.units]
        numbers[code] = np.array([row.score if row else math.nan for row in held], dtype=np.float64)
        not_applicable[code] = np.array([not applies(passport, each, unit) for unit in round.units])
        for score in filter(None, held):
            key = (score.unit_id, code)
            said = [_HOW[score.how], (score.reason, score.reason)]
            at = found.scores.get(key)
            if at is not None:
                said += [(one.remark, one.remark) for one in (at.first, at.second) if one]
            zh, en = ("；".join(filter(None, part)) for part in zip(*said, strict=True))
            remarks[key] = Remark(zh, en.replace("；", "; "), tuple(links[key]))
    return UnitTable(
        ids=tuple(unit["id"] for unit in round.units),
        names=tuple(unit["name"] for unit in round.units),
        classes=tuple(unit["class"] for unit in round.units),
        numbers=numbers,
        not_applicable=not_applicable,
        remarks=remarks,
        source=f"judging {round.id}",
    )


def evaluate_round(call: Call, round_id: str) -> Evaluation:
    """Evaluate a disclosed round by its own system, and keep the result.

    Indicators that are not judged are missing.  Raises ``RoundInState``, ``NotFound``, ``Undefined``.
    """
    round = round_by_id(call, round_id)
    passport = passport_of(round)
    loaded = Loaded(
        chosen=Chosen(passport, round.text, None),
        units=_whole(judgements_table(call, round_id), passport),
        origin="given",
        source=round.title,
        version_id=None,
        asked={"system": round.system, "judging": round.id},
    )
    return keep_evaluation(call, loaded, compute(loaded))


def _whole(units: UnitTable, passport: Passport) -> UnitTable:
    """With a column for every leaf; those that were not judged are missing."""
    missing = np.full(len(units), math.nan)
    columns = {column_of(leaf): missing for leaf in passport.leaves()}
    return replace(units, numbers={**columns, **units.numbers})
