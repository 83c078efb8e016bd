"""Evaluation: what is published, which systems there are, one's own evaluations, a new one."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kaishu import catalogue, evaluation, http, queue
from kaishu.access import Permission, allowed, require
from kaishu.base.errors import Invalid, KaishuError
from kaishu.evaluation import DataChoice, Loaded, Passport
from kaishu.evaluation.errors import BadData, BadSystem
from kaishu.evaluation.models import Evaluation
from kaishu.queue.models import Task
from kaishu.web.evaluation_blocks import chosen_of, evaluation_line, figure, node_title, scopes, system_line
from kaishu.web.evaluation_contexts import EvaluationDesk, EvaluationHome, EvaluationLine, RunPage
from kaishu.web.quality_contexts import Levels, levels
from kaishu.web.rendering import address, render
from kaishu.web.routing import Unchanged, Visit, moved, page, said, taking
from kaishu.web.shell import EVALUATED, EVALUATION_LEFT, say
from kaishu.web.words import _, language, pick

HOME, DESK, NEW = "/evaluation", "/desk/evaluation", "/desk/evaluation/new"
SHOWN, CHARTED, MOST_DATASETS = 50, 3, 500


def home(visit: Visit) -> Response:
    """Published results, and systems to look at."""
    call = visit.call
    runs = evaluation.evaluations(call, state="published", limit=SHOWN)
    rows = [chosen_of(row) for row in evaluation.editions_of(call) if row.state == "published"]
    own = [evaluation.built_in_system(name) for name in evaluation.built_in()]
    context = EvaluationHome(
        published=[evaluation_line(run) for run in runs],
        systems=[system_line(each) for each in [*rows, *own]],
        charts=_charts(runs),
        may_run=bool(allowed(call, Permission.evaluation_run)),
    )
    return render("evaluation/home.html", visit.shell, context)


def desk(visit: Visit) -> Response:
    """One's own evaluations, and drafts of systems."""
    call = visit.call
    require(call, Permission.evaluation_run)
    start = int(visit.query("from")) if visit.query("from").isdecimal() else 0
    publisher = bool(allowed(call, Permission.evaluation_publish))
    runs = evaluation.evaluations(call, own=not publisher, limit=SHOWN + 1, offset=min(start, 10**6))
    drafts = [row for row in evaluation.editions_of(call) if row.state == "draft"]
    context = EvaluationDesk(
        runs=[_with_task(visit, run) for run in runs[:SHOWN]],
        drafts=[system_line(chosen_of(row)) for row in drafts],
        next=address(DESK, ("from", start + SHOWN)) if len(runs) > SHOWN else "",
        may_draft=bool(allowed(call, Permission.evaluation_draft)),
    )
    return render("evaluation/desk.html", visit.shell, context)


def choose(visit: Visit) -> Response:
    """The form of a new evaluation."""
    return _form(visit, {name: visit.query(name) for name in ("system", "dataset", "round")})


def make(request: Request, form: FormData) -> Response:
    """Evaluate at once, or leave it to the worker; computing stands outside of the transaction."""
    given = {key: value for key, value in form.items() if isinstance(value, str)}
    given.pop("csrf", None)
    loaded, data = _loaded(request, form, given)
    if loaded is None:
        with http.write_call(request) as call:
            evaluation.leave_evaluation(call, given.get("system", ""), data)
            return say(moved(Visit(call, request), DESK), EVALUATION_LEFT)
    result = _tried(request, given, lambda: evaluation.compute(loaded))
    with http.write_call(request) as call:
        run = evaluation.keep_evaluation(call, loaded, result)
        return say(moved(Visit(call, request), f"/evaluation/results/{run.id}"), EVALUATED)


def _loaded(request: Request, form: FormData, given: dict[str, str]) -> tuple[Loaded | None, DataChoice]:
    file = form.get("file")
    name, content = "", b""
    if given.get("data") == "file":
        if not isinstance(file, UploadFile) or not file.filename:
            with http.read_call(request) as call:
                raise Unchanged(_form(Visit(call, request), given, said_=(_("请先选择文件。"), "")))
        name, content = file.filename, file.file.read(evaluation.MOST_FILE + 1)
    data = DataChoice(
        dataset=given.get("dataset", "") if given.get("data") == "table" else "",
        file_name=name,
        content=content,
        facts=given.get("facts", ""),
        round=given.get("round", ""),
        own=given.get("data") == "own",
        absent=given.get("absent") == "1",
    )
    with http.read_call(request) as call:
        require(call, Permission.evaluation_run)
        try:
            if not evaluation.at_once(call, data):
                return None, data
            return evaluation.load_evaluation(call, given.get("system", ""), data), data
        except KaishuError as error:
            raise Unchanged(_form(Visit(call, request), given, error)) from error


def _tried(request: Request, given: dict[str, str], compute):  # type: ignore[no-untyped-def]
    try:
        return compute()
    except KaishuError as error:
        with http.read_call(request) as call:
            raise Unchanged(_form(Visit(call, request), given, error)) from error


