"""A result as a document, by a template."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from kaishu.evaluation.building.result import Result
from kaishu.evaluation.reports import closing, method, results, standing
from kaishu.evaluation.reports.material import Material
from kaishu.evaluation.reports.showing import Showing
from kaishu.evaluation.reports.template import Section, Template, default_template, filled, read_template
from kaishu.evaluation.reports.unit_words import unit_words
from kaishu.evaluation.reports.whole_words import whole_words
from kaishu.reporting import Block, Document, Heading, Paragraph

_Made = Callable[[Material, Section], Iterator[Block]]
_BOTH: Mapping[str, _Made] = {
    "findings": lambda material, section: iter(()),
    "text": lambda material, section: iter(()),
    "method": method.method,
    "change": results.change,
    "advice": standing.advice,
    "robustness": lambda material, section: closing.ready(material.robustness),
    "notices": closing.notices,
    "appendix": closing.appendix,
    "again": closing.again,
}
_WHOLE: Mapping[str, _Made] = {
    **_BOTH,
    "results": results.results,
    "groups": results.groups,
    "map": results.tiles,
    "dimensions": results.dimensions,
    "distribution": results.distribution,
    "diagnosis": standing.diagnosis,
    "printed": closing.printed,
}
_UNIT: Mapping[str, _Made] = {
    **_BOTH,
    "profile": standing.profile,
    "diagnosis": standing.unit_diagnosis,
}


def evaluation_document(
    result: Result,
    language: str = "zh",
    *,
    unit: str | None = None,
    template: Template | str | Path | None = None,
    before: Result | None = None,
    robustness: Sequence[Block] = (),
) -> Document:
    """The report on all units, or on the ``unit`` with this id or name, in ``zh`` or ``en``.

    ``before`` is an earlier result of the same units; ``robustness`` are blocks made elsewhere.  Of several
    periods the last one is reported, beside the one before it.  Raises ``BadTemplate``, ``NoUnit``.
    """
    chosen = default_template() if template is None else template
    if not isinstance(chosen, Template):
        chosen = read_template(chosen)
    shown = Showing(result, language, before)
    row = None if unit is None else result.row_of(unit, shown.period or None)
    material = Material(shown, row, robustness)
    words = whole_words(material)
    if row is not None:
        words |= unit_words(material)
    made, sections = (_WHOLE, chosen.sections) if row is None else (_UNIT, chosen.unit_sections)
    title = filled((chosen.title if row is None else chosen.unit_title).said(language), words)
    blocks: list[Block] = []
    for section in sections:
        body: list[Block] = [
            Paragraph(text) for each in section.text if (text := filled(each.said(language), words))
        ]
        body += made[section.section](material, section)
        if body:
            head = filled(section.title.said(language), words)
            blocks += [Heading(head)] if head else []
            blocks += body
    return Document(title or words["title"], language, blocks)
