"""Data of an evaluation: a base, facts and a round of judging, each as far as chosen, as one table."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from kaishu import catalogue, lake
from kaishu.access import Call, Permission, require
from kaishu.base.errors import Invalid, Said
from kaishu.evaluation.building.data import MOST_UNITS as MOST_ROWS
from kaishu.evaluation.building.data import NOWHERE, make_units, units_of_frame
from kaishu.evaluation.building.evaluating import own_data, units_for
from kaishu.evaluation.building.joining import completed, joined
from kaishu.evaluation.building.table import UnitTable
from kaishu.evaluation.errors import NoData, TooManyScores
from kaishu.evaluation.facts.measuring import facts_table
from kaishu.evaluation.facts.registry import all_facts
from kaishu.evaluation.judging.places import judged_of
from kaishu.evaluation.judging.reading import round_by_id
from kaishu.evaluation.judging.tabling import judgements_for
from kaishu.evaluation.models import SystemEdition
from kaishu.evaluation.system.built_in import folder_of
from kaishu.evaluation.system.choosing import Chosen, built_in_system, system_as_written, system_chosen
from kaishu.evaluation.system.model import Passport, column_of, facts_of

#: More than this is left to the worker: rows of a table, bytes of a file.
ROWS_AT_ONCE, BYTES_AT_ONCE = 20_000, 1_000_000
MOST_FILE = 32 * 1024 * 1024
#: Units times nodes of the largest result that is kept: some hundred megabytes of memory while it is packed.
MOST_CELLS = 500_000
_NAME = 60

#: Reads the base, without the columns that another source has.
Base = Callable[[Set[str]], UnitTable]


@dataclass(frozen=True, slots=True)
class DataChoice:
    """Which data.  A base: a table of a dataset, a file, columns as they are given, or the system's own.

    ``facts`` counts now what the system reads, by platform, catalogue, office or division; ``round`` takes
    the settled scores of a round of judging.  Nothing chosen means the system's own data, which ``own``
    chooses beside facts and judgements.  ``absent``: an indicator without a column is missing for all.
    """

    dataset: str = ""
    resource: str = ""
    version: int | None = None
    file_name: str = ""
    content: bytes = b""
    columns: dict[str, list[Any]] | None = None
    facts: str = ""
    absent: bool = False
    round: str = ""
    own: bool = False

    def __post_init__(self) -> None:
        # PostgreSQL keeps no NUL in a text.
        object.__setattr__(self, "file_name", self.file_name.replace("\0", ""))

    @property
    def base(self) -> str:
        """Given, table, file or own; empty without a base."""
        if self.columns is not None:
            return "given"
        if self.dataset or self.file_name:
            return "table" if self.dataset else "file"
        return "" if (self.facts or self.round) and not self.own else "own"

    @property
    def origin(self) -> str:
        """The source that says which units there are, in a word."""
        return self.base or ("round" if self.round else "facts")

    def as_dict(self) -> dict[str, Any]:
        """Without the data themselves."""
        return {
            "dataset": self.dataset,
            "resource": self.resource,
            "version": self.version,
            "file": self.file_name,
            "facts": self.facts,
            "absent": self.absent,
            "round": self.round,
            "own": self.own,
        }

    @staticmethod
    def from_dict(asked: Mapping[str, Any], content: bytes = b"") -> DataChoice:
        """The choice of ``as_dict``, or of what an evaluation was asked for, with the bytes of the file."""
        return DataChoice(
            dataset=asked["dataset"],
            resource=asked["resource"],
            version=asked["version"],
            file_name=asked["file"],
            content=content,
            facts=asked.get("facts", ""),
            absent=asked["absent"],
            round=asked.get("round", ""),
            own=asked.get("own", False),
        )


@dataclass(frozen=True, slots=True)
class Loaded:
    """A system and its units, ready to be computed; ``source`` names the base for people."""

    chosen: Chosen
    units: UnitTable
    origin: str
    source: str
    version_id: str | None
    asked: dict[str, Any]


def load_evaluation(call: Call, system: str, data: DataChoice) -> Loaded:
    """Read system and data; nothing is written.  Without a ``system`` it is that of the round.

    Raises ``NoSystem``, ``NoData``, ``BadData``, ``TooManyScores``, ``NoSource``, ``TwoSources``,
    ``SeveralPeriods``, those of facts and rounds, of reading a file and of finding a table.
    """
    require(call, Permission.evaluation_run)
    chosen = choose_system(call, system, data)
    asked = {"system": system, **data.as_dict()}
    source, version_id, base = _base(call, chosen, data, asked)
    if data.round:
        round = round_by_id(call, data.round)
        asked |= {"round_title": round.title, "round_title_en": round.title_en}
    units = gathered(call, chosen.passport, base, facts=data.facts, round=data.round, absent=data.absent)
    cells = len(units) * (len(list(chosen.passport.nodes())) + 1)
    if cells > MOST_CELLS:
        raise TooManyScores(count=cells, most=MOST_CELLS)
    return Loaded(chosen, units, data.origin, (source or units.source)[:500], version_id, asked)


def gathered(
    call: Call,
    passport: Passport,
    base: Base | None,
    *,
    facts: str = "",
    round: str = "",
    absent: bool = False,
) -> UnitTable:
    """The base with facts counted now and the settled scores of a round, joined by the id of the unit.

    Facts fill the indicators ``from: {fact: …}``, the round those ``from: {judged: …}``.  Raises as
    ``joined`` and ``completed`` do, ``Invalid`` for a source that the system does not read, and those of
    facts and rounds.
    """
    require(call, Permission.evaluation_run)
    if base is not None and not facts and not round:
        return base(NOWHERE)
    names = _fact_columns(passport) if facts else []
    codes = [each.code for each in judged_of(passport)] if round else []
    _check_read(bool(facts) and not names, bool(round) and not codes)
    counted = facts_table(call, names, facts) if facts else None
    judgements = judgements_for(call, round, passport) if round else None
    first = base(frozenset([*names, *codes])) if base is not None else None
    return completed(joined(first, counted, judgements), passport, absent=absent)


def choose_system(call: Call, system: str, data: DataChoice) -> Chosen:
    """The system that was asked for, or that of the round as it was when it began."""
    if system or not data.round:
        return system_chosen(call, system)
    round = round_by_id(call, data.round)
    return system_as_written(call, round.system, round.text)


def at_once(call: Call, data: DataChoice) -> bool:
    """Whether this is soon done, or to be left to the worker."""
    require(call, Permission.evaluation_run)
    if data.base == "table":
        found = catalogue.readable_version(call, data.dataset, data.resource or None, data.version)
        return found[2].rows <= ROWS_AT_ONCE
    return len(data.content) <= BYTES_AT_ONCE


def check_size(data: DataChoice) -> None:
    """Raises ``Invalid`` for a file that is too large."""
    if len(data.content) > MOST_FILE:
        said = Said(f"文件超过{MOST_FILE:,}字节。", f"The file is larger than {MOST_FILE:,} bytes.")
        raise Invalid({"file": [said]})


def _base(
    call: Call, chosen: Chosen, data: DataChoice, asked: dict[str, Any]
) -> tuple[str, str | None, Base | None]:
    """The name of the base, the version it is, and how to read it; ``asked`` gets what was resolved."""
    passport = chosen.passport
    if data.base == "table":
        dataset, entry, version = catalogue.readable_version(
            call, data.dataset, data.resource or None, data.version
        )
        asked |= {"dataset": dataset.name, "resource": entry.id, "version": version.number}
        source = f"{dataset.name} v{version.number}"

        def of_table(elsewhere: Set[str]) -> UnitTable:
            rows = lake.open_version(version).lazy().drop("_id", strict=False)
            frame = rows.head(MOST_ROWS + 1).collect()
            return units_of_frame(frame, passport, source=source, absent=data.absent, elsewhere=elsewhere)

        return source, version.id, of_table
    if data.base == "file":
        check_size(data)
        return data.file_name, None, lambda elsewhere: _units_of_file(passport, data, elsewhere)
    if data.base == "given":
        columns = data.columns or {}
        return (
            "",
            None,
            lambda elsewhere: make_units(columns, passport, absent=data.absent, elsewhere=elsewhere),
        )
    if data.base == "own":
        path = _own_file(call, chosen)
        return (
            path.name,
            None,
            lambda elsewhere: units_for(passport, path, path, absent=data.absent, elsewhere=elsewhere),
        )
    return "", None, None


def _fact_columns(passport: Passport) -> list[str]:
    """The facts that a system reads, also as what another fact is divided by."""
    found = []
    for leaf in facts_of(passport):
        found.append(column_of(leaf))
        if leaf.indicator and leaf.indicator.per in all_facts():
            found.append(leaf.indicator.per)
    return list(dict.fromkeys(found))


def _check_read(no_facts: bool, no_judged: bool) -> None:
    problems: dict[str, list[Said]] = {}
    if no_facts:
        said = Said("这个体系没有取自平台事实的指标。", "No indicator of this system is a fact.")
        problems["facts"] = [said]
    if no_judged:
        said = Said("这个体系没有由人评判的指标。", "No indicator of this system is judged.")
        problems["round"] = [said]
    if problems:
        raise Invalid(problems)


def _own_file(call: Call, chosen: Chosen) -> Path:
    """The file of a built-in system, also for editions made from it; no other file is ever opened."""
    row, root = chosen.row, chosen.passport.system
    while row is not None:
        root = row.based_on
        row = call.session.get(SystemEdition, root)
    if folder_of(root) is None or built_in_system(root).passport.data != chosen.passport.data:
        raise NoData(system=chosen.passport.system)
    return own_data(chosen.passport, root)


def _units_of_file(passport: Passport, data: DataChoice, elsewhere: Set[str]) -> UnitTable:
    name = PurePath(data.file_name.replace("\\", "/")).name.lstrip(".") or "data"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name[-_NAME:]
        path.write_bytes(data.content)
        return units_for(passport, path, path, absent=data.absent, elsewhere=elsewhere)
