"""The DCAT-AP check of datasets and of documents; verdicts are kept for one revision of a record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kaishu.access import Call, Permission, require
from kaishu.base import clock
from kaishu.crosswalk import Site
from kaishu.inspection import scopes
from kaishu.inspection.models import Conformance
from kaishu.inspection.scopes import ALL, Subject
from kaishu.inspection.shapes import Result, mark

if TYPE_CHECKING:
    from rdflib import Graph

Report = Callable[[int, int], None]
#: Datasets in one graph: large enough to spread what a run of pySHACL costs, small enough for memory.
TOGETHER = 50


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the shapes say of one dataset."""

    dataset_id: str
    mark: str
    results: Sequence[Result]
    at: datetime

    @property
    def conforms(self) -> bool:
        """Nothing broken?"""
        return not self.results


def validate_datasets(
    call: Call,
    site: Site,
    scope: str = ALL,
    *,
    again: bool = False,
    limit: int = 0,
    report: Report = lambda done, total: None,
) -> Iterator[list[Verdict]]:
    """Verdicts of the datasets that have none for their present revision, in batches.

    ``again`` asks for all of them; ``limit`` stops after so many.
    """
    require(call, Permission.inspection_run)
    whole, seen, asked = scopes.count(call.session, scope), 0, 0
    for page in scopes.subjects(call.session, scope):
        waiting = page if again else _without(call.session, page)
        for start in range(0, len(waiting), TOGETHER):
            if limit and asked >= limit:
                return
            batch = waiting[start : start + TOGETHER]
            asked += len(batch)
            yield validate_subjects(batch, site)
            report(seen + start + len(batch), whole)
        seen += len(page)
        report(seen, whole)


def validate_subjects(subjects: Sequence[Subject], site: Site) -> list[Verdict]:
    """Verdicts of these datasets, of which all go into one graph; each node belongs to its dataset."""
    from kaishu.crosswalk import dcat
    from kaishu.inspection.shapes import validating

    owners: dict[str, str] = {}
    graph: Graph | None = None
    for subject in subjects:
        triples = list(dcat.quads(subject.entry, site))
        graph = validating.graph_of(triples, graph)
        for triple in triples:
            owners.setdefault(validating.named(triple.subject), subject.id)
    broken: dict[str, list[Result]] = defaultdict(list)
    for result in validating.validate(graph) if graph is not None else []:
        broken[owners.get(result.node, "")].append(result)
    now = clock.now()
    return [Verdict(each.id, mark(each.mark), tuple(broken.get(each.id, ())), now) for each in subjects]


def keep_verdicts(call: Call, verdicts: Iterable[Verdict]) -> None:
    """Keep verdicts where scoring and pages read them; ``conclude`` enters the whole run in the ledger."""
    require(call, Permission.inspection_run)
    for verdict in verdicts:
        row = call.session.get(Conformance, verdict.dataset_id)
        if row is None:
            row = Conformance(dataset_id=verdict.dataset_id)
            call.session.add(row)
        row.mark, row.conforms, row.checked_at = verdict.mark, verdict.conforms, verdict.at
        row.results = [asdict(result) for result in verdict.results[:200]]


def verdict_of(session: Session, dataset_id: str) -> Verdict | None:
    """The newest verdict of a dataset, whatever revision it holds for."""
    row = session.get(Conformance, dataset_id)
    if row is None:
        return None
    return Verdict(row.dataset_id, row.mark, [Result(**_kept(each)) for each in row.results], row.checked_at)


def _kept(written: dict[str, Any]) -> dict[str, str]:
    return {name: str(written.get(name, "")) for name in ("node", "shape", "component", "value")}


def _without(session: Session, page: Sequence[Subject]) -> list[Subject]:
    ids_ = [each.id for each in page]
    rows = session.execute(
        select(Conformance.dataset_id, Conformance.mark).where(Conformance.dataset_id.in_(ids_))
    )
    known = {id: held for id, held in rows}
    return [each for each in page if known.get(each.id) != mark(each.mark)]