def _form(
    visit: Visit,
    given: dict[str, str],
    error: KaishuError | None = None,
    said_: tuple[str, str] | None = None,
) -> Response:
    call = visit.call
    require(call, Permission.evaluation_run)
    rows = [chosen_of(row) for row in evaluation.editions_of(call) if row.state in ("published", "draft")]
    own = [evaluation.built_in_system(name) for name in evaluation.built_in()]
    lines = [(each, system_line(each)) for each in [*own, *rows]]
    options = [(line.id, _name(line.title, line.edition, line.state)) for _each, line in lines]
    chosen = next((each for each, line in lines if line.id == given.get("system")), lines[0][0])
    if given.get("round") and not given.get("system"):
        chosen = evaluation.choose_system(call, "", DataChoice(round=given["round"]))
        if chosen.row is None:
            options.insert(0, ("", _name(system_line(chosen).title, chosen.passport.edition, "round")))
    line = system_line(chosen)
    columns, facts, judged = _columns(chosen.passport)
    has_data = bool(chosen.passport.data and chosen.row is None)
    beside = not columns and bool(facts or judged)
    problems = problems_of(error)
    context = RunPage(
        systems=options,
        system=line.id if line.id in dict(options) else "",
        about=line.id if line.id in dict(options) else "",
        columns=columns,
        facts=facts,
        judged=judged,
        has_data=has_data,
        base=given.get("data")
        or ("table" if given.get("dataset") else "own" if has_data else "none" if beside else "table"),
        datasets=_datasets(visit),
        scopes=list(scopes().items()),
        scope=given.get("facts", "office" if judged else "catalogue"),
        rounds=[
            (each.id, pick(each.title, each.title_en))
            for each in evaluation.rounds_for(call, chosen.passport)
        ],
        given=given,
        problems=problems,
        trouble=said_ or (said(error) if error and not problems else None),
    )
    status = 422 if said_ else error.status if error else 200
    return render("evaluation/run.html", visit.shell, context, status)


def _columns(passport: Passport) -> tuple[list[str], list[str], list[str]]:
    """Columns of a table, facts and judged indicators that a system reads, the last two in words."""
    judged = {each.code for each in evaluation.judged_of(passport)}
    facts = {leaf.code for leaf in evaluation.facts_of(passport)}
    named = [(leaf, evaluation.column_of(leaf)) for leaf in passport.leaves()]
    units = passport.units
    own = [each for each in (units.id, units.name, units.class_, units.group, units.period) if each]
    columns = [column for leaf, column in named if leaf.code not in judged | facts]
    return (
        list(dict.fromkeys([*own, *columns])) if columns else [],
        [column for leaf, column in named if leaf.code in facts],
        [node_title(leaf) for leaf, _column in named if leaf.code in judged],
    )


def problems_of(error: KaishuError | None) -> list[str]:
    """What is to be mended, a sentence each."""
    if isinstance(error, BadSystem | BadData):
        return [each.sentence(language()) for each in error.problems[: error.shown]]
    if isinstance(error, Invalid):
        return [sentence for told in error.problems_in(language()).values() for sentence in told]
    return []


def _name(title: str, edition: str, state: str) -> str:
    words = {"built-in": _("内置"), "draft": _("草稿"), "published": _("已发布"), "round": _("评判时的版本")}
    return f"{title} · {edition} · {words.get(state, state)}"


def _datasets(visit: Visit) -> list[tuple[str, str]]:
    found = []
    for dataset in catalogue.datasets(visit.call, limit=MOST_DATASETS).rows:
        if any(entry.table_id for entry in catalogue.resources_of(dataset)):
            found.append((dataset.name, pick(dataset.title, dataset.title_en)))
    return found


def _with_task(visit: Visit, run: Evaluation) -> EvaluationLine:
    line = evaluation_line(run)
    if run.state != "waiting":
        return line
    tasks = queue.tasks_about(visit.call.session, "evaluation", run.id, 1)
    task: Task | None = tasks[0] if tasks else None
    failed = None
    if task is not None and task.state == "failed" and task.error:
        told = task.error.get(language(), {})
        failed = (str(told.get("message", "")), str(told.get("advice", "")))
    return EvaluationLine(
        id=line.id,
        title=line.title,
        edition=line.edition,
        source=line.source,
        units=line.units,
        state="failed" if failed else line.state,
        at=line.at,
        first=line.first,
        actor=line.actor,
        task=task,
        failed=failed,
    )


def _charts(runs: Sequence[Evaluation]) -> list[Levels]:
    """The first units of the newest published rankings."""
    found = []
    for run in runs[:CHARTED]:
        first = [] if run.summary.get("staged") else run.summary.get("first", [])
        if len(first) > 1:
            most = float(first[0][1]) or 1.0
            rows = [(str(name), float(score), most, figure(float(score), 2)) for name, score in first]
            finding = _("{title}：{name}居首", title=pick(run.title, run.title_en), name=first[0][0])
            found.append(levels(finding, rows, 128))
    return found


ROUTES: list[Route] = [page(HOME, home), page(DESK, desk), page(NEW, choose), taking(NEW, make)]
