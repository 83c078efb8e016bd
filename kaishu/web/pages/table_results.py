"""What checks found in a table: scores, rules, failing rows."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.datastructures import FormData
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Route

from kaishu import catalogue, quality
from kaishu.access import Permission, allowed
from kaishu.base.errors import KaishuError, NotFound
from kaishu.http.files import disposition
from kaishu.quality.errors import RowsNotKept
from kaishu.quality.models import Run
from kaishu.web.loop_contexts import FailingPage, ResultPage, TableOf
from kaishu.web.measured_tables import dimension_levels
from kaishu.web.pages.quality_lines import line
from kaishu.web.quality_contexts import Course, course
from kaishu.web.rendering import address, path_part, render
from kaishu.web.routing import Unchanged, Visit, act, download, moved, page, said, text
from kaishu.web.shell import CHECK_LEFT, ORDERS_OPENED, say
from kaishu.web.tables_of import covered, newest_check, rule_lines, seen, table_of
from kaishu.web.words import _, language

SHOWN = 50


def place_of(table: TableOf) -> str:
    """Address of the result page."""
    return address(f"/datasets/{path_part(table.dataset.name)}/data-quality", ("resource", table.entry.id))


def show_results(visit: Visit) -> Response:
    """The newest check of a table."""
    return _show(visit)


def check_now(visit: Visit, form: FormData) -> Response:
    """Leave a check to the worker."""
    table = table_of(visit.call, visit.part("name"), text(form, "resource"))
    quality.leave_check(visit.call, table.id)
    return say(moved(visit, place_of(table)), CHECK_LEFT)


def open_orders(visit: Visit, form: FormData) -> Response:
    """Open work orders for the rules that were chosen."""
    table = table_of(visit.call, visit.part("name"), text(form, "resource"))
    run = quality.run_by_id(visit.call.session, text(form, "run"))
    rules = [str(each) for each in form.getlist("rule")]
    if run.table_id != table.id:
        raise NotFound(kind="检查 check", name=run.id)
    try:
        made = quality.open_orders(visit.call, run, rules, remark=text(form, "remark"))
    except KaishuError as error:
        raise Unchanged(_show(visit, error, text(form, "resource"))) from error
    return say(moved(visit, place_of(table)), ORDERS_OPENED, n=len(made))


def show_rows(visit: Visit) -> Response:
    """Failing rows of one rule, page by page."""
    table = table_of(visit.call, visit.part("name"), visit.query("resource"))
    refusal = catalogue.rows_refused(visit.call, table.dataset, table.entry.id)
    if refusal is not None:
        raise refusal
    run = _run(visit, table)
    may_read = quality.may_read_rows(visit.call, table.id)
    wanted = [
        each
        for each in rule_lines(visit.call, table, run, may_read, frozenset())
        if each.id == visit.query("rule")
    ]
    if not wanted:
        raise NotFound(kind="规则 rule", name=visit.query("rule"))
    after = visit.query("after", "-1")
    start = (
        int(after) if after.lstrip("-").isascii() and after.lstrip("-").isdigit() and len(after) < 16 else -1
    )
    trouble, rows = None, []
    try:
        rows = quality.failing_page(run, wanted[0].id, start, SHOWN + 1)
    except RowsNotKept as error:
        trouble = said(error)
    shown = [
        {
            "row": row["row"],
            "key": covered(row["key"], may_read),
            "value": covered(row["value"], may_read),
        }
        for row in rows[:SHOWN]
    ]
    following = ""
    if len(rows) > SHOWN:
        base = f"/datasets/{path_part(table.dataset.name)}/data-quality/rows"
        pairs = (("resource", table.entry.id), ("rule", wanted[0].id), ("after", rows[SHOWN - 1]["place"]))
        following = address(base, *pairs)
    context = FailingPage(
        table=table,
        rule=wanted[0],
        run=run,
        rows=shown,
        next=following,
        may_read=may_read,
        trouble=trouble,
    )
    return render("loop/rows.html", visit.shell, context)


def write_csv(visit: Visit) -> Response:
    """All failing rows of a rule as CSV, for those who may read the table."""
    table = table_of(visit.call, visit.part("name"), visit.query("resource"))
    run = _run(visit, table)
    rows = quality.failing_rows(visit.call, run, visit.query("rule"))

    def lines() -> Iterator[str]:
        yield "\ufeff" + line(["row", "key", "value"])
        for row in rows:
            yield line(["" if row[name] is None else str(row[name]) for name in ("row", "key", "value")])

    answer = StreamingResponse(lines(), media_type="text/csv; charset=utf-8")
    name = f"{table.dataset.name}-{visit.query('rule')}.csv"
    answer.headers["Content-Disposition"] = disposition(name)
    return answer


def write_parquet(visit: Visit) -> Response:
    """All failing rows of all rules as Parquet, for those who may read the table."""
    table = table_of(visit.call, visit.part("name"), visit.query("resource"))
    path = quality.failing_file(visit.call, _run(visit, table))
    answer = FileResponse(path, media_type="application/vnd.apache.parquet")
    answer.headers["Content-Disposition"] = disposition(f"{table.dataset.name}-failing-rows.parquet")
    return answer


def _run(visit: Visit, table: TableOf) -> Run:
    run = newest_check(visit.call, table)
    if run is None:
        raise NotFound(kind="检查 check", name=table.dataset.name)
    return run


def _show(visit: Visit, error: KaishuError | None = None, resource: str = "") -> Response:
    call = visit.call
    table = table_of(call, visit.part("name"), resource or visit.query("resource"))
    run = newest_check(call, table)
    may_read = quality.may_read_rows(call, table.id)
    office = table.dataset.office_id
    ordered = frozenset(order.rule_id for order, _case in quality.orders(call.session, table=table.id))
    waiting = [
        t for t in quality.checks_about(call.session, table.id, 3) if t.state in ("waiting", "running")
    ]
    history = [each for each in quality.checks_of(call.session, table.id) if seen(call, table, each[1])]
    refusal = catalogue.rows_refused(call, table.dataset, table.entry.id)
    numbers = {each.id: number for each, number in history}
    total = run.scores.get("total") if run else None
    context = ResultPage(
        table=table,
        run=run,
        version=numbers.get(run.id, 0) if run else 0,
        trouble=_trouble(run) if run and not run.sound else None,
        score="—" if total is None else f"{total:.1f}",
        scores=dimension_levels(run.scores) if run and run.sound else None,
        course=_course([(number, each) for each, number in reversed(history)]),
        rules=rule_lines(call, table, run, may_read, ordered) if run else [],
        running=waiting[0] if waiting else None,
        may_check=bool(allowed(call, Permission.check_run, office=office)),
        may_order=bool(allowed(call, Permission.order_open, office=office)),
        may_read=may_read,
        refusal=said(refusal) if refusal else None,
        has_rules=quality.book_in_force(call.session, table.id) is not None,
        error=said(error) if error else None,
    )
    return render("loop/result.html", visit.shell, context, error.status if error else 200)


def _trouble(run: Run) -> tuple[str, str]:
    told = run.trouble.get("en" if language() == "en" else "zh", {})
    return str(told.get("message", "")), str(told.get("advice", ""))


def _course(history: list[tuple[int, Run]]) -> Course | None:
    points = [
        (_("第{n}版", n=number), float(run.scores["total"]))
        for number, run in history
        if run.scores.get("total") is not None
    ]
    if len(points) < 2:
        return None
    change = points[-1][1] - points[0][1]
    first = points[0][0] if language() == "zh" else points[0][0].lower()
    if abs(change) < 0.05:
        finding = _("各版得分相同")
    elif change > 0:
        finding = _("比{version}提高{n}分", version=first, n=f"{change:.1f}")
    else:
        finding = _("比{version}下降{n}分", version=first, n=f"{-change:.1f}")
    return course(finding, points, 100)


HERE = "/datasets/{name}/data-quality"
ROUTES: list[Route] = [
    page(HERE, show_results),
    act(f"{HERE}/check", check_now),
    act(f"{HERE}/orders", open_orders),
    page(f"{HERE}/rows", show_rows),
    download(f"{HERE}/rows.csv", write_csv),
    download(f"{HERE}/rows.parquet", write_parquet),
]
