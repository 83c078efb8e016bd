"""The desk of data elements: what my office is asked, what waits for review, what it proposed; the forms."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kaishu import casework, elements, http, lake, source
from kaishu.access import Call, Permission, Role, allowed, require
from kaishu.base import clock
from kaishu.base.errors import Invalid, KaishuError, NotFound, Said
from kaishu.elements.models import Entry, Version
from kaishu.web.element_checks import check_word
from kaishu.web.element_contexts import ElementsDesk, ElementSheetPage, ProposePage, VersionLine
from kaishu.web.office_choices import own_offices
from kaishu.web.pages.elements import csv_lines, letters, owners
from kaishu.web.rendering import render
from kaishu.web.routing import Unchanged, Visit, act, moved, page, said, taking, text
from kaishu.web.shell import ELEMENT_PROPOSED, ELEMENT_WITHDRAWN, ELEMENTS_PROPOSED, say
from kaishu.web.words import language

FIELDS = (
    "code",
    "name",
    "name_en",
    "letter",
    "representation",
    "unit",
    "minimum",
    "maximum",
    "code_set",
    "check",
    "object_class",
    "feature",
    "definition",
    "definition_en",
    "standard",
    "synonyms",
)
SET_FIELDS = ("code", "name", "name_en", "edition", "standard", "definition")
STATES = ("technical-review", "cross-review", "returned", "draft")
SHOWN_WRONG = 200


def show_desk(visit: Visit) -> Response:
    """What waits, and what my office proposed."""
    may_propose = bool(allowed(visit.call, Permission.elements_propose, office=visit.call.actor.office))
    may_review = bool(allowed(visit.call, Permission.elements_review))
    if not (may_propose or may_review):
        require(visit.call, Permission.elements_propose)
    open_ones = elements.versions_in(visit.call.session, STATES)
    office = visit.call.actor.office
    asked = []
    if office:
        for case in casework.asked_of(visit.call.session, elements.KIND, office):
            if found := elements.version_of_case(visit.call.session, case.id):
                asked.append(found)
    own = [each for each in open_ones if office == each[0].office_id] if may_propose else []
    review = [each for each in open_ones if each[1].state in elements.OPEN] if may_review else []
    titles = owners(visit)
    context = ElementsDesk(
        [_line(visit.call, each, titles) for each in asked],
        [_line(visit.call, each, titles) for each in review],
        [_line(visit.call, each, titles) for each in own],
        may_propose,
        may_review,
    )
    return render("elements/desk.html", visit.shell, context)


def _line(call: Call, found: tuple[Entry, Version], titles: dict[str, str]) -> VersionLine:
    entry, version = found
    due = casework.case_by_id(call.session, version.case_id).due_on if version.case_id else None
    waits = version.state in elements.OPEN
    late = waits and due is not None and due < clock.day_of(call.now)
    return VersionLine(entry, version, titles.get(entry.office_id, ""), due if waits else None, late)


def show_form(visit: Visit) -> Response:
    """The form of an element, empty or from one that is there."""
    require(visit.call, Permission.elements_propose, office=visit.call.actor.office)
    values: dict[str, Any] = {}
    if visit.query("from"):
        found = elements.element_by_code(visit.call.session, visit.query("from")).element
        values = {**found.model_dump(), "synonyms": "、".join(found.synonyms)}
    return _form(visit, values)


def propose(visit: Visit, form: FormData) -> Response:
    """Propose what the form says."""
    values = {name: text(form, name) for name in FIELDS}
    asked = [str(each) for each in form.getlist("asked")]
    try:
        made = elements.propose_element(
            visit.call, values, office=_office(visit, form), reason=text(form, "reason"), asked=asked
        )
    except KaishuError as error:
        visit.call.session.rollback()
        shown = {**values, "reason": text(form, "reason"), "owner": text(form, "owner")}
        raise Unchanged(_form(visit, shown, asked, error)) from error
    return say(moved(visit, f"/desk/elements/versions/{made.id}"), ELEMENT_PROPOSED, name=values["name"])


def _office(visit: Visit, form: FormData) -> str:
    """The office that proposes: the steward's own, else the one chosen."""
    own = visit.call.actor.office if visit.call.actor.role is Role.steward else ""
    office = own or text(form, "owner") or visit.call.actor.office or ""
    if not office:
        raise Invalid({"owner": [Said("请选择部门。", "Choose an office.")]})
    return office


