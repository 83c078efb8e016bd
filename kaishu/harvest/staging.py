"""One run's plan as it grows: each dataset found is weighed against what we have, and put down with a mark.

What was put down is one consistent moment: items, what was met, and where reading would go on.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from kaishu.base.errors import Said
from kaishu.catalogue import DatasetRecord, Link, is_secret
from kaishu.catalogue.models import Dataset
from kaishu.crosswalk import Entry, Note, Reading, clean
from kaishu.db import session_scope
from kaishu.harvest.digests import LINK, our_digest, same_word, with_rules
from kaishu.harvest.errors import SourceInUse
from kaishu.harvest.kinds import Found, Place
from kaishu.harvest.kinds.finding import refused
from kaishu.harvest.models import PlanItem, Run, Seen, Source
from kaishu.harvest.themes import Themes
from kaishu.harvest.weighing import weigh

log = logging.getLogger("kaishu.harvest")

Report = Callable[[int, int], None]
#: Datasets met, and seconds, after which what was found is put down.
CHUNK, SECONDS = 300, 5.0
TWICE = Note(
    "identifier",
    Said("来源里另有一条记录用同一个标识。", "The source has another record with this identifier."),
)
MOST_NOTES = 20


@dataclass(frozen=True, slots=True)
class Known:
    """What we have of one dataset of the source."""

    dataset_id: str
    remote_digest: str
    our_digest: str
    state: str
    settled: dict[str, list[str]] | None = None


@dataclass
class Staging:
    """One run's plan as it grows; ``reader`` is whoever reads at the moment."""

    run_id: str
    source_id: str
    reader: str
    known: dict[str, Known]
    place: Place
    themes: Themes
    report: Report = lambda done, total: None
    seen: dict[str, str] = field(default_factory=dict)
    twins: dict[str, dict[str, str]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    items: list[dict[str, Any]] = field(default_factory=list)
    fresh: dict[str, str] = field(default_factory=dict)
    number: int = 0
    read: int = 0
    changed_until: str = ""
    written: float = field(default_factory=time.monotonic)

    def add(self, found: Found) -> None:
        """Decide about one dataset found, and put down what there is when it is time."""
        self.read += 1
        self.changed_until = max(self.changed_until, found.changed)
        self._weigh(found)
        waiting = max(len(self.items), len(self.fresh))
        if waiting >= CHUNK or (waiting and time.monotonic() - self.written > SECONDS):
            self.write()

    def take_up(self, session: Session, run: Run) -> None:
        """Remember what was read before an interruption."""
        rows = session.execute(select(Seen.remote_id, Seen.digest).where(Seen.run_id == run.id))
        self.seen = {row[0]: row[1] for row in rows}
        last = select(func.max(PlanItem.number)).where(PlanItem.run_id == run.id)
        self.number = session.scalar(last) or 0
        self.counts, self.read, self.changed_until = dict(run.counts), run.read, run.changed_until
        mark = run.mark or {}
        self.place.resume, self.place.whole = mark["at"], mark["whole"]

    def finish(self, whole: bool) -> None:
        """All was read: what is missing is gone."""
        if whole:
            for remote_id, known in self.known.items():
                if known.state == "present" and remote_id not in self.seen:
                    found = Found(remote_id, "", "", lambda: Reading(None))
                    self._stage("gone", remote_id, found, Reading(None), known)
                if len(self.items) >= CHUNK:
                    self.write()
        self.write()

    def write(self) -> None:
        """Put down what has been decided since the last time, in a transaction of its own."""
        with session_scope() as session:
            run = session.get_one(Run, self.run_id)
            if run.state != "planning" or run.reader != self.reader:
                raise SourceInUse(name=session.get_one(Source, self.source_id).name, reason="")
            items = _weighed(session, self.items, self.known)
            self.counts["same"] = self.counts.get("same", 0) + len(self.items) - len(items)
            for item in items:
                self._count(item["action"])
            if items:
                session.execute(insert(PlanItem), items)
            if self.fresh:
                rows = [
                    {"run_id": run.id, "remote_id": key, "digest": each} for key, each in self.fresh.items()
                ]
                session.execute(insert(Seen), rows)
            self.counts = {action: count for action, count in self.counts.items() if count}
            run.read, run.counts, run.changed_until = self.read, dict(self.counts), self.changed_until
            if self.place.mark:
                run.mark = {**(run.mark or {}), "at": self.place.mark, "whole": self.place.whole}
        self.items, self.fresh, self.written = [], {}, time.monotonic()

    def _weigh(self, found: Found) -> None:
        remote_id, twin = self._identified(found)
        if remote_id in self.seen:
            said = "来源里有两条完全一样的记录。", "The source has this very record twice."
            self._stage("refused", remote_id, found, refused("identifier", *said), None)
            return
        known = self.known.get(remote_id)
        self.seen[remote_id] = self.fresh[remote_id] = found.digest
        if known and known.remote_digest == self._digest(found) and known.state != "gone":
            self._count("same")
            return
        reading, staged = _read(found, self.themes)
        if staged is None:
            self._stage("refused", remote_id, found, reading, known)
            return
        if known is None:
            action = "new"
        elif known.state == "gone":
            action = "back"
        elif our_digest(_full(staged["record"]), staged["resources"]) == known.our_digest:
            self._count("same")
            return
        else:
            action = "changed"
        if twin:
            reading = Reading(reading.entry, (*reading.notes, TWICE))
        self._stage(action, remote_id, found, reading, known, staged)

    def _digest(self, found: Found) -> str:
        return with_rules(found.digest, self.themes.digest) if found.digest else ""

    def _identified(self, found: Found) -> tuple[str, bool]:
        """The identifier; a second record of the same one, that says something else, is numbered."""
        wanted = clean(found.remote_id)[:490]
        if self.seen.get(wanted, found.digest) == found.digest:
            return wanted, False
        twins = self.twins.setdefault(wanted, {})
        if found.digest in twins:
            return twins[found.digest], True
        number = len(twins) + 2
        while (said := self.seen.get(f"{wanted}#{number}", found.digest)) != found.digest:
            twins[said] = f"{wanted}#{number}"
            number += 1
        twins[found.digest] = f"{wanted}#{number}"
        return twins[found.digest], True

    def _count(self, action: str) -> None:
        self.counts[action] = self.counts.get(action, 0) + 1

    def _stage(
        self,
        action: str,
        remote_id: str,
        found: Found,
        reading: Reading,
        known: Known | None,
        staged: dict[str, Any] | None = None,
    ) -> None:
        self.number += 1
        title = str((staged or {}).get("record", {}).get("title") or found.title)
        self.items.append(
            {
                "run_id": self.run_id,
                "number": self.number,
                "remote_id": remote_id,
                "action": action,
                "title": clean(title)[:300],
                "digest": self._digest(found),
                "entry": staged,
                "notes": [_said(each) for each in reading.notes[:MOST_NOTES]],
                "dataset_id": known.dataset_id if known else None,
                "choice": "",
            }
        )


def _read(found: Found, themes: Themes) -> tuple[Reading, dict[str, Any] | None]:
    """The reading and what to stage of it; what was not foreseen is a refusal, so that one stops no other."""
    try:
        reading = found.read()
        if reading.entry and is_secret(str(reading.entry.record.get("secrecy") or "")):
            said = (
                "来源标明涉密，不能进入公开目录。",
                "The source says it is secret; it is not for a public catalogue.",
            )
            return refused("secrecy", *said), None
        return reading, themes.infer(_staged(reading.entry)) if reading.entry else None
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        return refused(where, f"“{where}”的值不能用。", f"The value of {where} cannot be used."), None
    except Exception as error:
        log.exception("a dataset could not be read: %s", found.remote_id)
        kind = type(error).__name__
        said = f"读取时出现意外错误（{kind}）。", f"Something unexpected went wrong ({kind})."
        return refused("", *said), None


def _staged(entry: Entry) -> dict[str, Any]:
    record = DatasetRecord.model_validate(dict(entry.record))
    links = [Link.model_validate(_link(each)) for each in entry.resources]
    publisher = entry.publisher
    return {
        "name": entry.name,
        "publisher": {
            "name": publisher.name,
            "title": publisher.title.strip(),
            "title_en": publisher.title_en.strip(),
        },
        "record": record.model_dump(mode="json", exclude_defaults=True),
        "resources": [link.model_dump(mode="json", exclude_defaults=True) for link in links],
    }


def _full(record: dict[str, Any]) -> dict[str, Any]:
    return DatasetRecord.model_validate(record).model_dump(mode="json")


def _link(said: Any) -> dict[str, Any]:
    """The part of an entry that a link has; where nothing tells which one it was, its id does."""
    link = {key: value for key, value in said.items() if key in LINK}
    if said.get("id") and not link.get("original_id"):
        link["original_id"] = str(said["id"])[:300]
    return link


def _said(each: Note) -> dict[str, Any]:
    english = getattr(each.said, "en", str(each.said))
    said = {"where": each.where[:200], "zh": str(each.said)[:500], "en": english[:500]}
    return {**{key: clean(text) for key, text in said.items()}, "fatal": each.fatal}


def _weighed(session: Session, items: list[dict[str, Any]], known: dict[str, Known]) -> list[dict[str, Any]]:
    """What was edited here since we last wrote it is a conflict, unless that was decided before."""
    wanted = {
        item["dataset_id"]: item for item in items if item["dataset_id"] and item["action"] != "refused"
    }
    ours = {each.dataset_id: each for each in known.values() if each.dataset_id in wanted}
    dropped = set()
    for dataset in session.scalars(select(Dataset).where(Dataset.id.in_(list(wanted)))):
        item, have = wanted[dataset.id], ours[dataset.id]
        only_rules = bool(item["entry"]) and same_word(item["digest"], have.remote_digest)
        item["action"] = weigh(session, dataset, item, have.our_digest, have.settled or {}, only_rules)
        item["title"] = item["title"] or dataset.title
        if item["action"] == "same":
            dropped.add(item["number"])
    return [item for item in items if item["number"] not in dropped]
