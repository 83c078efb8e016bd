"""快速校核 on the pages: reviewers see any catalogue, stewards what concerns their own office."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from starlette.datastructures import FormData
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from kaishu import access, inspection, queue
from kaishu.access import Call, Permission, Role, require
from kaishu.inspection import OWN, FindingRow
from kaishu.inspection.models import Run
from kaishu.queue.models import Task
from kaishu.web.pages.inspection import tabs_of
from kaishu.web.pages.quality_lines import line
from kaishu.web.quality_contexts import CheckCount, ChecksPage, FindingLine, levels
from kaishu.web.rendering import address, path_part, render
from kaishu.web.routing import Visit, act, moved, page, text
from kaishu.web.words import _, language, pick

CHECKS = inspection.checks.CHECKS
ADMIN, DESK = "/admin/checks", "/desk/checks"
PART, SHOWN = 500, 30
SUBJECT = "check"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def for_reviewers(visit: Visit) -> Response:
    """Any catalogue."""
    _refuse_stewards(visit.call)
    return _show(visit, ADMIN, visit.query("source", OWN) or OWN)


def for_stewards(visit: Visit) -> Response:
    """Our own catalogue, own office; an administrator sees all of it."""
    require(visit.call, Permission.dataset_draft, office=visit.call.actor.office)
    return _show(visit, DESK, OWN)


def run_admin(visit: Visit, form: FormData) -> Response:
    """Leave the task."""
    _refuse_stewards(visit.call)
    scope = inspection.catalogue(visit.call.session, text(form, "source") or OWN).name
    _leave(visit.call, scope)
    return moved(visit, address(ADMIN, ("source", scope)))


def run_desk(visit: Visit, form: FormData) -> Response:
    """Leave the task for our own catalogue."""
    require(visit.call, Permission.inspection_run)
    _leave(visit.call, OWN)
    return moved(visit, DESK)


def write_csv(visit: Visit) -> Response:
    """The findings as CSV."""
    scope = _scope_of(visit)
    lines = (line([str(cell) for cell in row]) for row in _table(visit.call, scope, visit.query("check")))
    answer = StreamingResponse(iter(["\ufeff", *lines]), media_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="checks-{scope}.csv"'
    return answer


def write_xlsx(visit: Visit) -> Response:
    """The findings as a workbook."""
    import io

    import xlsxwriter

    scope = _scope_of(visit)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True},
    )
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(_table(visit.call, scope, visit.query("check"))):
        sheet.write_row(number, 0, [str(cell)[:32_000] for cell in row])
    book.close()
    answer = Response(out.getvalue(), media_type=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="checks-{scope}.xlsx"'
    return answer


def _show(visit: Visit, base: str, scope: str) -> Response:
    inspection.catalogue(visit.call.session, scope)
    chosen = visit.query("check") if visit.query("check") in CHECKS else ""
    run = inspection.last_run(visit.call.session, "check", scope)
    counts = inspection.counts(visit.call, scope)
    unasked = int(run.result.get("unasked", 0)) if run else 0
    checks = [_counted(name, counts.get(name, 0), base, scope, unasked) for name in CHECKS]
    found = inspection.findings(visit.call, scope, check=chosen, limit=SHOWN, cursor=visit.query("cursor"))
    kept = (("source", scope), ("check", chosen), ("cursor", found.next))
    departments = _departments(visit)
    context = ChecksPage(
        title=_("本部门校核") if base == DESK else _("快速校核"),
        base=base,
        tabs=tabs_of(visit, ADMIN, scope) if base == ADMIN else [],
        scope=scope,
        at=run.ended_at if run else None,
        datasets=run.datasets if run else 0,
        checks=checks,
        chosen=next((each for each in checks if each.name == chosen), None),
        total=found.total or 0,
        findings=[_line(visit, row, departments) for row in found.rows],
        next=address(base, *kept) if found.next else "",
        running=_running(visit.call, scope),
        chart=_chart(checks, run) if not chosen else None,
        own=base == DESK,
    )
    return render("inspection/checks.html", visit.shell, context)


def _counted(name: str, count: int, base: str, scope: str, unasked: int) -> CheckCount:
    check = CHECKS[name]
    return CheckCount(
        name,
        pick(str(check.title), check.title.en),
        pick(str(check.why), check.why.en),
        check.severity,
        count,
        address(base, ("source", scope), ("check", name)),
        unasked if name == "links" else 0,
    )


def _chart(checks: list[CheckCount], run: Run | None) -> Any:
    shown = sorted((each for each in checks if each.count), key=lambda each: -each.count)[:10]
    if not shown or run is None:
        return None
    finding = _("最多的是“{name}”，{n}处", name=shown[0].title, n=f"{shown[0].count:,}")
    most = float(shown[0].count)
    return levels(finding, [(each.title, float(each.count), most, f"{each.count:,}") for each in shown])


def _departments(visit: Visit) -> dict[str, str]:
    """Titles of departments in the language of the page, by their Chinese titles."""
    return {each.title: pick(each.title, each.title_en) for each in access.offices(visit.call.session)}


def _line(visit: Visit, row: FindingRow, departments: Mapping[str, str]) -> FindingLine:
    finding, check = row.finding, CHECKS[row.finding.check]
    facts: Mapping[str, Any] = {"name": row.dataset, **finding.facts}
    href = ""
    if row.dataset and visit.shell.may("catalogue:dataset:draft"):
        place = f"/desk/datasets/{path_part(row.dataset)}"
        href = place if finding.field == "resources" else f"{place}/record#{finding.field}"
    return FindingLine(
        pick(str(check.title), check.title.en),
        finding.severity,
        row.dataset,
        pick(row.title, row.title_en) or row.dataset,
        pick(row.office, row.office_en) if row.dataset else "",
        check.sentence(facts, language()),
        check.advice(facts, language()),
        href,
        [[departments.get(of, of), *rest] for of, *rest in finding.facts.get("evidence") or ()],
    )


def _table(call: Call, scope: str, check: str) -> Iterator[list[str]]:
    yield [
        _("校核"),
        _("程度"),
        _("数据集"),
        _("名称"),
        _("部门"),
        _("栏目"),
        _("现值"),
        _("发现"),
        _("怎样改"),
    ]
    words = {"wrong": _("必须改"), "care": _("应当改"), "note": _("供参考")}
    cursor = ""
    while True:
        found = inspection.findings(
            call, scope, check=check if check in CHECKS else "", limit=PART, cursor=cursor
        )
        for row in found.rows:
            finding, each = row.finding, CHECKS[row.finding.check]
            yield [
                pick(str(each.title), each.title.en),
                words.get(finding.severity, finding.severity),
                row.dataset,
                pick(row.title, row.title_en),
                pick(row.office, row.office_en),
                finding.field,
                finding.value,
                each.sentence(finding.facts, language()),
                each.advice(finding.facts, language()),
            ]
        if not found.next:
            return
        cursor = found.next


def _scope_of(visit: Visit) -> str:
    """Which catalogue a file is of, for one who may read it."""
    if visit.request.url.path.startswith(ADMIN):
        _refuse_stewards(visit.call)
        return inspection.catalogue(visit.call.session, visit.query("source", OWN) or OWN).name
    require(visit.call, Permission.dataset_draft, office=visit.call.actor.office)
    return OWN


def _refuse_stewards(call: Call) -> None:
    """Stewards have a page of their own."""
    require(call, Permission.inspection_run)
    if call.actor.role is Role.steward:
        require(call, Permission.dataset_review)


def _leave(call: Call, scope: str) -> None:
    require(call, Permission.inspection_run)
    if _running(call, scope) is None:
        payload = {"what": ["check"], "scope": scope, "title": _("快速校核")}
        queue.enqueue(call, "inspect", payload, (SUBJECT, scope[:40]))


def _running(call: Call, scope: str) -> Task | None:
    tasks = queue.tasks_about(call.session, SUBJECT, scope[:40], 3)
    return next((task for task in tasks if task.state in ("waiting", "running")), None)


ROUTES: list[Route] = [
    page(ADMIN, for_reviewers),
    page(f"{ADMIN}.csv", write_csv),
    page(f"{ADMIN}.xlsx", write_xlsx),
    act(f"{ADMIN}/run", run_admin),
    page(DESK, for_stewards),
    page(f"{DESK}.csv", write_csv),
    page(f"{DESK}.xlsx", write_xlsx),
    act(f"{DESK}/run", run_desk),
]
