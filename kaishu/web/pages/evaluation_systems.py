"""Indicator systems: read, drafted from one another, edited in a form or as text, compared, published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from kaishu import evaluation
from kaishu.access import Permission, allowed, require
from kaishu.base.errors import KaishuError, in_language
from kaishu.evaluation import Chosen, FormField, Passport
from kaishu.web.edition_differences import differences_shown
from kaishu.web.evaluation_blocks import chosen_of, evaluation_line, policy_facts, system_line, tree_lines
from kaishu.web.evaluation_contexts import EditPage, NodeForm, SystemPage
from kaishu.web.pages.evaluation import problems_of
from kaishu.web.rendering import path_part, render
from kaishu.web.routing import Unchanged, Visit, act, moved, page, said, text
from kaishu.web.shell import (
    SYSTEM_DRAFTED,
    SYSTEM_KEPT,
    SYSTEM_PUBLISHED,
    SYSTEM_WITHDRAWN,
    say,
)
from kaishu.web.words import _, language

SYSTEM, EDIT, ADD = "/evaluation/systems/{id}", "/desk/evaluation/systems/{id}", "/desk/evaluation/systems"
SHOWN = 20


def show(visit: Visit) -> Response:
    """What a system measures, and how."""
    return _show(visit)


def _show(visit: Visit, error: KaishuError | None = None) -> Response:
    call, id = visit.call, visit.part("id")
    chosen = evaluation.system_chosen(call, id)
    passport, line = chosen.passport, system_line(chosen)
    editions = [system_line(chosen_of(row)) for row in evaluation.editions_of(call, passport.system)]
    if passport.system in evaluation.built_in():
        editions.append(system_line(evaluation.built_in_system(passport.system)))
    other = visit.query("with")
    differences = None
    if other and other != line.id:
        before = (
            evaluation.built_in_system(other) if other in evaluation.built_in() else _edition(visit, other)
        )
        differences = differences_shown(evaluation.compare_systems(before.passport, passport))
    source = passport.source
    context = SystemPage(
        line=line,
        row=chosen.row,
        place=source.place.said(language()),
        note=source.note.said(language()),
        facts=policy_facts(passport),
        tree=tree_lines(passport),
        text=chosen.text,
        fingerprint=evaluation.fingerprint(passport),
        editions=editions,
        other=other,
        differences=differences,
        runs=[
            evaluation_line(run) for run in evaluation.evaluations(call, system=passport.system, limit=SHOWN)
        ],
        may_draft=bool(allowed(call, Permission.evaluation_draft)),
        may_run=bool(allowed(call, Permission.evaluation_run)),
        may_publish=bool(allowed(call, Permission.evaluation_publish)),
        trouble=said(error) if error else None,
    )
    return render("evaluation/system.html", visit.shell, context, error.status if error else 200)


def draft(visit: Visit, form: FormData) -> Response:
    """A new edition from this one, or another system under a name of its own."""
    try:
        row = evaluation.draft_edition(
            visit.call, visit.part("id"), system=text(form, "system"), edition=text(form, "edition")
        )
    except KaishuError as error:
        raise Unchanged(_show(visit, error)) from error
    return say(moved(visit, f"/desk/evaluation/systems/{row.id}"), SYSTEM_DRAFTED, name=row.title)


def settle(visit: Visit, form: FormData) -> Response:
    """Publish or withdraw an edition."""
    id, here = visit.part("id"), f"/evaluation/systems/{path_part(visit.part('id'))}"
    try:
        if text(form, "act") == "publish":
            row = evaluation.publish_edition(visit.call, id)
            return say(moved(visit, here), SYSTEM_PUBLISHED, name=row.title)
        row = evaluation.withdraw_edition(visit.call, id, text(form, "reason"))
    except KaishuError as error:
        raise Unchanged(_show(visit, error)) from error
    return say(moved(visit, here), SYSTEM_WITHDRAWN, name=row.title)


def edit(visit: Visit) -> Response:
    """A draft in a form and as text."""
    return _edit(visit)


def keep(visit: Visit, form: FormData) -> Response:
    """Keep a draft: the text, or what the form says instead."""
    row = evaluation.edition_by_id(visit.call, visit.part("id"))
    given = {key: value for key, value in form.items() if isinstance(value, str)}
    written = given.get("text", row.text).replace("\r\n", "\n")
    try:
        if text(form, "act") == "form":
            written = evaluation.with_form(row.text, given)
        row = evaluation.revise_edition(visit.call, row.id, written)
    except KaishuError as error:
        raise Unchanged(_edit(visit, error, written)) from error
    return say(moved(visit, f"/desk/evaluation/systems/{row.id}"), SYSTEM_KEPT, name=row.title)


def add(visit: Visit, form: FormData) -> Response:
    """A system from a text."""
    row = evaluation.add_system(visit.call, str(form.get("text") or ""))
    return say(moved(visit, f"/desk/evaluation/systems/{row.id}"), SYSTEM_DRAFTED, name=row.title)


def _edition(visit: Visit, id: str) -> Chosen:
    return chosen_of(evaluation.edition_by_id(visit.call, id))


def _edit(visit: Visit, error: KaishuError | None = None, written: str | None = None) -> Response:
    row = evaluation.edition_by_id(visit.call, visit.part("id"))
    require(visit.call, Permission.evaluation_draft)
    problems = problems_of(error)
    chosen = chosen_of(row)
    try:
        fields = evaluation.form_fields(written or row.text)
    except KaishuError:  # no YAML: the form shows what is kept, the text what was typed
        fields = evaluation.form_fields(row.text)
    context = EditPage(
        row=row,
        line=system_line(chosen),
        whole=[
            (_word(field.key), field, _choices(chosen.passport, field)) for field in fields if not field.level
        ],
        nodes=_nodes(fields),
        text=row.text if written is None else written,
        problems=problems,
        trouble=said(error) if error and not problems else None,
        may_publish=bool(allowed(visit.call, Permission.evaluation_publish)),
    )
    return render("evaluation/edit.html", visit.shell, context, error.status if error else 200)


def _choices(passport: Passport, field: FormField) -> list[tuple[str, str]]:
    return [
        (word, in_language(evaluation.choice_said(passport, field.key, word), language()))
        for word in field.choices
    ]


def _nodes(fields: Sequence[FormField]) -> list[NodeForm]:
    found: dict[tuple[str | int, ...], list[FormField]] = {}
    for field in fields:
        if field.level:
            place = field.path[: 2 * field.level]
            found.setdefault(place, []).append(field)
    return [
        NodeForm(
            code=held[0].code,
            level=held[0].level,
            titles=[each for each in held if each.key != "weight"],
            weight=next((each for each in held if each.key == "weight"), None),
        )
        for held in found.values()
    ]


def _word(key: str) -> str:
    words: Mapping[str, str] = {
        "title-zh": _("标题"),
        "title-en": _("英文标题"),
        "edition": _("版次"),
        "digits": _("显示小数位"),
        "missing": _("缺失值"),
        "constant": _("数值全相同"),
        "normalise": _("标准化"),
        "weights": _("权重"),
        "aggregate": _("合成"),
        "outliers": _("异常值"),
    }
    return words.get(key, key)


ROUTES: list[Route] = [
    page(SYSTEM, show),
    act(f"{SYSTEM}/draft", draft),
    act(f"{SYSTEM}/settle", settle),
    page(EDIT, edit),
    act(EDIT, keep),
    act(ADD, add),
]
