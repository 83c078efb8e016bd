"""What facts are counted from: one row a dataset, a theme, a format, an address, an order, a review …

Everything is read once for all units, in a few statements; records are read in pages and only what counts is
kept of each (about 1 KiB a dataset).  Every frame has ``id``, ``label`` and the columns of the scopes:
``platform``, ``catalogue``, ``office``, ``division``.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kaishu import engagement, inspection, quality, standards
from kaishu.access.models import Office, Person, Token
from kaishu.base import clock
from kaishu.casework.models import Case
from kaishu.catalogue.models import Dataset
from kaishu.engagement.models import Follow
from kaishu.evaluation.facts.registry import COMPLETENESS, completeness_column
from kaishu.evaluation.facts.rights import RIGHTS, rights_of
from kaishu.harvest.models import Harvested, Source
from kaishu.inspection import OWN, Subject, mqa
from kaishu.inspection.models import LinkState, Score
from kaishu.quality.models import WorkOrder
from kaishu.usage.models import UsageTotal

if TYPE_CHECKING:
    import polars as pl

ALL = "all"
_KEYS = ("id", "label", "platform", "catalogue", "office", "division")
#: Which columns a frame has beyond the keys; False for numbers, True for text.
_COLUMNS: dict[str, dict[str, bool]] = {
    "datasets": {
        "open_class": True, "department": True, "distributions": False, "tables": False, "files": False,
        "interfaces": False, "capacity": False, "rows": False, "fields": False, "bytes": False,
        "machine_readable": False, "open_format": False, "formats": False, "licensed": False, "rights": False,
        **{f"right_{right}": False for right in RIGHTS},
        "described": False, "tags": False, "mqa": False, "issue_age": False, "update_age": False,
        "promised": False, "kept": False, "views": False, "downloads": False, "calls": False,
        "followers": False, "rating": False, "raters": False, "quality": False,
    },
    "themes": {"theme": True},
    "formats": {"format": True},
    "licences": {"licence": True},
    "addresses": {"dead": False},
    "orders": {"closed": False, "in_time": False},
    "reviews": {"in_time": False, "days": False},
    "applications": {"application": True},
}  # fmt: skip
#: Formats and roles that mean an interface.
_INTERFACES = frozenset(
    {"api", "rest", "json-api", "odata", "wms", "wfs", "wmts", "sparql", "ogc-api", "webservice", "soap"}
)
#: Where records of other portals state their users' rating, on a scale to 5, and how many rated.
_RATINGS = ("rating", "ratings_average", "ckan:rating", "ckan:ratings_average", "评分", "用户评分")
_RATERS = ("ratings_count", "ckan:ratings_count", "评分人数")


@dataclass
class _Known:
    """What is read beside the records, by dataset id (links by address, quality by table)."""

    usage: Mapping[str, Mapping[str, int]]
    followers: Mapping[str, int]
    ratings: Mapping[str, tuple[float, int]]
    points: Mapping[str, int]
    reachable: Mapping[str, bool]
    quality: Mapping[str, float]
    standards: Mapping[str, Sequence[frozenset[str]]]
    today: date


@dataclass
class _Table:
    """Columns being filled."""

    columns: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))

    def add(self, row: Mapping[str, Any]) -> None:
        for name, value in row.items():
            self.columns[name].append(value)


def gather(
    session: Session, frames: Collection[str], standards_asked: Iterable[str], now: datetime
) -> dict[str, pl.DataFrame]:
    """The frames asked for; ``standards_asked`` are those whose completeness is wanted."""
    tables: dict[str, _Table] = defaultdict(_Table)
    asked = list(standards_asked)
    if not OF_THE_DESK.keys() >= set(frames):
        known = _known(session, asked, clock.day_of(now))
        for page in inspection.subjects(session):
            for subject in page:
                _look(subject, known, tables)
    for name in frames:
        if name in OF_THE_DESK:
            OF_THE_DESK[name](session, tables[name], clock.day_of(now))
    extra = {completeness_column(name): False for name in asked}
    return {name: _frame(name, tables[name], extra if name == "datasets" else {}) for name in frames}


def standards_of(names: Iterable[str]) -> list[str]:
    """The standards whose completeness these facts ask for."""
    return [name.removeprefix(COMPLETENESS) for name in names if name.startswith(COMPLETENESS)]


def _frame(name: str, table: _Table, extra: Mapping[str, bool]) -> pl.DataFrame:
    import polars as pl

    columns = {**dict.fromkeys(_KEYS, True), **_COLUMNS[name], **extra}
    schema = {each: pl.String if text else pl.Float64 for each, text in columns.items()}
    return pl.DataFrame(
        {each: table.columns.get(each, []) for each in columns}, schema=schema, strict=False, orient="col"
    )


def _known(session: Session, asked: Iterable[str], today: date) -> _Known:
    usage: dict[str, dict[str, int]] = defaultdict(dict)
    for dataset, kind, count in session.execute(
        select(UsageTotal.dataset_id, UsageTotal.kind, UsageTotal.count)
    ):
        usage[dataset][kind] = count
    follows = session.execute(select(Follow.dataset_id, func.count()).group_by(Follow.dataset_id))
    points = session.execute(select(Score.dataset_id, Score.score))
    links = session.execute(select(LinkState.url, LinkState.reachable))
    checks = quality.last_checks(session)
    return _Known(
        usage=usage,
        followers={key: value for key, value in follows},
        ratings=engagement.mean_ratings(session),
        points={key: value for key, value in points},
        reachable={key: value for key, value in links},
        quality={t: run.scores["total"] for t, run in checks.items() if run.scores.get("total") is not None},
        standards={name: [fields for _, fields in inspection.elements_of(name)] for name in asked},
        today=today,
    )


def _look(subject: Subject, known: _Known, tables: Mapping[str, _Table]) -> None:
    """One dataset into every frame that it has a part in."""
    record = subject.record
    code = str(record.get("spatial_code") or "")[:6]
    keys = {
        "id": subject.id,
        "label": str(record.get("title") or subject.name),
        "platform": ALL,
        "catalogue": subject.catalogue,
        "office": subject.office_name,
        "division": code or None,
    }
    formats = _formats(subject)
    said, text = _licence(subject)
    row = keys | {"open_class": record.get("open_class") or None, "department": subject.department}
    row |= _of_holdings(subject) | _of_formats(formats) | _of_licence(said, text)
    row |= _of_time(subject, known.today) | _of_care(subject, known)
    tables["datasets"].add(row)
    for theme in record.get("themes") or ():
        tables["themes"].add(keys | {"theme": theme})
    for name in formats:
        tables["formats"].add(keys | {"format": name})
    if row["licensed"]:
        tables["licences"].add(keys | {"licence": rights_of(said, text).licence or text or said})
    for url in _addresses(subject):
        if url in known.reachable:
            tables["addresses"].add(keys | {"dead": int(not known.reachable[url])})


def _addresses(subject: Subject) -> dict[str, None]:
    """Addresses of a dataset's distributions, each once."""
    urls = (link.get(key) for link in subject.links for key in ("url", "access_url"))
    return dict.fromkeys(url for url in urls if url)


