"""Readers say what is wrong in a table; it becomes a work order, and they see what came of it.

Such an order has no rule to be checked again: the office answers in words.  The number of the order is all
that a reader needs to see it, so a number is told to nobody but who sent the correction.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kaishu import casework
from kaishu.access import Call, Permission, note, require
from kaishu.base import ids
from kaishu.base.errors import Invalid, NotFound, Said
from kaishu.casework.models import Case
from kaishu.lake import table_by_id
from kaishu.lake.models import Version
from kaishu.quality.errors import TooManyCorrections
from kaishu.quality.models import WorkOrder
from kaishu.quality.queries import order_by_id

CITIZEN = "citizen"
KIND = "data-correction"
#: Corrections that one sender may send in an hour, and that may wait for an answer about one table.
HOURLY, WAITING = 10, 30
#: Most letters of each thing said.
MOST = {"wrong": 1000, "right": 300, "contact": 100}
#: The words before each thing said, as the office reads them.
WORDS = {"row": "行", "column": "列", "wrong": "问题", "right": "应为", "contact": "联系方式"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a reader says: ``row`` from 1 as the page counts, and a ``column``, both if known; what is
    ``wrong``, what would be ``right``, and a ``contact`` for questions, which only the office sees."""

    row: str = ""
    column: str = ""
    wrong: str = ""
    right: str = ""
    contact: str = ""


def send_correction(call: Call, version: Version, said: Correction, sender: str) -> WorkOrder:
    """Open a work order for what a reader found in a version that the reader may read.

    ``sender`` tells senders apart without saying who they are.  Raises ``Invalid``, ``TooManyCorrections``.
    """
    require(call, Permission.correction_send)
    said = _checked(said, version)
    _refuse_floods(call, version.table_id, sender[:26])
    id = ids.new_id()
    office = table_by_id(call.session, version.table_id).office_id
    case = casework.open_case(call, KIND, ("order", id), office)
    order = WorkOrder(
        id=id,
        case_id=case.id,
        table_id=version.table_id,
        office_id=office,
        rule_id=f"{CITIZEN}:{id}",
        title=f"群众纠错：{said.column}"[:300] if said.column else "群众纠错",
        level="warning",
        run_id=None,
        found_by=sender[:26],
        failed=1,
        checked=version.rows,
        origin=CITIZEN,
        remark=_written(said),
        opened_by=(call.actor.name or call.actor.id)[:200],
        open_key=f"{version.table_id}:{CITIZEN}:{id}",
    )
    call.session.add(order)
    call.session.flush()
    note(call, "quality.correction.send", ("order", id), table=version.table_id, version=version.number)
    return order


def answer_correction(call: Call, order_id: str, answer: str) -> WorkOrder:
    """The office tells the reader what it did, which closes the order.

    Raises ``ReasonNeeded``, ``WrongState``.
    """
    return _close(call, order_id, "answer", answer)


def uphold_refusal(call: Call, order_id: str, reason: str) -> WorkOrder:
    """The bureau agrees that nothing is to be mended; the order is closed."""
    return _close(call, order_id, "uphold", reason)


def correction_by_id(session: Session, order_id: str) -> tuple[WorkOrder, Case]:
    """A correction with its case.  Raises ``NotFound``, also for work orders of other origins."""
    order = session.get(WorkOrder, order_id)
    if order is None or order.origin != CITIZEN:
        raise NotFound(kind="纠错 correction", name=order_id)
    return order_by_id(session, order_id)


def said_in(order: WorkOrder) -> Correction:
    """What the reader said."""
    names = {word: name for name, word in WORDS.items()}
    found: dict[str, list[str]] = {}
    current = "wrong"
    for line in order.remark.split("\n"):
        word, mark, rest = line.partition("：")
        # Lines of the reader's own are indented, so that none of them is taken for a heading.
        if mark and word in names:
            current = names[word]
            found[current] = [rest]
        else:
            found.setdefault(current, []).append(line.removeprefix(" "))
    return Correction(**{name: "\n".join(lines) for name, lines in found.items()})


def _written(said: Correction) -> str:
    given = [(WORDS[each.name], getattr(said, each.name)) for each in fields(said)]
    return "\n".join(f"{word}：{value}".replace("\n", "\n ") for word, value in given if value)


def _close(call: Call, order_id: str, action: str, reason: str) -> WorkOrder:
    order, case = correction_by_id(call.session, order_id)
    casework.take_step(call, case, action, reason)
    order.open_key = None
    call.session.flush()
    return order


def _checked(said: Correction, version: Version) -> Correction:
    """The same without blanks around.  Raises ``Invalid``."""
    tidy = Correction(
        **{each.name: "\n".join(getattr(said, each.name).split("\r\n")).strip() for each in fields(said)}
    )
    problems: dict[str, list[Said | str]] = {}
    for name, most in MOST.items():
        if len(getattr(tidy, name)) > most:
            problems[name] = [Said(f"最多{most}个字。", f"At most {most} characters.")]
    if len(tidy.wrong) < 2:
        problems["wrong"] = [Said("请写明哪里不对。", "Say what is wrong.")]
    if tidy.column and tidy.column not in {str(each["name"]) for each in version.columns}:
        problems["column"] = [Said("表里没有这一列。", "The table has no such column.")]
    row = tidy.row
    known = row.isascii() and row.isdigit() and len(row) < 12 and 1 <= int(row) <= version.rows
    if row and not known:
        problems["row"] = [
            Said(f"请填1到{version.rows}之间的行号，或留空。", f"A row from 1 to {version.rows}, or nothing.")
        ]
    if problems:
        raise Invalid(problems)
    return tidy


def _refuse_floods(call: Call, table_id: str, sender: str) -> None:
    found = select(func.count()).select_from(WorkOrder).join(Case, Case.id == WorkOrder.case_id)
    of_readers = found.where(WorkOrder.origin == CITIZEN)
    lately = of_readers.where(WorkOrder.found_by == sender, Case.opened_at > call.now - timedelta(hours=1))
    waiting = of_readers.where(WorkOrder.table_id == table_id, Case.closed_at.is_(None))
    for counted, most in ((lately, HOURLY), (waiting, WAITING)):
        if (call.session.scalar(counted) or 0) >= most:
            raise TooManyCorrections()
