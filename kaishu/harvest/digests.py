"""Digests by which a second run knows what is the same, and an edit made here is noticed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from kaishu.catalogue import DatasetRecord, Link
from kaishu.crosswalk import INFERRED
from kaishu.db import canonical

#: Raised when our readers learn to say more, so that what they read before is read again.
READING = 1
#: What counts its readers, or names what surrounds a package, is no change of it.
VOLATILE = frozenset({"tracking_summary", "total_res_downloads", "relationships_as_subject", "num_resources"})
#: Letters of a digest that are the source's word where rules were applied to it.
SAID = 55
_EMPTY: tuple[Any, ...] = (None, "", [], {})
RECORD, LINK = frozenset(DatasetRecord.model_fields), frozenset(Link.model_fields)


def digest_of(said: Any) -> str:
    """SHA-256 of what the source said of one dataset, in whatever order it said it."""
    if isinstance(said, Mapping):
        said = {key: value for key, value in said.items() if key not in VOLATILE}
    return _sha([READING, said])


def our_digest(record: Mapping[str, Any], resources: Sequence[Mapping[str, Any]]) -> str:
    """SHA-256 of a record and its links as people may edit them: defaults, ids and stamps do not count."""
    links = [
        {key: value for key, value in each.items() if key in LINK and value not in _EMPTY}
        for each in resources
    ]
    kept = {key: value for key, value in record.items() if key in RECORD and value not in _EMPTY}
    return _sha([kept, links])


def sides(record: Mapping[str, Any], resources: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What is said field by field, with all links as ``resources``; tables of our own are not compared.

    The mark of an inferred theme stands beside its extras, since it goes where the themes go.
    """
    known = {key: value for key, value in record.items() if key in RECORD}
    full = DatasetRecord.model_validate(known).model_dump(mode="json")
    links = [
        {key: value for key, value in each.items() if key in LINK and value not in _EMPTY}
        for each in resources
        if not each.get("table_id")
    ]
    mark = full["extras"].pop(INFERRED, "")
    full |= {INFERRED: mark}
    said = {key: value for key, value in full.items() if value not in _EMPTY}
    return {**said, "resources": links} if links else said


def value_digest(value: Any) -> str:
    """A short digest of one field's value."""
    return _sha([value])[:16]


def with_rules(digest: str, rules: str) -> str:
    """A digest of the source's word and of the rules that were applied to it, in the same length."""
    return f"{digest[:SAID]}:{rules[:8]}" if rules else digest


def same_word(one: str, other: str) -> bool:
    """Did the source say the same, whatever the rules were?"""
    return one[:SAID] == other[:SAID]


def _sha(said: Any) -> str:
    return hashlib.sha256(canonical(said).encode("utf-8", "surrogatepass")).hexdigest()
