"""Settled scores as the units of an evaluation, with notes and evidence for its explanation."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace

import numpy as np
from sqlalchemy import select

from kaishu.access import Call, Permission, allowed
from kaishu.evaluation.building.table import Remark, UnitTable
from kaishu.evaluation.judging.errors import OtherCriteria, RoundInState
from kaishu.evaluation.judging.places import applies, judged_of, passport_of
from kaishu.evaluation.judging.reading import board, round_by_id, rounds, seats_of
from kaishu.evaluation.models import Evidence, JudgingRound
from kaishu.evaluation.system.model import Criterion, Passport

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
            zh, en = (
                "；".join(each.rstrip("。.； ") for each in part if each) for part in zip(*said, strict=True)
            )
            remarks[key] = Remark(zh, en.replace("；", "; "), tuple(links[key]))
    return UnitTable(
        ids=tuple(unit["id"] for unit in round.units),
        names=tuple(unit["name"] for unit in round.units),
        classes=tuple(unit["class"] for unit in round.units),
        numbers=numbers,
        not_applicable=not_applicable,
        remarks=remarks,
        source=round.title,
    )


def rounds_for(call: Call, passport: Passport) -> list[JudgingRound]:
    """Disclosed rounds whose scores the actor may use for a system, newest first."""
    wanted = _criteria(passport)
    if not wanted or not allowed(call, Permission.judging_judge):
        return []
    found = []
    for round in rounds(call):
        judged_by = _criteria(passport_of(round))
        shared = wanted.keys() & judged_by.keys()
        same = all(wanted[code] == judged_by[code] for code in shared)
        if shared and same and round.state != "judging" and not seats_of(call, round) <= {"unit"}:
            found.append(round)
    return found


def judgements_for(call: Call, round_id: str, passport: Passport) -> UnitTable:
    """The settled scores of a round for the judged indicators of a system, which need not be the round's.

    Raises ``OtherCriteria`` where the system has other criteria than those that were judged by, and as
    ``judgements_table`` does.
    """
    units = judgements_table(call, round_id)
    round = round_by_id(call, round_id)
    wanted, judged_by = _criteria(passport), _criteria(passport_of(round))
    other = [code for code in wanted if judged_by.get(code, wanted[code]) != wanted[code]]
    if other:
        raise OtherCriteria(title=round.title, codes=", ".join(other))
    return replace(
        units,
        numbers={code: column for code, column in units.numbers.items() if code in wanted},
        not_applicable={code: mask for code, mask in units.not_applicable.items() if code in wanted},
        remarks={key: each for key, each in units.remarks.items() if key[1] in wanted},
    )


def _criteria(passport: Passport) -> dict[str, tuple[Criterion, ...]]:
    return {each.code: each.judging.criteria for each in judged_of(passport)}
