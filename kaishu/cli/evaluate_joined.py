"""``kaishu evaluate --facts --round``: a file of data joined with what the platform knows."""

from __future__ import annotations

from collections.abc import Mapping, Set
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaishu.cli.entrance import terminal_call

if TYPE_CHECKING:
    from fractions import Fraction

    from kaishu.evaluation import Result, UnitTable
    from kaishu.lake import ReadOptions


def evaluate_joined(
    system: str,
    data: Path | None,
    given: Mapping[str, Any],
    reading: ReadOptions | None,
    weights: Mapping[str, str | float | Fraction],
) -> Result:
    """Evaluate units of a file, facts counted now and a round of judging, joined by id; nothing is kept.

    ``system`` is a file, or what the platform or the program knows by that name or id.
    """
    from kaishu import evaluation

    absent = given["allow_absent"]
    with terminal_call(write=False) as call:
        known = Path(system).is_file()
        passport = (
            evaluation.read_system(system) if known else evaluation.system_chosen(call, system).passport
        )

        def base(elsewhere: Set[str]) -> UnitTable:
            return evaluation.units_for(
                passport, system, data, absent=absent, reading=reading, elsewhere=elsewhere
            )

        units = evaluation.gathered(
            call,
            passport,
            base if data is not None else None,
            facts=given["scope"] or "",
            round=given["round"] or "",
            absent=absent,
        )
    return evaluation.evaluate(passport, units, weights=weights or None)
