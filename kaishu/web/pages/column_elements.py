"""Which element each column of a table holds: proposed with reasons, decided by a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from kaishu import catalogue, elements, lake, quality
from kaishu.access import Call, Permission, allowed, require
from kaishu.base.errors import KaishuError, NotFound
from kaishu.catalogue import ResourceEntry
from kaishu.catalogue.models import Dataset
from kaishu.elements import Element
from kaishu.elements.models import Assignment
from kaishu.lake.models import Version
from kaishu.web.element_contexts import ColumnLine, ColumnsPage
from kaishu.web.rendering import address, path_part, render
from kaishu.web.routing import Unchanged, Visit, act, moved, page, said
from kaishu.web.shell import ELEMENT_ASSIGNED, say
from kaishu.web.words import listed, pick

ROWS = 3000
SAMPLE = 3


def show_columns(visit: Visit) -> Response:
    """The columns of a table with their elements or what is proposed."""
    return _show(visit)


def keep(visit: Visit, form: FormData) -> Response:
    """Keep what was decided for every column; those left empty hold no element."""
    dataset, entry, version, _tables = _table(visit)
    table_id, office = str(entry.table_id), dataset.office_id
    require(visit.call, Permission.elements_assign, office=office)
    held = elements.assignments_of(visit.call.session, table_id)
    known = {str(column["name"]) for column in version.columns}
    pairs = zip(form.getlist("column"), form.getlist("element"), strict=False)
    given = {str(column): str(code).strip() for column, code in pairs if str(column) in known}
    changed = 0
    try:
        scores = _scores(visit.call, version, given)
        for column, code in given.items():
            before = held.get(column)
            if code == (before.element if before else ""):
                continue
            changed += 1
            if code:
                score = scores.get((column, code))
                elements.assign(
                    visit.call, table_id, column, code, dataset_id=dataset.id, office=office, score=score
                )
            else:
                elements.unassign(visit.call, table_id, column, office=office)
    except KaishuError as error:
        visit.call.session.rollback()
        raise Unchanged(_show(visit, error, given)) from error
    return say(moved(visit, _here(dataset, entry)), ELEMENT_ASSIGNED, n=str(changed))


def _here(dataset: Dataset, entry: ResourceEntry) -> str:
    return address(f"/desk/datasets/{path_part(dataset.name)}/elements", ("resource", entry.id))


def _table(visit: Visit) -> tuple[Dataset, ResourceEntry, Version, list[ResourceEntry]]:
    dataset = catalogue.dataset_by_name(visit.call, visit.part("name"))
    require(visit.call, Permission.dataset_read_draft, office=dataset.office_id)
    every = catalogue.draft_resources(visit.call, dataset)
    tables = [each for each in every if each.table_id and each.version_id]
    wanted = visit.query("resource")
    entry = next((each for each in tables if wanted in ("", each.id)), None)
    if entry is None:
        raise NotFound(kind="表 table", name=wanted or dataset.name)
    return dataset, entry, lake.version_by_id(visit.call.session, str(entry.version_id)), tables


def _facts(version: Version, titles: Mapping[str, str]) -> list[elements.ColumnFacts]:
    """Facts from rows spread over the whole version."""
    names = [str(column["name"]) for column in version.columns]
    step = max(1, version.rows // ROWS)
    rows = lake.open_version(version).lazy().select(names).gather_every(step).head(ROWS).collect().rows()
    return elements.facts_of_rows(version.columns, rows, titles)


def _scores(call: Call, version: Version, given: Mapping[str, str]) -> dict[tuple[str, str], int]:
    """What each chosen element scored, in percent, for the record."""
    library = [each.element for each in elements.library(call.session)]
    codes = elements.labels_in(call.session)
    found = {}
    for facts in _facts(version, {}):
        if given.get(facts.name):
            for each in elements.suggest(facts, library, codes, limit=10):
                found[facts.name, each.element.code] = round(100 * each.score)
    return found


def _show(visit: Visit, error: KaishuError | None = None, given: Mapping[str, str] | None = None) -> Response:
    dataset, entry, version, tables = _table(visit)
    session = visit.call.session
    library = {each.element.code: each.element for each in elements.library(session)}
    held = elements.assignments_of(session, str(entry.table_id))
    titles = _titles(visit.call, dataset)
    codes = elements.labels_in(session)
    lines = []
    for facts in _facts(version, titles):
        decided = held.get(facts.name)
        line = _line(facts, titles, decided, library, codes)
        if given is not None:
            line = _with(line, given.get(facts.name, ""))
        lines.append(line)
    context = ColumnsPage(
        dataset=dataset,
        title=pick(dataset.title, dataset.title_en),
        resource=entry.id,
        tables=[(each.id, each.name or each.file_name or each.id) for each in tables],
        lines=lines,
        held=sum(line.held is not None for line in lines),
        proposed=sum(line.held is None and bool(line.chosen) for line in lines),
        library=[(code, pick(each.name, each.name_en)) for code, each in library.items()],
        yaml=_yaml(quality.rules_of_elements(session, str(entry.table_id), version.columns)),
        lacking=_lacking(visit.call, dataset, entry),
        trouble=said(error) if error else None,
    )
    return render("elements/columns.html", visit.shell, context, error.status if error else 200)


def _lacking(call: Call, dataset: Dataset, entry: ResourceEntry) -> int | None:
    """How many of the checks can be added to the table's rules; None for those who may not write rules, and
    where only checks are left that the columns do not take."""
    if not allowed(call, Permission.rules_draft, office=dataset.office_id):
        return None
    brought = quality.brought_rules(call.session, str(entry.table_id))
    fitting = sum(each.unfit is None for each in brought)
    return fitting if fitting or not brought else None


def _yaml(rules: list[quality.BroughtRule]) -> str:
    if not rules:
        return ""
    import yaml

    listed = [dict(each.rule) for each in rules]
    return str(yaml.safe_dump({"rules": listed}, allow_unicode=True, sort_keys=False))


def _titles(call: Call, dataset: Dataset) -> dict[str, str]:
    draft = catalogue.draft_of(call, dataset)
    record = draft.record if draft else dataset.record
    return {str(item["name"]): str(item.get("title") or "") for item in record.get("items", [])}


def _line(
    facts: elements.ColumnFacts,
    titles: Mapping[str, str],
    decided: Assignment | None,
    library: Mapping[str, Element],
    codes: Any,
) -> ColumnLine:
    found = elements.suggest(facts, list(library.values()), codes)
    held = library.get(decided.element) if decided else None
    proposed = found[0].element.code if found and found[0].proposed else ""
    return ColumnLine(
        name=facts.name,
        title=titles.get(facts.name, ""),
        type=facts.type,
        sample=listed(value[:40] for value in list(facts.values)[:SAMPLE]),
        held=held,
        decided=decided,
        suggestions=found,
        chosen=held.code if held else proposed,
    )


def _with(line: ColumnLine, chosen: str) -> ColumnLine:
    from dataclasses import replace

    shown = line.suggestions if line.suggestions and line.suggestions[0].element.code == chosen else ()
    return replace(line, chosen=chosen, suggestions=shown or line.suggestions)


ROUTES: list[Route] = [
    page("/desk/datasets/{name}/elements", show_columns),
    act("/desk/datasets/{name}/elements", keep),
]
