"""Harvesting other catalogues: the sources, and what is done with each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kaishu import access, harvest, http, queue, source
from kaishu.access import SYSTEM, Call, Permission, require
from kaishu.base.errors import Invalid, KaishuError
from kaishu.harvest.models import Run, Source
from kaishu.queue.models import Task
from kaishu.source import Original
from kaishu.source.models import Delivery
from kaishu.web.desk_contexts import Sentence
from kaishu.web.figures import share
from kaishu.web.harvest_contexts import SourceLine, SourcePage, SourcesPage
from kaishu.web.office_choices import own_offices
from kaishu.web.rendering import render
from kaishu.web.routing import Unchanged, Visit, act, moved, page, said, taking, text
from kaishu.web.words import _, language, pick

FIELDS = ("title", "title_en", "name", "kind", "url", "office", "every_hours")
ITEMS = 50
WAITING = ("waiting", "running")


def list_sources(visit: Visit) -> Response:
    """Every source with its last result."""
    return render("harvest/sources.html", visit.shell, _sources(visit, {}))


def add(request: Request, form: FormData) -> Response:
    """Register an address or an uploaded file, and let it be read."""
    values = {name: text(form, name) for name in FIELDS}
    with http.read_call(request) as call:
        require(call, Permission.harvest_manage)
    try:
        original = _kept(form)
        with http.write_call(request) as call:
            made = harvest.add_source(
                call,
                **{key: values[key] for key in ("title", "title_en", "name", "kind", "url", "office")},
                delivery=_received(call, original) if original else None,
                every_hours=_hours(values["every_hours"]),
            )
            harvest.leave(call, made.name, "plan")
            return moved(Visit(call, request), f"/admin/harvest/{made.name}")
    except KaishuError as error:
        with http.read_call(request) as call:
            visit = Visit(call, request)
            context = replace(_sources(visit, values, error), trouble=said(error))
            return render("harvest/sources.html", visit.shell, context, error.status)


def show_source(visit: Visit) -> Response:
    """One source: progress, the newest plan, what it holds."""
    return render("harvest/source.html", visit.shell, _source(visit))


def show_state(visit: Visit) -> Response:
    """The part that changes while something is under way."""
    return render("harvest/state.html", visit.shell, _source(visit))


def do(visit: Visit, form: FormData) -> Response:
    """Plan, plan from the beginning, apply, plan and apply, drop the plan, pause, go on, remove."""
    call, wanted = visit.call, text(form, "do")
    found = harvest.source_by_name(call, visit.part("name"))
    if wanted in ("plan", "run"):
        require(call, Permission.harvest_manage)
        harvest.leave(call, found.name, wanted)
    elif wanted == "anew":
        require(call, Permission.harvest_manage)
        harvest.leave(call, found.name, "plan", anew=True)
    elif wanted == "apply":
        require(call, Permission.harvest_apply)
        harvest.leave(call, found.name, "apply", confirm=text(form, "confirm") == "1")
    elif wanted == "drop":
        harvest.drop_plan(call, found.name)
    elif wanted in ("pause", "resume"):
        harvest.pause_source(call, found.name, wanted == "pause")
    elif wanted == "remove":
        harvest.remove_source(call, found.name)
        return moved(visit, "/admin/harvest")
    else:
        raise Unchanged(render("harvest/source.html", visit.shell, _source(visit)))
    return moved(visit, f"/admin/harvest/{found.name}")


def renew(request: Request, form: FormData) -> Response:
    """A newer file for a source that is read from a file."""
    with http.read_call(request) as call:
        require(call, Permission.harvest_manage)
    original = _kept(form)
    name = str(request.path_params["name"])
    with http.write_call(request) as call:
        if original:
            harvest.renew_file(call, name, _received(call, original))
            harvest.leave(call, name, "plan")
        return moved(Visit(call, request), f"/admin/harvest/{name}")


def _kept(form: FormData) -> Original | None:
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        return None
    return source.keep_original(file.filename, file.file)


def _received(call: Call, original: Original) -> Delivery:
    """Received by the system: a reviewer who may harvest need not be one who may hand in tables."""
    require(call, Permission.harvest_manage)
    return source.receive_original(Call(call.session, SYSTEM, call.now, call.request_id), original)


def _hours(written: str) -> int:
    if not written:
        return 0
    if not written.isascii() or not written.isdecimal() or len(written) > 6:
        raise Invalid({"every_hours": [_("应为整数。")]})
    return int(written)


def words() -> dict[str, str]:
    """What a plan may say of a dataset."""
    return {
        "new": _("新增"),
        "changed": _("变更"),
        "back": _("重现"),
        "gone": _("消失"),
        "conflict": _("冲突"),
        "refused": _("拒收"),
        "same": _("相同"),
    }


def _sources(visit: Visit, values: Mapping[str, str], error: KaishuError | None = None) -> SourcesPage:
    call = visit.call
    counts = harvest.counts_by_source(call)
    offices = own_offices(call, values.get("office", ""))
    return SourcesPage(
        sources=[_line(visit, each, counts.get(each.id, 0)) for each in harvest.sources(call)],
        conflicts=len(harvest.conflicts(call)),
        duplicates=harvest.duplicate_count(call),
        kinds=[(kind.name, pick(kind.zh, kind.en)) for kind in harvest.KINDS.values()],
        offices=offices[:500],
        values={name: values.get(name, "") for name in FIELDS},
        problems=error.problems_in(language()) if isinstance(error, Invalid) else {},
        trouble=None,
    )


def _line(visit: Visit, each: Source, datasets: int) -> SourceLine:
    kind = harvest.KINDS[each.kind]
    run, task = _newest(visit, each)
    state, tone = _state(each, run, task)
    trouble = each.last_error[language()]["message"] if each.last_error else ""
    return SourceLine(
        each, pick(each.title, each.title_en), pick(kind.zh, kind.en), datasets, state, tone, trouble
    )


def _newest(visit: Visit, each: Source) -> tuple[Run | None, Task | None]:
    runs = harvest.runs_of(visit.call, each, 1)
    tasks = queue.tasks_about(visit.call.session, "harvest", each.id, 1)
    return (runs[0] if runs else None), (tasks[0] if tasks else None)


def _state(each: Source, run: Run | None, task: Task | None) -> tuple[str, str]:
    if task is not None and task.state in WAITING:
        return (_("排队中") if task.state == "waiting" else _("进行中")), "care"
    if each.last_error:
        return _("失败"), "bad"
    if each.state == "paused":
        return _("已暂停"), ""
    if run is not None and run.state == "planned":
        return _("待办理"), "care"
    if run is not None and run.state == "applying":
        return _("未办完"), "care"
    return (_("已采集"), "good") if each.last_read_at else (_("未采集"), "")


def _source(visit: Visit) -> SourcePage:
    call = visit.call
    found = harvest.source_by_name(call, visit.part("name"))
    runs = [run for run in harvest.runs_of(call, found, 10) if run.state != "dropped"]
    run, task = (runs[0] if runs else None), _newest(visit, found)[1]
    running = task is not None and task.state in WAITING
    done, total = (task.done, task.total) if task is not None else (0, 0)
    spoken = words()
    action = visit.query("action")
    action = action if action in spoken else ""
    after = visit.query("after")
    items = harvest.items_of(call, run, action, int(after) if after.isdecimal() else 0, ITEMS) if run else []
    datasets = harvest.counts_by_source(call).get(found.id, 0)
    kind = harvest.KINDS[found.kind]
    office = access.office_by_name(call.session, found.office_id) if found.office_id else None
    return SourcePage(
        source=found,
        title=pick(found.title, found.title_en),
        kind=pick(kind.zh, kind.en),
        office=pick(office.title, office.title_en) if office else "",
        datasets=datasets,
        run=run,
        runs=runs,
        running=running,
        stage=_stage(task, run),
        done=done,
        total=total,
        percent=share(done / total) if total else "",
        trouble=_trouble(found, task),
        next_try=found.next_try_at,
        many_gone=bool(run and run.counts.get("gone", 0) * 2 > datasets and datasets),
        action=action,
        choices=[
            (code, word, run.counts[code]) for code, word in spoken.items() if run and run.counts.get(code)
        ],
        items=items,
        following=items[-1].number if len(items) == ITEMS else 0,
        words=spoken,
        kept=run.read if run and run.state in ("planning", "failed") and run.mark and not running else 0,
    )


def _stage(task: Task | None, run: Run | None) -> str:
    if task is not None and task.state == "waiting":
        return _("排队中")
    return _("正在办理计划") if run is not None and run.state == "applying" else _("正在读取来源")


def _trouble(found: Source, task: Task | None) -> Sentence | None:
    error = found.last_error or (task.error if task is not None and task.state == "failed" else None)
    return (error[language()]["message"], error[language()].get("advice", "")) if error else None


ROUTES: list[Route] = [
    page("/admin/harvest", list_sources),
    taking("/admin/harvest", add),
    page("/admin/harvest/{name}", show_source),
    act("/admin/harvest/{name}", do),
    page("/admin/harvest/{name}/state", show_state),
    taking("/admin/harvest/{name}/file", renew),
]
