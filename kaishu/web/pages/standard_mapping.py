"""The mapping of a standard entity: written, agreed to by the offices concerned, put in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from kaishu import casework, catalogue, lake, standardisation
from kaishu.access import Permission, Role, allowed
from kaishu.base.errors import KaishuError, NotFound
from kaishu.standardisation.errors import BadMapping
from kaishu.standardisation.models import MappingVersion
from kaishu.web.pages.standard import field_lines, tables_to_choose
from kaishu.web.rendering import render
from kaishu.web.routing import Unchanged, Visit, act, moved, page, said, text
from kaishu.web.shell import STANDARD_ANSWERED, STANDARD_KEPT, STANDARD_STEPPED, say
from kaishu.web.standard_contexts import (
    HERE,
    FieldLine,
    StandardFrame,
    StandardMappingPage,
    StandLine,
    frame_of,
    office_names,
)
from kaishu.web.words import _, language


def show_mapping(visit: Visit) -> Response:
    """The newest version, or the one asked for; a first one is begun from a template."""
    return _show(visit)


def keep(visit: Visit, form: FormData) -> Response:
    """Keep the draft; what is wrong with it stands beside what was typed."""
    name, written = visit.part("name"), str(form.get("text") or "")
    try:
        standardisation.keep_mapping(visit.call, name, written, catalogue.find_registers(visit.call))
    except KaishuError as error:
        visit.call.session.rollback()
        raise Unchanged(_show(visit, error, written)) from error
    return say(moved(visit, f"{HERE}/{name}/mapping"), STANDARD_KEPT)


def step(visit: Visit, form: FormData) -> Response:
    """Hand out, take back, put in force, or answer for an office."""
    name, do = visit.part("name"), text(form, "do")
    try:
        if do == "submit":
            standardisation.submit_mapping(visit.call, name)
        elif do == "take-back":
            standardisation.take_mapping_back(visit.call, name)
        elif do == "put-in-force":
            standardisation.put_in_force(visit.call, name)
        elif do in ("agree", "object"):
            fields = [str(each) for each in form.getlist("field")]
            office, reason = text(form, "office"), text(form, "reason")
            standardisation.answer_mapping(visit.call, name, office, do == "agree", reason, fields)
        else:
            raise NotFound(kind="操作 step", name=do[:20])
    except KaishuError as error:
        visit.call.session.rollback()
        raise Unchanged(_show(visit, error)) from error
    answered = do in ("agree", "object")
    return say(moved(visit, f"{HERE}/{name}/mapping"), STANDARD_ANSWERED if answered else STANDARD_STEPPED)


def _show(visit: Visit, error: KaishuError | None = None, written: str | None = None) -> Response:
    call = visit.call
    frame = frame_of(call, visit.part("name"))
    versions = standardisation.mappings_of(call.session, frame.entity)
    number = visit.query("version")
    kept = next((each for each in versions if str(each.number) == number), frame.newest)
    stands = _stands(visit, kept)
    current = kept is not None and frame.newest is not None and kept.id == frame.newest.id
    names = office_names(call)
    context = StandardMappingPage(
        frame=frame,
        mapping=kept,
        fields=_fields(visit, kept, stands),
        stands=stands,
        settled=bool(stands) and all(each.stands in ("agrees", "carried") for each in stands),
        answering=_answering(visit, kept, names) if current and kept else [],
        text=written if written is not None else _text(visit, frame, kept),
        versions=versions,
        steps=_steps(visit, kept),
        problems=[each.sentence(language()) for each in error.problems]
        if isinstance(error, BadMapping)
        else [],
        tables=tables_to_choose(visit) if frame.may_propose else [],
        trouble=said(error) if error and not isinstance(error, BadMapping) else None,
    )
    return render("standard/mapping.html", visit.shell, context, error.status if error else 200)


def _fields(visit: Visit, kept: MappingVersion | None, stands: Sequence[StandLine]) -> list[FieldLine]:
    """The items with who agrees and who objects to each."""
    if kept is None:
        return []
    mapping = standardisation.read_mapping(kept)
    names = office_names(visit.call)
    objections = standardisation.objections_of(visit.call.session, kept.id)
    agreed = {each.office: set(each.sources) for each in stands if each.stands in ("agrees", "carried")}
    owner = names.get(standardisation.standard_by_name(visit.call.session, kept.entity_id).office_id, "")
    lines = []
    for line in field_lines(mapping):
        givers = {source for source, _column in line.sources}
        lines.append(
            FieldLine(
                line.name,
                line.title,
                line.standard,
                line.sources,
                line.rule,
                [office for office, feeds in agreed.items() if feeds & givers or office == owner],
                [
                    (names.get(each.office_id, ""), each.reason, each.said_by)
                    for each in objections
                    if each.field == line.name
                ],
            )
        )
    return lines


def _stands(visit: Visit, kept: MappingVersion | None) -> list[StandLine]:
    if kept is None:
        return []
    names = office_names(visit.call)
    voices = casework.voices_of(visit.call.session, kept.case_id) if kept.case_id else []
    due = {voice.office_id: voice.due_on for voice in voices if not voice.answer}
    return [
        StandLine(
            names.get(each.office_id, each.office_id),
            each.stands,
            [str(table["source"]) for table in kept.tables if table["office_id"] == each.office_id],
            each.by,
            each.at,
            each.reason,
            due.get(each.office_id) if kept.state == "in-agreement" else None,
        )
        for each in standardisation.standing_of(visit.call, kept)
    ]


def _answering(visit: Visit, kept: MappingVersion, names: dict[str, str]) -> list[tuple[str, str]]:
    """Offices that were asked and for which the actor may answer, first those that have not."""
    if kept.state != "in-agreement" or not kept.case_id:
        return []
    call = visit.call
    voices = sorted(casework.voices_of(call.session, kept.case_id), key=lambda each: each.answer != "")
    asked = [voice.office_id for voice in voices]
    everybody = call.actor.role is Role.administrator
    return [
        (office, names.get(office, ""))
        for office in asked
        if allowed(call, Permission.standard_answer, office=office)
        and (everybody or office == call.actor.office)
    ]


def _steps(visit: Visit, kept: MappingVersion | None) -> list[tuple[datetime, str, str]]:
    words = {"put-in-force": _("生效"), "take-back": _("收回")}
    if kept is None or not kept.case_id:
        return []
    return [
        (each.at, words.get(each.action, each.action), each.actor_name)
        for each in casework.steps_of(visit.call.session, kept.case_id)
    ]


def _text(visit: Visit, frame: StandardFrame, kept: MappingVersion | None) -> str:
    if kept is not None:
        return kept.text
    template = visit.query("template")
    if template not in standardisation.TEMPLATES:
        return ""
    call = visit.call
    tables: list[tuple[str, str, list[str]]] = []
    for name in visit.request.query_params.getlist("table")[:8]:
        try:
            dataset, entry = catalogue.table_named(call, name)
        except KaishuError:
            tables.append((name, name, []))
            continue
        version = lake.newest_version(call.session, str(entry.table_id))
        columns = [str(each["name"]) for each in version.columns] if version else []
        office = office_names(call).get(dataset.office_id, dataset.name)
        known = {source for source, _table, _columns in tables}
        tables.append((dataset.title if office in known else office, name, columns))
    return standardisation.start_mapping(template, tables)


ROUTES: list[Route] = [
    page(f"{HERE}/{{name}}/mapping", show_mapping),
    act(f"{HERE}/{{name}}/mapping", keep),
    act(f"{HERE}/{{name}}/mapping/step", step),
]
