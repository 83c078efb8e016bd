"""Standard entities come into being, and their mappings are written."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from kaishu.access import Call, Permission, note, office_by_name, require
from kaishu.base import ids
from kaishu.base.errors import Invalid, KaishuError, Said
from kaishu.lake import table_by_id, versions_of
from kaishu.lake.models import Version
from kaishu.quality.errors import Problem
from kaishu.standardisation.concerned import concerns
from kaishu.standardisation.errors import BadMapping, MappingUnderAgreement, SourceEmpty, StandardTaken
from kaishu.standardisation.gathering import check_column_names
from kaishu.standardisation.mapping import Mapping, Source
from kaishu.standardisation.models import MOST_TEXT, MappingVersion, StandardEntity
from kaishu.standardisation.parsing import parse_mapping
from kaishu.standardisation.queries import AGREEING, DRAFT, mapping_of, standard_by_name, standards

FILE = "mapping.yaml"
NAME = re.compile(r"[a-z][a-z0-9-]{1,29}")
MOST_SOURCE_NAME = 100


@dataclass(frozen=True, slots=True)
class Register:
    """A table of the lake that a mapping names; ``title`` is what people call it."""

    table_id: str
    title: str


#: Finds the table that a mapping names, for the caller; raises ``NotFound``.
Find = Callable[[str], Register]


def add_standard(
    call: Call, *, name: str, title: str, office: str, title_en: str = "", renewing: bool = True
) -> StandardEntity:
    """A new standard entity of an office (name or id), without a mapping.

    Raises ``Invalid``, ``StandardTaken``, ``NotFound``.
    """
    owner = office_by_name(call.session, office)
    require(call, Permission.standard_propose, office=owner.id)
    problems: dict[str, list[Said | str]] = {}
    if not NAME.fullmatch(name):
        said = "标识是2到30个小写字母、数字和连字符，以字母开头。"
        problems["name"] = [Said(said, "2 to 30 small letters, digits and hyphens, a letter first.")]
    if not title.strip():
        problems["title"] = [Said("请写名称。", "A title is needed.")]
    if problems:
        raise Invalid(problems)
    if call.session.scalar(select(StandardEntity.id).where(StandardEntity.name == name)):
        raise StandardTaken(name=name)
    entity = StandardEntity(
        id=ids.new_id(),
        name=name,
        title=title.strip()[:200],
        title_en=title_en.strip()[:200],
        office_id=owner.id,
        newest=0,
        renewing=renewing,
        created_at=call.now,
        created_by=(call.actor.name or call.actor.id)[:200],
    )
    call.session.add(entity)
    call.session.flush()
    note(call, "standardisation.add", ("standard", entity.id), name=name, office=owner.id)
    return entity


def keep_mapping(call: Call, name: str, text: str, find: Find) -> MappingVersion:
    """Keep the draft of an entity's mapping, making one if the newest is not a draft.

    Tables and columns are looked for at once.  Raises ``BadMapping`` with lines, ``MappingUnderAgreement``.
    """
    entity = standard_by_name(call.session, name)
    require(call, Permission.standard_propose, office=entity.office_id)
    text = text.replace("\r\n", "\n")
    mapping, tables = check_mapping(call, text, find)
    _refuse_circle(call, entity, mapping, tables)
    kept = mapping_of(call.session, entity, entity.newest)
    if kept is not None and kept.state == AGREEING:
        raise MappingUnderAgreement(name=entity.title, number=kept.number)
    if kept is None or kept.state != DRAFT:
        entity.newest += 1
        kept = MappingVersion(
            id=ids.new_id(), entity_id=entity.id, number=entity.newest, state=DRAFT, carried=[]
        )
        call.session.add(kept)
    kept.text, kept.tables = text, tables
    kept.concerns = concerns(mapping, tables, entity.office_id)
    kept.proposed_by, kept.proposed_at = (call.actor.name or call.actor.id)[:200], call.now
    call.session.flush()
    note(call, "standardisation.mapping.keep", ("standard", entity.id), number=kept.number)
    return kept


def check_mapping(call: Call, text: str, find: Find) -> tuple[Mapping, list[dict[str, Any]]]:
    """The mapping and its tables as they are found, each problem with its line.  Raises ``BadMapping``."""
    require(call, Permission.standard_read)
    if len(text) > MOST_TEXT:
        said = Said(f"映射超过{MOST_TEXT:,}个字符。", f"The mapping is longer than {MOST_TEXT:,} characters.")
        raise BadMapping(FILE, [Problem(0, "", said)])
    mapping = parse_mapping(text, FILE, tables=True)
    problems: list[Problem] = []
    tables = []
    for place, source in enumerate(mapping.sources, 1):
        try:
            tables.append(_table(call, source, f"sources[{place}]", find, problems))
        except KaishuError as error:
            said = Said(error.sentence("zh"), error.sentence("en"))
            problems.append(Problem(source.lines.get("table", source.line), f"sources[{place}].table", said))
    if problems:
        raise BadMapping(FILE, sorted(problems, key=lambda each: each.line))
    return mapping, tables


def version_to_read(call: Call, table_id: str, number: int | None, source: str) -> Version:
    """The named version of a table, or the newest that has rows.  Raises ``SourceEmpty``."""
    require(call, Permission.standard_read)
    for version in versions_of(call.session, table_id):
        if version.dropped_at is None and number in (None, version.number):
            return version
    raise SourceEmpty(source=source)


def set_renewing(call: Call, name: str, renewing: bool) -> StandardEntity:
    """Say whether a new version of a source leaves a run by itself."""
    entity = standard_by_name(call.session, name)
    require(call, Permission.standard_run, office=entity.office_id)
    entity.renewing = renewing
    note(call, "standardisation.renewing", ("standard", entity.id), renewing=renewing)
    return entity


def _refuse_circle(
    call: Call, entity: StandardEntity, mapping: Mapping, tables: list[dict[str, Any]]
) -> None:
    """Refuse sources that are made of this entity, by itself or by way of others.  Raises ``BadMapping``."""
    made = {each.table_id: each for each in standards(call.session) if each.table_id}
    problems = []
    for place, (source, table) in enumerate(zip(mapping.sources, tables, strict=True), 1):
        ahead: list[str] = [table["table_id"]]
        seen: set[str] = set()
        while ahead:
            other = made.get(ahead.pop())
            if other is None or other.id in seen:
                continue
            seen.add(other.id)
            for number in {other.in_force, other.newest}:
                kept = mapping_of(call.session, other, number)
                ahead += [each["table_id"] for each in kept.tables] if kept else []
        if entity.id in seen:
            said = Said("这张表就是由本实体归并来的", "this table is made of the entity itself")
            line = source.lines.get("table", source.line)
            problems.append(Problem(line, f"sources[{place}].table", said))
    if problems:
        raise BadMapping(FILE, problems)


def _table(call: Call, source: Source, path: str, find: Find, problems: list[Problem]) -> dict[str, Any]:
    if len(source.name) > MOST_SOURCE_NAME or ":" in source.name:
        said = Said(
            f"来源名称不超过{MOST_SOURCE_NAME}字，不含冒号",
            f"names of sources have at most {MOST_SOURCE_NAME} letters and no colon",
        )
        problems.append(Problem(source.line, f"{path}.name", said))
    found = find(source.table)
    version = version_to_read(call, found.table_id, source.version, source.name)
    known = [str(column["name"]) for column in version.columns]
    problems += check_column_names(source, path, known)
    table = table_by_id(call.session, found.table_id)
    return {
        "source": source.name,
        "name": source.table,
        "title": found.title,
        "table_id": table.id,
        "office_id": table.office_id,
        "version": source.version,
    }
