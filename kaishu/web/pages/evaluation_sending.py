"""Reports to the units of an evaluation: to whom, how, and what became of each."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from kaishu import access, engagement, evaluation
from kaishu.access import Permission, require
from kaishu.base.errors import Invalid, KaishuError, NotFound
from kaishu.evaluation import BadTemplate
from kaishu.web.evaluation_blocks import title_of
from kaishu.web.letter_contexts import SendLine, SendPage, SentPage
from kaishu.web.pages.evaluation_results import RESULT, kept_of
from kaishu.web.rendering import render
from kaishu.web.routing import Unchanged, Visit, act, moved, page, said, text
from kaishu.web.words import _, language, pick

MAIL, MOST = "mail.", 1000


def form(visit: Visit) -> Response:
    """The units, and to whom each report would go."""
    return _form(visit, FormData())


def _form(visit: Visit, given: FormData, error: KaishuError | None = None) -> Response:
    run, result = kept_of(visit)
    lines = []
    titles = {office.id: pick(office.title, office.title_en) for office in access.offices(visit.call.session)}
    for each in evaluation.addressees(visit.call, run.id)[:MOST]:
        mail = text(given, MAIL + each.unit) or each.mail
        way = _("邮件") if mail else _("平台收件箱") if each.office else _("没有收件人")
        chosen = each.unit in given.getlist("unit") if given else bool(mail or each.office)
        lines.append(SendLine(each.unit, each.name, titles.get(each.office or "", ""), mail, way, chosen))
    context = SendPage(
        run=run.id,
        title=title_of(result.passport),
        lines=lines,
        mail_set=engagement.mail_is_set(),
        languages=[("zh", "中文"), ("en", "English")],
        forms=[("html", _("网页")), ("docx", "Word"), ("pdf", "PDF")],
        language=text(given, "language") or language(),
        form=text(given, "form") or "html",
        templates=[("", _("自带的模板"))]
        + [(row.id, row.name) for row in evaluation.report_templates(visit.call)],
        chosen=text(given, "chosen"),
        template=text(given, "template"),
        trouble=_trouble(error) if error else None,
    )
    return render("evaluation/send.html", visit.shell, context, error.status if error else 200)


def _trouble(error: KaishuError) -> tuple[str, str]:
    if isinstance(error, BadTemplate):
        return error.sentence(language()), error.advice(language())
    if isinstance(error, Invalid):
        problems = [each for told in error.problems_in(language()).values() for each in told]
        return " ".join(problems), error.advice(language())
    return said(error)


def send(visit: Visit, given: FormData) -> Response:
    """Leave it to the worker, once everything that can be wrong was looked at."""
    run, _result = kept_of(visit)
    units = [each for each in given.getlist("unit") if isinstance(each, str)]
    mail = {unit: text(given, MAIL + unit) for unit in units}
    try:
        order = evaluation.ReportOrder(
            text(given, "language") or "zh", text(given, "form") or "html", _template(visit, given)
        )
        task = evaluation.send_reports(visit.call, run.id, units, order, mail=mail)
    except (BadTemplate, Invalid) as error:
        raise Unchanged(_form(visit, given, error)) from error
    return moved(visit, f"/evaluation/results/{run.id}/sent/{task.id}")


def _template(visit: Visit, given: FormData) -> str:
    """The text that was pasted, else that of the kept template that was chosen; empty for the shipped one."""
    pasted, chosen = text(given, "template"), text(given, "chosen")
    return pasted or (evaluation.report_template(visit.call, chosen).text if chosen else "")


def sent(visit: Visit) -> Response:
    """How far it is, and what became of each unit's report."""
    require(visit.call, Permission.evaluation_publish)
    run, result = kept_of(visit)
    wanted = visit.part("task")
    task = next((each for each in evaluation.sendings(visit.call, run.id) if each.id == wanted), None)
    if task is None:
        raise NotFound(kind="任务 task", name=wanted)
    found = task.result or {}
    names = dict(zip(result.table.ids, result.table.names, strict=True))
    ways = {"mail": _("邮件"), "inbox": _("平台收件箱")}
    told = (task.error or {}).get(language(), {})
    context = SentPage(
        run=run.id,
        title=title_of(result.passport),
        open=task.state in ("waiting", "running"),
        done=task.done or 0,
        total=len(task.payload["units"]),
        at=task.created_at,
        sent=[(names.get(unit, unit), ways.get(way, way)) for unit, way in found.get("sent", ())],
        failed=[(names.get(unit, unit), said_[language()]) for unit, said_ in found.get("failed", ())],
        trouble=(str(told.get("message") or _("没有成功。")), str(told.get("advice") or ""))
        if task.state == "failed"
        else None,
    )
    return render("evaluation/sent.html", visit.shell, context)


ROUTES: list[Route] = [
    page(f"{RESULT}/send", form),
    act(f"{RESULT}/send", send),
    page(f"{RESULT}/sent/{{task}}", sent),
]
