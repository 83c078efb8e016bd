"""Resources of a CKAN package as links."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from kaishu.catalogue import Link
from kaishu.crosswalk.ckan import names
from kaishu.crosswalk.ckan.tidying import Notes
from kaishu.crosswalk.ckan.validating import settled_link
from kaishu.crosswalk.ckan.values import address, many, text

NOTHING: tuple[Any, ...] = (None, "", [], {})
ALGORITHMS = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}
ROLES = frozenset({"file.upload", "api", "documentation", "image", "visualization"})
SCRIPT = re.compile(r"\s*(javascript|data|vbscript):", re.IGNORECASE)
MOST = 20_000
MOST_BYTES = 10**18
TABLE = f"{names.OURS}table"


def read_links(given: Any, notes: Notes, ours: bool = False) -> list[dict[str, Any]]:
    """The links, validated all at once; one by one only where something is wrong."""
    if not isinstance(given, list):
        if given:
            notes.drop("resources", "应为列表。", "A list is needed.")
        return []
    if len(given) > MOST:
        notes.drop("resources", f"最多{MOST}个。", f"At most {MOST}.")
    found = []
    for place, each in enumerate(given[:MOST]):
        if isinstance(each, Mapping):
            table = TABLE in each
            said = {key: each[key] for key in each if key not in names.TABLE_DERIVED} if table else each
            fields = _fields(said, place, notes)
            found.append(_table(each, fields) if ours and table else fields)
        else:
            notes.drop(f"resources.{place}", "应为一个对象。", "An object is needed.")
    try:
        links = _links().validate_python(found)
    except ValidationError:
        settled = [settled_link(each, place, notes) for place, each in enumerate(found)]
        return [each for each in settled if each is not None]
    return [link.model_dump(mode="json", exclude_defaults=True) for link in links]


@cache
def _links() -> TypeAdapter[list[Link]]:
    return TypeAdapter(list[Link])


def _fields(resource: Mapping[str, Any], place: int, notes: Notes) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    extras: dict[str, str] = {}
    where = f"resources.{place}."
    for key, value in resource.items():
        if key.startswith(names.ESCAPED):
            said = value if isinstance(value, str) else names.kept_text(value)
            extras[key.removeprefix(names.ESCAPED)] = said
        elif value in NOTHING or key in names.RESOURCE_DERIVED or (key == "version" and TABLE in resource):
            continue
        elif key in names.RESOURCE:
            _take(key, value, fields, extras, where, notes)
        elif key not in names.RESOURCE_EMPTY or value != names.RESOURCE_EMPTY[key]:
            extras[key] = names.kept_text(value)
    _addresses(resource, fields, extras, where, notes)
    _apart(resource, fields, extras)
    if extras:
        fields["extras"] = extras
    return fields


def _take(
    key: str, value: Any, fields: dict[str, Any], extras: dict[str, str], where: str, notes: Notes
) -> None:
    field = names.RESOURCE[key]
    try:
        if field in names.LINK_LISTS:
            fields[field] = [text(each) for each in many(value)]
        elif field == "bytes":
            fields[field] = _size(value)
        elif field == "described_by":
            fields[field] = address(value)
        elif field == "url" or (field == "role" and value == "file"):
            pass
        else:
            fields[field] = text(value)
    except (ValueError, TypeError, RecursionError):
        if isinstance(value, str) and SCRIPT.match(value):
            notes.drop(where + key, "不接受这样的地址。", "Such an address is not taken.")
            return
        notes.aside(where + key, "读不懂，原样保留。", "Not understood; kept as it is.")
        extras[key] = names.kept_text(value)


def _addresses(
    resource: Mapping[str, Any], fields: dict[str, Any], extras: dict[str, str], where: str, notes: Notes
) -> None:
    """``url`` is the download, or the page to get it from where both are given."""
    said: dict[str, Any] = {"url": resource.get("url")}
    if resource.get("access_url") not in NOTHING:
        download = resource.get("download_url")
        both = "download_url" in resource or resource.get("url") == resource["access_url"]
        said = {"url": download if both else resource.get("url"), "access_url": resource["access_url"]}
    elif resource.get("download_url") not in NOTHING and said["url"] in NOTHING:
        said["url"] = resource["download_url"]
    for field, value in said.items():
        if value in NOTHING:
            continue
        try:
            fields[field] = address(value)
        except ValueError:
            if isinstance(value, str) and SCRIPT.match(value):
                notes.drop(where + field, "不接受这样的地址。", "Such an address is not taken.")
            else:
                notes.aside(where + field, "不是网址，原样保留。", "Not a web address; kept as it is.")
                extras[f"{names.THEIRS}{field}"] = names.kept_text(value)


def _apart(resource: Mapping[str, Any], fields: dict[str, Any], extras: dict[str, str]) -> None:
    digest = resource.get("hash")
    if digest not in NOTHING:
        said = str(digest)
        hexadecimal = re.fullmatch("[0-9a-fA-F]+", said)
        algorithm = resource.get("hash_algorithm")
        if algorithm is None and hexadecimal:
            algorithm = ALGORITHMS.get(len(said))
        fields["checksum"] = f"{algorithm}:{said}" if algorithm is not None else said
    elif resource.get("hash_algorithm") not in NOTHING:
        fields["checksum"] = f"{resource['hash_algorithm']}:"
    for field, key in (("issued", "created"), ("modified", "last_modified")):
        moment = resource[field] if field in resource else resource.get(key)
        if moment not in NOTHING:
            fields[field] = str(moment)
    if fields.get("role") and fields["role"] not in ROLES:
        extras.setdefault("resource_type", fields["role"])
    own = resource.get(f"{names.OURS}role")
    if own not in NOTHING:
        fields["role"] = str(own)
    original = resource["original_id"] if "original_id" in resource else resource.get("id")
    if original not in NOTHING:
        fields["original_id"] = str(original)
    media = resource["media_type"] if "media_type" in resource else resource.get("mimetype")
    if media in NOTHING:
        fields.pop("media_type", None)
    else:
        fields["media_type"] = str(media)


def _table(resource: Mapping[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    """A table of another Kaishu as it was there."""
    own = {key: value for key, value in fields.items() if key not in ("url", "access_url", "format", "bytes")}
    if resource.get("received_bytes") is not None:
        own["bytes"] = _size(resource["received_bytes"])
    return {**own, "format": text(resource[TABLE])}


def _size(value: Any) -> int:
    if isinstance(value, bool):
        raise ValueError(value)
    number = int(float(value)) if isinstance(value, float) else int(str(value).strip()[:20])
    if not 0 <= number < MOST_BYTES:
        raise ValueError(value)
    return number
