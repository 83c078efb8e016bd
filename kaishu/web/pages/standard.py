"""Standard entities: the list, the form for one more, and what the newest run of one came to."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from kaishu import access, catalogue, lake, standardisation
from kaishu.access import Permission, Role, allowed, require
from kaishu.base.errors import Invalid, KaishuError
from kaishu.standardisation import Difference, Mapping
from kaishu.standardisation.models import FusionRun, MappingVersion, StandardEntity
from kaishu.web.office_choices import own_offices
from kaishu.web.rendering import address, render
from kaishu.web.routing import Unchanged, Visit, act, moved, page, said, text
from kaishu.web.shell import STANDARD_RUN_LEFT, STANDARD_SET, say
from kaishu.web.standard_contexts import (
    HERE,
    FieldLine,
    StandardLine,
    StandardPage,
    StandardsPage,
    field_title,
    frame_of,
    link_word,
    office_names,
    rule_said,
)
from kaishu.web.words import _, _n, language, pick

#: Tables that the form names, and sources that it asks for.
MOST_TABLES, SOURCES = 300, 4


def list_standards(visit: Visit) -> Response:
    """Every entity."""
    return _list(visit, {})


def add(visit: Visit, form: FormData) -> Response:
    """Register an entity; its first mapping is then begun from the template and the tables named."""
    call = visit.call
    values = {key: text(form, key) for key in form if key != "csrf"}
    try:
        made = standardisation.add_standard(
            call,
            name=values.get("name", ""),
            title=values.get("title", ""),
            title_en=values.get("title_en", ""),
            office=values.get("office") or call.actor.office or "",
        )
    except KaishuError as error:
        call.session.rollback()
        raise Unchanged(_list(visit, values, error)) from error
    tables = [("table", values[f"table{n}"]) for n in range(1, SOURCES + 1) if values.get(f"table{n}")]
    return moved(visit, address(f"{HERE}/{made.name}/mapping", ("template", values.get("template")), *tables))


def show_standard(visit: Visit) -> Response:
    """One entity."""
    return _show(visit)


def do(visit: Visit, form: FormData) -> Response:
    """Leave a run, or say whether deliveries leave one."""
    name, wanted = visit.part("name"), text(form, "do")
    try:
        if wanted in ("run", "trial"):
            standardisation.leave_run(visit.call, name, trial=wanted == "trial")
            message = STANDARD_RUN_LEFT
        else:
            standardisation.set_renewing(visit.call, name, wanted == "renew")
            message = STANDARD_SET
    except KaishuError as error:
        visit.call.session.rollback()
        raise Unchanged(_show(visit, error)) from error
    return say(moved(visit, f"{HERE}/{name}"), message)


def tables_to_choose(visit: Visit) -> list[tuple[str, str]]:
    """(name, title) of datasets with tables that the actor may see."""
    found = []
    for dataset in catalogue.datasets(visit.call, limit=MOST_TABLES).rows:
        if any(entry.table_id for entry in catalogue.draft_resources(visit.call, dataset)):
            found.append((dataset.name, pick(dataset.title, dataset.title_en)))
    return found


def field_lines(mapping: Mapping, run: FusionRun | None = None) -> list[FieldLine]:
    """The items of a mapping with their sources and rules."""
    differing = run.counts["differing"] if run else {}
    lines = []
    for name in mapping.fields:
        sources = [(each.name, each.columns[name].column) for each in mapping.sources if name in each.columns]
        lines.append(
            FieldLine(
                name=name,
                title=field_title(mapping, name),
                standard=mapping.entity.fields[name].standard,
                sources=sources,
                rule=rule_said(mapping.rules[name], [source for source, _column in sources]),
                differing=int(differing.get(name, 0)),
            )
        )
    return lines


def difference_lines(
    entity: StandardEntity, mapping: Mapping, run: FusionRun
) -> list[tuple[Difference, str, str]]:
    """(difference, title of the item, address of its rows)."""
    here = f"{HERE}/{entity.name}/differences"
    return [
        (
            each,
            field_title(mapping, each.field),
            address(here, ("source", each.source), ("field", each.field), ("run", run.id)),
        )
        for each in standardisation.differences_in(run)
    ]


def _list(visit: Visit, values: dict[str, str], error: KaishuError | None = None) -> Response:
    call = visit.call
    require(call, Permission.standard_read)
    names = office_names(call)
    lines = [_line(visit, entity, names) for entity in standardisation.standards(call.session)]
    own = call.actor.role is Role.steward
    may_add = bool(allowed(call, Permission.standard_propose))
    context = StandardsPage(
        lines=lines,
        may_add=may_add,
        offices=own_offices(call)
        if not own
        else [
            (each.name, names[each.id])
            for each in access.offices(call.session)
            if each.id == call.actor.office
        ],
        tables=tables_to_choose(visit) if may_add else [],
        values=values,
        problems=error.problems_in(language()) if isinstance(error, Invalid) else {},
        trouble=said(error) if error else None,
    )
    return render("standard/list.html", visit.shell, context, error.status if error else 200)


def _line(visit: Visit, entity: StandardEntity, names: dict[str, str]) -> StandardLine:
    call = visit.call
    newest = standardisation.mapping_of(call.session, entity, entity.newest)
    asked = newest is not None and any(
        each.office_id == call.actor.office and each.stands == "waits"
        for each in (standardisation.standing_of(call, newest) if newest.state == "in-agreement" else ())
    )
    return StandardLine(
        entity=entity,
        title=pick(entity.title, entity.title_en),
        office=names.get(entity.office_id, ""),
        state=newest.state if newest else "",
        run=standardisation.last_run(call.session, entity),
        waiting=standardisation.count_waiting(call.session, entity),
        asked=asked,
    )


def _show(visit: Visit, error: KaishuError | None = None) -> Response:
    call = visit.call
    frame = frame_of(call, visit.part("name"))
    entity = frame.entity
    run = standardisation.last_run(call.session, entity, "force") or standardisation.last_run(
        call.session, entity
    )
    kept = call.session.get(MappingVersion, run.mapping_id) if run else frame.newest
    mapping = standardisation.read_mapping(kept) if kept else None
    runs = standardisation.runs_of(call.session, entity)
    under_way = standardisation.runs_under_way(call.session, entity)
    context = StandardPage(
        frame=frame,
        run=run,
        version=_golden(visit, run),
        finding=_finding(run) if run else "",
        fields=field_lines(mapping, run) if mapping else [],
        links=[(link_word(by, mapping), count) for by, count in run.counts["links"].items()] if run else [],
        differences=difference_lines(entity, mapping, run) if run and mapping else [],
        unreadable=_unreadable(mapping, run) if run and mapping else [],
        runs=runs,
        running=under_way[-1] if under_way else None,
        failed=_failed(visit, entity),
        fusion=standardisation.splink_is_there(),
        trouble=said(error) if error else None,
    )
    return render("standard/standard.html", visit.shell, context, error.status if error else 200)


def _golden(visit: Visit, run: FusionRun | None) -> int | None:
    if run is None or run.version_id is None:
        return None
    return lake.version_by_id(visit.call.session, run.version_id).number


def _finding(run: FusionRun) -> str:
    counts = run.counts
    said = _(
        "{sources}个来源的{rows}行归并为{entities}个实体，其中{shared}个见于多个来源。",
        sources=len(counts["sources"]),
        rows=f"{run.rows:,}",
        entities=f"{run.entities:,}",
        shared=f"{counts['shared']:,}",
    )
    differing = sum(counts["differing"].values())
    return said + (_n("来源不一致的值有{n}处。", differing) if differing else "")


def _unreadable(mapping: Mapping, run: FusionRun) -> Sequence[str]:
    return [
        _(
            "{source}的{field}有{n}个值读不出来，没有采用。",
            source=each["source"],
            field=field_title(mapping, each["field"]),
            n=f"{each['count']:,}",
        )
        for each in run.counts["unreadable"]
    ]


def _failed(visit: Visit, entity: StandardEntity) -> tuple[str, str] | None:
    task = standardisation.last_task(visit.call.session, entity)
    if task is None or task.state != "failed" or not task.error:
        return None
    told = task.error[language()]
    return str(told["message"]), str(told.get("advice") or "")


ROUTES: list[Route] = [
    page(HERE, list_standards),
    act(HERE, add),
    page(f"{HERE}/{{name}}", show_standard),
    act(f"{HERE}/{{name}}", do),
]
