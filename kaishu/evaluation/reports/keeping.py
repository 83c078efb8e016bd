"""Templates of reports that are kept on the platform, by name; their text is YAML and the truth."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from kaishu.access import Call, Permission, note, require
from kaishu.base import ids
from kaishu.base.errors import Invalid, NotFound, Said
from kaishu.evaluation.models import MOST_NAME, ReportTemplate
from kaishu.evaluation.reports.template import MOST_CHARACTERS, Template, default_template, read_template

_SUBJECT = "report-template"


def report_templates(call: Call) -> Sequence[ReportTemplate]:
    """Every kept template, by name."""
    require(call, Permission.evaluation_read)
    return call.session.scalars(select(ReportTemplate).order_by(ReportTemplate.name)).all()


def report_template(call: Call, id: str) -> ReportTemplate:
    """One of them, by id or name.  Raises ``NotFound``."""
    require(call, Permission.evaluation_read)
    query = select(ReportTemplate)
    for column in (ReportTemplate.id, ReportTemplate.name):
        found = call.session.scalar(query.where(column == id))
        if found is not None:
            return found
    raise NotFound(kind="报告模板 report template", name=id)


def template_chosen(call: Call, id: str) -> Template:
    """A kept template, read; the shipped one without an id.  Raises ``NotFound``, ``BadTemplate``."""
    return template_from(report_template(call, id).text) if id else default_template()


def template_from(text: str) -> Template:
    """A template from its text; the shipped one if there is none.  Raises ``BadTemplate``."""
    return read_template(text + "\n") if text.strip() else default_template()


def add_template(call: Call, name: str, text: str) -> ReportTemplate:
    """Keep a template under a name of its own.  Raises ``BadTemplate`` with lines, ``Invalid``."""
    require(call, Permission.evaluation_template)
    row = ReportTemplate(
        id=ids.new_id(), author_id=call.actor.id, author=call.actor.name[:200], created_at=call.now
    )
    _fill(call, row, name, text)
    call.session.add(row)
    call.session.flush()
    note(call, "evaluation.template.add", (_SUBJECT, row.id), name=row.name)
    return row


def revise_template(call: Call, id: str, name: str, text: str) -> ReportTemplate:
    """Change a template; another's only those who publish results.

    Raises ``BadTemplate`` with lines, ``Invalid``, ``NotFound``.
    """
    row = _own(call, id)
    _fill(call, row, name, text)
    call.session.flush()
    note(call, "evaluation.template.revise", (_SUBJECT, row.id), name=row.name)
    return row


def remove_template(call: Call, id: str) -> None:
    """Remove a template; reports that were written by it stay as they are.  Raises ``NotFound``."""
    row = _own(call, id)
    call.session.delete(row)
    call.session.flush()
    note(call, "evaluation.template.remove", (_SUBJECT, row.id), name=row.name)


def _own(call: Call, id: str) -> ReportTemplate:
    require(call, Permission.evaluation_template)
    row = report_template(call, id)
    if row.author_id != call.actor.id:
        require(call, Permission.evaluation_publish)
    return row


def _fill(call: Call, row: ReportTemplate, name: str, text: str) -> None:
    name, text = name.strip(), text.replace("\r\n", "\n").rstrip() + "\n"
    problems: dict[str, list[Said]] = {}
    if not name or len(name) > MOST_NAME:
        problems["name"] = [
            Said(f"请写名称，最多{MOST_NAME}个字。", f"Write a name of at most {MOST_NAME} characters.")
        ]
    other = call.session.scalar(
        select(ReportTemplate.id).where(ReportTemplate.name == name, ReportTemplate.id != row.id)
    )
    if other is not None:
        problems["name"] = [Said("已有这个名称的模板。", "There is a template of this name.")]
    if not text.strip():
        problems["text"] = [
            Said("请写模板的文字，或选文件。", "Write the text of the template, or choose a file.")
        ]
    elif len(text) > MOST_CHARACTERS:
        problems["text"] = [
            Said(
                f"文字超过{MOST_CHARACTERS:,}个字符。",
                f"The text is longer than {MOST_CHARACTERS:,} characters.",
            )
        ]
    if problems:
        raise Invalid(problems)
    template_from(text)
    row.name, row.text = name, text
    row.changed_at, row.changed_by = call.now, call.actor.name[:200]
