"""Other weights tried on a result: fields and a ranking that follows; the address is the link to share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

import numpy as np
from starlette.responses import Response
from starlette.routing import Route

from kaishu import evaluation, http
from kaishu.base.errors import KaishuError
from kaishu.evaluation import Node, Passport, Result
from kaishu.evaluation.models import Evaluation
from kaishu.web.evaluation_blocks import (
    figure,
    mark_of,
    mark_word,
    node_title,
    order_of,
    percent,
    rank_of,
    signed,
    span_of,
    stage_place,
    title_of,
    unit_href,
    width_of,
)
from kaishu.web.evaluation_contexts import UnitLine
from kaishu.web.evaluation_trial_contexts import TryingPage, WeightField, WeightGroup
from kaishu.web.pages.evaluation import problems_of
from kaishu.web.pages.evaluation_results import RESULT, kept_of
from kaishu.web.rendering import address, render
from kaishu.web.routing import Visit, page, said
from kaishu.web.stage_blocks import stages_moved
from kaishu.web.words import _, listed

#: Fields of weights are named so, each by its node's code.
PREFIX, MOST_SHOWN = "w.", 1000


def show(visit: Visit) -> Response:
    """The fields and what comes of them."""
    run, result = kept_of(visit)
    now = evaluation.shares_now(result)
    asked = _asked(visit, result, now)
    after, trouble = result, None
    try:
        shares = {**now, **evaluation.relative_weights(result, asked)}
        after = evaluation.what_if(result, asked)
    except KaishuError as error:
        problems = problems_of(error)
        shares, trouble = now, (listed(problems), "") if problems else said(error)
    here, span = f"/evaluation/results/{run.id}/what-if", span_of(after)
    pairs = [(PREFIX + code, value.removesuffix("%")) for code, value in asked.items()]
    context = TryingPage(
        run=run,
        title=title_of(result.passport),
        groups=list(_groups(result.passport, now, shares, asked)),
        lines=[_line(run, result, after, row, span) for row in order_of(after)[:MOST_SHOWN]],
        mark=mark_word(result),
        staged=bool(result.stages),
        grouped=result.passport.rank.within == "group",
        finding=_finding(result, after),
        link=http.site_url(visit.request) + address(here, *pairs),
        changed=bool(asked),
        trouble=trouble,
    )
    return render("evaluation/what_if.html", visit.shell, context, 422 if trouble else 200)


def _asked(visit: Visit, result: Result, now: Mapping[str, Fraction]) -> dict[str, str]:
    """Weights that differ from the present ones, as percent; what is empty stays as it is."""
    found = {}
    for name, value in visit.request.query_params.multi_items():
        code, value = name.removeprefix(PREFIX), value.strip().removesuffix("%")
        if name.startswith(PREFIX) and code in now and value and value != percent(now[code]):
            found[code] = value if "/" in value else f"{value}%"
    return found


def _groups(
    passport: Passport, now: Mapping[str, Fraction], shares: Mapping[str, Fraction], asked: Mapping[str, str]
) -> Iterator[WeightGroup]:
    def walk(code: str, title: str, nodes: tuple[Node, ...], level: int) -> Iterator[WeightGroup]:
        if len(nodes) > 1:
            yield WeightGroup(
                code=code,
                title=title,
                fields=[
                    WeightField(
                        code=node.code,
                        title=node_title(node),
                        value=asked[node.code].removesuffix("%")
                        if node.code in asked
                        else percent(now[node.code]),
                        share=percent(round(shares[node.code], 6)),
                        before=percent(now[node.code]),
                    )
                    for node in nodes
                ],
                open=level == 0 or any(node.code in asked for node in nodes),
            )
        for node in nodes:
            if node.children:
                yield from walk(node.code, node_title(node), node.children, level + 1)

    yield from walk("index", _("总分"), passport.tree, 0)


def _line(run: Evaluation, before: Result, after: Result, row: int, span: tuple[float, float]) -> UnitLine:
    digits, table = before.passport.digits, before.table
    old, new = float(before.rank[row]), float(after.rank[row])
    moved = 0.0 if np.isnan(old) or np.isnan(new) else old - new
    if before.stages:
        moved = stage_place(after, row) - stage_place(before, row)
    return UnitLine(
        rank=rank_of(new),
        name=f"{table.names[row]} {table.periods[row]}" if table.periods[row] else table.names[row],
        id=table.ids[row],
        href=unit_href(run, before, row),
        score=figure(after.index[row], digits),
        width=width_of(after.index[row], span),
        mark=mark_of(after, row),
        group=table.groups[row] or "" if before.passport.rank.within == "group" else "",
        cells=[],
        before=rank_of(old),
        moved=moved,
        change=signed(float(after.index[row] - before.index[row]), digits),
    )


def _finding(before: Result, after: Result) -> str:
    if before.stages:
        pairs = zip(after.table.names, before.stages, after.stages, strict=True)
        return stages_moved([name for name, old, new in pairs if old != new])
    gains = np.nan_to_num(before.rank - after.rank)
    if not gains.any():
        return _("名次没有变化。")
    names, count = before.table.names, int((gains != 0).sum())
    up, down = int(gains.argmax()), int(gains.argmin())
    return _(
        "{n}个对象的名次有变化；{up}升{a}位，{down}降{b}位。",
        n=count,
        up=names[up],
        a=f"{gains[up]:g}",
        down=names[down],
        b=f"{-gains[down]:g}",
    )


ROUTES: list[Route] = [page(f"{RESULT}/what-if", show)]
