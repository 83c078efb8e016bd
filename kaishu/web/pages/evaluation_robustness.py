"""How firm ranks are: many ways of building the same index, drawn once for each result and remembered."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from starlette.responses import Response
from starlette.routing import Route

from kaishu.base.errors import KaishuError, in_language
from kaishu.evaluation import Result, robustness
from kaishu.evaluation.models import Evaluation
from kaishu.evaluation.robustness import Removal, Spread
from kaishu.web.evaluation_blocks import mark_of, node_title, order_of, rank_of, title_of, unit_href
from kaishu.web.evaluation_trial_contexts import FirmLine, FirmPage, RemovalLine
from kaishu.web.figures import share
from kaishu.web.pages.evaluation_results import RESULT, kept_of
from kaishu.web.rendering import render
from kaishu.web.routing import Visit, page, said
from kaishu.web.words import _, language, listed

RUNS = 500
#: Cells (units x indicators) of the largest result that is drawn while somebody waits.
MOST_CELLS, _REMEMBERED, SHOWN_REMOVALS = 20_000, 32, 10


@dataclass(frozen=True, slots=True)
class _Found:
    spreads: tuple[Spread, ...]
    factors: tuple[str, ...]
    removals: tuple[Removal, ...]


_memory: OrderedDict[tuple[str, str], _Found] = OrderedDict()
#: One result is drawn at a time, so that visitors cannot keep every core busy.
_lock = threading.Lock()


def show(visit: Visit) -> Response:
    """Ranges of ranks, how often each rank is kept, and what happens without an indicator."""
    run, result = kept_of(visit)
    found, trouble = None, None
    large = run.units * run.indicators > MOST_CELLS
    if not large:
        try:
            found = _found(result)
        except KaishuError as error:
            trouble = said(error)
    context = FirmPage(
        run=run,
        title=title_of(result.passport),
        large=large,
        runs=RUNS,
        varied=_varied(found),
        finding=_finding(result, found),
        lines=_lines(run, result, found) if found else [],
        graded=bool(result.grades or result.stages),
        staged=bool(result.stages),
        grouped=result.passport.rank.within == "group",
        removals=_removals(result, found) if found else [],
        still=sum(not each.moved for each in found.removals) if found else 0,
        trouble=trouble,
    )
    return render("evaluation/robustness.html", visit.shell, context)


def _found(result: Result) -> _Found:
    key = (result.fingerprint, result.data_digest)
    with _lock:
        if key not in _memory:
            drawn = robustness.analyse_uncertainty(result, runs=RUNS)
            _memory[key] = _Found(drawn.spreads(), drawn.uncertainty.factors, robustness.removals(result))
            while len(_memory) > _REMEMBERED:
                _memory.popitem(last=False)
        _memory.move_to_end(key)
        return _memory[key]


def _lines(run: Evaluation, result: Result, found: _Found) -> list[FirmLine]:
    spreads = found.spreads
    most = max((each.high or 0.0 for each in spreads), default=1.0) or 1.0
    lines = []
    rows = [result.row_of(each.id, each.period) for each in spreads]
    place = {row: at for at, row in enumerate(order_of(result))}
    for row, each in sorted(zip(rows, spreads, strict=True), key=lambda pair: place[pair[0]]):
        low, high = each.low or 0.0, each.high or 0.0
        lines.append(
            FirmLine(
                name=f"{each.name} {each.period}" if each.period else each.name,
                href=unit_href(run, result, row),
                group=result.table.groups[row] or "",
                rank=rank_of(each.rank),
                mark=mark_of(result, row),
                low=rank_of(each.low if each.low is None else np.floor(each.low)),
                high=rank_of(each.high if each.high is None else np.ceil(each.high)),
                start=round(100 * max(0.0, low - 1) / most, 2),
                width=round(100 * (high - low + 1) / most, 2),
                nominal=round(100 * max(0.0, (each.rank or 1.0) - 0.5) / most, 2),
                same=share(each.same),
                keeps=share(each.keeps),
                beats=share(each.beats_next),
            )
        )
    return lines


def _finding(result: Result, found: _Found | None) -> str:
    if found is None:
        return ""
    if result.stages:
        return _stages_kept(found.spreads)
    known = [each for each in found.spreads if each.low is not None and each.high is not None]
    if not known:
        return ""
    firm = sum(1 for each in known if each.low == each.high)
    widest = max(known, key=lambda each: (each.high or 0.0) - (each.low or 0.0))
    if firm == len(known):
        return _("所有对象的名次都稳定不动。")
    middle = float(np.median([(each.high or 0.0) - (each.low or 0.0) for each in known]))
    return _(
        "{firm}个对象的名次稳定不动；一半对象的名次区间不超过{middle}位；{name}最不稳，在第{low}到第{high}名之间。",
        firm=firm,
        middle=f"{middle:g}",
        name=widest.name,
        low=rank_of(np.floor(widest.low or 0.0)),
        high=rank_of(np.ceil(widest.high or 0.0)),
    )


def _stages_kept(spreads: Sequence[Spread]) -> str:
    known = [(each.keeps, each.name) for each in spreads if each.keeps is not None]
    firm = sum(1 for keeps, _name in known if keeps == 1.0)
    if firm == len(known):
        return _("所有对象的阶段都稳定不动。")
    least, name = min(known)
    return _(
        "{firm}个对象的阶段稳定不动；{name}最不稳，{share}的情况下不变。",
        firm=firm,
        name=name,
        share=share(least),
    )


def _varied(found: _Found | None) -> str:
    if found is None:
        return ""
    told = [in_language(robustness.FACTORS[each], language()) for each in found.factors]
    return listed(each[:1].lower() + each[1:] for each in told)


def _removals(result: Result, found: _Found) -> list[RemovalLine]:
    """Those that move a rank, or a stage, the first so many."""
    return [
        RemovalLine(
            title=node_title(result.nodes[each.code][0]),
            code=each.code,
            mean=f"{each.mean_shift:.2f}",
            moved=share(each.moved),
            most="" if each.unit is None else f"{each.unit} {each.largest:+d}",
        )
        for each in [one for one in found.removals if one.moved][:SHOWN_REMOVALS]
    ]


ROUTES: list[Route] = [page(f"{RESULT}/robustness", show)]
