"""What the pages of a table's rules and of its cleansing steps share: how they are written and reviewed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.datastructures import FormData

from kaishu.base.errors import Invalid, KaishuError
from kaishu.quality import Editions, EntryKind
from kaishu.quality.errors import BadRules
from kaishu.web.loop_contexts import TableOf, Written
from kaishu.web.parameter_words import parameter_word
from kaishu.web.rendering import address, path_part
from kaishu.web.routing import Visit, said, text
from kaishu.web.tables_of import table_of
from kaishu.web.words import language, pick

#: Fields of an entry's own parameters, so that none is taken for another field of the form.
PREFIX = "p-"


def place_in(table: TableOf, room: str) -> str:
    """Address of the rules or of the cleansing of a table."""
    return address(f"/desk/datasets/{path_part(table.dataset.name)}/{room}", ("resource", table.entry.id))


def table_in(visit: Visit, form: FormData) -> TableOf:
    """The table that a form is about."""
    return table_of(visit.call, visit.part("name"), text(form, "resource"))


def lines_of(form: FormData, name: str = "text") -> str:
    """What was typed in an area, line by line."""
    value = form.get(name)
    return value.replace("\r\n", "\n") if isinstance(value, str) else ""


def written_so_far(visit: Visit, editions: Editions[Any], table: TableOf) -> str:
    """The text that a form adds to: the open one, or a copy of what is in force."""
    newest = editions.newest(visit.call.session, table.id)
    return str(newest.text) if newest else ""


def take_step(visit: Visit, form: FormData, editions: Editions[Any], table: TableOf) -> None:
    """Submit, take back, agree or return, as the form says."""
    act = text(form, "act")
    if act == "return":
        editions.send_back(visit.call, table.id, text(form, "reason"))
        return
    acts = {"take-back": editions.take_back, "approve": editions.approve}
    acts.get(act, editions.submit)(visit.call, table.id)


def chosen_kind(visit: Visit, form: FormData | None, kinds: Sequence[EntryKind]) -> EntryKind:
    """The kind of entry that the form for one more asks for."""
    kind = (text(form, "kind") if form else "") or visit.query("kind")
    return next((each for each in kinds if each.kind == kind), kinds[0])


def written_block(
    visit: Visit,
    editions: Editions[Any],
    table: TableOf,
    kinds: Sequence[EntryKind],
    *,
    form: FormData | None,
    error: KaishuError | None,
    typed: str,
) -> Written:
    """The edition in force, the open one, its text as it was typed, and the form for one more entry."""
    session = visit.call.session
    in_force, draft = editions.in_force(session, table.id), editions.open(session, table.id)
    newest = draft or in_force
    problems = _problems(error)
    chosen = chosen_kind(visit, form, kinds)
    return Written(
        in_force=in_force,
        open=draft,
        all=editions.of_table(session, table.id),
        text=typed or (lines_of(form) if form else "") or (newest.text if newest else ""),
        problems=problems,
        trouble=said(error) if error and not problems else None,
        kinds=[(each.kind, f"{pick(each.zh, each.en)} · {each.kind}") for each in kinds],
        kind=chosen.kind,
        fields=[
            (name, parameter_word(chosen.kind, name), pick(zh, en))
            for name, (zh, en) in chosen.parameters.items()
        ],
        given={key: value for key, value in form.items() if isinstance(value, str)} if form else {},
        columns=[str(each["name"]) for each in table.entry.columns],
        may_draft=editions.may_write(draft),
        may_approve=editions.may_approve(visit.call, draft),
    )


def _problems(error: KaishuError | None) -> list[str]:
    if isinstance(error, BadRules):
        return [each.sentence(language()) for each in error.problems]
    if isinstance(error, Invalid):
        return [sentence for told in error.problems_in(language()).values() for sentence in told]
    return []
