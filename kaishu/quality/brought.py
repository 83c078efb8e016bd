"""Rules that the accepted elements of a table's columns bring, and their way into the draft of its rules."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from kaishu import elements
from kaishu.access import Call, Permission, note, require
from kaishu.base.errors import Invalid, Said
from kaishu.elements import Known
from kaishu.lake import table_by_id, versions_of
from kaishu.quality.editions import RULEBOOKS
from kaishu.quality.errors import BadRules
from kaishu.quality.models import Rulebook
from kaishu.quality.rulebooks import keep_rules
from kaishu.quality.ruleforms import add_rules
from kaishu.quality.rules import RuleSet, bind, parse_rules


@dataclass(frozen=True, slots=True)
class BroughtRule:
    """An entry of a rule file that ``element`` brings; ``unfit``: why the column does not take it."""

    rule: Mapping[str, Any]
    element: Known
    unfit: Said | None = None

    @property
    def key(self) -> str:
        """Check and column: what tells it from the other rules of its table."""
        return f"{self.rule['check']}:{self.rule['column']}"


def rules_of_elements(
    session: Session, table_id: str, columns: Sequence[Mapping[str, Any]]
) -> list[BroughtRule]:
    """Every rule that the accepted elements of these columns ``{name, type}`` bring, in the columns' order.

    Withdrawn elements bring none, nor do code sets of which no code is in force.
    """
    held = elements.assignments_of(session, table_id)
    if not held:
        return []
    library = {each.element.code: each for each in elements.library(session)}
    codes = elements.labels_in(session)
    types = {str(each["name"]): str(each["type"]) for each in columns}
    found = []
    for column in columns:
        decided = held.get(str(column["name"]))
        known = library.get(decided.element) if decided else None
        if known is None:
            continue
        own = _own_codes(known, codes)
        for rule in elements.rules_for(column, known.element, own):
            if rule.get("values") != []:
                found.append(BroughtRule(_signed(rule, known), known, _unfit(rule, types)))
    named = elements.unique_ids([dict(each.rule) for each in found])
    return [BroughtRule(rule, each.element, each.unfit) for rule, each in zip(named, found, strict=True)]


def brought_rules(session: Session, table_id: str) -> list[BroughtRule]:
    """Those of the newest version's columns that the draft, or else the rules in force, do not have yet.

    A rule is there if one of the same check stands on the same column, however it is limited.
    """
    versions = versions_of(session, table_id)
    if not versions:
        return []
    known = _rules_in(RULEBOOKS.newest(session, table_id))
    there = (
        {(each.check.kind, getattr(each.check, "column", None)) for each in known.rules} if known else set()
    )
    offered = [
        each
        for each in rules_of_elements(session, table_id, versions[0].columns)
        if (each.rule["check"], each.rule["column"]) not in there
    ]
    taken = [each.id for each in known.rules] if known else []
    named = elements.unique_ids([dict(each.rule) for each in offered], taken)
    return [BroughtRule(rule, each.element, each.unfit) for rule, each in zip(named, offered, strict=True)]


def bring_rules(
    call: Call, table_id: str, keys: Collection[str] | None = None
) -> tuple[Rulebook, list[BroughtRule]]:
    """Add rules of accepted elements, all that fit or those of these ``keys``, to the draft; what stands
    there stays.

    Raises ``Invalid`` if none is left to add, ``BadRules``, ``UnderReview``.
    """
    table = table_by_id(call.session, table_id)
    require(call, Permission.rules_draft, office=table.office_id)
    chosen = [
        each
        for each in brought_rules(call.session, table_id)
        if each.unfit is None and (keys is None or each.key in keys)
    ]
    if not chosen:
        said = Said(
            "没有要加入的校验：请勾选至少一条还不在规则里的。",
            "There is no check to add: tick at least one that the rules do not have yet.",
        )
        raise Invalid({"brought": [said]})
    book = RULEBOOKS.newest(call.session, table_id)
    text = add_rules(book.text if book else "", [each.rule for each in chosen])
    importance, order_from = (book.importance, book.order_from) if book else (1.0, "")
    kept = keep_rules(call, table_id, text, importance=importance, order_from=order_from)
    listed = [
        {"rule": each.rule["id"], "element": each.element.element.code, "version": each.element.number}
        for each in chosen
    ]
    note(call, "quality.rules.bring", ("rulebook", kept.id), table=table_id, brought=listed)
    return kept, chosen


def _rules_in(book: Rulebook | None) -> RuleSet | None:
    """The rules of a book; None of one that is read no more, which keeping it will tell."""
    try:
        return parse_rules(book.text) if book else None
    except BadRules:
        return None


def _own_codes(known: Known, codes: Any) -> list[str] | None:
    """The codes of a regional set, which a rule file cannot name."""
    name = known.element.code_set
    return None if not name or name in elements.shipped_code_sets() else list(codes(name))


def _signed(rule: Mapping[str, Any], known: Known) -> dict[str, Any]:
    """The rule with its element and version; a title and a note are one text for both languages."""
    element = known.element
    zh = f"数据元 {element.code}（{element.name}）第{known.number}版"
    english = f" ({element.name_en})" if element.name_en else ""
    return {
        **rule,
        "title": f"{rule['title']} · {element.name_en}" if element.name_en else rule["title"],
        "note": f"{zh} · Data element {element.code}{english}, version {known.number}",
    }


def _unfit(rule: Mapping[str, Any], types: Mapping[str, str]) -> Said | None:
    try:
        bind(parse_rules({"rules": [rule]}), types)
    except BadRules as error:
        return error.problems[0].said
    return None
