"""Datasets of two catalogues that may be one: proposed with reasons, decided by a person, never by us."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import select

from kaishu.access import Call, Permission, note, require
from kaishu.access.models import Office
from kaishu.base import ids
from kaishu.base.errors import NotFound
from kaishu.catalogue import State, withdraw_gone
from kaishu.catalogue.models import Dataset
from kaishu.harvest.errors import NothingPlanned
from kaishu.harvest.models import Duplicate, Harvested, Source

#: A title that more than these share is a word like 预算, not a sign.
MOST_ALIKE = 12
MOST_PROPOSED = 500
REASONS = ("identifier", "title-and-address", "title-and-publisher")
_GLOBAL = re.compile(r"https?://\S{8,}|10\.\d{4,}/\S+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22,}|\S{24,}", re.I)
_NOISE = re.compile(r"[\W_]+")


def propose(call: Call, source: Source) -> int:
    """Look for twins of this source's datasets elsewhere; returns how many pairs are new."""
    require(call, Permission.harvest_apply)
    own = set(call.session.scalars(select(Harvested.dataset_id).where(Harvested.source_id == source.id)))
    origins = {
        row[0]: row[1] for row in call.session.execute(select(Harvested.dataset_id, Harvested.source_id))
    }
    by_identifier, by_title = _groups(call)
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for members in by_identifier.values():
        for pair in _pairs(members, own, origins):
            found[pair].add("identifier")
    for pair in _twins(call, source):
        found[pair].add("identifier")
    alike = [pair for members in by_title.values() for pair in _pairs(members, own, origins)]
    for pair, reason in _confirmed(call, alike):
        found[pair].add(reason)
    return _propose(call, found)


def merge(call: Call, duplicate_id: str, keep: str) -> Duplicate:
    """Keep one (its dataset id) and withdraw the other, which then points at the survivor."""
    duplicate = _undecided(call, duplicate_id)
    if keep not in (duplicate.one_id, duplicate.other_id):
        raise NotFound(kind="数据集 dataset", name=keep)
    other = duplicate.other_id if keep == duplicate.one_id else duplicate.one_id
    kept = call.session.get_one(Dataset, keep)
    reason = f"与“{kept.title}”重复，已合并：/dataset/{kept.name}（merged into {kept.name}）"
    withdraw_gone(call, [other], reason)
    row = call.session.scalars(select(Harvested).where(Harvested.dataset_id == other)).first()
    if row is not None:
        row.state = "merged"
    duplicate.kept_id = keep
    return _decide(call, duplicate, "merged", kept=keep, withdrawn=other)


def decline(call: Call, duplicate_id: str) -> Duplicate:
    """They are two; this pair is not proposed again."""
    return _decide(call, _undecided(call, duplicate_id), "declined")


def _undecided(call: Call, duplicate_id: str) -> Duplicate:
    require(call, Permission.harvest_apply)
    duplicate = call.session.get(Duplicate, duplicate_id)
    if duplicate is None:
        raise NotFound(kind="重复提示 proposal", name=duplicate_id)
    if duplicate.state != "proposed":
        raise NothingPlanned(name=duplicate_id, reason="")
    return duplicate


def _decide(call: Call, duplicate: Duplicate, state: str, **facts: Any) -> Duplicate:
    duplicate.state, duplicate.decided_at, duplicate.decided_by = state, call.now, call.actor.name
    call.session.flush()
    note(call, f"harvest.duplicate.{state}", ("harvest", duplicate.id), **facts)
    return duplicate


def _groups(call: Call) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Published datasets by what identifies them, and by their title without what is between its letters."""
    by_identifier: dict[str, list[str]] = defaultdict(list)
    by_title: dict[str, list[str]] = defaultdict(list)
    remote = {
        row[0]: row[1] for row in call.session.execute(select(Harvested.dataset_id, Harvested.remote_id))
    }
    rows = call.session.execute(
        select(Dataset.id, Dataset.title, Dataset.record).where(Dataset.state == State.published),
        execution_options={"yield_per": 1000},
    )
    for dataset_id, title, record in rows:
        said = {remote.get(dataset_id, ""), *(record.get("identifiers") or [])}
        for identifier in said:
            if _GLOBAL.fullmatch(identifier):
                by_identifier[identifier.casefold().rstrip("/")].append(dataset_id)
        plain = _plain(title)
        if len(plain) >= 4:
            by_title[plain].append(dataset_id)
    return by_identifier, by_title


def _twins(call: Call, source: Source) -> Iterator[tuple[str, str]]:
    """Records of one source that share an identifier there, and are numbered for it here."""
    rows = call.session.execute(
        select(Harvested.remote_id, Harvested.dataset_id).where(
            Harvested.source_id == source.id, Harvested.state == "present"
        )
    )
    known = {row[0]: row[1] for row in rows}
    for remote_id, dataset_id in known.items():
        first, sign, number = remote_id.rpartition("#")
        if sign and number.isdecimal() and first in known:
            one, other = sorted((dataset_id, known[first]))
            yield one, other


def _plain(title: str) -> str:
    return _NOISE.sub("", unicodedata.normalize("NFKC", title).casefold())


def _pairs(members: list[str], own: Collection[str], origins: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Pairs across sources, one of them of this one, in order of id."""
    members = sorted(set(members))
    if not 2 <= len(members) <= MOST_ALIKE:
        return
    for place, one in enumerate(members):
        for other in members[place + 1 :]:
            if (one in own or other in own) and origins.get(one) != origins.get(other):
                yield one, other


def _confirmed(call: Call, pairs: list[tuple[str, str]]) -> Iterator[tuple[tuple[str, str], str]]:
    """The pairs of one title that also share an address or a publisher."""
    wanted = sorted({each for pair in pairs for each in pair})
    addresses: dict[str, set[str]] = {}
    publishers: dict[str, str] = {}
    for start in range(0, len(wanted), 500):
        rows = call.session.execute(
            select(Dataset.id, Dataset.resources, Office.title)
            .join(Office, Office.id == Dataset.office_id)
            .where(Dataset.id.in_(wanted[start : start + 500]))
        )
        for dataset_id, resources, office in rows:
            addresses[dataset_id] = {each["url"] for each in resources if each.get("url")}
            publishers[dataset_id] = _plain(office)
    for one, other in pairs:
        if addresses[one] & addresses[other]:
            yield (one, other), "title-and-address"
        if publishers[one] == publishers[other]:
            yield (one, other), "title-and-publisher"


def _propose(call: Call, found: dict[tuple[str, str], set[str]]) -> int:
    known = {(row[0], row[1]) for row in call.session.execute(select(Duplicate.one_id, Duplicate.other_id))}
    fresh = [(pair, reasons) for pair, reasons in sorted(found.items()) if pair not in known]
    call.session.add_all(
        Duplicate(
            id=ids.new_id(),
            one_id=pair[0],
            other_id=pair[1],
            reasons=[reason for reason in REASONS if reason in reasons],
            state="proposed",
            found_at=call.now,
        )
        for pair, reasons in fresh[:MOST_PROPOSED]
    )
    call.session.flush()
    return min(len(fresh), MOST_PROPOSED)
