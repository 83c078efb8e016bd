"""What breaks if a column goes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from kaishu import catalogue, elements, engagement, quality, standardisation
from kaishu.access import Call, Permission, allowed
from kaishu.catalogue.models import Dataset, Resource
from kaishu.lake import table_by_id
from kaishu.lineage.graph import Node, downstream
from kaishu.lineage.tracing import Lineage, column_of
from kaishu.quality import Rule, RuleSet
from kaishu.source.models import Contract


@dataclass(frozen=True, slots=True)
class Use:
    """Something that names the column.

    ``kind``: rule, reference (a rule of another table looks the value up here), row-key (rules name rows by
    it), update-key, marker, element, standard (an item of a standard
    entity is made of it).  ``where`` is the dataset, agreement or entity in which it stands.
    """

    kind: str
    name: str
    title: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """``reached``: nodes that come from the column; ``hidden``: uses that the caller may not see."""

    column: str
    reached: Sequence[Node]
    uses: Sequence[Use]
    followers: int
    hidden: int = 0


def impact_of(call: Call, lineage: Lineage, column: str) -> Impact:
    """Everything that the column's going would touch.  Raises ``NoSuchColumn``.

    Rules, keys and elements are told to those who may see the dataset's drafts.
    """
    wanted = downstream(lineage.graph, [column_of(lineage, column)])
    uses, hidden = ([], 0) if not lineage.insider else _uses(call, lineage, column)
    return Impact(
        column=column,
        reached=[node for id, node in lineage.graph.nodes.items() if id in wanted],
        uses=uses,
        followers=engagement.followers(call, lineage.dataset.name),
        hidden=hidden,
    )


def _uses(call: Call, lineage: Lineage, column: str) -> tuple[list[Use], int]:
    session, table_id, name = call.session, lineage.version.table_id, lineage.dataset.name
    found: list[Use] = []
    for book in (quality.book_in_force(session, table_id), quality.open_book(session, table_id)):
        if book is not None:
            found += _rules(quality.parse_rules(book.text), column, name)
    if column in (table_by_id(session, table_id).update or {}).get("key", []):
        found.append(Use("update-key", column, where=name))
    found += _agreements(call, table_id, column)
    assigned = elements.assignments_of(session, table_id).get(column)
    if assigned is not None:
        found.append(Use("element", assigned.element, where=name))
    if allowed(call, Permission.standard_read):
        for entity, field in standardisation.fields_made_of(session, table_id, column):
            found.append(Use("standard", field, where=entity.title))
    referring = list(_references(call, lineage.dataset, column))
    found += [use for use in referring if use is not None]
    return list(dict.fromkeys(found)), referring.count(None)


def _rules(rules: RuleSet, column: str, where: str) -> Iterator[Use]:
    for rule in rules.rules:
        if column in _named(rule):
            yield Use("rule", rule.id, rule.title, where)
    if column in rules.key:
        yield Use("row-key", column, where=where)


def _named(rule: Rule) -> tuple[str, ...]:
    return (*rule.check.reads, *(quality.columns_of(rule.when) if rule.when else ()))


def _agreements(call: Call, table_id: str, column: str) -> Iterator[Use]:
    for each in call.session.scalars(select(Contract).where(Contract.table_id == table_id)):
        if allowed(call, Permission.source_read, office=each.office_id):
            if each.marker == column:
                yield Use("marker", column, where=each.name)
            if column in each.update.get("key", []):
                yield Use("update-key", column, where=each.name)


def _references(call: Call, dataset: Dataset, column: str) -> Iterator[Use | None]:
    """Rules of other tables that look values up in this column; None for each the caller may not see."""
    for book in quality.books_in_force(call.session):
        if dataset.name not in book.text and dataset.id not in book.text:
            continue
        for rule in quality.parse_rules(book.text).rules:
            if column in _looked_up(rule, (dataset.name, dataset.id)):
                owner = _dataset_of(call, book.table_id)
                yield Use("reference", rule.id, rule.title, owner.name) if owner else None


def _looked_up(rule: Rule, names: tuple[str, str]) -> tuple[str, ...]:
    check = rule.check
    if getattr(check, "reference", None) in names:
        return tuple(getattr(check, "reference_columns", ()))
    if getattr(check, "totals", None) in names:
        # the file of totals has the groups' columns under the same names
        return (getattr(check, "totals_column", ""), *getattr(check, "by", ()))
    return ()


def _dataset_of(call: Call, table_id: str) -> Dataset | None:
    asked = select(Resource.dataset_id).where(Resource.table_id == table_id).limit(1)
    found = catalogue.datasets_by_ids(call, call.session.scalars(asked).all())
    seen = [each for each in found if allowed(call, Permission.dataset_read_draft, office=each.office_id)]
    return seen[0] if seen else None
