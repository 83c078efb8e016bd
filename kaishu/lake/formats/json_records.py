"""JSON: an array of records, or an object with such an array somewhere inside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kaishu.base.errors import several
from kaishu.lake.errors import NoRecords, NoSuchPart
from kaishu.lake.formats.json_text import JsonStream, flatten, json_text, too_deep
from kaishu.lake.formats.record_table import LOOK, Cells, Gathered, record_blocks
from kaishu.lake.reading.block import Block, Log, Survey
from kaishu.lake.reading.container import Source, Stream
from kaishu.lake.reading.encoding import Encoding, find_encoding, utf8_blocks
from kaishu.lake.reading.notes import make_note
from kaishu.lake.reading.options import ReadOptions
from kaishu.lake.reading.plan import Plan

_DEEP = 5
_PLAIN = 3  # a parent with more values of its own is a record, not a mere heading
_SEEN = 200


def survey(source: Source, options: ReadOptions, format: str) -> Survey:
    """Where the records are, all their names, a sample of them."""
    encoding = find_encoding(source, options.encoding)
    path = options.record_path
    if path is None:
        path = _find_path(source, encoding)
    gathered = Gathered()
    lost, others = [0], 0
    with opened(source, encoding) as (text, stream):
        for _, record in records_at(text, path, source.name, lost):
            if isinstance(record, dict):
                gathered.add(record)
            else:
                others += 1
            if stream.taken > LOOK:
                break
    if others and not gathered.count:
        raise NoRecords(file=source.name, detail_zh="列表里没有对象", detail_en="the list holds no objects")
    plan = Plan(format="json", encoding=encoding.name, record_path=path, notes=[*encoding.notes])
    if path:
        plan.notes.append(make_note("nested-records", path=path))
    if lost[0]:
        plan.notes.append(make_note("parents-without-records", path=path, count=lost[0]))
    return gathered.survey(plan)


@contextmanager
def opened(source: Source, encoding: Encoding, format: str = "JSON") -> Iterator[tuple[JsonStream, Stream]]:
    """The file as a stream of JSON values."""
    with source.open() as stream:
        yield JsonStream(utf8_blocks(stream, encoding, source.name, 1 << 20), source.name, format), stream


def encoding_of(source: Source, plan: Plan) -> Encoding:
    """The plan's encoding, which may have been widened after the beginning of the file misled."""
    found = find_encoding(source, plan.options.encoding)
    return found if plan.encoding in (None, found.name) else Encoding(plan.encoding or "")


def blocks(source: Source, plan: Plan, log: Log) -> Iterator[Block]:
    """The records as rows; entries that are no records are set aside."""
    with opened(source, encoding_of(source, plan)) as (text, stream):
        lost = [0]
        records = _rows(records_at(text, plan.record_path or "", source.name, lost), log)
        yield from record_blocks(records, source, plan, log, stream)
    note_lost(plan, log, lost[0])


def note_lost(plan: Plan, log: Log, count: int) -> None:
    """Note parents that hold no records, unless the plan has seen them all."""
    code = "parents-without-records"
    seen = sum(note.facts["count"] for note in plan.notes if note.code == code)
    if count > seen:
        log.notes.append(make_note(code, path=plan.record_path, count=count - seen))


def _rows(found: Iterator[tuple[int, Any]], log: Log) -> Iterator[tuple[int, Cells]]:
    for line, record in found:
        if isinstance(record, dict):
            yield line, record
        else:
            log.aside.add(line, "not-record", json_text(record))


def records_at(text: JsonStream, path: str, file: str, lost: list[int]) -> Iterator[tuple[int, Any]]:
    """Flat records at a path, each with its line; what stands above is carried as ``parent.name``.

    ``lost`` counts parents without records.
    """
    steps = [step for step in path.split(".") if step]
    while steps and text.peek() == "{":
        _enter(text, steps.pop(0), path, file)
    if text.peek() != "[":
        if steps or text.peek() != "{":
            raise NoRecords(file=file, detail_zh=f"“{path}”不是列表", detail_en=f'"{path}" is not a list')
        line = text.line
        yield line, flatten(text.value())
        return
    at = path.split(".")[-len(steps) - 1] if path and len(steps) < len(path.split(".")) else ""
    for line, entry in text.items():
        try:
            records = list(_expanded(entry, steps, at, lost))
        except RecursionError:
            raise too_deep(file, line) from None
        for record in records:
            yield line, record
    if not path and text.peek():
        text.fail("something stands after the end of the list")


def _enter(text: JsonStream, step: str, path: str, file: str) -> None:
    seen = []
    for key in text.fields():
        if key == step:
            return
        seen.append(key)
        text.value()
    raise NoSuchPart(file=file, kind_zh="位置", kind_en="place", name=path, present=several(seen[:50]) or "-")


def _expanded(entry: Any, steps: list[str], at: str, lost: list[int]) -> Iterator[Any]:
    if not isinstance(entry, dict):
        yield entry
        return
    if not steps:
        yield flatten(entry)
        return
    inside = entry.get(steps[0])
    parent = flatten(entry, f"{at}." if at else "", leave=steps[0])
    below = inside if isinstance(inside, list) else [inside] if isinstance(inside, dict) else []
    if not below:
        lost[0] += 1
    for child in below:
        for record in _expanded(child, steps[1:], steps[0], lost):
            yield {**parent, **record} if isinstance(record, dict) else record


def _find_path(source: Source, encoding: Encoding) -> str:
    """The list with the most records; deeper where the entries only head lists of more records."""
    candidates: dict[str, tuple[int, list[Any]]] = {}
    with opened(source, encoding) as (text, stream):
        if text.peek() == "[":
            sample = [
                entry for _, entry in zip(range(_SEEN), (entry for _, entry in text.items()), strict=False)
            ]
            return _deeper("", sample)
        _walk(text, "", candidates, stream, 0)
    usable = {path: found for path, found in candidates.items() if any(isinstance(e, dict) for e in found[1])}
    if not usable:
        return next((path for path, found in candidates.items() if not found[0]), "")
    best = max(usable, key=lambda path: usable[path][0])
    return _deeper(best, usable[best][1])


def _walk(
    text: JsonStream, path: str, found: dict[str, tuple[int, list[Any]]], stream: Stream, depth: int
) -> None:
    for key in text.fields():
        here = f"{path}.{key}" if path else key
        mark = text.peek()
        if mark == "[" and "." not in key:
            count = 0
            sample: list[Any] = []
            for _, entry in text.items():
                count += 1
                if len(sample) < _SEEN:
                    sample.append(entry)
            found[here] = (count, sample)
        elif mark == "{" and depth < _DEEP and "." not in key:
            _walk(text, here, found, stream, depth + 1)
        else:
            text.value()


def _deeper(path: str, sample: list[Any]) -> str:
    parents = [entry for entry in sample if isinstance(entry, dict)]
    lists: dict[str, list[Any]] = {}
    for parent in parents:
        for key, value in parent.items():
            if isinstance(value, list) and value and all(isinstance(entry, dict) for entry in value):
                lists.setdefault(key, []).extend(value)
    if len(lists) != 1:
        return path
    [(key, children)] = lists.items()
    plain = max(len(flatten(parent, leave=key)) for parent in parents)
    if plain > _PLAIN or len(children) <= len(parents) or "." in key:
        return path
    return _deeper(f"{path}.{key}" if path else key, children)
