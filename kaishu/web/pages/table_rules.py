"""Rules of a table: written as text or by a form, submitted, reviewed by two people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from kaishu import quality
from kaishu.access import Permission, require
from kaishu.base.errors import KaishuError
from kaishu.quality.errors import BadRules
from kaishu.quality.models import Rulebook
from kaishu.web.edition_pages import (
    PREFIX,
    lines_of,
    place_in,
    table_in,
    take_step,
    written_block,
    written_so_far,
)
from kaishu.web.loop_contexts import BroughtLine, RulesPage, TableOf
from kaishu.web.rendering import render
from kaishu.web.routing import Unchanged, Visit, act, moved, page, text
from kaishu.web.shell import RULES_BROUGHT, RULES_KEPT, RULES_STEPPED, say
from kaishu.web.tables_of import dimension_word, table_of
from kaishu.web.words import _n, language, pick

COMMON = ("id", "title", "title-en", "level", "when")


def show_rules(visit: Visit) -> Response:
    """Rules in force, the draft, and a form for one more."""
    return _page(visit, table_of(visit.call, visit.part("name"), visit.query("resource")))


def keep_rules(visit: Visit, form: FormData) -> Response:
    """Keep the text as draft; what is wrong stands beside what was typed."""
    return _keep(visit, form, table_in(visit, form), lines_of(form))


def add_rule(visit: Visit, form: FormData) -> Response:
    """Add a rule that was made in the form to the draft, or to a copy of what is in force."""
    table = table_in(visit, form)
    kind = text(form, "kind")
    given = {name: text(form, name) for name in COMMON}
    known = {each.kind: each for each in quality.kinds_of_rules()}
    if kind in known:
        given |= {name: text(form, PREFIX + name) for name in known[kind].parameters}
    rule = {"id": given["id"], "check": kind, **{n: v for n, v in given.items() if n != "id"}}
    try:
        whole = quality.add_rule(written_so_far(visit, quality.RULEBOOKS, table), rule)
    except BadRules as error:
        raise Unchanged(_page(visit, table, form=form, error=error)) from error
    return _keep(visit, form, table, whole)


def _keep(visit: Visit, form: FormData, table: TableOf, whole: str) -> Response:
    book = quality.RULEBOOKS.newest(visit.call.session, table.id)
    importance = text(form, "importance") or (str(book.importance) if book else "1")
    order_from = text(form, "order_from") if "order_from" in form else (book.order_from if book else "")
    try:
        weight = float(importance)
    except ValueError:
        weight = 0.0
    try:
        quality.keep_rules(visit.call, table.id, whole, importance=weight, order_from=order_from)
    except KaishuError as error:
        raise Unchanged(_page(visit, table, form=form, error=error, typed=whole)) from error
    return say(moved(visit, place_of(table)), RULES_KEPT, name=table.title)


def bring(visit: Visit, form: FormData) -> Response:
    """Add the ticked checks of accepted elements to the draft."""
    table = table_in(visit, form)
    try:
        _book, added = quality.bring_rules(visit.call, table.id, _ticked(form))
    except KaishuError as error:
        raise Unchanged(_page(visit, table, form=form, error=error)) from error
    return say(moved(visit, place_of(table)), RULES_BROUGHT, name=table.title, n=str(len(added)))


def step(visit: Visit, form: FormData) -> Response:
    """Submit, take back, agree or return."""
    table = table_in(visit, form)
    try:
        take_step(visit, form, quality.RULEBOOKS, table)
    except KaishuError as error:
        raise Unchanged(_page(visit, table, error=error)) from error
    return say(moved(visit, place_of(table)), RULES_STEPPED, name=table.title)


def place_of(table: TableOf) -> str:
    """Address of the rules of a table."""
    return place_in(table, "rules")


def _page(
    visit: Visit,
    table: TableOf,
    *,
    form: FormData | None = None,
    error: KaishuError | None = None,
    typed: str = "",
) -> Response:
    require(visit.call, Permission.rules_draft, office=table.dataset.office_id)
    books, kinds = quality.RULEBOOKS, quality.kinds_of_rules()
    newest = books.newest(visit.call.session, table.id)
    context = RulesPage(
        table=table,
        written=written_block(visit, books, table, kinds, form=form, error=error, typed=typed),
        lines=_lines(books.in_force(visit.call.session, table.id)),
        importance=(text(form, "importance") if form else "") or f"{newest.importance if newest else 1:g}",
        order_from=(text(form, "order_from") if form else "") or (newest.order_from if newest else ""),
        brought=_brought(visit, table, form),
    )
    return render("loop/rules.html", visit.shell, context, error.status if error else 200)


def _lines(book: Rulebook | None) -> list[tuple[str, str, str, str]]:
    """(id, title, dimension, kind) of each rule in force."""
    if book is None:
        return []
    try:
        rules = quality.parse_rules(book.text)
    except BadRules:
        return []
    return [
        (
            each.id,
            each.titled(language()),
            dimension_word(each.dimension),
            f"{pick(each.check.zh, each.check.en)} · {each.check.kind}",
        )
        for each in rules.rules
    ]


def _ticked(form: FormData) -> list[str]:
    return [str(each) for each in form.getlist("brought")]


def _brought(visit: Visit, table: TableOf, form: FormData | None) -> list[BroughtLine]:
    """Checks of accepted elements that the rules lack; all ticked, or those that the form had."""
    ticked = _ticked(form) if form and "bring" in form else None
    lines = []
    for each in quality.brought_rules(visit.call.session, table.id):
        check = quality.CHECKS[each.rule["check"]]
        line = BroughtLine(
            key=each.key,
            column=each.rule["column"],
            element=each.element.element,
            number=each.element.number,
            check=pick(check.zh, check.en),
            limits=_limits(each.rule),
            unfit=pick(each.unfit, each.unfit.en) if each.unfit else "",
            ticked=ticked is None or each.key in ticked,
        )
        lines.append(line)
    return lines


def _limits(rule: Mapping[str, Any]) -> str:
    """What a rule holds its column to, as its parameters say it."""
    said = []
    for name, value in rule.items():
        if name not in ("id", "title", "title-en", "note", "check", "column"):
            shown = (
                _n("{n}个代码", len(value))
                if isinstance(value, list)
                else str(value).lower()
                if isinstance(value, bool)
                else str(value)
            )
            said.append(f"{name}: {shown}")
    return ", ".join(said)


HERE = "/desk/datasets/{name}/rules"
ROUTES: list[Route] = [
    page(HERE, show_rules),
    act(HERE, keep_rules),
    act(f"{HERE}/add", add_rule),
    act(f"{HERE}/elements", bring),
    act(f"{HERE}/step", step),
]
