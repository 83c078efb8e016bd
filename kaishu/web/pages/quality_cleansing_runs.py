"""What a run of cleansing did: counts of its steps, every change, the record as a file."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Route

from kaishu import lake, quality
from kaishu.access import Permission, allowed, require
from kaishu.base.errors import NotFound
from kaishu.http.files import disposition
from kaishu.quality.errors import ChangesNotKept
from kaishu.quality.models import CleansingRun
from kaishu.web.cleansing_blocks import change_line, count_line
from kaishu.web.cleansing_contexts import CleansingRunPage
from kaishu.web.loop_contexts import TableOf
from kaishu.web.pages.quality_lines import line
from kaishu.web.rendering import address, path_part, render
from kaishu.web.routing import Visit, download, page, said
from kaishu.web.tables_of import table_of
from kaishu.web.words import _

SHOWN = 50
FILTERS = ("kind", "step", "column")
COLUMNS = ("kind", "step", "row", "key", "column", "old", "new", "reason_zh", "reason_en", "at")


def show(visit: Visit) -> Response:
    """Counts and changes of a run, page by page."""
    table, run = _asked(visit)
    call, session = visit.call, visit.call.session
    may_read = quality.may_read_rows(call, table.id)
    filters = {name: visit.query(name) for name in FILTERS}
    trouble, rows = None, []
    if run.kind == "cleanse":
        try:
            rows = quality.changes_page(call, run, filters, after=_after(visit), limit=SHOWN + 1)
        except ChangesNotKept as error:
            trouble = said(error)
    here = f"/desk/datasets/{path_part(table.dataset.name)}/cleansing/runs/{run.id}"
    pairs = [("resource", table.entry.id), *((name, value) for name, value in filters.items() if value)]
    following = ""
    if len(rows) > SHOWN:
        following = address(here, *pairs, ("after", rows[SHOWN - 1]["place"]))
    numbers = {each.id: each.number for each in lake.versions_of(session, table.id)}
    runs = quality.cleansing_runs(session, table.id, 200)
    may_run = bool(allowed(call, Permission.cleansing_run, office=table.dataset.office_id))
    steps = [count_line(each, may_read) for each in run.steps]
    context = CleansingRunPage(
        table=table,
        run=run,
        before=numbers[run.base_id],
        after=numbers[run.version_id],
        plan=quality.cleansing_plan_by_id(session, run.plan_id).number,
        undone_by=next((each for each in runs if each.undoes_id == run.id), None),
        steps=steps,
        rows=[change_line(each, may_read) for each in rows[:SHOWN]],
        filters=filters,
        kinds=[
            ("changed", _("改动的单元格")),
            ("removed", _("移出的行")),
            ("refused", _("未能处理")),
            ("tolerated", _("保留并列出的行")),
        ],
        step_names=[(each.id, each.title) for each in steps],
        columns=list(dict.fromkeys(name for step in run.steps for name in step["writes"])),
        next=following,
        query=address("", *pairs),
        may_undo=may_run and quality.may_be_undone(session, run),
        may_read=may_read,
        trouble=trouble,
    )
    return render("loop/cleansing_run.html", visit.shell, context)


def write_csv(visit: Visit) -> Response:
    """The changes that the filters let through as CSV, for those who may read the table's rows."""
    table, run = _asked(visit)
    rows = quality.changes_rows(visit.call, run, {name: visit.query(name) for name in FILTERS})

    def lines() -> Iterator[str]:
        yield "\ufeff" + line([*COLUMNS, "by"])
        for row in rows:
            cells = ["" if row[name] is None else str(row[name]) for name in COLUMNS]
            yield line([*cells, run.actor])

    answer = StreamingResponse(lines(), media_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = disposition(f"{table.dataset.name}-changes.csv")
    return answer


def write_parquet(visit: Visit) -> Response:
    """The whole record as Parquet, which ``kaishu clean --undo`` takes."""
    table, run = _asked(visit)
    path = quality.changes_file(visit.call, run)
    answer = FileResponse(path, media_type="application/vnd.apache.parquet")
    answer.headers["Content-Disposition"] = disposition(f"{table.dataset.name}-changes.parquet")
    return answer


def _asked(visit: Visit) -> tuple[TableOf, CleansingRun]:
    run = quality.cleansing_run_by_id(visit.call.session, visit.part("run"))
    first = table_of(visit.call, visit.part("name"))
    table = next((each for each in first.tables if each.table_id == run.table_id), None)
    if table is None:
        raise NotFound(kind="清洗 cleansing", name=run.id)
    require(visit.call, Permission.cleansing_draft, office=first.dataset.office_id)
    return table_of(visit.call, visit.part("name"), table.id), run


def _after(visit: Visit) -> int:
    after = visit.query("after")
    return int(after) if after.isascii() and after.isdigit() and len(after) < 16 else -1


HERE = "/desk/datasets/{name}/cleansing/runs/{run}"
ROUTES: list[Route] = [
    page(HERE, show),
    download(f"{HERE}/changes.csv", write_csv),
    download(f"{HERE}/changes.parquet", write_parquet),
]
