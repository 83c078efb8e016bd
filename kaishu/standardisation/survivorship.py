"""Whose value counts, as SQL: every step of a rule is a number, the smallest wins, ties go to the next step.

The end is always the order of the sources and then the smaller value, so that there is one answer whatever
the order of the rows.
"""

from __future__ import annotations

from collections.abc import Sequence

from kaishu.standardisation.conversions import literal
from kaishu.standardisation.mapping import Mapping, Step, Survivorship
from kaishu.standardisation.workspace import named

LAST = 1 << 62
#: What decided where no step had to: one value only, or all the same.
ONLY, AGREED, SOURCES, VALUE = "only", "agreed", "sources", "value"


def ranks(mapping: Mapping, rule: Survivorship) -> list[tuple[str, str]]:
    """(Name of the step, SQL of its number) over columns ``_source``, ``_when``, ``_value``, ``_same``
    (rows of the entity with the same value) and the other fields.
    """
    steps = [(_name(step), _number(mapping, step)) for step in rule.steps]
    return [*steps, (SOURCES, "CAST(_source AS BIGINT)")]


def _name(step: Step) -> str:
    if step.rule == "condition":
        return f"condition:{step.field}"
    return step.rule


def _number(mapping: Mapping, step: Step) -> str:
    if step.rule == "authority":
        numbers = {source.name: place for place, source in enumerate(mapping.sources)}
        cases = " ".join(f"WHEN {numbers[name]} THEN {rank}" for rank, name in enumerate(step.order))
        return f"CAST(CASE _source {cases} ELSE {len(step.order)} END AS BIGINT)"
    if step.rule == "newest":
        return f"coalesce(-_when, {LAST})"
    if step.rule == "longest":
        return "-length(_value)"
    if step.rule == "vote":
        return "-_same"
    wanted = ", ".join(literal(value) for value in step.among)
    there = f"coalesce({named(step.field)} IN ({wanted}), false)" if step.field in mapping.fields else "false"
    return f"CAST(CASE WHEN {there} THEN 0 ELSE 1 END AS BIGINT)"


def cells_sql(mapping: Mapping, name: str) -> str:
    """One row for each entity that has the field: ``entity``, ``field``, ``value``, ``source``, ``row``,
    ``rule`` and ``losers`` [{source, row, value}], from the tables ``rows`` and ``entities`` (_id, entity).
    """
    rule = mapping.rules[name]
    steps = ranks(mapping, rule)
    same = "count(*) OVER (PARTITION BY entity, _value)" if _votes(rule) else "0"
    numbers = ", ".join(f"{sql} AS _n{place}" for place, (_, sql) in enumerate(steps))
    order = ", ".join(f"r._n{place}" for place in range(len(steps)))
    key = f"row({order}, r._value, r._id)"
    return f"""
        WITH given AS (
            SELECT entity, _id, _source, _row, _when, {named(name)} AS _value, {same} AS _same, r.*
                EXCLUDE (_id, _source, _row, _when)
            FROM rows r JOIN entities USING (_id) WHERE {named(name)} IS NOT NULL),
        ranked AS (SELECT entity, _id, _source, _row, _value, {numbers} FROM given),
        shortly AS (
            SELECT entity, arg_min(_id, {key}) AS best, count(*) AS n, min(_value) <> max(_value) AS differs
            FROM ranked r GROUP BY entity),
        won AS (
            SELECT s.entity, s.n, s.differs, r._id, r._source, r._row, r._value
            FROM shortly s JOIN ranked r ON r._id = s.best),
        disputed AS (
            SELECT r.entity,
                arg_min([{order}], {key}) FILTER (r._value = w._value) AS best,
                arg_min([{order}], {key}) FILTER (r._value <> w._value) AS second,
                list(struct_pack(source := {_title(mapping, "r._source")}, "row" := r._row,
                    "value" := r._value) ORDER BY {key}) FILTER (r._value <> w._value) AS losers
            FROM ranked r JOIN won w ON r.entity = w.entity AND w.differs GROUP BY r.entity)
        SELECT w.entity, {literal(name)} AS field, {_kept(mapping, rule)} AS value,
            {_title(mapping, "w._source")} AS source, w._row AS "row",
            CASE WHEN d.entity IS NOT NULL THEN {_decider(steps)}
                WHEN w.n = 1 THEN '{ONLY}' ELSE '{AGREED}' END AS rule,
            d.losers AS losers
        FROM won w LEFT JOIN disputed d ON w.entity = d.entity"""  # noqa: S608


def _votes(rule: Survivorship) -> bool:
    return any(step.rule == "vote" for step in rule.steps)


def _decider(steps: Sequence[tuple[str, str]]) -> str:
    cases = "".join(
        f"WHEN d.best[{n}] <> d.second[{n}] THEN {literal(name)} " for n, (name, _) in enumerate(steps, 1)
    )
    return f"CASE {cases}ELSE '{VALUE}' END"


def _kept(mapping: Mapping, rule: Survivorship) -> str:
    """The winning value, or nothing where only other sources than those allowed have one."""
    if not rule.strict:
        return "w._value"
    numbers = {source.name: place for place, source in enumerate(mapping.sources)}
    allowed = ", ".join(str(numbers[name]) for name in rule.steps[0].order)
    return f"CASE WHEN w._source IN ({allowed}) THEN w._value END"


def _title(mapping: Mapping, number: str) -> str:
    cases = " ".join(
        f"WHEN {place} THEN {literal(source.name)}" for place, source in enumerate(mapping.sources)
    )
    return f"CASE {number} {cases} END"
