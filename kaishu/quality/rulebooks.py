"""Rules of a table from draft to force: written, submitted, approved by two different people."""

from __future__ import annotations

from kaishu import casework
from kaishu.access import Call, Permission, note, require
from kaishu.base import ids
from kaishu.base.errors import Invalid, Said
from kaishu.lake import table_by_id, versions_of
from kaishu.quality.errors import (
    BadRules,
    NoRulesInState,
    Problem,
    SameOwner,
    UnderReview,
)
from kaishu.quality.models import MOST_TEXT, Rulebook
from kaishu.quality.queries import book_in_force, open_book
from kaishu.quality.referring import reference_problems
from kaishu.quality.rules import LEVELS, RuleSet, bind, parse_rules

FILE = "rules.yaml"
MOST_IMPORTANCE = 100.0


def read_rules(call: Call, table_id: str, text: str) -> RuleSet:
    """Parse rules and hold them against the newest version's columns.  Raises ``BadRules``."""
    if len(text) > MOST_TEXT:
        said = Said(f"规则超过{MOST_TEXT:,}个字符。", f"The rules are longer than {MOST_TEXT:,} characters.")
        raise BadRules(FILE, [Problem(0, "", said)])
    rules = parse_rules(text, FILE)
    if problems := reference_problems(text, FILE):
        raise BadRules(FILE, problems)
    versions = versions_of(call.session, table_id)
    if versions:
        bind(rules, {str(each["name"]): str(each["type"]) for each in versions[0].columns})
    return rules


def keep_rules(
    call: Call, table_id: str, text: str, *, importance: float = 1.0, order_from: str = ""
) -> Rulebook:
    """Keep the draft of a table's rules, making one if there is none.

    Raises ``BadRules`` with lines, ``UnderReview`` while the draft is with its reviewers, ``Invalid``.
    """
    table = table_by_id(call.session, table_id)
    require(call, Permission.rules_draft, office=table.office_id)
    text = text.replace("\r\n", "\n")
    rules = read_rules(call, table_id, text)
    _check_settings(importance, order_from)
    book = open_book(call.session, table_id)
    if book is None:
        book = Rulebook(
            id=ids.new_id(),
            table_id=table_id,
            number=_next_number(call, table_id),
            state="draft",
            created_at=call.now,
        )
        call.session.add(book)
    elif book.state not in ("draft", "returned"):
        raise UnderReview(number=book.number)
    book.text, book.rules, book.state = text, len(rules.rules), "draft"
    book.importance, book.order_from = float(importance), order_from
    book.author, book.changed_at = _name(call), call.now
    call.session.flush()
    note(call, "quality.rules.keep", ("rulebook", book.id), table=table_id, rules=book.rules)
    return book


def submit_rules(call: Call, table_id: str) -> Rulebook:
    """Hand the draft to its owners."""
    book = _open(call, table_id, "draft")
    office = table_by_id(call.session, table_id).office_id
    case = casework.open_case(call, "quality-rules", ("rulebook", book.id), office)
    book.case_id, book.state = case.id, case.state
    book.business_id = book.business = book.technical = book.reason = ""
    call.session.flush()
    return book


def take_rules_back(call: Call, table_id: str) -> Rulebook:
    """Take the draft back from its owners."""
    return _step(call, _open(call, table_id, "in-review", "approved"), "take-back")


def approve_rules(call: Call, table_id: str) -> Rulebook:
    """The next owner agrees: first the business owner, then the technical one, who may not be the same
    person.  After the second the rules are in force and replace those before.  Raises ``SameOwner``."""
    book = _open(call, table_id, "in-review", "approved")
    if book.state == "in-review":
        book = _step(call, book, "approve-business")
        book.business_id, book.business = call.actor.id, _name(call)
        return book
    if book.business_id == call.actor.id:
        raise SameOwner(name=_name(call))
    former = book_in_force(call.session, table_id)
    book = _step(call, book, "approve-technical")
    book.technical, book.in_force_at = _name(call), call.now
    if former is not None:
        former.state, former.ended_at = "replaced", call.now
    call.session.flush()
    note(call, "quality.rules.in-force", ("rulebook", book.id), table=table_id, number=book.number)
    return book


def return_rules(call: Call, table_id: str, reason: str) -> Rulebook:
    """One of the owners sends the draft back with a reason."""
    book = _open(call, table_id, "in-review", "approved")
    action = "return-business" if book.state == "in-review" else "return-technical"
    book = _step(call, book, action, reason)
    book.reason = reason.strip()[:4000]
    return book


def _step(call: Call, book: Rulebook, action: str, reason: str = "") -> Rulebook:
    case = casework.case_by_id(call.session, str(book.case_id))
    casework.take_step(call, case, action, reason)
    book.state, book.changed_at = case.state, call.now
    call.session.flush()
    return book


def _open(call: Call, table_id: str, *states: str) -> Rulebook:
    book = open_book(call.session, table_id)
    if book is None or book.state not in states:
        raise NoRulesInState(states=", ".join(states), state=book.state if book else "—")
    return book


def _next_number(call: Call, table_id: str) -> int:
    from sqlalchemy import func, select

    last = call.session.scalar(select(func.max(Rulebook.number)).where(Rulebook.table_id == table_id))
    return (last or 0) + 1


def _check_settings(importance: float, order_from: str) -> None:
    problems: dict[str, list[str]] = {}
    if not 0 < importance <= MOST_IMPORTANCE:
        problems["importance"] = [
            Said("重要性应大于0，不超过100。", "Importance is more than 0, at most 100.")
        ]
    if order_from not in ("", *LEVELS):
        listed = ", ".join(LEVELS)
        problems["order_from"] = [Said(f"应为 {listed} 之一或空白。", f"One of {listed}, or empty.")]
    if problems:
        raise Invalid(problems)


def _name(call: Call) -> str:
    return (call.actor.name or call.actor.id)[:200]
