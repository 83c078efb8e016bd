"""A file read and stored that no version has yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kaishu.lake.arrival import Arrival, Work
from kaishu.lake.folders import Mark
from kaishu.lake.parts import Part
from kaishu.lake.reading import Plan, arrow_type
from kaishu.lake.reading.options import TYPES
from kaishu.lake.update import Update

if TYPE_CHECKING:
    import pyarrow as pa

    from kaishu.lake.models import Version

_WHOLE = Update()


@dataclass(slots=True)
class Staged:
    """A file read and stored, waiting to become a version.  Whoever made it records or drops it.

    ``after`` is the number of the last version that was seen, None for one that stands for itself;
    ``base`` is Delta's number of the version that it changes, and ``vectors`` says what of its files is
    gone (see ``log.put_version``), None if they all are.  ``made_of`` is the id of the version that the rows
    were made from, empty for those of a file.
    """

    mark: Mark
    plan: Plan
    schema: pa.Schema
    parts: list[Part]
    rows: int
    set_aside: int
    notes: list[dict[str, object]]
    version: Version | None = None
    update: Update = _WHOLE
    after: int | None = None
    base: int | None = None
    vectors: dict[str, dict[str, Any] | None] | None = None
    counts: dict[str, int | None] = field(default_factory=dict)
    next_id: int = 0
    vector_bytes: int = 0
    made_of: str = ""

    @property
    def stored_bytes(self) -> int:
        """Size of the new files."""
        return sum(part.size for part in self.parts) + self.vector_bytes

    @property
    def columns(self) -> list[dict[str, object]]:
        """The columns as stored, which the reading decides, with where each came from."""
        found = {column.name: column for column in self.plan.columns}
        types = {arrow_type(name): name for name in TYPES}
        return [
            {
                "name": name,
                "type": types[self.schema.field(name).type],
                "source_name": found[name].source_name,
                "position": found[name].position,
            }
            for name in self.schema.names[1:]
        ]

    def drop(self) -> None:
        """Remove everything; harmless after it was recorded or dropped."""
        if self.mark.held:
            self.mark.end(keep_files=False)


def staged_of(
    work: Work, read: Arrival, *, next_id: int, counts: Mapping[str, int | None] | None = None
) -> Staged:
    """What was read for that work, as it is recorded."""
    changes = work.update.mode != "replace"
    return Staged(
        mark=work.mark,
        plan=read.plan,
        schema=read.schema,
        parts=read.parts,
        rows=read.rows,
        set_aside=read.set_aside,
        notes=read.notes,
        update=work.update,
        after=work.last_number if changes else None,
        base=work.base.delta_version if work.base and changes else None,
        counts=dict(counts or {}),
        next_id=next_id,
    )
