"""The six entry gates: of one table, with what people say for them; and over an office or all."""

from __future__ import annotations

from collections import Counter

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from kaishu import catalogue
from kaishu.access import Permission, Role, allowed, require
from kaishu.base.errors import Invalid, KaishuError, NotFound, in_language
from kaishu.casework.errors import ReasonNeeded
from kaishu.catalogue import GATES, TableGates, Verdict
from kaishu.catalogue.errors import GatesMissing
from kaishu.web.gate_contexts import GatedTable, GateLine, GatesOverview, GatesPage, GateSteps
from kaishu.web.quality_contexts import levels
from kaishu.web.rendering import address, path_part, render
from kaishu.web.routing import Unchanged, Visit, act, moved, page, said, text
from kaishu.web.shell import GATE_SAID, GATE_TAKEN_BACK, TABLE_ENTERED, say
from kaishu.web.words import _, _n, language, pick

SHOWN = 200
#: Most columns that a gate names.
NAMED = 5
PLACES = {
    "/admin": Permission.person_manage,
    "/desk/sources": Permission.source_read,
}


def show_gates(visit: Visit) -> Response:
    """The six steps of a table, for those who may see drafts."""
    return _show(visit, visit.query("resource"))


def declare(visit: Visit, form: FormData) -> Response:
    """Say something for a gate: no element, hand delivery, assessment."""
    resource, reason = text(form, "resource"), text(form, "reason")
    name, kind = visit.part("name"), text(form, "kind")
    try:
        if kind == "no-element":
            columns = _columns(visit, form)
            if not columns:
                raise Invalid({"column": [_("请先勾选列。")]})
            catalogue.declare_no_elements(visit.call, name, resource, columns, reason)
        elif kind == "hand-delivery":
            catalogue.certify_hand_delivery(visit.call, name, resource, reason)
        elif kind == "assessment":
            catalogue.confirm_assessment(visit.call, name, resource, reason)
        else:
            raise NotFound(kind="说明 statement", name=kind[:60])
    except (Invalid, ReasonNeeded) as error:
        visit.call.session.rollback()
        problems = {f"reason-{kind}": _sentences(error)}
        raise Unchanged(_show(visit, resource, error, problems)) from error
    return say(moved(visit, _place(name, resource)), GATE_SAID)


def take_back(visit: Visit, form: FormData) -> Response:
    """Take a statement back."""
    name, resource = visit.part("name"), text(form, "resource")
    catalogue.take_back_statement(visit.call, name, resource, text(form, "statement"))
    return say(moved(visit, _place(name, resource)), GATE_TAKEN_BACK)


def enter(visit: Visit, form: FormData) -> Response:
    """Let the table in."""
    name, resource = visit.part("name"), text(form, "resource")
    try:
        catalogue.enter(visit.call, name, resource)
    except GatesMissing as error:
        raise Unchanged(_show(visit, resource, error)) from error
    return say(moved(visit, _place(name, resource)), TABLE_ENTERED)


def show_overview(visit: Visit) -> Response:
    """How many tables pass how many gates: my office's, or all for the bureau."""
    call = visit.call
    office = call.actor.office if call.actor.role is Role.steward else None
    require(call, Permission.dataset_read_draft, office=office)
    found = catalogue.gates_of_all(call, office)
    listed = sorted(found, key=lambda each: (len(each.missing), each.dataset.name), reverse=True)
    whole = len(found)
    by_gate = Counter(each.gate for table in found for each in table.verdicts if each.passed)
    by_number = Counter(6 - len(table.missing) for table in found)
    most = max(by_number.values(), default=0)
    passes = [
        (_n("通过{n}关", n), float(by_number[n]), float(most), f"{by_number[n]:,}") for n in range(6, -1, -1)
    ]
    gates = [
        (_heading(_gate(gate)), float(by_gate[gate]), float(whole), f"{by_gate[gate]:,}") for gate in GATES
    ]
    full = by_number[6]
    weakest = min(GATES, key=lambda gate: by_gate[gate])
    context = GatesOverview(
        office=pick(found[0].dataset.office.title, found[0].dataset.office.title_en)
        if office and found
        else "",
        mode=catalogue.gate_mode(),
        tables=[_listed(each) for each in listed[:SHOWN]],
        entered=sum(not each.staged for each in found),
        ready=full,
        passes=levels(_("{whole}张表中{full}张六关全过", whole=f"{whole:,}", full=f"{full:,}"), passes)
        if found
        else None,
        gates=levels(_("“{gate}”通过的表最少", gate=_gate(weakest)), gates) if found else None,
        more=max(0, whole - SHOWN),
    )
    return render("gates/overview.html", visit.shell, context)


