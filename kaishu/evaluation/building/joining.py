"""Units of up to three sources as one table: a base, facts and judgements, joined by the id of the unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kaishu.base.errors import Said
from kaishu.evaluation.building.data import condition_columns, conditions_of
from kaishu.evaluation.building.errors import NoSource, SeveralPeriods, TwoSources
from kaishu.evaluation.building.notes import Notice
from kaishu.evaluation.building.table import Remark, UnitTable
from kaishu.evaluation.system.model import Fact, Judged, Node, Passport, column_of

#: Names in a sentence, and names kept beside it where there are more.
_NAMED, _MOST_NAMED = 12, 500
_BASE, _JUDGED = Said("表或文件", "the table"), Said("评判", "the judgements")
_FACTS = Said("平台事实", "the facts")


@dataclass(frozen=True, slots=True)
class _Part:
    word: Said
    units: UnitTable

    @property
    def columns(self) -> set[str]:
        return self.units.numbers.keys() | self.units.texts.keys()


def joined(
    base: UnitTable | None = None, facts: UnitTable | None = None, judgements: UnitTable | None = None
) -> UnitTable:
    """One table with the columns of all sources for the units of the base, else of the judgements.

    Both name units that somebody chose, while facts are counted for all there are.  A unit that another
    source does not have is missing there, and one that only another has is not evaluated; notices tell both
    by name.  Names and classes that the first source lacks are taken from the others.  One source alone
    comes back as it is.  Raises ``TwoSources`` for a column that is in two, and ``SeveralPeriods`` for units
    that are there more than once.
    """
    parts = [
        _Part(word, units)
        for word, units in ((_BASE, base), (_JUDGED, judgements), (_FACTS, facts))
        if units is not None and (len(units) or units.numbers or units.texts)
    ]
    if len(parts) < 2:
        return parts[0].units if parts else UnitTable(ids=(), numbers={})
    first, *others = parts
    _check(parts)
    found, ids = first.units, first.units.ids
    notices = [*found.notices]
    for part in others:
        units = part.units
        place = {id: row for row, id in enumerate(units.ids)}
        rows = np.array([place.get(id, -1) for id in ids], dtype=np.int64)
        notices += [*units.notices, *_unmatched(first.units, part), *_other_classes(first.units, part, rows)]
        found = _added(found, units, rows)
    return replace(
        found,
        source=" + ".join(part.units.source or part.word.en for part in parts),
        origins={name: _origin(part, name) for part in parts for name in sorted(part.columns)},
        notices=tuple(notices),
    )


def completed(table: UnitTable, passport: Passport, *, absent: bool = False) -> UnitTable:
    """The table with every column that the passport reads; with ``absent`` those not there are missing.

    Raises ``NoSource`` with the indicators that no source fills.
    """
    words = {
        each.column: isinstance(each.equals, str)
        for condition in conditions_of(passport)
        for each in condition_columns(condition)
    }
    leaves = {column_of(leaf): _said(leaf) for leaf in passport.leaves()}
    per = {leaf.indicator.per for leaf in passport.leaves() if leaf.indicator and leaf.indicator.per}
    missing = [
        name
        for name in dict.fromkeys([*leaves, *sorted(per), *words])
        if name not in table.numbers and not (words.get(name) and name in table.texts)
    ]
    if missing and not absent:
        raise NoSource([leaves.get(name, Said(name, name)) for name in missing])
    nothing = np.full(len(table), np.nan)
    unsaid = (None,) * len(table)
    texts = {name: unsaid for name, text in words.items() if text and name not in table.texts}
    return replace(
        table,
        numbers={**table.numbers, **dict.fromkeys(missing, nothing)},
        texts={**table.texts, **texts},
    )


def _said(leaf: Node) -> Said:
    origin = leaf.indicator.from_ if leaf.indicator else None
    if isinstance(origin, Fact):
        return Said(f"{leaf.code}（平台事实 {origin.fact}）", f"{leaf.code} (fact {origin.fact})")
    if isinstance(origin, Judged):
        return Said(f"{leaf.code}（评判）", f"{leaf.code} (judged)")
    column = column_of(leaf)
    return Said(f"{leaf.code}（列“{column}”）", f'{leaf.code} (column "{column}")')


def _check(parts: Sequence[_Part]) -> None:
    seen: dict[str, _Part] = {}
    for part in parts:
        for name in sorted(part.columns & seen.keys()):
            raise TwoSources(name, seen[name].word, part.word)
        seen |= dict.fromkeys(part.columns, part)
        ids = part.units.ids
        if len(set(ids)) < len(ids):
            twice = next(id for row, id in enumerate(ids) if id in ids[:row])
            raise SeveralPeriods(unit=twice)


def _added(found: UnitTable, units: UnitTable, rows: NDArray[np.int64]) -> UnitTable:
    """The columns of ``units`` beside those of ``found``, in its order; -1 is a unit that is not there."""
    there = rows >= 0
    ids = set(found.ids)

    def taken(values: Sequence[str | None]) -> list[str | None]:
        return [values[row] if row >= 0 else None for row in rows.tolist()]

    def filled(own: Sequence[str | None], other: Sequence[str | None]) -> tuple[str | None, ...]:
        return tuple(a if a is not None else b for a, b in zip(own, taken(other), strict=True))

    def gathered(column: np.ndarray, nothing: float | bool) -> np.ndarray:
        if not len(column):
            return np.full(len(rows), nothing, dtype=column.dtype)
        return np.where(there, column[rows], nothing).astype(column.dtype)

    named = zip(found.ids, found.names, taken(units.names), strict=True)
    return replace(
        found,
        names=tuple(other if name == id and other else name for id, name, other in named),
        classes=filled(found.classes, units.classes),
        groups=filled(found.groups, units.groups),
        periods=filled(found.periods, units.periods),
        numbers={
            **found.numbers,
            **{name: gathered(column, np.nan) for name, column in units.numbers.items()},
        },
        texts={**found.texts, **{name: tuple(taken(column)) for name, column in units.texts.items()}},
        not_applicable={
            **found.not_applicable,
            **{name: gathered(mask, False) for name, mask in units.not_applicable.items()},
        },
        remarks={**found.remarks, **{key: each for key, each in units.remarks.items() if key[0] in ids}},
    )


def _unmatched(first: UnitTable, part: _Part) -> list[Notice]:
    own, other = _names(first), _names(part.units)
    found = []
    word = part.word
    if lacking := sorted(own.keys() - other.keys()):
        zh, en = _listed([own[id] for id in lacking])
        are = "unit is" if len(lacking) == 1 else "units are"
        it = "it is" if len(lacking) == 1 else "they are"
        said = Said(
            f"{word}里没有{len(lacking)}个评估对象，它们的这些指标缺失：{zh}",
            f"{len(lacking)} {are} not in {word.en}, where {it} missing: {en}",
        )
        found.append(Notice("unmatched", said, "", tuple(lacking)))
    if beyond := sorted(other.keys() - own.keys()):
        names = [other[id] for id in beyond]
        # Facts are counted for all there are, also for the providers of other portals: hundreds of names.
        many = len(names) > _NAMED
        zh, en = _listed(names)
        units = "unit of {} is" if len(names) == 1 else "units of {} are"
        said = Said(
            f"{word}里有{len(names)}个对象不在评估对象之列，未参加评估" + ("" if many else f"：{zh}"),
            f"{len(names)} {units.format(word.en)} not among those evaluated and left out"
            + ("" if many else f": {en}"),
        )
        found.append(Notice("unmatched", said, others=tuple(names[:_MOST_NAMED]) if many else ()))
    return found


def _other_classes(first: UnitTable, part: _Part, rows: NDArray[np.int64]) -> list[Notice]:
    """The class decides weights and what applies; where sources disagree the first one holds."""
    found = []
    for at, row in enumerate(rows.tolist()):
        own, other = first.classes[at], part.units.classes[row] if row >= 0 else None
        if own is not None and other is not None and own != other:
            found.append(at)
    if not found:
        return []
    zh, en = _listed(sorted(first.names[at] for at in found))
    has = "unit has" if len(found) == 1 else "units have"
    said = Said(
        f"{part.word}里{len(found)}个对象的类别不同，以先给出的为准：{zh}",
        f"{len(found)} {has} another class in {part.word.en}; that of the first source holds: {en}",
    )
    return [Notice("class", said, "", tuple(sorted(first.ids[at] for at in found)))]


def _names(units: UnitTable) -> Mapping[str, str]:
    return dict(zip(units.ids, units.names, strict=True))


def _listed(names: Sequence[str]) -> tuple[str, str]:
    shown, more = names[:_NAMED], len(names) > _NAMED
    return "、".join(shown) + ("等" if more else ""), ", ".join(shown) + (" and others" if more else "")


def _origin(part: _Part, column: str) -> Remark:
    source = part.units.source
    return Remark(
        f"{part.word}" + (f"“{source}”" if source else "") + f"的“{column}”",
        f'"{column}" of {part.word.en}' + (f' "{source}"' if source else ""),
    )
