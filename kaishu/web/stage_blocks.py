"""Results whose outcome is a stage: units stand under their stage, and move from stage to stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kaishu.evaluation import Result, robustness
from kaishu.web.evaluation_blocks import mark_of, stage_place
from kaishu.web.evaluation_contexts import StageBlock, UnitLine
from kaishu.web.evaluation_trial_contexts import MovedLine
from kaishu.web.figures import DASH
from kaishu.web.words import _, _n, language, listed

#: Cells (units x nodes) of the largest result whose criteria are counted while somebody waits.
MOST_CELLS, NAMED = 20_000, 8


def stages_of(
    result: Result, rows: Sequence[int], shown: Sequence[int], lines: Sequence[UnitLine]
) -> list[StageBlock]:
    """The lines of the rows shown under their stages, the highest first; counts are of all ``rows``."""
    stages, met = result.passport.stages, _met(result, shown)
    places = {row: stage_place(result, row) for row in rows}
    found = []
    for place in range(len(stages) - 1, -2, -1):
        here = [
            replace(line, climb=met.get(row, ""))
            for row, line in zip(shown, lines, strict=True)
            if places[row] == place
        ]
        count = list(places.values()).count(place)
        title = stages[place].worded(language()) if place >= 0 else _("未达任何阶段")
        if here or (place >= 0 and not count):
            found.append(StageBlock(title, count, here))
    return found


def _met(result: Result, rows: Sequence[int]) -> dict[int, str]:
    """How many criteria of the next stage each unit meets; nothing of a large result, or at the top."""
    if result.scores.size > MOST_CELLS:
        return {}
    climbs = zip(rows, robustness.climbs(result, rows), strict=True)
    return {row: f"{each.met} / {each.criteria}" for row, each in climbs if each.next is not None}


def staged_moves(
    before: Result, after: Result, ids: Sequence[str], lines: Sequence[MovedLine]
) -> list[MovedLine]:
    """Units of two results with their stages for ranks."""
    old, new = ({id: row for row, id in enumerate(each.table.ids)} for each in (before, after))
    return [
        replace(
            line,
            before=mark_of(before, old[id]) or DASH,
            after=mark_of(after, new[id]) or DASH,
            moved=stage_place(after, new[id]) - stage_place(before, old[id]),
        )
        for id, line in zip(ids, lines, strict=True)
    ]


def stages_moved(names: Sequence[str]) -> str:
    """The sentence on the units that changed their stage."""
    if not names:
        return _("没有对象换了阶段。")
    more = "…" if len(names) > NAMED else ""
    return _n("{n}个对象换了阶段：{names}。", len(names), names=listed(names[:NAMED]) + more)