def _form(
    visit: Visit, values: dict[str, Any], asked: list[str] | None = None, error: KaishuError | None = None
) -> Response:
    return render(
        "elements/propose.html",
        visit.shell,
        _propose_page(visit, values, asked or [], error),
        error.status if error else 200,
    )


def _propose_page(
    visit: Visit, values: dict[str, Any], asked: list[str], error: KaishuError | None
) -> ProposePage:
    problems = error.problems_in(language()) if isinstance(error, Invalid) else {}
    known = {*FIELDS, "owner", "items", "edition", "file"}
    loose = [f"{key}: {' '.join(each)}" for key, each in problems.items() if key not in known]
    offices = own_offices(visit.call)
    sets = elements.code_sets(visit.call.session)
    own = visit.call.actor.role is Role.steward
    return ProposePage(
        values=dict.fromkeys((*FIELDS, *SET_FIELDS, "owner", "reason", "items"), "") | values,
        changing=bool(visit.query("from")),
        letters=letters(),
        code_sets=[(each.code, f"{each.code} {each.name}") for each in sets],
        checks=[(each, check_word(each)) for each in elements.CHECKS],
        offices=offices,
        owners=[] if own else offices,
        asked=asked,
        problems=problems,
        loose=loose,
        trouble=said(error) if error else None,
    )


def show_set_form(visit: Visit) -> Response:
    """The form of a code set."""
    require(visit.call, Permission.elements_propose, office=visit.call.actor.office)
    values: dict[str, Any] = {}
    if visit.query("from"):
        _known, found = elements.code_set_by_code(visit.call.session, visit.query("from"))
        lines = "".join(csv_lines(found.items)).lstrip("\ufeff").replace("\r\n", "\n")
        values = {**{name: getattr(found, name) for name in SET_FIELDS}, "items": lines}
    return render("elements/propose_set.html", visit.shell, _propose_page(visit, values, [], None))


def propose_set(request: Request, form: FormData) -> Response:
    """Propose a code set: its codes from a file, or from what stands in the form."""
    values: dict[str, Any] = {name: text(form, name) for name in SET_FIELDS}
    asked, pasted = [str(each) for each in form.getlist("asked")], str(form.get("items") or "")
    with http.read_call(request) as call:
        require(call, Permission.elements_propose, office=call.actor.office)
    try:
        items = _items(form, pasted)
        with http.write_call(request) as call:
            visit = Visit(call, request)
            made = elements.propose_code_set(
                call,
                {**values, "items": items},
                office=_office(visit, form),
                reason=text(form, "reason"),
                asked=asked,
            )
            answer = moved(visit, f"/desk/elements/versions/{made.id}")
            return say(answer, ELEMENT_PROPOSED, name=values["name"])
    except KaishuError as error:
        shown = {**values, "items": pasted, "reason": text(form, "reason"), "owner": text(form, "owner")}
        with http.read_call(request) as call:
            visit = Visit(call, request)
            context = _propose_page(visit, shown, asked, error)
            return render("elements/propose_set.html", visit.shell, context, error.status)


def _items(form: FormData, pasted: str) -> list[dict[str, str]]:
    import io

    file = form.get("file")
    if isinstance(file, UploadFile) and file.filename:
        original = source.keep_original(file.filename, file.file)
    elif pasted.strip():
        original = source.keep_original("codes.csv", io.BytesIO(pasted.encode()))
    else:
        raise Invalid(
            {"file": [Said("请选择文件，或把代码贴在下面。", "Choose a file, or paste the codes.")]}
        )
    plan = lake.make_plan(original.path, original.name)
    headings = [column.source_name for column in plan.columns]
    rows = lake.text_rows(original.path, original.name, plan)
    items, wrong = elements.read_codes(headings, rows, original.name)
    if wrong:
        told = [
            Said(f"第{each.row}行：{each.said}", f"Row {each.row}: {each.said.en}") for each in wrong[:100]
        ]
        raise Invalid({"items": told})
    return items


