"""Rules of a table from draft to force: written, submitted, approved by two different people."""

from __future__ import annotations

from kaishu.access import Call, Permission, note, require
from kaishu.base.errors import Invalid, Said
from kaishu.lake import table_by_id, versions_of
from kaishu.quality.editions import RULEBOOKS
from kaishu.quality.errors import BadRules, Problem
from kaishu.quality.models import MOST_TEXT, Rulebook
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
    own = {"rules": len(rules.rules), "importance": float(importance), "order_from": order_from}
    book = RULEBOOKS.draft(call, table_id, text, **own)
    note(call, "quality.rules.keep", ("rulebook", book.id), table=table_id, rules=book.rules)
    return book


def submit_rules(call: Call, table_id: str) -> Rulebook:
    """Hand the draft to its owners."""
    return RULEBOOKS.submit(call, table_id)


def take_rules_back(call: Call, table_id: str) -> Rulebook:
    """Take the draft back from its owners."""
    return RULEBOOKS.take_back(call, table_id)


def approve_rules(call: Call, table_id: str) -> Rulebook:
    """The next owner agrees, the business owner first; after the second, who is somebody else, the rules are
    in force.  Raises ``SameOwner``."""
    return RULEBOOKS.approve(call, table_id)


def return_rules(call: Call, table_id: str, reason: str) -> Rulebook:
    """One of the owners sends the draft back with a reason."""
    return RULEBOOKS.send_back(call, table_id, reason)


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
