"""From a dataset as CKAN's clients write it to a record of ours; what has no place is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from kaishu import standards
from kaishu.base.errors import Invalid, Said
from kaishu.catalogue import DatasetRecord, record_from

DIRECT = {
    "title": "title",
    "notes": "description",
    "url": "source_url",
    "maintainer": "contact_name",
    "maintainer_email": "contact_email",
    "author": "source",
}
EXTRAS = {
    "title_en": "title_en",
    "notes_en": "description_en",
    "issued": "issued",
    "temporal_start": "temporal_start",
    "temporal_end": "temporal_end",
    "spatial-text": "spatial",
    "spatial_code": "spatial_code",
    "resource_code": "resource_code",
    "contact_phone": "contact_phone",
    "share_condition": "share_condition",
    "open_condition": "open_condition",
    "source": "source",
    "provenance": "provenance",
}
CODED = {
    "frequency": ("update_frequency", "update-frequency"),
    "update_frequency": ("update_frequency", "update-frequency"),
    "resource_class": ("resource_class", "resource-class"),
    "format_category": ("format_category", "format-category"),
    "share_class": ("share_class", "share-class"),
    "open_class": ("open_class", "open-class"),
}
OURS = {"description": "notes", "licence": "license_id", "themes": "groups"} | {
    ours: theirs for theirs, ours in DIRECT.items()
}
SERVER_SIDE = frozenset(
    {
        "id",
        "name",
        "owner_org",
        "organization",
        "private",
        "state",
        "type",
        "resources",
        "extras",
        "tags",
        "tag_string",
        "groups",
        "license_id",
        "license_title",
        "license_url",
        "isopen",
        "num_tags",
        "num_resources",
        "metadata_created",
        "metadata_modified",
        "creator_user_id",
        "relationships_as_subject",
        "relationships_as_object",
        "author_email",
    }
)


def record_of(package: Mapping[str, Any]) -> DatasetRecord:
    """The record that a CKAN dataset stands for.  Raises ``Invalid`` in CKAN's field names."""
    problems: dict[str, list[str]] = {}
    found: dict[str, Any] = {}
    extras = _extras(package, problems)
    for key, value in [*((k, v) for k, v in package.items() if k not in SERVER_SIDE), *extras.items()]:
        _take(key, value, found, problems)
    if not found.get("contact_email") and package.get("author_email"):
        found["contact_email"] = package["author_email"]
    found.setdefault("title", package.get("title") or package.get("name") or "")
    found["tags"] = _tags(package, problems)
    found["themes"] = _themes(package, problems)
    licence = package.get("license_id")
    if licence and licence != "notspecified":
        found["licence"] = _code("license_id", licence, "licence", problems)
    if problems:
        raise Invalid(problems)
    try:
        return record_from(found)
    except Invalid as error:
        raise Invalid({OURS.get(field, field): said for field, said in error.problems.items()}) from error


def _take(key: str, value: Any, found: dict[str, Any], problems: dict[str, list[str]]) -> None:
    if value in (None, "", [], {}):
        return
    if key in CODED:
        field, vocabulary = CODED[key]
        found[field] = _code(key, value, vocabulary, problems)
    elif key == "spatial":
        found["bbox"] = _box(value, problems)
    elif key == "language":
        words = value if isinstance(value, list) else str(value).split(",")
        found["languages"] = [_code(key, word, "language", problems) for word in words]
    elif key in DIRECT or key in EXTRAS:
        found.setdefault(DIRECT.get(key) or EXTRAS[key], value)
    else:
        known = ", ".join(sorted({*DIRECT, *EXTRAS, *CODED, "spatial", "language"}))
        problems[key] = [Said(f"没有这个项目。可用：{known}", f"There is no place for this. Known: {known}")]


def _extras(package: Mapping[str, Any], problems: dict[str, list[str]]) -> dict[str, Any]:
    given = package.get("extras") or []
    if isinstance(given, dict):
        return dict(given)
    if isinstance(given, list) and all(isinstance(e, dict) and isinstance(e.get("key"), str) for e in given):
        return {each["key"]: each.get("value") for each in given}
    problems["extras"] = [Said("应为 {key, value} 的列表。", "A list of {key, value} is needed.")]
    return {}


def _tags(package: Mapping[str, Any], problems: dict[str, list[str]]) -> list[str]:
    given = package.get("tags") or []
    if isinstance(given, list) and all(isinstance(each, dict | str) for each in given):
        names = [str(each.get("name", "")) if isinstance(each, dict) else each for each in given]
    else:
        names = []
        problems["tags"] = [Said("应为 {name} 的列表。", "A list of {name} is needed.")]
    more = str(package.get("tag_string") or "").split(",")
    return [name.strip() for name in [*names, *more] if name.strip()]


def _themes(package: Mapping[str, Any], problems: dict[str, list[str]]) -> list[str]:
    given = package.get("groups") or []
    if not isinstance(given, list) or not all(isinstance(each, dict | str) for each in given):
        problems["groups"] = [Said("应为 {name} 的列表。", "A list of {name} is needed.")]
        return []
    names = [
        each if isinstance(each, str) else str(each.get("name") or each.get("id") or each.get("title") or "")
        for each in given
    ]
    return [_code("groups", name, "theme", problems) for name in names]


def _code(field: str, value: Any, vocabulary: str, problems: dict[str, list[str]]) -> str:
    term = standards.vocabulary(vocabulary).find(str(value))
    if term is not None:
        return term.code
    known = "、".join(term.code for term in standards.vocabulary(vocabulary).terms)
    problems.setdefault(field, []).append(
        Said(f"“{value}”不在代码表里。可用：{known}", f'"{value}" is not in the code list: {known}')
    )
    return ""


def _box(value: Any, problems: dict[str, list[str]]) -> list[float] | None:
    try:
        shape = orjson.loads(value) if isinstance(value, str) else value
        points = [point for ring in shape["coordinates"] for point in ring]
        east, north = (max(float(point[axis]) for point in points) for axis in (0, 1))
        west, south = (min(float(point[axis]) for point in points) for axis in (0, 1))
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, IndexError):
        problems["spatial"] = [Said("应为 GeoJSON 多边形。", "A GeoJSON polygon is needed.")]
        return None
    return [west, south, east, north]