def _of_holdings(subject: Subject) -> dict[str, Any]:
    tables = [link for link in subject.links if link.get("table_id")]
    filled = [link for link in tables if link.get("rows") is not None]
    others = [link for link in subject.links if not link.get("table_id")]
    interfaces = sum(_is_interface(link) for link in others)
    documents = sum(link.get("role") in ("documentation", "image", "visualization") for link in others)
    items = subject.record.get("items") or ()
    service = subject.record.get("kind") == "service" or bool(subject.record.get("endpoint_url"))
    sizes = [link["bytes"] for link in subject.links if link.get("bytes") is not None]
    return {
        "distributions": len(subject.links) - documents,
        "tables": len(tables),
        "files": len(others) - interfaces - documents,
        "interfaces": len(filled) + (interfaces or int(service)),
        "capacity": sum(link["rows"] * len(link.get("columns") or ()) for link in filled) if filled else None,
        "rows": sum(link["rows"] for link in filled) if filled else None,
        "fields": sum(len(link.get("columns") or ()) for link in filled) or len(items) or None,
        "bytes": sum(sizes) if sizes else None,
    }


def _is_interface(link: Mapping[str, Any]) -> bool:
    said = str(link.get("format") or "").casefold().replace(" ", "-")
    return link.get("role") == "api" or said in _INTERFACES


def _formats(subject: Subject) -> dict[str, standards.Term | None]:
    """Formats of a dataset's distributions: code of ours, or as it is written, to its term."""
    find = standards.vocabulary("file-format").find
    found: dict[str, standards.Term | None] = {}
    for offer in mqa.offers(subject.entry):
        term = (find(offer.format) if offer.format else None) or (
            find(offer.media_type) if offer.media_type else None
        )
        name = term.code if term else offer.format.strip().casefold()
        if name:
            found[name] = term
    return found


def _of_formats(formats: Mapping[str, standards.Term | None]) -> dict[str, Any]:
    return {
        "machine_readable": int(any(t and t.extra.get("machine_readable") for t in formats.values())),
        "open_format": int(any(t and t.extra.get("open") for t in formats.values())),
        "formats": len(formats),
    }


def _licence(subject: Subject) -> tuple[str, str]:
    """Code and text of a dataset's licence: its own, else the first that a distribution has."""
    record = subject.record
    for part in (record, *subject.links):
        code = str(part.get("licence") or "")
        text = str(part.get("licence_text") or "")
        if (code and code != "unspecified") or text:
            return code, text
    return "", str(record.get("rights") or "")


def _of_licence(code: str, text: str) -> dict[str, Any]:
    rights = rights_of(code, text)
    return {
        "licensed": int(bool((code and code != "unspecified") or text)),
        "rights": rights.granted,
        **{f"right_{right}": int(getattr(rights, right) is True) for right in RIGHTS},
    }