def withdraw(visit: Visit, form: FormData) -> Response:
    """Take an element or a code set out of force."""
    kind = text(form, "kind")
    if kind not in (elements.ELEMENT, elements.CODE_SET):
        raise NotFound(kind="类别 kind", name=kind[:20])
    entry = elements.withdraw(visit.call, kind, text(form, "code"), text(form, "reason"))
    return say(moved(visit, "/desk/elements"), ELEMENT_WITHDRAWN, name=entry.name)


def show_sheet(visit: Visit) -> Response:
    """The form for many elements."""
    require(visit.call, Permission.elements_propose, office=visit.call.actor.office)
    return _sheet(visit)


def take_sheet(request: Request, form: FormData) -> Response:
    """Propose every row of a sheet, or tell every row that is wrong and propose none."""
    with http.read_call(request) as call:
        require(call, Permission.elements_propose, office=call.actor.office)
        sets = elements.code_set_names(call.session)
    file = form.get("file")
    wrong: list[elements.SheetProblem] = []
    good: list[dict[str, str]] = []
    try:
        if not isinstance(file, UploadFile) or not file.filename:
            raise Invalid({"file": [Said("请选择一个文件。", "Choose a file.")]})
        original = source.keep_original(file.filename, file.file)
        plan = lake.make_plan(original.path, original.name)
        headings = [column.source_name for column in plan.columns]
        rows = lake.text_rows(original.path, original.name, plan)
        good, wrong = elements.read_elements(headings, rows, original.name, sets)
        elements.refuse_wrong(wrong)
        with http.write_call(request) as call:
            visit = Visit(call, request)
            made = elements.propose_all(call, good, office=_office(visit, form))
            return say(moved(visit, "/desk/elements"), ELEMENTS_PROPOSED, n=str(len(made)))
    except KaishuError as error:
        with http.read_call(request) as call:
            return _sheet(Visit(call, request), error, wrong, len(good))


def _sheet(
    visit: Visit, error: KaishuError | None = None, wrong: list[Any] | None = None, good: int = 0
) -> Response:
    own = visit.call.actor.role is Role.steward
    trouble = said(error) if error else None
    if isinstance(error, Invalid):
        trouble = ("; ".join(each for told in error.problems_in(language()).values() for each in told), "")
    context = ElementSheetPage(
        owners=[] if own else own_offices(visit.call),
        headings=elements.sheet_template()[0],
        wrong=(wrong or [])[:SHOWN_WRONG],
        good=good,
        trouble=trouble,
    )
    return render("elements/sheet.html", visit.shell, context, error.status if error else 200)


def template(visit: Visit) -> Response:
    """A sheet to fill in, with one shipped element as an example."""
    import csv
    import io

    shipped = elements.shipped_elements()["sex"]
    example = {**shipped.model_dump(), "code": "example-sex", "synonyms": "、".join(shipped.synonyms)}
    buffer = io.StringIO()
    csv.writer(buffer).writerows(elements.sheet_template([example]))
    headers = {"content-disposition": http.files.disposition("data-elements.csv")}
    return Response("\ufeff" + buffer.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


ROUTES: list[Route] = [
    page("/desk/elements", show_desk),
    page("/desk/elements/new", show_form),
    act("/desk/elements/new", propose),
    page("/desk/elements/new-set", show_set_form),
    taking("/desk/elements/new-set", propose_set),
    act("/desk/elements/withdraw", withdraw),
    page("/desk/elements/sheet", show_sheet),
    taking("/desk/elements/sheet", take_sheet),
    page("/desk/elements/template.csv", template),
]
