"""What the columns of a version have of the version before: kept, cleansed by steps, or restored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from kaishu import quality
from kaishu.lake.models import Version
from kaishu.lineage.graph import Act, Edge, Node

#: Columns of the version before, and the steps that led from them.
Origin = tuple[dict[str, None], dict[str, None]]


def is_derived(version: Version) -> bool:
    """Were its rows made from the version before, and not read from a file?"""
    return version.mode in ("cleanse", "undo")


def before_to_after(
    session: Session, before: Version, after: Version, act: Act
) -> Iterator[tuple[None, Edge]]:
    """The edges between the columns of two versions, of which the later has rows of the earlier."""
    names = [str(each["name"]) for each in before.columns]
    run = quality.cleansing_of_version(session, after.id) if is_derived(after) else None
    kind = "restored" if run is not None and run.kind == "undo" else "kept"
    origins: Mapping[str, Origin] = {name: ({name: None}, {}) for name in names}
    if run is not None and run.kind == "cleanse" and run.base_id == before.id:
        origins = _origins(origins, run.steps)
    for name, (columns, steps) in origins.items():
        end = Node("table", after.id, name).id
        for column in columns:
            start = Node("table", before.id, column).id
            yield None, Edge(start, end, "cleansed" if steps else kind, act, tuple(steps))


def _origins(known: Mapping[str, Origin], steps: Sequence[Mapping[str, Any]]) -> Mapping[str, Origin]:
    """Where each column comes from after all steps; those that changed nothing led nowhere."""
    found = dict(known)
    for step in steps:
        if not step["changed"] and not step["added"]:
            continue
        before = dict(found)
        for written, read in step["writes"].items():
            columns: dict[str, None] = {}
            ids: dict[str, None] = {}
            for name in (written, *read):
                if name in before:
                    columns |= before[name][0]
                    ids |= before[name][1]
            found[written] = (columns, {**ids, step["id"]: None})
    return found
