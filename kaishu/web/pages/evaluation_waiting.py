"""An evaluation that is not made yet: how far it is, or why it failed and how to try again."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from kaishu import evaluation
from kaishu.base.errors import KaishuError
from kaishu.evaluation.models import Evaluation
from kaishu.web.evaluation_blocks import chosen_of, source_of, system_line
from kaishu.web.evaluation_contexts import WaitingPage
from kaishu.web.rendering import render
from kaishu.web.routing import Unchanged, Visit, act, moved, said, text
from kaishu.web.shell import EVALUATION_LEFT, say
from kaishu.web.words import _, language, pick

RETRY = "/evaluation/results/{run}/retry"


def waiting_page(visit: Visit, run: Evaluation, error: KaishuError | None = None) -> Response:
    """How far it is; of a failed one every problem with its place, and what can be done."""
    task = evaluation.evaluation_task(visit.call, run.id)
    failed = task is not None and task.state == "failed"
    told = ((task.error or {}) if task and failed else {}).get(language(), {})
    head, *lines = str(told.get("message") or _("没有成功。")).split("\n")
    chosen = str(run.asked.get("system", ""))
    context = WaitingPage(
        run=run,
        title=pick(run.title, run.title_en),
        source=source_of(run),
        failed=failed,
        done=task.done if task else 0,
        total=task.total if task else 0,
        message=head.rstrip("：: "),
        problems=[line.strip() for line in lines if line.strip()],
        advice=str(told.get("advice") or ""),
        systems=_systems(visit, run) if failed else [],
        system=chosen,
        draft=_draft(visit, run),
        dataset=str(run.asked.get("dataset", "")),
        trouble=said(error) if error else None,
    )
    return render("evaluation/waiting.html", visit.shell, context, error.status if error else 200)


def _systems(visit: Visit, run: Evaluation) -> list[tuple[str, str]]:
    """Editions of the same system to try with, the newest first, and the built-in one."""
    words = {"built-in": _("内置"), "draft": _("草稿"), "published": _("已发布"), "replaced": _("已被替换")}
    found = [
        chosen_of(row) for row in evaluation.editions_of(visit.call, run.system) if row.state != "withdrawn"
    ]
    if run.system in evaluation.built_in():
        found.append(evaluation.built_in_system(run.system))
    lines = [system_line(each) for each in found]
    return [
        (each.id, f"{each.title} · {each.edition} · {words.get(each.state, each.state)}") for each in lines
    ]


def _draft(visit: Visit, run: Evaluation) -> str:
    """The draft by which it was to be made, if it is one; it can be edited before trying again."""
    for row in evaluation.editions_of(visit.call, run.system):
        if row.id == run.edition_id and row.state == "draft":
            return row.id
    return ""


def retry(visit: Visit, form: FormData) -> Response:
    """Leave it to the worker again."""
    run = evaluation.evaluation_by_id(visit.call, visit.part("run"))
    try:
        evaluation.retry_evaluation(visit.call, run.id, system=text(form, "system"))
    except KaishuError as error:
        if run.state != "waiting":
            raise
        raise Unchanged(waiting_page(visit, run, error)) from error
    return say(moved(visit, f"/evaluation/results/{run.id}"), EVALUATION_LEFT)


ROUTES: list[Route] = [act(RETRY, retry)]
