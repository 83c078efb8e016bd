"""A spreadsheet of the 13 core items: one row a dataset, rows beneath without a name for its further items.

Whatever is wrong with a cell is said with row, column and what to write; such a row is refused whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import unquote, urlsplit

from kaishu import lake, standards
from kaishu.base.errors import Invalid, Said
from kaishu.catalogue import record_from
from kaishu.catalogue.drafts import CODED
from kaishu.crosswalk import Agent, Entry, Note, Reading, table
from kaishu.harvest.digests import digest_of
from kaishu.harvest.errors import NotReadable
from kaishu.harvest.kinds.finding import Found, Place, opened, recognise, rest
from kaishu.harvest.kinds.sheet_categories import LEVELS, category_of

LISTS = {"related_codes", "themes", "tags"}
LETTERS = "CNYDTLMGBIF"
_BETWEEN = re.compile(r"[、,，;；\n]+")
_NOISE = re.compile(r"[\s*＊:：（）()]+")
_DAY = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})(?:日|\s.*|T.*)?$")


@dataclass
class Row:
    """One dataset's cells by field, with the number of its first row in the file and the file's headings."""

    number: int
    cells: Mapping[str, str]
    headings: Mapping[str, str]
    items: list[dict[str, Any]] = field(default_factory=list)


def find(place: Place) -> Iterator[Found]:
    """Every named row of the first sheet."""
    with TemporaryDirectory(prefix="kaishu-sheet-") as folder:
        path, name = place.path, place.name
        if path is None:
            name = unquote(urlsplit(place.url).path.rpartition("/")[2]) or "catalogue.csv"
            path = Path(folder) / "sheet"
            with opened(place) as (stream, _):
                path.write_bytes(stream.read())
        else:
            recognise(place, path)
        yield from rest(place, map(_found, _rows(path, name)))


def _found(row: Row) -> Found:
    code, title = row.cells.get("record.resource_code", ""), row.cells.get("record.title", "")
    return Found(
        code or f"{row.cells.get('publisher.title', '')}/{title}",
        digest_of([dict(row.cells), row.items]),
        title[:300],
        partial(_reading, row, {**_shown(), **row.headings}),
    )


def _rows(path: Path, name: str) -> Iterator[Row]:
    plan = lake.make_plan(path, name)
    headings = [column.source_name for column in plan.columns]
    fields = {at: known for at, heading in enumerate(headings) if (known := _fields().get(_plain(heading)))}
    if "record.title" not in fields.values():
        raise NotReadable(
            name=name,
            kind="核心元数据表",
            reason=f"没有“信息资源名称”一列；读到的列：{'、'.join(headings[:20])}",
            reason_en=f"there is no column 信息资源名称 among {', '.join(headings[:20])}",
        )
    written_as = {known: headings[at] for at, known in fields.items()}
    row: Row | None = None
    for line, written in lake.text_rows(path, name, plan):
        cells = {known: written[at] for at, known in fields.items() if written[at]}
        if not cells:
            continue
        again = row is not None and cells.get("record.title") in (None, row.cells.get("record.title"))
        same_code = row is not None and cells.get("record.resource_code") in (
            None,
            row.cells.get("record.resource_code"),
        )
        if row is None or not (again and same_code and cells.get("item.name")):
            if row is not None:
                yield row
            row = Row(line, cells, written_as)
        if cells.get("item.name"):
            row.items.append({key: value for key, value in cells.items() if key.startswith("item.")})
    if row is not None:
        yield row


def _reading(row: Row, columns: Mapping[str, str]) -> Reading:
    notes: list[Note] = []
    record: dict[str, Any] = {}
    for known, written in row.cells.items():
        group, _, name = known.partition(".")
        if group == "record":
            record[name] = _value(row, name, written, columns.get(known, known), notes)
    record["items"] = _items(row, columns, notes)
    _categorise(row, record, columns, notes)
    try:
        record = record_from({k: v for k, v in record.items() if v}).model_dump(mode="json")
    except Invalid as error:
        for name, said in error.problems.items():
            column = columns.get(f"record.{name.partition('.')[0]}", name)
            english = error.problems_in("en")[name]
            notes.append(_wrong(row, column, " ".join(said), " ".join(english)))
    if any(note.fatal for note in notes):
        return Reading(None, tuple(notes))
    publisher = Agent(
        title=row.cells.get("publisher.title", "")[:200], code=row.cells.get("publisher.code", "")[:40]
    )
    identifier = row.cells.get("record.resource_code", "")
    return Reading(Entry(identifier=identifier, name="", record=record, publisher=publisher), tuple(notes))


def _categorise(row: Row, record: dict[str, Any], columns: Mapping[str, str], notes: list[Note]) -> None:
    """类, 项, 目 and 细目 as one category; what the list has not is kept as it was written."""
    category, left = category_of(row.cells, str(record.get("resource_class") or ""))
    record["resource_category"] = record.get("resource_category") or category
    if left:
        record["extras"] = {LEVELS[level][0]: written for level, written in left.items()}
    for level, written in left.items():
        zh = f"分类表里没有“{written[:50]}”，原样留在附加信息里。"
        en = f'"{written[:50]}" is not in the list of categories; it is kept among the extras.'
        notes.append(_wrong(row, columns.get(level, level), zh, en, fatal=False))


def _value(row: Row, name: str, written: str, column: str, notes: list[Note]) -> Any:
    if name in LISTS:
        parts = [part.strip() for part in _BETWEEN.split(written) if part.strip()]
        return [_code(row, name, part, column, notes) if name in CODED else part for part in parts]
    if name in CODED:
        return _code(row, name, written, column, notes)
    if name == "issued":
        day = _DAY.match(written)
        return "-".join(part.zfill(2) for part in day.groups()) if day else written
    return written


def _code(row: Row, name: str, written: str, column: str, notes: list[Note]) -> str:
    """A code by itself, by its label in either language, or by another word for it."""
    known = standards.vocabulary(CODED[name])
    term = known.find(written) or known.find(_plain(written))
    if term is not None:
        return term.code
    terms = known.terms
    zh, en = "、".join(term.zh for term in terms[:30]), ", ".join(term.en for term in terms[:30])
    notes.append(
        _wrong(
            row,
            column,
            f"“{written[:50]}”不在代码表里，可写：{zh}。",
            f'"{written[:50]}" is no code: write {en}.',
        )
    )
    return ""


def _items(row: Row, columns: Mapping[str, str], notes: list[Note]) -> list[dict[str, Any]]:
    if not row.items:
        return [
            {"name": part.strip()[:300]}
            for part in _BETWEEN.split(row.cells.get("items", ""))
            if part.strip()
        ]
    items = []
    for said in row.items:
        item: dict[str, Any] = {key.partition(".")[2]: value for key, value in said.items()}
        letter = item.get("letter", "C")[:1].upper()
        if letter not in LETTERS:
            column = columns.get("item.letter", "数据类型")
            zh, en = f"“{item['letter'][:20]}”应以 {LETTERS} 之一开头。", f"Begin with one of {LETTERS}."
            notes.append(_wrong(row, column, zh, en))
        length = item.pop("length", "")
        if length.isdecimal():
            item["length"] = int(length)
        items.append({**item, "letter": letter})
    return items


def _wrong(row: Row, column: str, zh: str, en: str, fatal: bool = True) -> Note:
    where = f"row {row.number}, {column}"
    return Note(where, Said(f"第{row.number}行“{column}”：{zh}", f"Row {row.number}, {column}: {en}"), fatal)


@cache
def _fields() -> dict[str, str]:
    """Heading without what is between its letters to our field: the guide's own words, and variants."""
    import yaml

    file = Path(__file__).parent.parent / "data" / "headings.yaml"
    known = {
        _plain(word): name
        for name, words in yaml.safe_load(file.read_text(encoding="utf-8")).items()
        for word in words
    }
    for row in table("guide-2017").rows:
        name = "items" if row.field == "record.items" else row.field
        if name:
            known |= {_plain(row.zh): name, _plain(row.en): name}
    return known


@cache
def _shown() -> dict[str, str]:
    """Our field to the heading that messages name."""
    return {row.field: row.zh for row in table("guide-2017").rows if row.field}


def _plain(text: str) -> str:
    return _NOISE.sub("", text).casefold()
