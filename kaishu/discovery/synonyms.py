"""Words that mean the same: shipped groups, and what this site made of them."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from kaishu.access import Call, Permission, note, require
from kaishu.base import ids
from kaishu.base.errors import Invalid, Said
from kaishu.db import database_url
from kaishu.discovery.errors import NoSuchSynonym
from kaishu.discovery.models import Synonym
from kaishu.discovery.rows import last_number
from kaishu.discovery.words import LONGEST_TERM, Synonyms, plain
from kaishu.ledger.models import Entry

FILE = Path(__file__).with_name("data") / "synonyms.yaml"
ACTIONS = ("discovery.synonym.put", "discovery.synonym.remove", "discovery.synonym.restore")
MOST_TERMS = 30
SEPARATOR = re.compile(r"[、，,;；\n]+")


@dataclass(frozen=True, slots=True)
class Group:
    """Words that mean the same.  ``origin`` is shipped, changed (a shipped one), own or removed."""

    key: str
    terms: tuple[str, ...]
    origin: str


def groups(session: Session) -> list[Group]:
    """Every group, own ones first; shipped ones that were removed are among them."""
    rows = {row.key: row for row in session.scalars(select(Synonym).order_by(Synonym.changed_at.desc()))}
    own = [Group(row.key, tuple(row.terms), "own") for row in rows.values() if row.key not in shipped()]
    rest = []
    for key, terms in shipped().items():
        row = rows.get(key)
        if row is None:
            rest.append(Group(key, terms, "shipped"))
        else:
            rest.append(Group(key, tuple(row.terms) or terms, "removed" if row.removed else "changed"))
    return own + rest


def terms_from(text: str) -> list[str]:
    """Terms as a person writes them in one line: 教育局、教委."""
    return [term for part in SEPARATOR.split(text) if (term := " ".join(part.split()))]


def put_synonyms(call: Call, terms: Iterable[str], key: str = "") -> Group:
    """Add a group, or change the one with this key.  Raises ``Invalid`` and ``NoSuchSynonym``."""
    require(call, Permission.synonym_manage)
    checked = _checked(terms)
    row = call.session.get(Synonym, key) if key else None
    if key and row is None and key not in shipped():
        raise NoSuchSynonym(key=key)
    if row is None:
        row = Synonym(key=key or ids.new_id())
        call.session.add(row)
    row.terms, row.removed = checked, False
    row.changed_at, row.changed_by = call.now, call.actor.name
    call.session.flush()
    note(call, "discovery.synonym.put", ("synonym", row.key), terms=checked)
    return Group(row.key, tuple(checked), "changed" if row.key in shipped() else "own")


def remove_synonyms(call: Call, key: str) -> None:
    """Take a group away; a shipped one can be restored.  Raises ``NoSuchSynonym``."""
    require(call, Permission.synonym_manage)
    row = call.session.get(Synonym, key)
    if key in shipped():
        if row is None:
            row = Synonym(key=key, terms=[])
            call.session.add(row)
        row.removed, row.changed_at, row.changed_by = True, call.now, call.actor.name
    elif row is None:
        raise NoSuchSynonym(key=key)
    else:
        call.session.delete(row)
    call.session.flush()
    note(call, "discovery.synonym.remove", ("synonym", key))


def restore_synonyms(call: Call, key: str) -> None:
    """A shipped group as it came.  Raises ``NoSuchSynonym``."""
    require(call, Permission.synonym_manage)
    row = call.session.get(Synonym, key)
    if row is None or key not in shipped():
        raise NoSuchSynonym(key=key)
    call.session.delete(row)
    call.session.flush()
    note(call, "discovery.synonym.restore", ("synonym", key))


@cache
def shipped() -> dict[str, tuple[str, ...]]:
    """The groups that come with the product, by their first term."""
    lines = yaml.safe_load(FILE.read_text(encoding="utf-8"))["groups"]
    made = [tuple(terms_from(str(line))) for line in lines]
    return {terms[0]: terms for terms in made}


@dataclass
class _Known:
    """Synonyms of one database as of a number of the ledger."""

    seen: int
    terms: Synonyms


_known: dict[str, _Known] = {}
_reading = threading.Lock()


def synonyms(session: Session) -> Synonyms:
    """Each term with the others of its groups, as of now; kept in memory until the ledger says otherwise."""
    known = _known.get(database_url())
    last = last_number(session)
    if known is not None and known.seen == last:
        return known.terms
    with _reading:
        known = _known.get(database_url())
        if known is not None and known.seen <= last and not _changed(session, known.seen):
            known.seen = last
            return known.terms
        terms = _terms(group.terms for group in groups(session) if group.origin != "removed")
        _known[database_url()] = _Known(last, terms)
        return terms


def _changed(session: Session, after: int) -> bool:
    wanted = select(Entry.number).where(Entry.number > after, Entry.action.in_(ACTIONS)).limit(1)
    return session.scalar(wanted) is not None


def _terms(every: Iterable[Sequence[str]]) -> Synonyms:
    found: dict[str, dict[str, None]] = {}
    for terms in every:
        made = [plain(term) for term in terms]
        for term in made:
            found.setdefault(term, {}).update(dict.fromkeys(other for other in made if other != term))
    return {term: tuple(others) for term, others in found.items()}


def _checked(terms: Iterable[str]) -> list[str]:
    kept = list(dict.fromkeys(" ".join(term.split()) for term in terms if term.strip()))
    problems = []
    if len(kept) < 2:
        problems.append(Said("至少写两个词，用顿号隔开。", "Write at least two words, with commas between."))
    if len(kept) > MOST_TERMS:
        problems.append(Said(f"最多{MOST_TERMS}个词。", f"At most {MOST_TERMS} words."))
    if any(len(term) > 2 * LONGEST_TERM for term in kept):
        problems.append(
            Said(f"每个词最多{2 * LONGEST_TERM}个字。", f"A word has at most {2 * LONGEST_TERM} letters.")
        )
    if problems:
        raise Invalid({"terms": problems})
    return kept