def _show(
    visit: Visit,
    resource: str,
    error: KaishuError | None = None,
    problems: dict[str, list[str]] | None = None,
) -> Response:
    call = visit.call
    found = catalogue.gates_of(call, visit.part("name"))
    chosen = [each for each in found if resource in ("", each.entry.id)]
    if not chosen:
        raise NotFound(kind="表 table", name=resource or visit.part("name"))
    table = chosen[0]
    office = table.dataset.office_id
    facts = table.facts
    fell = table.entered.fell_for if table.entered and table.entered.fell_at else []
    may_declare = bool(allowed(call, Permission.elements_assign, office=office))
    context = GatesPage(
        dataset=table.dataset,
        title=pick(table.dataset.title, table.dataset.title_en),
        table=table,
        tables=[(each.entry.id, _named(each)) for each in found],
        lines=[_line(visit, table, each) for each in table.verdicts],
        mode=catalogue.gate_mode(),
        fell_for=_join([_gate(gate) for gate in fell]),
        plain=[c for c in facts.columns if c not in facts.meant | facts.meaningless],
        statements=[(each, _kind(each.kind)) for each in table.statements],
        may_enter=bool(allowed(call, Permission.dataset_draft, office=office)),
        may_declare=may_declare,
        may_certify=bool(allowed(call, Permission.source_certify)),
        may_confirm=bool(allowed(call, Permission.rules_business, office=office)),
        problems=problems or {},
        trouble=said(error) if error else None,
    )
    return render("gates/gates.html", visit.shell, context, error.status if error else 200)


def steps_of(visit: Visit, name: str) -> list[GateSteps]:
    """The six steps of each table of a dataset, for its desk; none where gates are off."""
    if catalogue.gate_mode() == "off":
        return []
    return [
        GateSteps(
            _named(table),
            table.staged,
            6 - len(table.missing),
            [_line(visit, table, each, _place(name, table.entry.id)) for each in table.verdicts],
            _place(name, table.entry.id),
        )
        for table in catalogue.gates_of(visit.call, name)
    ]


def _line(visit: Visit, table: TableGates, verdict: Verdict, here: str = "") -> GateLine:
    tongue = language()
    who = _(
        "{office}的{role}",
        office=in_language(verdict.office, tongue),
        role=in_language(verdict.role, tongue),
    )
    missing = [in_language(each, tongue) for each in verdict.missing]
    title = _heading(in_language(verdict.title, tongue))
    href = _open(visit, table, verdict, here)
    named, more = verdict.columns[:NAMED], len(verdict.columns[NAMED:])
    return GateLine(verdict.gate, title, verdict.passed, missing, who, href, named, more)


def _open(visit: Visit, table: TableGates, verdict: Verdict, here: str) -> str:
    """The address if this person may go there; forms of the page of gates stand below its steps."""
    href = verdict.href
    if href.endswith("/gates"):
        needed = Permission.source_certify if verdict.gate == "source" else Permission.rules_business
        may = allowed(visit.call, needed, office=table.dataset.office_id)
        return f"{here}#statements" if may else ""
    for start, permission in PLACES.items():
        if href.startswith(start):
            return href if allowed(visit.call, permission, office=table.dataset.office_id) else ""
    if href.startswith("/desk/"):
        may = allowed(visit.call, Permission.dataset_draft, office=table.dataset.office_id)
        return address(href, ("resource", table.entry.id)) if may else ""
    return address(href, ("resource", table.entry.id)) if href else ""


def _listed(table: TableGates) -> GatedTable:
    dataset = table.dataset
    title = pick(dataset.title, dataset.title_en)
    return GatedTable(
        dataset.name,
        table.entry.id,
        title,
        pick(dataset.office.title, dataset.office.title_en),
        6 - len(table.missing),
        _heading(_join([in_language(each.title, language()) for each in table.missing])),
        table.staged,
        table.entered.entered_at if table.entered and not table.staged else None,
    )


def _gate(gate: str) -> str:
    return in_language(catalogue.GATE_WORDS[gate], language())


def _heading(title: str) -> str:
    """The name of a gate where it begins a line."""
    return title[:1].upper() + title[1:]


def _kind(kind: str) -> str:
    words = {
        "no-element": _("无对应数据元"),
        "hand-delivery": pick("认证人工报送", "Delivery by hand certified"),
        "assessment": _("确认评估"),
    }
    return words.get(kind, kind)


def _join(words: list[str]) -> str:
    return (", " if language() == "en" else "、").join(words)


def _columns(visit: Visit, form: FormData) -> list[str]:
    """Those that were ticked, or every column without an element."""
    if text(form, "every") != "yes":
        return [str(each) for each in form.getlist("column")]
    for table in catalogue.gates_of(visit.call, visit.part("name")):
        if text(form, "resource") in ("", table.entry.id):
            facts = table.facts
            return [each for each in facts.columns if each not in facts.meant | facts.meaningless]
    return []


def _named(table: TableGates) -> str:
    return table.entry.name or table.entry.file_name or table.entry.id


def _sentences(error: KaishuError) -> list[str]:
    if isinstance(error, Invalid):
        return [each for found in error.problems_in(language()).values() for each in found]
    return [error.sentence(language())]


def _place(name: str, resource: str) -> str:
    return address(f"/desk/datasets/{path_part(name)}/gates", ("resource", resource))


HERE = "/desk/datasets/{name}/gates"
ROUTES: list[Route] = [
    page("/desk/gates", show_overview),
    page(HERE, show_gates),
    act(f"{HERE}/say", declare),
    act(f"{HERE}/take-back", take_back),
    act(f"{HERE}/enter", enter),
]
