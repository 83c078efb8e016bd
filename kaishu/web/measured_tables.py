"""Checked tables with their scores, as far as the actor may see their datasets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from kaishu import catalogue, quality
from kaishu.access import Call, Permission, allowed
from kaishu.catalogue.models import Resource
from kaishu.web.loop_contexts import TableScore
from kaishu.web.quality_contexts import Levels, levels
from kaishu.web.tables_of import dimension_word
from kaishu.web.words import _, pick


def table_scores(call: Call, office: str | None = None) -> list[TableScore]:
    """The newest check of every table, the lowest score first.

    The public sees a table's score only where the check is of the version that is published.
    """
    runs = quality.last_checks(call.session)
    importance = {book.table_id: book.importance for book in quality.books_in_force(call.session)}
    waiting = Counter(order.table_id for order, _case in quality.orders(call.session, limit=10_000))
    tables = call.session.execute(
        select(Resource.table_id, Resource.dataset_id).where(Resource.table_id.in_(list(runs)))
    )
    of = {dataset_id: table_id for table_id, dataset_id in tables}
    found = []
    for dataset in catalogue.datasets_by_ids(call, of):
        run = runs[str(of[dataset.id])]
        insider = allowed(call, Permission.dataset_read_draft, office=dataset.office_id)
        shown = {entry.version_id for entry in catalogue.resources_of(dataset)}
        if (office and dataset.office_id != office) or (not insider and run.version_id not in shown):
            continue
        found.append(
            TableScore(
                dataset=dataset.name,
                title=pick(dataset.title, dataset.title_en),
                office=dataset.office.name,
                office_title=pick(dataset.office.title, dataset.office.title_en),
                score=run.scores.get("total"),
                scores=run.scores,
                level=run.level or "",
                failing=run.failing,
                orders=waiting[run.table_id],
                importance=importance.get(run.table_id, 1.0),
                at=run.ended_at,
            )
        )
    return sorted(found, key=lambda each: (each.score is None, each.score or 0.0, each.title))


def mean_scores(tables: Sequence[TableScore]) -> dict[str, float]:
    """Total and dimensions, each weighted by importance over the tables that have it."""
    found = {}
    for name in ("total", *quality.DIMENSIONS):
        known = [(each.scores.get(name), each.importance) for each in tables]
        scored = [(score, weight) for score, weight in known if score is not None]
        whole = sum(weight for _score, weight in scored)
        if whole:
            found[name] = sum(score * weight for score, weight in scored) / whole
    return found


def dimension_levels(scores: Mapping[str, float | None]) -> Levels | None:
    """Total and dimensions as bars; None if nothing was scored."""
    rows = [
        (dimension_word(name), float(score), 100.0, f"{score:.1f}")
        for name, score in scores.items()
        if score is not None
    ]
    parts = rows[1:]
    if not parts:
        return None
    weakest = min(parts, key=lambda row: row[1])
    finding = (
        _("各维度都是满分") if weakest[1] == 100 else _("“{name}”最低，{n}分", name=weakest[0], n=weakest[3])
    )
    return levels(finding, rows)


def mean_score(tables: Sequence[TableScore]) -> float | None:
    """Of the totals, weighted by importance; None if nothing was scored."""
    return mean_scores(tables).get("total")
