"""What people look at: pairs that may be one, why an entity has its values, where sources differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from starlette.datastructures import FormData
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from kaishu import standardisation
from kaishu.base.errors import KaishuError, NotFound
from kaishu.http.files import disposition
from kaishu.standardisation import Explanation, Mapping, PairSides
from kaishu.standardisation.models import FusionRun, MappingVersion
from kaishu.web.pages.quality_lines import line
from kaishu.web.pages.standard import difference_lines
from kaishu.web.rendering import address, render
from kaishu.web.routing import Unchanged, Visit, act, moved, page, said, text
from kaishu.web.shell import PAIR_DECIDED, PAIR_LATER, say
from kaishu.web.standard_contexts import (
    HERE,
    CellLine,
    DifferencesPage,
    EntityFile,
    FilePage,
    PairLine,
    PairsPage,
    covered,
    field_title,
    frame_of,
    link_word,
    masked_said,
    rule_word,
)
from kaishu.web.words import _

PAIRS, ROWS, DECIDED = 10, 50, 20
#: No table has more rows.
MOST = 2**62


def show_pairs(visit: Visit) -> Response:
    """Pairs that wait, the likeliest first."""
    return _pairs(visit)


def decide(visit: Visit, form: FormData) -> Response:
    """Same, different, later; or decide anew what was decided."""
    name, do, id = visit.part("name"), text(form, "do"), text(form, "id")
    reason = text(form, "reason")
    try:
        if do == "later":
            standardisation.put_pair_off(visit.call, id)
        elif do in ("same", "different"):
            standardisation.decide_pair(visit.call, id, do == "same", reason)
        elif do in ("change-same", "change-different"):
            standardisation.change_decision(visit.call, id, do == "change-same", reason)
        else:
            raise NotFound(kind="操作 step", name=do[:20])
    except KaishuError as error:
        visit.call.session.rollback()
        raise Unchanged(_pairs(visit, error)) from error
    return say(moved(visit, f"{HERE}/{name}/pairs"), PAIR_LATER if do == "later" else PAIR_DECIDED)


def show_file(visit: Visit) -> Response:
    """The form that asks for an entity."""
    return _file(visit, "")


def find_file(visit: Visit, form: FormData) -> Response:
    """One person's, one enterprise's file; sent, not asked for by address, so that no number stands there."""
    return _file(visit, text(form, "key"))


def show_differences(visit: Visit) -> Response:
    """Rows of a source whose value of an item lost and differs."""
    call = visit.call
    frame = frame_of(call, visit.part("name"))
    run = call.session.get(FusionRun, visit.query("run")) if visit.query("run") else None
    run = run or standardisation.last_run(call.session, frame.entity, "force")
    if run is None or run.entity_id != frame.entity.id:
        raise NotFound(kind="归并 run", name=visit.query("run")[:30] or frame.title)
    mapping = _mapping(visit, run)
    source, field = visit.query("source"), visit.query("field")
    if field not in mapping.entity.fields:
        raise NotFound(kind="字段 field", name=field[:60])
    after = _number(visit.query("after"))
    path = standardisation.run_file(call.session, run)
    rows = standardisation.differing_rows(path, source, field, after, ROWS + 1)
    seen = standardisation.sources_seen(call, run)
    # What is in force was agreed to, and who has to mend a value is told which one counts.
    told = run.kind == "force" and source in seen
    given = seen.union(row["winner"] for row in rows) if told else seen
    shown = [
        {
            **row,
            "value": covered(row["value"], source, seen, mapping, field),
            "golden": covered(row["golden"], row["winner"], given, mapping, field),
            "rule": rule_word(row["rule"]),
        }
        for row in rows[:ROWS]
    ]
    here = f"{HERE}/{frame.entity.name}/differences"
    more = (("source", source), ("field", field), ("run", run.id))
    context = DifferencesPage(
        frame=frame,
        run=run,
        source=source,
        field=field,
        title=field_title(mapping, field),
        rows=shown,
        next=address(here, *more, ("after", shown[-1]["row"])) if len(rows) > ROWS else "",
        masked=masked_said((source, *(row["winner"] for row in shown)), given),
        mine=source in seen,
        others=difference_lines(frame.entity, mapping, run),
    )
    return render("standard/differences.html", visit.shell, context)


def take_differences(visit: Visit, form: FormData) -> Response:
    """All of them as CSV, for those who may read the source."""
    frame = frame_of(visit.call, visit.part("name"))
    run = visit.call.session.get(FusionRun, text(form, "run"))
    if run is None or run.entity_id != frame.entity.id:
        raise NotFound(kind="归并 run", name=text(form, "run")[:30])
    source, field = text(form, "source"), text(form, "field")
    rows = standardisation.read_differences(visit.call, run, source, field)
    told = run.kind == "force"
    heads = ("row", "value", *(("golden", "winner", "rule") if told else ()))

    def lines() -> Iterator[str]:
        yield "\ufeff" + line(heads)
        for row in rows:
            yield line(["" if row[head] is None else str(row[head]) for head in heads])

    answer = StreamingResponse(lines(), media_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = disposition(f"{frame.entity.name}-{source}-{field}.csv")
    return answer


def _number(text: str) -> int:
    return min(int(text[:20]), MOST) if text.isdecimal() else 0


def _pairs(visit: Visit, error: KaishuError | None = None) -> Response:
    call = visit.call
    frame = frame_of(call, visit.part("name"))
    after = _number(visit.query("after"))
    waiting = standardisation.waiting_pairs(call.session, frame.entity, PAIRS, after)
    sides = standardisation.sides_of(call, waiting)
    context = PairsPage(
        frame=frame,
        pairs=[_pair(visit, each) for each in sides],
        after=after,
        size=PAIRS,
        decided=standardisation.decisions_of(call.session, frame.entity, limit=DECIDED),
        fusion=standardisation.splink_is_there(),
        masked=_masked_pairs(visit, sides),
        trouble=said(error) if error else None,
    )
    return render("standard/pairs.html", visit.shell, context, error.status if error else 200)


def _masked_pairs(visit: Visit, sides: Sequence[PairSides]) -> str:
    """What is masked in these pairs, which one run left."""
    if not sides:
        return ""
    run = visit.call.session.get_one(FusionRun, sides[0].pair.run_id)
    sources = [name for each in sides for name in (each.pair.left_source, each.pair.right_source)]
    return masked_said(sources, standardisation.sources_seen(visit.call, run))


def _pair(visit: Visit, sides: PairSides) -> PairLine:
    pair = sides.pair
    run = visit.call.session.get_one(FusionRun, pair.run_id)
    mapping, seen = _mapping(visit, run), standardisation.sources_seen(visit.call, run)
    left, right = sides.left or {}, sides.right or {}
    values = [
        (
            field_title(mapping, name),
            covered(left.get(name), pair.left_source, seen, mapping, name),
            covered(right.get(name), pair.right_source, seen, mapping, name),
            pair.weights.get(name),
            left.get(name) == right.get(name),
        )
        for name in mapping.fields
        if left.get(name) is not None or right.get(name) is not None
    ]
    return PairLine(pair.id, pair.left_source, pair.right_source, pair.probability, pair.later_at, values)


def _file(visit: Visit, key: str) -> Response:
    call = visit.call
    frame = frame_of(call, visit.part("name"))
    run: FusionRun | None = None
    found: list[Explanation] = []
    error: KaishuError | None = None
    if key:
        trial = standardisation.last_run(call.session, frame.entity, "force") is None
        try:
            run, found = standardisation.explain_entity(call, frame.entity.name, key, trial=trial)
        except KaishuError as trouble:
            error = trouble
    run = run or standardisation.last_run(call.session, frame.entity)
    mapping = _mapping(visit, run) if run else None
    seen = standardisation.sources_seen(call, run) if run else frozenset()
    context = FilePage(
        frame=frame,
        key=key,
        run=run,
        titles=[field_title(mapping, name) for name in mapping.fields] if mapping else [],
        files=[_entity(mapping, each, seen) for each in found] if mapping else [],
        keys=[field_title(mapping, name) for each in mapping.keys for name in each] if mapping else [],
        trouble=said(error) if error else None,
    )
    return render("standard/file.html", visit.shell, context, error.status if error else 200)


def _entity(mapping: Mapping, found: Explanation, seen: frozenset[str]) -> EntityFile:
    cells = [
        CellLine(
            field_title(mapping, cell["field"]),
            covered(cell["value"], cell["source"], seen, mapping, cell["field"]),
            cell["source"],
            cell["row"],
            rule_word(cell["rule"]),
            [
                (
                    loser["source"],
                    loser["row"],
                    covered(loser["value"], loser["source"], seen, mapping, cell["field"]),
                )
                for loser in cell["losers"]
            ],
        )
        for cell in found.cells
    ]
    rows = [
        (
            row["_source"],
            row["_row"],
            link_word(row["_by"], mapping),
            [covered(row[name], row["_source"], seen, mapping, name) for name in mapping.fields],
        )
        for row in found.rows
    ]
    links = [_link(mapping, link) for link in found.links]
    return EntityFile(
        found.entity, cells, rows, links, masked_said((source for source, *_rest in rows), seen)
    )


def _link(mapping: Mapping, link: dict[str, Any]) -> str:
    said = _(
        "{left}第{left_row}行与{right}第{right_row}行：{by}",
        left=link["left_source"],
        left_row=link["left_row"],
        right=link["right_source"],
        right_row=link["right_row"],
        by=link_word(str(link["by"]), mapping),
    )
    probability = link.get("probability")
    return (
        said
        if probability is None
        else said + _("，可能性{share}", share=f"{min(float(str(probability)), 0.9999):.2%}")
    )


def _mapping(visit: Visit, run: FusionRun) -> Mapping:
    return standardisation.read_mapping(visit.call.session.get_one(MappingVersion, run.mapping_id))


ROUTES: list[Route] = [
    page(f"{HERE}/{{name}}/pairs", show_pairs),
    act(f"{HERE}/{{name}}/pairs", decide),
    page(f"{HERE}/{{name}}/file", show_file),
    act(f"{HERE}/{{name}}/file", find_file),
    page(f"{HERE}/{{name}}/differences", show_differences),
    act(f"{HERE}/{{name}}/differences.csv", take_differences),
]
