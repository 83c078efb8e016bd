"""A round of judging: opened, scored by two assessors, decided by a reviewer, disclosed, closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from kaishu import standards
from kaishu.access import Call, Permission, note, office_by_name, require
from kaishu.access.models import Person
from kaishu.base import clock, ids
from kaishu.base.errors import Invalid, NotFound, Said, in_language
from kaishu.evaluation.judging.errors import (
    AlreadyJudged,
    AppealsOpen,
    NothingJudged,
    NotSeated,
    NotSettled,
    NotToDecide,
    Recused,
    RoundInState,
)
from kaishu.evaluation.judging.places import judged_of, judging_place, places_of
from kaishu.evaluation.judging.reading import (
    SUBJECT,
    Scores,
    held_round,
    open_appeals,
    scores_at,
    seats_of,
    settled_of,
)
from kaishu.evaluation.judging.recusal import Turn, put_in_turn, turns
from kaishu.evaluation.judging.seating import ASSESSORS, Seating, may_sit, seating_of
from kaishu.evaluation.models import Judgement, JudgingRound, SettledScore
from kaishu.evaluation.system.choosing import system_chosen
from kaishu.evaluation.system.fingerprint import fingerprint

MOST_UNITS, MOST_REMARK = 2000, 4000
APPEAL_DAYS, MOST_DAYS = 10, 60


def open_round(
    call: Call,
    system: str,
    *,
    title: str,
    units: Sequence[Mapping[str, Any]],
    first: str,
    second: str,
    reviewer: str,
    reserves: Sequence[str] = (),
    appeal_days: int = APPEAL_DAYS,
) -> JudgingRound:
    """Open a round; ``units`` are {id, name, class, office}, the last two optional; people are accounts.

    A title that is ``Said`` brings its English.  ``reserves`` take turns for the units of whose office
    somebody seated is; ``appeal_days`` are working days.  Raises ``NoSystem``, ``NothingJudged``,
    ``NotFound``, ``Invalid``.
    """
    require(call, Permission.judging_manage)
    chosen = system_chosen(call, system)
    if not judged_of(chosen.passport):
        raise NothingJudged(system=chosen.passport.system)
    accounts = {"first": first, "second": second, "reviewer": reviewer}
    people = {seat: _person(call, account) for seat, account in accounts.items() if account.strip()}
    problems = _problems(title, people, appeal_days)
    rows = _units(call, units, problems)
    if problems:
        raise Invalid(problems)
    in_turn = _in_turn(call, rows, people, reserves)
    round = JudgingRound(
        id=ids.new_id(),
        title=title.strip()[:300],
        title_en=in_language(title, "en").strip()[:300] if isinstance(title, Said) else "",
        system=chosen.passport.system,
        edition=chosen.passport.edition,
        fingerprint=fingerprint(chosen.passport),
        text=chosen.text,
        units=rows,
        **{f"{seat}_id": person.id for seat, person in people.items()},
        state="judging",
        opened_by=call.actor.name,
        opened_at=call.now,
        appeal_days=appeal_days,
    )
    call.session.add(round)
    call.session.flush()
    facts = {"system": round.system, "units": len(rows), **accounts}
    note(call, "evaluation.judging.open", (SUBJECT, round.id), **facts)
    put_in_turn(call, round, in_turn)
    return round


def judge(
    call: Call, round_id: str, unit_id: str, code: str, score: float, remark: str = ""
) -> SettledScore | None:
    """An assessor's score; it may be changed until the other's is in too.

    Equal scores are settled at once and returned.  What the ledger keeps does not tell the score.  Raises
    ``NotSeated``, ``Recused``, ``NoPlace``, ``RoundInState``, ``AlreadyJudged``, ``Invalid``.
    """
    require(call, Permission.judging_judge)
    round = held_round(call, round_id)
    if not seats_of(call, round) & {"first", "second", "stand-in"}:
        raise NotSeated(title=round.title, title_en=round.title_en, seat="评估员", seat_en="an assessor")
    _in_state(round, "judging")
    unit, indicator = judging_place(round, unit_id, code)
    seating = seating_of(call.session, round)
    seated(call, seating, unit, ASSESSORS)
    if score not in indicator.steps:
        steps = ", ".join(f"{step:g}" for step in indicator.steps)
        raise Invalid({"score": [Said(f"分数只能是：{steps}。", f"The score must be one of: {steps}.")]})
    if scores_at(call.session, round, unit_id, code, seating).both:
        raise AlreadyJudged()
    key = (round.id, unit_id, code, call.actor.id)
    row = call.session.get(Judgement, key)
    if row is None:
        row = Judgement(round_id=round.id, unit_id=unit_id, code=code, assessor_id=call.actor.id)
        call.session.add(row)
    row.score, row.remark, row.at = score, remark.strip()[:MOST_REMARK], call.now
    call.session.flush()
    note(call, "evaluation.judging.score", (SUBJECT, round.id), unit=unit_id, indicator=code)
    found = scores_at(call.session, round, unit_id, code, seating)
    if found.both and found.same:
        return settle(call, round, unit_id, code, score, "agreed", "")
    return None


def decide(call: Call, round_id: str, unit_id: str, code: str, score: float, reason: str) -> SettledScore:
    """The reviewer's word where two scores differ.

    Raises ``NotSeated``, ``Recused``, ``NotToDecide``, ``RoundInState``, ``NoPlace``, ``Invalid``.
    """
    require(call, Permission.judging_decide)
    round = held_round(call, round_id)
    unit, indicator = judging_place(round, unit_id, code)
    seating = seating_of(call.session, round)
    seated(call, seating, unit, ("reviewer",))
    _in_state(round, "judging")
    found: Scores = scores_at(call.session, round, unit_id, code, seating)
    if not found.both or found.same or settled_of(call.session, round, unit_id, code):
        raise NotToDecide()
    check_score(indicator.steps, score, reason)
    return settle(call, round, unit_id, code, score, "decided", reason)


def disclose(call: Call, round_id: str) -> JudgingRound:
    """Show the settled scores to the units; their days for appeals begin.  Raises ``NotSettled``."""
    require(call, Permission.judging_manage)
    round = held_round(call, round_id)
    _in_state(round, "judging")
    settled = settled_of(call.session, round)
    missing = sum((unit["id"], each.code) not in settled for unit, each in places_of(round))
    if missing:
        raise NotSettled(count=missing)
    round.state = "disclosed"
    round.appeal_until = standards.add_working_days(clock.day_of(call.now), round.appeal_days)
    call.session.flush()
    note(call, "evaluation.judging.disclose", (SUBJECT, round.id), until=round.appeal_until.isoformat())
    return round


def close_round(call: Call, round_id: str) -> JudgingRound:
    """The end: every score is final.  Raises ``AppealsOpen`` before the last day or with open appeals."""
    require(call, Permission.judging_manage)
    round = held_round(call, round_id)
    _in_state(round, "disclosed")
    waiting = len(open_appeals(call.session, round))
    if waiting or (round.appeal_until and clock.day_of(call.now) <= round.appeal_until):
        raise AppealsOpen(count=waiting, until=round.appeal_until)
    round.state, round.closed_at = "closed", call.now
    call.session.flush()
    note(call, "evaluation.judging.close", (SUBJECT, round.id))
    return round


def settle(
    call: Call, round: JudgingRound, unit_id: str, code: str, score: float, how: str, reason: str
) -> SettledScore:
    """Enter a score that holds from now on; those before it stay."""
    before = settled_of(call.session, round, unit_id, code).get((unit_id, code))
    row = SettledScore(
        round_id=round.id,
        unit_id=unit_id,
        code=code,
        number=before.number + 1 if before else 1,
        score=score,
        how=how,
        reason=reason.strip()[:MOST_REMARK],
        by=call.actor.name,
        at=call.now,
    )
    call.session.add(row)
    call.session.flush()
    facts = {"unit": unit_id, "indicator": code, "score": score, "how": how}
    note(call, "evaluation.judging.settle", (SUBJECT, round.id), **facts)
    return row


def check_score(steps: Sequence[float], score: float, reason: str) -> None:
    """A score on the steps, with a reason.  Raises ``Invalid``."""
    problems: dict[str, list[Said]] = {}
    if score not in steps:
        said = ", ".join(f"{step:g}" for step in steps)
        problems["score"] = [Said(f"分数只能是：{said}。", f"The score must be one of: {said}.")]
    if not reason.strip():
        problems["reason"] = [Said("请写理由。", "Give a reason.")]
    if problems:
        raise Invalid(problems)


def seated(call: Call, seating: Seating, unit: Mapping[str, Any], seats: Sequence[str]) -> None:
    """Raises ``Recused`` if the unit is of the actor's own office, ``NotSeated`` without such a seat."""
    if seating.seats(unit["id"], call.actor.id) & set(seats):
        return
    if seating.stepped_aside(unit["id"], call.actor.id):
        raise Recused(unit=unit["name"])
    zh, en = ("评估员", "an assessor") if "first" in seats else ("复核人", "the reviewer")
    raise NotSeated(title=seating.round.title, title_en=seating.round.title_en, seat=zh, seat_en=en)


