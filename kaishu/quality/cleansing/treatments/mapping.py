"""Values to codes, codes to labels, old codes to the ones that came after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from kaishu.base.errors import Said
from kaishu.quality.checks import Given
from kaishu.quality.cleansing.treatments.code_sets import (
    DIVISIONS,
    known_sets,
    labels_of,
    spellings_of,
    successors,
)
from kaishu.quality.cleansing.treatments.treatment import CellTreatment, Outcome, Types, View, restored, where

_UNKNOWN = Said("对照表里没有这个值", "the mapping does not have this value")
_NO_SUCCESSOR = Said("没有唯一可知的后继代码", "no single code is known to have come after it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped(CellTreatment):
    """Values are replaced by a list or by a shipped code set; compared as written.

    A value that the mapping neither has nor gives stays and is listed.
    """

    kind: ClassVar[str] = "map"
    zh: ClassVar[str] = "代码对照"
    en: ClassVar[str] = "values are replaced by a mapping"
    parameters: ClassVar = {
        "column": ("一列", "a column"),
        "columns": ("几列", "columns"),
        "values": ("旧值: 新值", "old value: new value"),
        "codes": ("随软件提供的代码表的名称", "name of a shipped code set"),
        "to": (
            "code（默认，名称变代码）、label（代码变名称）或 successor（旧区划代码变后继，仅 gb-t-2260）",
            "code (default, names to codes), label (codes to names) or successor (old division codes to "
            "those that came after, gb-t-2260 only)",
        ),
        "unknown": (
            "list（默认）或 pass：表里没有的值要不要列出",
            "list (default) or pass: values it does not have",
        ),
    }
    columns: tuple[str, ...]
    values: tuple[tuple[str, str], ...] = ()
    codes: str = ""
    to: str = "code"
    unknown: str = "list"

    @classmethod
    def read(cls, given: Given) -> Mapped:
        given.need("values", "codes")
        codes, to = given.text("codes"), given.choice("to", ("code", "label", "successor"), "code")
        if codes and codes not in known_sets():
            known = ", ".join(known_sets())
            raise given.wrong(
                "codes", f"没有代码表“{codes}”；有：{known}", f'no code set "{codes}"; there are {known}'
            )
        if to == "successor" and codes != DIVISIONS:
            raise given.wrong(
                "to", f"只有 {DIVISIONS} 有后继代码", f"only {DIVISIONS} has codes that come after"
            )
        return cls(
            columns=given.columns(),
            values=tuple(pairs_of(given, "values").items()),
            codes=codes,
            to=to,
            unknown=given.choice("unknown", ("list", "pass"), "list"),
        )

    def reads(self, types: Types) -> tuple[str, ...]:
        return self.columns

    def writes(self, types: Types) -> dict[str, str]:
        return {column: types[column] for column in self.columns}

    def apply(self, view: View) -> Mapping[str, Outcome]:
        mapping, good = view.once((self.kind, self), self._mapping)
        return {column: self._treat(view, column, mapping, good) for column in self.columns}

    def _treat(self, view: View, column: str, mapping: dict[str, str], good: frozenset[str]) -> Outcome:
        import polars as pl

        cells, texts = view.frame[column], view.text(column)
        found = texts.replace_strict(mapping, default=None, return_dtype=pl.String)
        new = restored(found, view.types[column])
        cells = where(new.is_not_null(), new, cells)
        lost = found.is_not_null() & new.is_null()
        if self.unknown == "pass":
            return Outcome(cells, lost, _UNKNOWN)
        known = texts.is_null() | texts.is_in(list(good)) | found.is_not_null()
        return Outcome(cells, ~known | lost, _NO_SUCCESSOR if self.to == "successor" else _UNKNOWN)

    def _mapping(self) -> tuple[dict[str, str], frozenset[str]]:
        """Old value to new one, and the values that need no change."""
        found: dict[str, str] = {}
        good: set[str] = set()
        if self.codes:
            labels = labels_of(self.codes)
            if self.to == "successor":
                found, current = successors()
                good |= current
            else:
                found = dict(labels) if self.to == "label" else spellings_of(self.codes)
                good |= set(labels.values() if self.to == "label" else labels)
        found |= dict(self.values)
        good |= {new for _, new in self.values}
        for value in good - dict(self.values).keys():
            found.pop(value, None)
        return found, frozenset(good)


def pairs_of(given: Given, name: str) -> dict[str, str]:
    """A parameter that is a mapping of texts as written.  Raises ``Wrong``."""
    if not given.has(name):
        return {}
    entry = given.entries[name]
    entries = entry.value
    if (
        not isinstance(entries, dict)
        or not entries
        or any(isinstance(each.value, dict | list) or each.value is None for each in entries.values())
    ):
        raise given.wrong(name, "应为“旧值: 新值”", 'should be "old value: new value" lines')
    return {old: new.text for old, new in entries.items()}
