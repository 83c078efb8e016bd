"""Which of CKAN's keys is which field of ours.

A package has keys of its own and a list of ``extras``.  A field of ours that has a key of its own in
CKAN or in ckanext-dcat uses that; any other is the extra ``kaishu:<field>``.  What we have no field for is
kept in our extras: an extra under its own name, another key of the package as ``ckan:<key>``.
"""

from __future__ import annotations

import json
from typing import Any

from kaishu.catalogue import DatasetRecord

OURS, THEIRS, ESCAPED = "kaishu:", "ckan:", "kaishu:extras:"
#: Dates that a dataset does not say: ``metadata_created`` and ``metadata_modified`` are then of our entry.
MARK, DATED = "kaishu:derived", ("issued", "modified")

#: Keys of a package to fields of the record.
DIRECT = {
    "title": "title",
    "notes": "description",
    "url": "source_url",
    "version": "version",
    "maintainer": "contact_name",
    "maintainer_email": "contact_email",
}
#: Extras to fields: our own older names, uData's and ckanext-dcat's.
EXTRAS = {
    "title_en": "title_en",
    "notes_en": "description_en",
    "issued": "issued",
    "modified": "modified",
    "temporal_start": "temporal_start",
    "temporal_end": "temporal_end",
    "temporal_resolution": "temporal_resolution",
    "spatial-text": "spatial",
    "spatial-uri": "spatial_uri",
    "spatial_code": "spatial_code",
    "language": "languages",
    "resource_code": "resource_code",
    "resource_class": "resource_class",
    "resource_category": "resource_category",
    "format_category": "format_category",
    "share_class": "share_class",
    "share_condition": "share_condition",
    "open_class": "open_class",
    "open_condition": "open_condition",
    "update_frequency": "update_frequency",
    "contact_phone": "contact_phone",
    "source": "source",
    "provenance": "provenance",
    "publisher_name": "publisher",
    "publisher_url": "publisher_url",
    "version_notes": "version_notes",
    "documentation": "documentation",
    "conforms_to": "conforms_to",
    "alternate_identifier": "identifiers",
    "rights": "rights",
    "licence_text": "licence_text",
}
#: Fields whose place is neither of these: written and read by code of their own.
APART = frozenset({"tags", "themes", "licence", "bbox", "creator", "extras"})
_PLACED = {*DIRECT.values(), *EXTRAS.values(), *APART}
#: The rest, each under our own name.
REST = {f"{OURS}{field}": field for field in DatasetRecord.model_fields if field not in _PLACED}
EXTRA_FIELDS = {**EXTRAS, **REST}
#: Extras that are read by code of their own.
SPECIAL = frozenset({"frequency", "spatial", f"{OURS}bbox", f"{OURS}creator", f"{OURS}licence"})
#: Extras in which portals say how often they update, in words of their own; they also stay what they are.
FREQUENCIES = frozenset({"更新頻度", "更新频率", "更新频度", "更新周期"})
#: Fields that are lists or more; as an extra they are JSON.
LISTS = frozenset(
    {
        "languages",
        "documentation",
        "conforms_to",
        "identifiers",
        "related_codes",
        "tags_en",
        "in_series",
        "serves",
        "subjects",
        "derived_from",
        "related",
        "items",
    }
)
DATES = frozenset({"issued", "temporal_start", "temporal_end"})
#: Keys of a package that say nothing of their own, or what another key says.
DERIVED = frozenset(
    {
        "id",
        "name",
        "extras",
        "tags",
        "tag_string",
        "groups",
        "resources",
        "organization",
        "owner_org",
        "author",
        "license_id",
        "license_title",
        "license_url",
        "isopen",
        "num_tags",
        "num_resources",
        "metadata_created",
        "metadata_modified",
        MARK,
        "type",
        "state",
        "private",
    }
)
#: Keys that are put back where they came from although a written package has them.
RESTORED = frozenset({"author_email", "creator_user_id", "license_id", "license_title", "license_url", "url"})

#: Keys of a resource to fields of a link.
RESOURCE = {
    "name": "name",
    "description": "description",
    "format": "format",
    "url": "url",
    "mimetype": "media_type",
    "resource_type": "role",
    "size": "bytes",
    "license": "licence_text",
    "rights": "rights",
    "conforms_to": "conforms_to",
    "language": "languages",
    "described_by": "described_by",
    "compress_format": "compression",
    "package_format": "packaging",
    "availability": "availability",
    "status": "status",
    "encoding": "encoding",
    "licence": "licence",
}
#: Keys of a resource that say nothing of their own, or what another key says.
RESOURCE_DERIVED = frozenset(
    {
        "id",
        "package_id",
        "position",
        "access_url",
        "download_url",
        "hash",
        "hash_algorithm",
        "created",
        "issued",
        "last_modified",
        "modified",
        "metadata_modified",
        "original_id",
        "media_type",
        "kaishu:role",
        "kaishu:table",
        "rows",
        "received_file",
        "received_sha256",
        "received_bytes",
    }
)
#: What a written resource has without our saying it, so that the extras may say otherwise.
RESOURCE_EMPTY: dict[str, Any] = {
    "mimetype_inner": None,
    "url_type": None,
    "cache_url": None,
    "cache_last_updated": None,
    "state": "active",
    "datastore_active": False,
}
#: What follows from a resource's being a table here.
TABLE_DERIVED = frozenset({"url_type", "datastore_active"})
LINK_LISTS = frozenset({"conforms_to", "languages"})


def kept_text(value: Any) -> str:
    """Any value as the text of an extra; ``value_of`` gives it back."""
    if isinstance(value, str) and _json(value) is None:
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def value_of(text: str) -> Any:
    """The value of an extra: what JSON says if ``kept_text`` would write the same, else the text."""
    found = _json(text)
    return text if found is None else found[0]


def _json(text: str) -> tuple[Any] | None:
    if text[:1] not in '"[{-0123456789tfn':
        return None
    try:
        found = json.loads(text)
        again = json.dumps(found, ensure_ascii=False, sort_keys=True)
    except (ValueError, RecursionError):
        return None
    return (found,) if again == text else None
