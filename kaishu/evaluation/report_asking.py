"""A report of a kept evaluation: asked for in a call, written outside of it."""

from __future__ import annotations

from dataclasses import dataclass

from kaishu.access import Call, Permission, require
from kaishu.base.errors import Invalid, Said
from kaishu.evaluation.building.result import Result
from kaishu.evaluation.models import Evaluation
from kaishu.evaluation.records.comparing import compare_results
from kaishu.evaluation.records.queries import evaluation_by_id
from kaishu.evaluation.records.storing import result_of
from kaishu.evaluation.reports.document import evaluation_document
from kaishu.evaluation.reports.keeping import template_chosen
from kaishu.evaluation.reports.template import Template
from kaishu.reporting import Document

LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class ReportAsked:
    """Everything a report is written from; writing it needs no record."""

    run: Evaluation
    result: Result
    template: Template
    language: str
    unit: str | None
    before: Result | None

    def document(self) -> Document:
        """The report."""
        return evaluation_document(
            self.result, self.language, unit=self.unit, template=self.template, before=self.before
        )


def report_asked(
    call: Call, id: str, *, language: str = "zh", unit: str = "", template: str = "", earlier: str = ""
) -> ReportAsked:
    """What a report needs: of all units or one (id or name), by a kept template (id or name) or the shipped
    one, and with the changes since an ``earlier`` evaluation.

    Raises ``NotFound``, ``NoUnit``, ``EvaluationInState``, ``NotComparable``, ``Invalid``.
    """
    require(call, Permission.evaluation_read)
    if language not in LANGUAGES:
        raise Invalid({"language": [Said("语言是 zh 或 en。", "The language is zh or en.")]})
    run = evaluation_by_id(call, id)
    result = result_of(call.session, run)
    if unit:
        result.row_of(unit)
    before = None
    if earlier:
        before = result_of(call.session, evaluation_by_id(call, earlier))
        compare_results(before, result)
    return ReportAsked(run, result, template_chosen(call, template), language, unit or None, before)