def _of_time(subject: Subject, today: date) -> dict[str, Any]:
    record = subject.record
    issued = _day(record.get("issued"))
    if issued is None and subject.catalogue == OWN and subject.entry.created:
        issued = clock.day_of(subject.entry.created)
    updated = inspection.last_update(subject)
    frequency = str(record.get("update_frequency") or "")
    promise = standards.overdue(frequency, today, today) is not None
    return {
        "issue_age": max((today - issued).days, 0) if issued else None,
        "update_age": max((today - updated).days, 0) if updated else None,
        "promised": int(promise),
        "kept": int(not standards.overdue(frequency, updated, today)) if promise and updated else None,
    }


def _day(said: Any) -> date | None:
    try:
        return date.fromisoformat(str(said or "")[:10])
    except ValueError:
        return None


def _of_care(subject: Subject, known: _Known) -> dict[str, Any]:
    record = subject.record
    counts = known.usage.get(subject.id, {})
    tables = [str(link.get("table_id")) for link in subject.links]
    checked = [known.quality[name] for name in tables if name in known.quality]
    filled = inspection.filled(subject) if known.standards else set()
    return {
        "described": int(bool(record.get("description") or record.get("description_en"))),
        "tags": len(record.get("tags") or ()) + len(record.get("tags_en") or ()),
        "mqa": known.points.get(subject.id),
        **{f"{kind}s": counts.get(kind, 0) for kind in ("view", "download", "call")},
        "followers": known.followers.get(subject.id, 0),
        **_of_ratings(known.ratings.get(subject.id), record.get("extras") or {}),
        "quality": sum(checked) / len(checked) if checked else None,
        **{completeness_column(name): _share(filled, elements) for name, elements in known.standards.items()},
    }


def _share(filled: set[str], elements: Sequence[frozenset[str]]) -> float | None:
    if not elements:
        return None
    return 100 * sum(not fields.isdisjoint(filled) for fields in elements) / len(elements)


def _of_ratings(own: tuple[float, int] | None, extras: Mapping[str, Any]) -> dict[str, Any]:
    """Who rated here counts; where nobody did, what the record of another portal states."""
    if own is not None:
        return {"rating": own[0], "raters": own[1]}
    return {"rating": _stated(extras, _RATINGS, 5), "raters": _stated(extras, _RATERS, math.inf)}


def _stated(extras: Mapping[str, Any], keys: Sequence[str], most: float) -> float | None:
    for key in keys:
        try:
            value = float(extras[key])
        except (KeyError, TypeError, ValueError):
            continue
        if 0 <= value <= most and math.isfinite(value):
            return value
    return None


def _orders(session: Session, table: _Table, today: date) -> None:
    """Work orders; one that is open and not yet due is neither in time nor late."""
    found = session.execute(
        select(WorkOrder.id, WorkOrder.title, Office.name, Case.opened_at, Case.closed_at, Case.due_on)
        .join(Case, Case.id == WorkOrder.case_id)
        .join(Office, Office.id == WorkOrder.office_id)
    )
    for id, title, office, _, closed, due in found:
        row = _keys(id, title, office) | {"closed": int(closed is not None)}
        table.add(row | {"in_time": _in_time(closed, due, today)})


def _reviews(session: Session, table: _Table, today: date) -> None:
    """Reviews of datasets before publication that were decided."""
    found = session.execute(
        select(Case.id, Dataset.title, Office.name, Case.opened_at, Case.closed_at, Case.due_on, Source.name)
        .join(Dataset, Dataset.id == Case.subject_id)
        .join(Office, Office.id == Dataset.office_id)
        .outerjoin(Harvested, Harvested.dataset_id == Dataset.id)
        .outerjoin(Source, Source.id == Harvested.source_id)
        .where(Case.kind == "publication", Case.closed_at.is_not(None))
    )
    for id, title, office, opened, closed, due, source in found:
        days = (closed - opened).total_seconds() / 86_400 if closed else None
        row = _keys(id, title, office, source or OWN) | {"days": days}
        table.add(row | {"in_time": _in_time(closed, due, today)})


def _applications(session: Session, table: _Table, today: date) -> None:
    """Applications with a valid token; one of a person without an office belongs to no office."""
    found = session.execute(
        select(Token.id, Token.application, Office.name)
        .join(Person, Person.id == Token.person_id)
        .outerjoin(Office, Office.id == Person.office_id)
        .where(Token.revoked_at.is_(None))
    )
    for id, application, office in found:
        table.add(_keys(id, application, office) | {"application": application})


def _keys(id: str, label: str, office: str | None, catalogue: str = OWN) -> dict[str, Any]:
    said = (id, label, ALL, catalogue, office, None)
    return dict(zip(_KEYS, said, strict=True))


def _in_time(closed: datetime | None, due: date | None, today: date) -> int | None:
    if due is None:
        return None
    if closed is None:
        return 0 if today > due else None
    return int(clock.day_of(closed) <= due)


#: Frames that come of the work of this platform's desk, not of records.
OF_THE_DESK: dict[str, Callable[[Session, _Table, date], None]] = {
    "orders": _orders,
    "reviews": _reviews,
    "applications": _applications,
}
