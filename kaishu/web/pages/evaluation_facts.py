"""Facts: what the records say by themselves, of the platform or of every unit; each opens to its rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kaishu import access, evaluation, harvest, http
from kaishu.access import Permission, allowed
from kaishu.base.errors import KaishuError, NotFound
from kaishu.evaluation import Fact, FactSheet, Measured
from kaishu.evaluation.models import FactCollection
from kaishu.http.files import disposition
from kaishu.ledger import tally
from kaishu.web.fact_blocks import (
    HOME,
    cell,
    how_word,
    measure_word,
    picked,
    rights,
    row_value,
    shares,
    tabs_of,
    title_of,
    unit_word,
    value_chart,
    with_unit,
)
from kaishu.web.fact_contexts import FactChoice, FactLine, FactPage, FactsPage, RowLine, UnitValue
from kaishu.web.pages.quality_lines import line
from kaishu.web.paging import around, beginning
from kaishu.web.rendering import address, path_part, render
from kaishu.web.routing import Visit, act, moved, page, said, text
from kaishu.web.shell import FACTS_LEFT, say
from kaishu.web.words import _, language, pick, speaking

SHOWN, ROWS, MOST_COLUMNS = 100, 50, 12
ALL = "all"
USUAL = ("datasets", "datasets.open", "machine-readable-share", "licences.use", "update-age", "downloads")


def overview(visit: Visit) -> Response:
    """All facts of the platform in groups, or chosen facts of every unit of a scope."""
    by = _scope(visit)
    call = visit.call
    row = evaluation.newest_collection(call, by)
    frames = evaluation.KINDS if by == "platform" else ()
    sheet = evaluation.sheet_shown(call, row, frames) if row else None
    context = _whole(visit, row, sheet) if by == "platform" else _by_unit(visit, by, row, sheet)
    return render("evaluation/facts.html", visit.shell, context)


def _scope(visit: Visit) -> str:
    by = visit.query("by") or "platform"
    if by not in evaluation.SCOPES:
        raise NotFound(kind="统计范围 scope", name=by[:40])
    return by


def _surroundings(
    visit: Visit, by: str, row: FactCollection | None, sheet: FactSheet | None
) -> dict[str, object]:
    return {
        "by": by,
        "tabs": tabs_of(HOME, by),
        "at": row.at if row else None,
        "actor": row.actor if row else "",
        "left_out": sheet.left_out if sheet else 0,
        "task": evaluation.counting(visit.call, by),
        "may_count": bool(allowed(visit.call, Permission.evaluation_run)),
    }


def _whole(visit: Visit, row: FactCollection | None, sheet: FactSheet | None) -> FactsPage:
    around_it = _surroundings(visit, "platform", row, sheet)
    if sheet is None:
        return FactsPage(**around_it)  # type: ignore[arg-type]
    unit = sheet.units[0].id
    known = {fact.name for fact in sheet.facts}
    groups = []
    for group in evaluation.fact_groups():
        lines = [_line(sheet, fact, unit) for fact in group.facts if fact.name in known]
        if lines:
            groups.append((group.said(language()), lines))
    drawn = [shares(sheet, evaluation.all_facts()[name], unit) for name in evaluation.KINDS]
    return FactsPage(
        **around_it,  # type: ignore[arg-type]
        groups=groups,
        shares=[each for each in [*drawn, rights(sheet, unit)] if each],
        csv=address(f"{HOME}.csv", ("by", "platform")),
    )


def _line(sheet: FactSheet, fact: Fact, unit: str) -> FactLine:
    one = sheet.of(unit, fact.name)
    return FactLine(
        fact.name,
        title_of(fact),
        "" if fact.unit[0] == "%" else unit_word(fact),
        fact.about[language() == "en"],
        cell(fact, one.value),
        one.rows,
        not evaluation.is_public(fact),
    )


def _by_unit(visit: Visit, by: str, row: FactCollection | None, sheet: FactSheet | None) -> FactsPage:
    around_it = _surroundings(visit, by, row, sheet)
    if sheet is None:
        return FactsPage(**around_it)  # type: ignore[arg-type]
    sheet, elsewhere = _ours(visit, sheet)
    given = visit.request.query_params.getlist("facts")
    chosen = picked(given, sheet.facts, USUAL, MOST_COLUMNS)
    most = {fact.name: _most(sheet, fact) for fact in chosen}
    first = chosen[0]
    ordered = sorted(sheet.units, key=lambda unit: _largest_first(sheet.of(unit.id, first.name)))
    start = beginning(visit)
    kept = [("by", by), *(("facts", fact.name) for fact in chosen if given)]
    asked = [*kept, *_asked(visit)]
    before, following = around(HOME, asked, start, SHOWN, len(ordered))
    charts = [(title_of(fact), value_chart(sheet, fact)) for fact in chosen[:3]]
    return FactsPage(
        **around_it,  # type: ignore[arg-type]
        heads=[(fact.name, title_of(fact), measure_word(fact)) for fact in chosen],
        units=[
            (
                unit.id,
                unit.said(language()),
                [cell(fact, sheet.of(unit.id, fact.name).value, most[fact.name]) for fact in chosen],
            )
            for unit in ordered[start : start + SHOWN]
        ],
        total=len(ordered),
        elsewhere=elsewhere,
        turned=_turned(visit, HOME, kept, elsewhere),
        choices=_choices(sheet.facts, chosen),
        charts=[(title, chart) for title, chart in charts if chart],
        previous=before,
        next=following,
        csv=address(f"{HOME}.csv", *kept),
    )


def _ours(visit: Visit, sheet: FactSheet, kept: str = "") -> tuple[FactSheet, int]:
    """By department: those of ours, unless all are asked for, and how many providers of other portals that
    leaves out; ``kept`` is one that stays."""
    if sheet.by != "office" or _asked(visit):
        return sheet, 0
    foreign = harvest.foreign_offices(visit.call.session)
    names = {office.name for office in access.offices(visit.call.session) if office.id in foreign} - {kept}
    ours = tuple(unit for unit in sheet.units if unit.id not in names)
    return (replace(sheet, units=ours), len(sheet.units) - len(ours)) if ours else (sheet, 0)


def _asked(visit: Visit) -> list[tuple[str, str]]:
    return [("providers", ALL)] if visit.query("providers") == ALL else []


def _turned(visit: Visit, here: str, kept: list[tuple[str, str]], elsewhere: int) -> str:
    """Where the providers of other portals are listed too, or no more; empty where there are none."""
    if elsewhere:
        return address(here, *kept, ("providers", ALL))
    return address(here, *kept) if _asked(visit) else ""


def _largest_first(one: Measured) -> tuple[bool, float]:
    """What is not known comes last."""
    return one.value is None, -(one.value or 0)


def _most(sheet: FactSheet, fact: Fact) -> float:
    return max((float(sheet.of(unit.id, fact.name).value or 0) for unit in sheet.units), default=0.0)


def _choices(shown: Iterable[Fact], chosen: list[Fact]) -> list[tuple[str, list[FactChoice]]]:
    known = {fact.name for fact in shown}
    return [
        (
            group.said(language()),
            [
                FactChoice(fact.name, title_of(fact), fact in chosen)
                for fact in group.facts
                if fact.name in known
            ],
        )
        for group in evaluation.fact_groups()
        if any(fact.name in known for fact in group.facts)
    ]


def show_fact(visit: Visit) -> Response:
    """What a fact is, its value for every unit, and the rows behind one of them."""
    by, call = _scope(visit), visit.call
    fact = evaluation.fact_shown(call, visit.part("code"))
    here = f"{HOME}/{path_part(fact.name)}"
    row = evaluation.newest_collection(call, by)
    about = {
        "by": by,
        "name": fact.name,
        "title": title_of(fact),
        "unit": unit_word(fact),
        "about": fact.about[language() == "en"],
        "how": how_word(fact),
        "query": row.sheet["queries"].get(fact.name, fact.query(by)) if row else fact.query(by),
        "tabs": tabs_of(here, by),
        "internal": not evaluation.is_public(fact),
    }
    if row is None or fact.name not in row.sheet["facts"]:
        return render("evaluation/fact.html", visit.shell, FactPage(**about))  # type: ignore[arg-type]
    sheet = evaluation.sheet_shown(call, row, [fact.frame] if fact.name in evaluation.KINDS else ())
    sheet, elsewhere = _ours(visit, sheet, visit.query("unit"))
    values = _values(visit, sheet, fact, here)
    wanted = visit.query("unit") or (values[0].id if values else "")
    chosen = next((each for each in values if each.id == wanted), None)
    if wanted and chosen is None:
        raise NotFound(kind="对象 unit", name=wanted[:60])
    context = FactPage(
        **about,  # type: ignore[arg-type]
        at=row.at,
        chart=value_chart(sheet, fact),
        values=values[:SHOWN],
        total=len(values),
        elsewhere=elsewhere,
        turned=_turned(visit, here, [("by", by)], elsewhere),
        shares=shares(sheet, fact, chosen.id) if chosen and fact.name in evaluation.KINDS else None,
        chosen=chosen,
        told=with_unit(fact, chosen.cell.text) if chosen else "",
        **(_rows(visit, row, fact, chosen, here) if chosen else {}),  # type: ignore[arg-type]
    )
    return render("evaluation/fact.html", visit.shell, context)


def _values(visit: Visit, sheet: FactSheet, fact: Fact, here: str) -> list[UnitValue]:
    most = _most(sheet, fact)
    found = [(unit, sheet.of(unit.id, fact.name)) for unit in sheet.units]
    wanted = visit.query("unit")
    if not wanted and found:
        wanted = max(found, key=lambda pair: pair[1].rows)[0].id
    lines = [
        UnitValue(
            unit.id,
            unit.said(language()),
            cell(fact, one.value, most if len(found) > 1 else None),
            one.rows,
            address(here, ("by", sheet.by), ("unit", unit.id), *_asked(visit)) + "#rows",
            unit.id == wanted,
        )
        for unit, one in sorted(found, key=lambda pair: _largest_first(pair[1]))
    ]
    # The one whose rows are shown is there, however many there are.
    return sorted(lines, key=lambda each: not each.chosen) if len(lines) > SHOWN else lines


def _rows(visit: Visit, row: FactCollection, fact: Fact, chosen: UnitValue, here: str) -> dict[str, object]:
    start = beginning(visit)
    try:
        found = evaluation.rows_shown(visit.call, row, fact.name, chosen.id, limit=ROWS, start=start)
    except KaishuError as error:
        return {"trouble": said(error)}
    kept = [("by", row.scope), ("unit", chosen.id), *_asked(visit)]
    before, following = around(here, kept, start, ROWS, found.total or 0)
    return {
        "rows": [
            RowLine(
                _("（已撤销或不再公开的数据集）")
                if each.hidden
                else pick(each.row.label, each.label_en) or each.row.id,
                f"/datasets/{path_part(each.name)}" if each.name else "",
                row_value(fact, each.row.value),
            )
            for each in found.rows
        ],
        "found": found.total or 0,
        "csv": address(f"{here}/rows.csv", *kept),
        "previous": before,
        "next": following,
    }


def count(visit: Visit, form: FormData) -> Response:
    """Leave counting to the worker; the page shows how far it is."""
    by = text(form, "by") or "platform"
    evaluation.leave_facts(visit.call, by)
    return say(moved(visit, address(HOME, ("by", by))), FACTS_LEFT)


def write_values(visit: Visit) -> Response:
    """A row a unit, a column a fact: what ``kaishu evaluate`` takes."""
    by, call = _scope(visit), visit.call
    row = evaluation.kept_collection(call, by)
    sheet = evaluation.sheet_shown(call, row)
    given = visit.request.query_params.getlist("facts")
    chosen = picked(given, sheet.facts, [fact.name for fact in sheet.facts], len(sheet.facts))
    lines = [line(["id", "name", *(fact.name for fact in chosen)])]
    for unit in sheet.units:
        values = [sheet.of(unit.id, fact.name).value for fact in chosen]
        lines.append(line([unit.id, unit.said(language()), *("" if v is None else repr(v) for v in values)]))
    tally(call.actor.row, "evaluation.facts.read", ("facts", row.id), "csv")
    return _csv(f"facts-{by}.csv", lines)


def write_rows(request: Request) -> Response:
    """The rows behind a value; those that are not public leave a row in the ledger, others are counted."""
    fact = evaluation.all_facts().get(str(request.path_params["code"]))
    opened = http.handing_call if fact and not evaluation.is_public(fact) else http.read_call
    with speaking(http.language_of(request)), opened(request) as call:
        visit = Visit(call, request)
        row = evaluation.kept_collection(call, _scope(visit))
        name, unit = visit.part("code"), visit.query("unit")
        rows = evaluation.take_rows(call, row, name, unit)
        lines = [line(["id", "title", "value"])]
        lines += [line([each.row.id, each.row.label, _plain(each.row.value)]) for each in rows]
        return _csv(f"{name}-{unit}.csv", lines)


def _plain(value: object) -> str:
    return value if isinstance(value, str) else repr(value)


def _csv(name: str, lines: list[str]) -> Response:
    headers = {"Content-Disposition": disposition(name)}
    return Response("\ufeff" + "".join(lines), media_type="text/csv; charset=utf-8", headers=headers)


ROUTES: list[Route] = [
    page(HOME, overview),
    act(HOME, count),
    page(f"{HOME}.csv", write_values),
    Route(f"{HOME}/{{code}}/rows.csv", write_rows, methods=["GET"]),
    page(f"{HOME}/{{code}}", show_fact),
]
