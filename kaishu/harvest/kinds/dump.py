"""A dump of CKAN: one package a line, as ``ckanapi dump`` writes; also a list or a search's answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import IO, Any

from kaishu.crosswalk.ckan.names import MARK
from kaishu.harvest.digests import digest_of
from kaishu.harvest.errors import NotReadable
from kaishu.harvest.kinds.finding import Found, Place, opened, parsed, passed, refused, rest

LONGEST = 64 << 20


def find(place: Place) -> Iterator[Found]:
    """Every package, line by line."""
    with opened(place, "application/x-ndjson, application/json, */*") as (stream, _):
        if place.resume.get("offset"):
            stream.seek(place.resume["offset"])
            number, line = place.resume["number"] + 1, stream.readline(LONGEST)
        else:
            number, line = 1, _first_line(stream)
            if line.startswith((b"[", b"{")) and not _is_package(line):
                yield from _document(place, line + stream.read(1 << 30))
                return
        while line:
            if len(line) >= LONGEST:
                raise NotReadable(
                    name=place.shown,
                    kind="JSONL",
                    reason=f"第{number}行太长",
                    reason_en=f"line {number}: long",
                )
            if line.strip():
                place.mark = {"number": number, "offset": stream.tell(), "content": place.content}
                yield _line(place, number, line)
            number, line = number + 1, stream.readline(LONGEST)


def package_found(package: Any, where: str, page: str = "") -> Found:
    """One package; ``page`` is the address at which its portal shows datasets, if it is known."""
    said = package if isinstance(package, dict) else {}
    remote_id = str(said.get("id") or said.get("name") or where)
    title = str(said.get("title") or said.get("name") or where)[:300]

    def read() -> Any:
        from kaishu.crosswalk import ckan

        reading = ckan.read_package(package)
        if reading.entry is None:
            return reading
        record = {**reading.entry.record, **_dates(said, reading.entry.record)}
        if page and not record.get("source_url"):
            record["source_url"] = f"{page}{reading.entry.name}"
        return type(reading)(_with(reading.entry, record), reading.notes)

    return Found(remote_id, digest_of(package), title, read, passed(said.get("metadata_modified")))


def _dates(package: Mapping[str, Any], record: Mapping[str, Any]) -> dict[str, str]:
    """Where a package says no dates of its own, those at which its portal entered and changed it.

    Method: ckanext-dcat gives them as ``dct:issued`` and ``dct:modified`` in the same case.  Not where the
    package says something that is no date, nor of another Kaishu, which says that they are its own.
    """
    extras = package.get("extras")
    keys = (
        {each.get("key") for each in extras if isinstance(each, dict)} if isinstance(extras, list) else set()
    )
    derived = package.get(MARK)
    said = {*keys, *record, *(derived if isinstance(derived, list) else ())}
    found = {
        "issued": passed(package.get("metadata_created"))[:10],
        "modified": passed(package.get("metadata_modified")),
    }
    return {field: value for field, value in found.items() if value and field not in said}


def _with(entry: Any, record: dict[str, Any]) -> Any:
    from dataclasses import replace

    return replace(entry, record=record)


def _first_line(stream: IO[bytes]) -> bytes:
    line = stream.readline(LONGEST)
    while line and not line.strip():
        line = stream.readline(LONGEST)
    return line.removeprefix(b"\xef\xbb\xbf").lstrip()


def _is_package(line: bytes) -> bool:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return line.rstrip().endswith(b"}") and not line.startswith(b"[")
    return isinstance(said, dict) and "result" not in said and "results" not in said


def _document(place: Place, data: bytes) -> Iterator[Found]:
    said = parsed(place, data, "CKAN")
    if isinstance(said, dict):
        said = said.get("result", said)
        said = said.get("results", [said]) if isinstance(said, dict) else said
    if not isinstance(said, list):
        raise NotReadable(
            name=place.shown,
            kind="CKAN",
            reason="里面没有数据集列表",
            reason_en="it holds no list of datasets",
        )
    place.total = len(said)
    yield from rest(place, (package_found(each, f"#{number}") for number, each in enumerate(said, start=1)))


def _line(place: Place, number: int, line: bytes) -> Found:
    """The package of a line; which one it was cannot be told of a broken line, so that none is gone then."""
    try:
        return package_found(json.loads(line), f"#{number}")
    except (ValueError, RecursionError) as error:
        place.whole = False
        where, reason = f"#{number}", str(error)[:200]
        reading = refused(
            f"line {number}", f"第{number}行不是 JSON：{reason}", f"Line {number} is not JSON: {reason}"
        )
        return Found(where, digest_of([number, repr(line[:500])]), where, lambda: reading)