def _in_state(round: JudgingRound, wanted: str) -> None:
    if round.state != wanted:
        raise RoundInState(state=round.state)


def _in_turn(
    call: Call, rows: Sequence[Mapping[str, Any]], people: Mapping[str, Person], reserves: Sequence[str]
) -> list[Turn]:
    others = [_person(call, account) for account in dict.fromkeys(reserves) if account.strip()]
    made, nobody = turns(call, rows, people, others)
    if nobody:
        raise Invalid({"reserves": nobody})
    return made


def _person(call: Call, account: str) -> Person:
    found = call.session.scalar(select(Person).where(Person.account == account.strip(), Person.active))
    if found is None:
        raise NotFound(kind="账号 account", name=account)
    return found


def _problems(title: str, people: Mapping[str, Person], appeal_days: int) -> dict[str, list[Said]]:
    problems: dict[str, list[Said]] = {
        seat: [Said("请选择一个人。", "Choose somebody.")]
        for seat in ("first", "second", "reviewer")
        if seat not in people
    }
    for seat, person in people.items():
        if not may_sit(person, seat):
            problems[seat] = [_unfit(person, seat)]
    if len({person.id for person in people.values()}) < len(people):
        problems["second"] = [
            Said("两位评估员和复核人须是三个人。", "Assessors and reviewer are three people.")
        ]
    if not title.strip():
        problems["title"] = [Said("请写标题。", "Write a title.")]
    if not 1 <= appeal_days <= MOST_DAYS:
        problems["appeal_days"] = [
            Said(f"申诉期为1至{MOST_DAYS}个工作日。", f"From 1 to {MOST_DAYS} working days.")
        ]
    return problems


