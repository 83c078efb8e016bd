"""A result: the ranking, every unit opened down to its raw values, other weights, two results compared."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from kaishu import evaluation
from kaishu.access import Permission, allowed
from kaishu.base.errors import KaishuError
from kaishu.evaluation import Moved, Result
from kaishu.evaluation.models import Evaluation
from kaishu.web.edition_differences import differences_shown
from kaishu.web.evaluation_blocks import (
    charts_of,
    evaluation_line,
    figure,
    finding_of,
    heads_of,
    mark_word,
    notice_lines,
    order_of,
    policy_facts,
    rank_of,
    signed,
    source_of,
    span_of,
    spread_of,
    title_of,
    tree_lines,
    unit_href,
    unit_line,
)
from kaishu.web.evaluation_contexts import ResultPage
from kaishu.web.evaluation_printed import printed_of
from kaishu.web.evaluation_trial_contexts import ComparePage, MovedLine
from kaishu.web.figures import DASH, day
from kaishu.web.pages.evaluation_waiting import waiting_page
from kaishu.web.rendering import address, render
from kaishu.web.routing import Unchanged, Visit, act, moved, page, said, text
from kaishu.web.shell import (
    AGAIN_DIFFERS,
    AGAIN_SAME,
    EVALUATION_PUBLISHED,
    EVALUATION_WITHDRAWN,
    say,
)
from kaishu.web.stage_blocks import staged_moves, stages_moved, stages_of
from kaishu.web.words import _

RESULT = "/evaluation/results/{run}"
SHOWN, OTHERS = 500, 100
REPORTS = (("HTML", "html"), ("Word", "docx"), ("PDF", "pdf"))


def kept_of(visit: Visit) -> tuple[Evaluation, Result]:
    """The evaluation that the address names, with its result."""
    run = evaluation.evaluation_by_id(visit.call, visit.part("run"))
    return run, evaluation.result_of(visit.call.session, run)


def show(visit: Visit) -> Response:
    """The ranking and what surrounds it; how far it is, while there is none."""
    run = evaluation.evaluation_by_id(visit.call, visit.part("run"))
    return waiting_page(visit, run) if run.state == "waiting" else _show(visit)


def _show(visit: Visit, error: KaishuError | None = None) -> Response:
    run, result = kept_of(visit)
    group, asked = visit.query("group"), visit.query("q")
    heads, span = heads_of(result), span_of(result)
    rows = [row for row in order_of(result) if _wanted(result, row, group, asked)]
    start = int(visit.query("from")) if visit.query("from").isdecimal() else 0
    here, kept = f"/evaluation/results/{run.id}", [("group", group), ("q", asked)]
    passport, shown = result.passport, rows[start : start + SHOWN]
    lines = [unit_line(run, result, row, heads, span) for row in shown]
    others = [
        evaluation_line(each)
        for each in evaluation.evaluations(visit.call, system=run.system, limit=OTHERS)
        if each.id != run.id and each.state != "waiting"
    ]
    context = ResultPage(
        run=run,
        title=title_of(passport),
        edition=passport.edition,
        source=source_of(run),
        finding=finding_of(result),
        numbers=_numbers(run, result),
        lines=lines,
        stages=stages_of(result, rows, shown, lines) if result.stages else [],
        ranked=any(line.rank != DASH for line in lines) and not result.stages,
        total=len(rows),
        heads=heads,
        mark=mark_word(result),
        groups=sorted({each for each in result.table.groups if each})
        or sorted({each for each in result.table.classes if each}),
        group=group,
        asked=asked,
        next=address(here, *kept, ("from", start + SHOWN)) if start + SHOWN < len(rows) else "",
        previous=address(here, *kept, ("from", max(0, start - SHOWN))) if start else "",
        spread=spread_of(result),
        charts=charts_of(result),
        notices=notice_lines(result),
        tree=tree_lines(passport, run.asked.get("facts", "")),
        facts=policy_facts(passport),
        others=others,
        printed=printed_of(run),
        reports=[*reports_of(run), *files_of(run)],
        may_publish=bool(allowed(visit.call, Permission.evaluation_publish)),
        trouble=said(error) if error else None,
    )
    return render("evaluation/result.html", visit.shell, context, error.status if error else 200)


def _numbers(run: Evaluation, result: Result) -> list[tuple[str, str]]:
    found = [(_("对象数"), f"{run.units:,}"), (_("指标数"), f"{run.indicators:,}")]
    if result.stages:
        return found
    digits, summary = result.passport.digits, run.summary
    return [
        *found,
        (_("平均分"), figure(summary.get("mean"), digits)),
        (_("最高分"), figure(summary.get("highest"), digits)),
    ]


def again(visit: Visit, form: FormData) -> Response:
    """Made again: the same to the last bit, or by how much not."""
    run = evaluation.evaluation_by_id(visit.call, visit.part("run"))
    found = evaluation.evaluation_again(visit.call, run.id)
    answer = moved(visit, f"/evaluation/results/{run.id}")
    if found.same:
        return say(answer, AGAIN_SAME)
    return say(answer, AGAIN_DIFFERS, "care", difference=f"{found.difference:.3g}")


def settle(visit: Visit, form: FormData) -> Response:
    """Publish or withdraw."""
    id = visit.part("run")
    here = f"/evaluation/results/{id}"
    if text(form, "act") == "publish":
        run = evaluation.publish_evaluation(visit.call, id)
        return say(moved(visit, here), EVALUATION_PUBLISHED, name=run.title)
    try:
        run = evaluation.withdraw_evaluation(visit.call, id, text(form, "reason"))
    except KaishuError as error:
        raise Unchanged(_show(visit, error)) from error
    return say(moved(visit, here), EVALUATION_WITHDRAWN, name=run.title)


def compare(visit: Visit) -> Response:
    """This result against another one."""
    run, after = kept_of(visit)
    others = [
        each
        for each in evaluation.evaluations(visit.call, limit=OTHERS)
        if each.id != run.id and each.state != "waiting"
    ]
    others.sort(key=lambda each: each.system != run.system)
    wanted = visit.query("with") or next((each.id for each in others if each.system == run.system), "")
    other, before, found, trouble = None, None, None, None
    if wanted:
        try:
            other = evaluation.evaluation_by_id(visit.call, wanted)
            before = evaluation.result_of(visit.call.session, other)
            found = evaluation.compare_results(before, after)
        except KaishuError as error:
            trouble = said(error)
    rows = {id: row for row, id in enumerate(after.table.ids)}
    place = {row: at for at, row in enumerate(order_of(after))}
    units = sorted(found.units if found else [], key=lambda each: place[rows[each.id]])
    lines = [_moved_line(run, after, rows[each.id], each) for each in units]
    staged = bool(after.stages and before and before.stages)
    if before and staged:
        lines = staged_moves(before, after, [each.id for each in units], lines)
    context = ComparePage(
        run=run,
        title=title_of(after.passport),
        others=[(each.id, _told(each)) for each in others],
        other=other if found else None,
        staged=staged,
        lines=lines,
        rests=any(each.rest not in (None, 0.0) for each in units),
        finding=stages_moved([each.name for each in lines if each.moved]) if staged else _moved(lines),
        gone=found.gone if found else [],
        new=found.new if found else [],
        system=differences_shown(found.system) if found else [],
        same_data=bool(found and found.same_data),
        trouble=trouble,
    )
    return render("evaluation/compare.html", visit.shell, context, 200)


def _moved_line(run: Evaluation, after: Result, row: int, each: Moved) -> MovedLine:
    digits, ranked = after.passport.digits, each.rank_before and each.rank_after
    return MovedLine(
        name=each.name,
        href=unit_href(run, after, row),
        group=after.table.groups[row] or "" if after.passport.rank.within == "group" else "",
        before=rank_of(each.rank_before),
        after=rank_of(each.rank_after),
        moved=(each.rank_before or 0) - (each.rank_after or 0) if ranked else 0,
        score_before=figure(each.score_before, digits),
        score_after=figure(each.score_after, digits),
        change=signed(each.change, digits),
        by_score=signed(each.by_score, digits),
        by_weight=signed(each.by_weight, digits),
        rest=signed(each.rest, digits),
    )


def _moved(lines: list[MovedLine]) -> str:
    up = max(lines, key=lambda each: each.moved, default=None)
    down = min(lines, key=lambda each: each.moved, default=None)
    if up is None or down is None or (not up.moved and not down.moved):
        return _("名次没有变化。") if lines else ""
    told = []
    if up.moved > 0:
        told.append(_("{name}上升最多，升{n}位", name=up.name, n=f"{up.moved:g}"))
    if down.moved < 0:
        told.append(_("{name}下降最多，降{n}位", name=down.name, n=f"{-down.moved:g}"))
    return _("；").join(told) + _("。")


def _told(run: Evaluation) -> str:
    line = evaluation_line(run)
    return f"{line.title} · {line.edition} · {line.source} · {day(line.at)}"


def _wanted(result: Result, row: int, group: str, asked: str) -> bool:
    table = result.table
    if group and group not in (table.groups[row], table.classes[row]):
        return False
    return not asked or asked.casefold() in f"{table.names[row]} {table.ids[row]}".casefold()


def reports_of(run: Evaluation, unit: str = "") -> list[tuple[str, str]]:
    """Forms in which the whole result, or a unit, is to be had: word and address."""
    base = f"/evaluation/results/{run.id}/report"
    return [
        (_("报告") if kind == "html" else word, address(f"{base}.{kind}", ("unit", unit)))
        for word, kind in REPORTS
    ]


def files_of(run: Evaluation) -> list[tuple[str, str]]:
    """The numbers as files."""
    base = f"/api/v1/evaluations/{run.id}"
    return [("CSV", f"{base}/result.csv"), ("JSON", base)]


ROUTES: list[Route] = [
    page(RESULT, show),
    page(f"{RESULT}/compare", compare),
    act(f"{RESULT}/again", again),
    act(f"{RESULT}/settle", settle),
]
