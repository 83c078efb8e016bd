"""A unit's report on its way: made, addressed, and put into the inbox or noted as mailed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kaishu import engagement, queue
from kaishu.access import Call, Permission, note, offices, require
from kaishu.access.models import Office
from kaishu.base.errors import Invalid, Said
from kaishu.evaluation.errors import EvaluationInState
from kaishu.evaluation.models import Evaluation
from kaishu.evaluation.records.queries import evaluation_by_id
from kaishu.evaluation.records.storing import result_of
from kaishu.evaluation.reports.document import evaluation_document
from kaishu.evaluation.reports.errors import NoAddressee
from kaishu.evaluation.reports.keeping import template_from
from kaishu.evaluation.reports.template import Template
from kaishu.queue.models import Task
from kaishu.reporting import FORMATS, Document, Heading, Paragraph, write_document

TASK, MOST_SENT = "send-reports", 1000


@dataclass(frozen=True, slots=True)
class ReportOrder:
    """How reports are to be written; ``template`` is YAML text, empty for the shipped one."""

    language: str = "zh"
    form: str = "html"
    template: str = ""

    def chosen(self) -> Template:
        """The template.  Raises ``BadTemplate``."""
        return template_from(self.template)


@dataclass(frozen=True, slots=True)
class Addressee:
    """To whom a unit's report goes: by mail if ``mail`` is there, else into the inbox of the office."""

    unit: str
    name: str
    office: str | None
    office_title: str
    mail: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """A report that is ready to go."""

    run: str
    to: Addressee
    subject: str
    text: str
    enclosed: engagement.Enclosed


def addressees(call: Call, id: str) -> list[Addressee]:
    """Every unit of an evaluation with its office and mail address, as far as they are known."""
    require(call, Permission.evaluation_publish)
    table = result_of(call.session, _sendable(call, id)).table
    known = _offices(call)
    found: dict[str, Addressee] = {}
    for unit, name in zip(table.ids, table.names, strict=True):
        office = known.get(unit) or known.get(name)
        mail = engagement.address_in(office.contact) if office and engagement.mail_is_set() else ""
        found[unit] = Addressee(
            unit, name, office.id if office else None, office.title if office else "", mail
        )
    return list(found.values())


def send_reports(
    call: Call, id: str, units: Sequence[str], order: ReportOrder, *, mail: Mapping[str, str] | None = None
) -> Task:
    """Leave it to the worker to write each unit its report and send it; ``mail`` gives units addresses of
    their own.  All that can be wrong is looked at before.

    Raises ``Invalid``, ``BadTemplate``, ``BadAddress``, ``NoUnit``, ``EvaluationInState``.
    """
    require(call, Permission.evaluation_publish)
    run = _sendable(call, id)
    written = {unit: each.strip() for unit, each in (mail or {}).items() if each.strip()}
    checked = {unit: engagement.checked_address(each) for unit, each in written.items()}
    order.chosen()
    if not units:
        raise Invalid({"unit": [Said("请至少选一个单位。", "Choose at least one unit.")]})
    if len(units) > MOST_SENT:
        raise Invalid({"unit": [Said(f"最多{MOST_SENT:,}个单位。", f"At most {MOST_SENT:,} units.")]})
    if order.form not in FORMATS or order.language not in ("zh", "en"):
        raise Invalid({"form": [Said("请选择语言和格式。", "Choose language and format.")]})
    result = result_of(call.session, run)
    for unit in (*units, *checked):
        result.row_of(unit)
    payload = {
        "run_id": run.id,
        "units": list(dict.fromkeys(units)),
        "language": order.language,
        "form": order.form,
        "template": order.template,
        "mail": checked,
    }
    return queue.enqueue(call, TASK, payload, ("evaluation", run.id))


def sendings(call: Call, id: str) -> list[Task]:
    """The tasks by which reports of an evaluation were sent, newest first."""
    require(call, Permission.evaluation_publish)
    run = evaluation_by_id(call, id)
    tasks = queue.tasks_about(call.session, "evaluation", run.id)
    return [task for task in tasks if task.kind == TASK]


def make_parcel(call: Call, id: str, unit: str, order: ReportOrder, *, mail: str = "") -> Parcel:
    """The report of one unit; ``mail`` is an address to take instead of the office's.

    Raises ``NoUnit``, ``NoAddressee``, ``BadAddress``, ``BadTemplate``, ``EvaluationInState``.
    """
    require(call, Permission.evaluation_publish)
    result = result_of(call.session, _sendable(call, id))
    row = result.row_of(unit)
    to = next(each for each in addressees(call, id) if each.unit == result.table.ids[row])
    if mail:
        to = Addressee(to.unit, to.name, to.office, to.office_title, engagement.checked_address(mail))
    if not to.mail and to.office is None:
        raise NoAddressee(unit=to.name)
    document = evaluation_document(result, order.language, unit=to.unit, template=order.chosen())
    content = write_document(document, order.form)
    safe = "".join(each if each.isalnum() or each in "-_" else "-" for each in f"{result.system}-{to.name}")
    enclosed = engagement.Enclosed(f"{safe[:120]}.{order.form}", FORMATS[order.form], content)
    return Parcel(id, to, document.title, _opening(document), enclosed)


def post_parcel(parcel: Parcel) -> str:
    """Send it by mail, outside of any transaction; its Message-ID.  Raises what ``send_mail`` raises."""
    mail = engagement.Mail(parcel.to.mail, parcel.subject, parcel.text, parcel.enclosed)
    return engagement.send_mail(mail)


def record_parcel(call: Call, parcel: Parcel, message: str = "") -> str:
    """Note that a parcel was mailed (``message`` is its id), or put it into the inbox; says which."""
    require(call, Permission.evaluation_publish)
    way = "mail" if message else "inbox"
    if not message:
        if parcel.to.office is None:
            raise NoAddressee(unit=parcel.to.name)
        engagement.leave_letter(
            call,
            parcel.to.office,
            subject=parcel.subject,
            text=parcel.text,
            about=("evaluation", parcel.run),
            enclosed=parcel.enclosed,
        )
    note(
        call,
        "evaluation.send-report",
        ("evaluation", parcel.run),
        unit=parcel.to.unit,
        way=way,
        to=parcel.to.mail if message else parcel.to.office_title,
        message=message,
    )
    return way


def _sendable(call: Call, id: str) -> Evaluation:
    run = evaluation_by_id(call, id)
    if run.state not in ("kept", "published"):
        raise EvaluationInState(state=run.state)
    return run


def _offices(call: Call) -> dict[str, Office]:
    """Offices by title, address part and code."""
    found: dict[str, Office] = {}
    for office in offices(call.session):
        for key in (office.title, office.title_en, office.name, office.code, office.id):
            if key:
                found.setdefault(key, office)
    return found


def _opening(document: Document) -> str:
    """The sentences before the second heading: what a letter says of the report that it encloses."""
    said: list[str] = []
    headings = 0
    for block in document.blocks:
        headings += isinstance(block, Heading)
        if headings > 1:
            break
        if isinstance(block, Paragraph):
            said.append(block.text)
    end = "The whole report is enclosed." if document.language == "en" else "完整的报告见附件。"
    return "\n".join([document.title, "", *said, "", end])