def _unfit(person: Person, seat: str) -> Said:
    if seat == "reviewer":
        return Said(
            f"“{person.name}”没有裁定的权限，请选审核员或管理员。",
            f'"{person.name}" has no permission to decide; choose a reviewer or an administrator.',
        )
    return Said(f"“{person.name}”没有评判的权限。", f'"{person.name}" has no permission to judge.')


def _office(call: Call, name: str, line: int, problems: dict[str, list[Said]]) -> str | None:
    """The id of the office that a line names; what is no office is a problem of that line."""
    if not name:
        return None
    try:
        return office_by_name(call.session, name).id
    except NotFound:
        said = Said(
            f"第{line}行：没有部门“{name[:60]}”。", f'Line {line}: there is no department "{name[:60]}".'
        )
        problems.setdefault("units", []).append(said)
        return None


def _units(
    call: Call, units: Sequence[Mapping[str, Any]], problems: dict[str, list[Said]]
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    seen: set[str] = set()
    for line, unit in enumerate(units, 1):
        id = str(unit.get("id") or "").strip()
        if not id or len(id) > 200 or id in seen:
            problems.setdefault("units", []).append(
                Said(
                    f"第{line}行：编号为空、过长或重复。", f"Line {line}: the id is empty, too long or twice."
                )
            )
            continue
        seen.add(id)
        rows.append(
            {
                "id": id,
                "name": str(unit.get("name") or id).strip()[:300],
                "class": str(unit.get("class") or "").strip() or None,
                "office": _office(call, str(unit.get("office") or "").strip(), line, problems),
            }
        )
    if not 1 <= len(units) <= MOST_UNITS:
        problems["units"] = [Said(f"请给出1至{MOST_UNITS}个对象。", f"Give from 1 to {MOST_UNITS} units.")]
    return rows
