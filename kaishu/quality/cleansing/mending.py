"""Work orders that a cleansing may have mended: claimed, so that their rules are checked again."""

from __future__ import annotations

from kaishu.access import Call, Permission, allowed
from kaishu.quality.errors import BadRules
from kaishu.quality.leaving import leave_check
from kaishu.quality.models import CleansingRun
from kaishu.quality.ordering import claim_mended
from kaishu.quality.queries import book_in_force, orders
from kaishu.quality.rules import Rule, parse_rules

_CLAIMABLE = ("open", "accepted")


def claim_cleansed_orders(call: Call, run: CleansingRun) -> list[str]:
    """Claim the table's orders whose rule looks at what the run changed, and leave their re-checks.

    Returns their ids.  Orders that the actor may not handle stay as they are.
    """
    found = [each for each in orders(call.session, table=run.table_id) if each[1].state in _CLAIMABLE]
    touched = _touched(run)
    rules = _rules(call, run.table_id) if found else {}
    claimed = []
    for order, _case in found:
        rule = rules.get(order.rule_id)
        if rule is None or not (touched is None or not rule.check.reads or touched & set(rule.check.reads)):
            continue
        if allowed(call, Permission.order_handle, office=order.office_id):
            claim_mended(call, order.id, cleansed=True)
            leave_check(call, run.table_id, order_id=order.id)
            claimed.append(order.id)
    return claimed


def _touched(run: CleansingRun) -> set[str] | None:
    """Columns whose cells changed; None if rows were taken out, which concerns every rule."""
    found: set[str] = set()
    for step in run.steps:
        if step["removed"]:
            return None
        if step["changed"] or step["added"]:
            found.update(step["writes"])
    return found


def _rules(call: Call, table_id: str) -> dict[str, Rule]:
    book = book_in_force(call.session, table_id)
    try:
        return {each.id: each for each in parse_rules(book.text).rules} if book else {}
    except BadRules:
        return {}
