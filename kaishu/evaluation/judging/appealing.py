"""Evidence, appeals and their answers."""

from __future__ import annotations

import re

from kaishu import casework
from kaishu.access import Call, Permission, note, require
from kaishu.base import clock, ids
from kaishu.base.errors import Invalid, NotFound, Said
from kaishu.evaluation.judging.errors import AppealOver, NotSeated, Recused, RoundInState
from kaishu.evaluation.judging.places import judging_place
from kaishu.evaluation.judging.reading import SUBJECT, open_appeals, round_by_id, settled_of
from kaishu.evaluation.judging.rounds import MOST_REMARK, check_score, seated, settle
from kaishu.evaluation.judging.seating import seating_of
from kaishu.evaluation.models import Appeal, Evidence, JudgingRound
from kaishu.source import Original

KIND = "evaluation-appeal"
#: Bytes of one file of evidence.
MOST_EVIDENCE = 20 * 1024 * 1024
_IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp")
_ADDRESS = re.compile(r"https?://\S+$")


def add_evidence(
    call: Call,
    round_id: str,
    unit_id: str,
    code: str,
    *,
    about: str = "",
    url: str = "",
    original: Original | None = None,
) -> Evidence:
    """A file (kept by ``source.keep_original`` before) or a link, with what it shows.

    An assessor's is hidden from the other until both have judged.  Units add theirs with an appeal.  Raises
    ``NotSeated``, ``RoundInState``, ``NoPlace``, ``Invalid``.
    """
    require(call, Permission.judging_judge)
    round = round_by_id(call, round_id)
    seats = _may_add(call, round, unit_id, code)
    url = url.strip()
    if original is None and not _ADDRESS.match(url):
        raise Invalid(
            {"url": [Said("请选文件，或写 http(s) 网址。", "Choose a file, or write an http(s) address.")]}
        )
    kind = "link" if original is None else "file"
    if original is not None and original.name.casefold().endswith(_IMAGES):
        kind = "screenshot"
    row = Evidence(
        id=ids.new_id(),
        round_id=round.id,
        unit_id=unit_id,
        code=code,
        kind=kind,
        url="" if original else url[:2000],
        file_name=original.name if original else "",
        sha256=original.sha256 if original else "",
        size=original.size if original else 0,
        about=about.strip()[:2000],
        person_id=call.actor.id,
        person=call.actor.name,
        sealed=bool(seats & {"first", "second"}) and round.state == "judging",
        at=call.now,
    )
    call.session.add(row)
    call.session.flush()
    facts = {"unit": unit_id, "indicator": code, "kind": kind, "sha256": row.sha256}
    note(call, "evaluation.judging.evidence", (SUBJECT, round.id), **facts)
    return row


def _may_add(call: Call, round: JudgingRound, unit_id: str, code: str) -> frozenset[str]:
    """The seats of the actor for the unit, if evidence for this place may come from them."""
    unit, _ = judging_place(round, unit_id, code)
    seating = seating_of(call.session, round)
    seats = seating.seats(unit_id, call.actor.id)
    own = unit["office"] is not None and unit["office"] == call.actor.office
    if not seats and seating.stepped_aside(unit_id, call.actor.id) and round.state == "judging":
        raise Recused(unit=unit["name"])
    if not seats and not own:
        seat, seat_en = "评估员、复核人或本单位", "an assessor, the reviewer or the unit"
        raise NotSeated(title=round.title, title_en=round.title_en, seat=seat, seat_en=seat_en)
    if round.state == "closed":
        raise RoundInState(state=round.state)
    return seats


def appeal(call: Call, round_id: str, unit_id: str, code: str, reason: str) -> Appeal:
    """The unit's office objects to a score; the reviewer has the case's days to answer.

    Raises ``AppealOver``, ``NoPlace``, ``OtherOffice``, ``Invalid``.
    """
    round = round_by_id(call, round_id)
    unit, _ = judging_place(round, unit_id, code)
    require(call, Permission.judging_appeal, office=unit["office"] or "-")
    if unit["office"] is None:
        raise AppealOver(reason="该对象没有所属部门。", reason_en="the unit has no office.")
    if not reason.strip():
        raise Invalid({"reason": [Said("请写理由。", "Give a reason.")]})
    if round.state != "disclosed" or (round.appeal_until and clock.day_of(call.now) > round.appeal_until):
        raise AppealOver(reason="不在申诉期内。", reason_en="it is not within the days for appeals.")
    if any((one.unit_id, one.code) == (unit_id, code) for one, _ in open_appeals(call.session, round)):
        raise AppealOver(reason="已有一件在办。", reason_en="one is under way.")
    id = ids.new_id()
    case = casework.open_case(call, KIND, ("appeal", id), unit["office"])
    row = Appeal(
        id=id,
        case_id=case.id,
        round_id=round.id,
        unit_id=unit_id,
        code=code,
        office_id=unit["office"],
        reason=reason.strip()[:MOST_REMARK],
        by=call.actor.name,
        at=call.now,
    )
    call.session.add(row)
    call.session.flush()
    note(call, "evaluation.judging.appeal", (SUBJECT, round.id), unit=unit_id, indicator=code)
    return row


def answer_appeal(
    call: Call, appeal_id: str, *, uphold: bool, reason: str, score: float | None = None
) -> Appeal:
    """The reviewer's answer; upholding settles a new score, the former stays in the history.

    Raises ``NotSeated``, ``Recused``, ``WrongState``, ``ReasonNeeded``, ``Invalid``.
    """
    require(call, Permission.judging_decide)
    row, round = _appeal(call, appeal_id)
    unit, indicator = judging_place(round, row.unit_id, row.code)
    seated(call, seating_of(call.session, round), unit, ("reviewer",))
    if uphold:
        held = settled_of(call.session, round, row.unit_id, row.code)[row.unit_id, row.code].score
        if score is None or score == held:
            raise Invalid({"score": [Said("请给出不同的新分数。", "Give a new score that differs.")]})
        check_score(indicator.steps, score, reason)
    case = casework.case_by_id(call.session, row.case_id)
    casework.take_step(call, case, "uphold" if uphold else "dismiss", reason)
    row.answer = reason.strip()[:MOST_REMARK]
    if uphold and score is not None:
        settle(call, round, row.unit_id, row.code, score, "appealed", reason)
    call.session.flush()
    return row


def take_appeal_back(call: Call, appeal_id: str) -> Appeal:
    """The office no longer objects."""
    row, _ = _appeal(call, appeal_id)
    casework.take_step(call, casework.case_by_id(call.session, row.case_id), "take-back")
    return row


def _appeal(call: Call, appeal_id: str) -> tuple[Appeal, JudgingRound]:
    row = call.session.get(Appeal, appeal_id)
    if row is None:
        raise NotFound(kind="申诉 appeal", name=appeal_id)
    return row, round_by_id(call, row.round_id)
