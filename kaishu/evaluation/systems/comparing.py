"""A built-in system's result beside what was printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from kaishu.base.errors import Said
from kaishu.evaluation.building.evaluating import evaluate
from kaishu.evaluation.building.result import Result
from kaishu.evaluation.system.built_in import folder_of
from kaishu.evaluation.system.model import Passport
from kaishu.evaluation.system.reading import read_system
from kaishu.evaluation.systems import authorised, checklists, countries, measured, utilization
from kaishu.evaluation.systems.rows import Compared, Comparison

_NONE = Said("这个体系没有附公布的结果。", "This system ships no printed result.")
#: Of each built-in system: what agreement means, and its rows.
_BY_SYSTEM: dict[str, tuple[Said, Callable[[Result], Iterator[Compared]]]] = {
    "authorised-operation-2025": (authorised.ABOUT, authorised.rows),
    "data-quality-gbt36344": (measured.ABOUT_QUALITY, measured.quality_rows),
    "global-open-data-2020": (countries.ABOUT_SCORES, countries.score_rows),
    "guiyang-assessment": (checklists.ABOUT_GUIYANG, checklists.guiyang_rows),
    "hdi": (countries.ABOUT_HDI, countries.hdi_rows),
    "integration-2018": (checklists.ABOUT_STAGES, checklists.stage_rows),
    "mqa": (measured.ABOUT_MQA, measured.mqa_rows),
    "utilization-2021": (utilization.ABOUT, utilization.rows),
}


def compare(system: str | Path | Passport) -> Comparison:
    """The printed figures of a built-in system beside ours, on its own data; none for other systems.

    Raises ``NoSystem``, ``BadSystem``.
    """
    if isinstance(system, str) and folder_of(system):
        return _built_in(system)
    passport = system if isinstance(system, Passport) else read_system(system)
    return Comparison(passport.system, _NONE, ())


@cache
def _built_in(name: str) -> Comparison:
    about, rows = _BY_SYSTEM[name]
    return Comparison(name, about, tuple(rows(evaluate(name))))
