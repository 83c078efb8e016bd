"""Where a tool stands while it answers: who asks, in which transaction, for which site."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from kaishu import standards
from kaishu.access import Actor, Call
from kaishu.api.ckan.arguments import Asked
from kaishu.catalogue.models import Dataset, Revision

Identify = Callable[[Session], Actor]


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who is at the other end; asked anew with every call, so that a revoked token ends at once."""

    identify: Identify
    site: str
    request_id: str = ""


#: Set by the transport for everything that runs inside one request.
SPEAKER: ContextVar[Speaker] = ContextVar("kaishu_mcp_speaker")


@dataclass(slots=True)
class Reply:
    """What a tool found.

    ``lines`` say it to a person, ``result`` to a program; ``datasets`` are the papers of what was read.
    ``total`` and ``following`` are set where there are pages.
    """

    result: Any
    lines: list[str] = field(default_factory=list)
    datasets: list[dict[str, Any]] = field(default_factory=list)
    total: int | None = None
    following: int | None = None
    empty: bool = False


class _Inside(Asked):
    """A call of the CKAN interface made in the transaction that is open here."""

    __slots__ = ("call",)

    def __init__(self, call: Call, site: str, values: Mapping[str, Any]) -> None:
        self.call = call
        self.values = values
        self.upload = None
        self.site = site

    @contextmanager
    def reading(self) -> Iterator[Call]:
        yield self.call


@dataclass(frozen=True, slots=True)
class Desk:
    """The first argument of every tool."""

    call: Call
    site: str

    def ckan(self, action: str, **values: Any) -> Any:
        """What CKAN's interface answers; arguments that are None are not sent."""
        from kaishu.api import ckan
        from kaishu.api.ckan.registry import ACTIONS

        if action not in ACTIONS:
            ckan.routes()
        found = ACTIONS[action]
        assert not found.writes
        given = {key: value for key, value in values.items() if value is not None}
        answer = found.function(_Inside(self.call, self.site, given))
        return orjson.loads(orjson.dumps(answer, default=str))  # kept answers are JSON already

    def papers(self, datasets: list[Dataset]) -> list[dict[str, Any]]:
        """Name, title, edition, licence and address of each dataset; one statement for all."""
        wanted = [dataset.published_revision_id for dataset in datasets if dataset.published_revision_id]
        rows = self.call.session.execute(
            select(Revision.id, Revision.number).where(Revision.id.in_(wanted))
        ).all()
        numbers = {row.id: row.number for row in rows}
        return [self._paper(each, numbers.get(each.published_revision_id or "")) for each in datasets]

    def _paper(self, dataset: Dataset, number: int | None) -> dict[str, Any]:
        licence = standards.vocabulary("licence").codes.get(dataset.record.get("licence", ""))
        tables = [each for each in dataset.resources if each.get("version_id")]
        return {
            "id": dataset.id,
            "name": dataset.name,
            "title": dataset.title,
            "state": str(dataset.state),
            "version": number,
            "published": dataset.published_at.isoformat() if dataset.published_at else None,
            "publisher": dataset.office.title,
            "licence": licence.code if licence else "",
            "licence_title": licence.zh if licence else "",
            "licence_url": (licence.uri or "") if licence else "",
            "open_class": dataset.open_class,
            "url": f"{self.site}/datasets/{dataset.name}",
            "tables": [
                {"resource_id": each["id"], "version": each.get("version"), "rows": each.get("rows")}
                for each in tables[:20]
            ],
        }
