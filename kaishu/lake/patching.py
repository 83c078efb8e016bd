"""A delivery merged into a table: a small file of new and changed rows, and lists of rows that are gone.

No file of the table is written again.  When more than half as many rows are gone as are left, or the
files have become many, the batch writes the whole table instead.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import orjson

from kaishu.lake.arrival import Work, read_into
from kaishu.lake.deletion import write_vectors
from kaishu.lake.folders import ASIDE, table_folder
from kaishu.lake.layers import Layer, merged
from kaishu.lake.merging import Change, Doubt, Merging
from kaishu.lake.opening import open_version
from kaishu.lake.parts import Part, PartWriter
from kaishu.lake.reading.aside import REASONS
from kaishu.lake.reading.notes import make_note
from kaishu.lake.staged import Staged, staged_of

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

#: Where more rows than this share of those left are gone, reading costs more than writing once.
_GONE_SHARE = 0.5
_MOST_FILES = 200
#: A small patch is packed as well as can be, which costs little and keeps a month of days cheap.
_FEW, _LEVELS = 32_768, (19, 9)
_BATCH = 65_536


def patch(work: Work) -> Staged:
    """Read and compare the delivery, and write what it changes.  Raises what ``read_into`` raises."""
    aside = work.mark.folder / "arrived"
    aside.mkdir()
    read = read_into(work, aside)
    base = open_version(work.base) if work.base else None
    layers = list(base.layers) if base else []
    next_id = base.next_id if base else 1
    schema = read.schema
    if work.update.marker:
        schema = schema.remove(schema.get_field_index(work.update.marker))
    merging = Merging(
        layers,
        [aside / part.name for part in read.parts],
        work.update,
        schema.names[1:],
        rows=work.base_rows,
        next_id=next_id,
        complete=not read.set_aside,
    )
    with merging as merge:
        change = merge.change
        written = change.inserted + change.updated
        level = _LEVELS[written > _FEW]
        writer = PartWriter(work.mark.folder, schema, numbered=True, level=level)
        parts = _written(writer, merge.rows()) if written or not layers else []
    shutil.rmtree(aside)
    _put_aside(work.mark.folder / ASIDE, change.doubts)
    staged = staged_of(
        work,
        replace(
            read,
            schema=schema,
            parts=parts,
            rows=work.base_rows + change.inserted - change.deleted,
            set_aside=read.set_aside + len(change.doubts),
            notes=[*read.notes, *_notes(change)],
        ),
        next_id=next_id + change.inserted,
        counts={name: getattr(change, name) for name in ("inserted", "updated", "deleted", "unchanged")},
    )
    if layers:
        _lay_over(staged, work, layers, change)
    return staged


def _written(writer: PartWriter, batches: Iterable[pa.RecordBatch]) -> list[Part]:
    try:
        for batch in batches:
            if batch.num_rows:
                writer.add(batch)
        return writer.finish()
    except BaseException:
        writer.abandon()
        raise


def _lay_over(staged: Staged, work: Work, layers: list[Layer], change: Change) -> None:
    left = [_less(layer, change.gone.get(number)) for number, layer in enumerate(layers)]
    gone = sum(layer.gone_rows for layer in left)
    if gone > _GONE_SHARE * staged.rows or len(left) + len(staged.parts) > _MOST_FILES:
        _rewrite(staged, work.mark.folder, left)
        return
    root = table_folder(work.mark.table_id)
    touched = [left[number] for number in sorted(change.gone)]
    listed = [layer for layer in touched if layer.gone_rows < layer.rows]
    staged.vectors = {_path(root, layer): None for layer in touched}
    if listed:
        file, described = write_vectors(work.mark.folder, [_positions(layer) for layer in listed])
        staged.vectors |= {_path(root, layer): one for layer, one in zip(listed, described, strict=True)}
        staged.vector_bytes = file.stat().st_size


def _rewrite(staged: Staged, folder: Path, left: list[Layer]) -> None:
    """All rows into new files, in order."""
    patched = folder / "patched"
    patched.mkdir()
    fresh = []
    for number, part in enumerate(staged.parts):
        statistics = orjson.loads(part.statistics)
        first = int(statistics["minValues"].get("_id", 0))
        (folder / part.name).rename(patched / f"{number}.parquet")
        fresh.append(Layer(patched / f"{number}.parquet", first))
    writer = PartWriter(folder, staged.schema, numbered=True)
    staged.parts = _written(writer, merged([*left, *fresh], staged.schema.names, _BATCH))
    shutil.rmtree(patched)
    staged.notes.append(make_note("table-rewritten", count=staged.rows).to_dict())


def _less(layer: Layer, gone: Any) -> Layer:
    import numpy as np

    if gone is None:
        return layer
    before = layer.positions()
    return replace(layer, gone=gone if before is None else np.union1d(before, gone))


def _positions(layer: Layer) -> np.ndarray[Any, Any]:
    found = layer.positions()
    assert found is not None
    return found


def _path(root: Path, layer: Layer) -> str:
    return quote(layer.path.relative_to(root).as_posix())


def _put_aside(path: Path, doubts: list[Doubt]) -> None:
    if not doubts:
        return
    with path.open("ab") as out:
        for doubt in doubts:
            zh, en = REASONS[doubt.reason]
            said = {"zh": zh.format(**doubt.facts), "en": en.format(**doubt.facts)}
            out.write(
                orjson.dumps({"line": doubt.row, "reason": doubt.reason, **said, "text": doubt.text}) + b"\n"
            )


def _notes(change: Change) -> list[dict[str, Any]]:
    counts: dict[str, int] = {}
    for doubt in change.doubts:
        counts[doubt.reason] = counts.get(doubt.reason, 0) + 1
    found = [make_note("set-aside", count=count, reason=reason) for reason, count in counts.items()]
    for doubt in [one for one in change.doubts if one.reason == "key-twice" and one.row < one.facts["other"]][
        :10
    ]:
        found.append(make_note("key-twice", **doubt.facts))
    if change.unknown:
        found.append(make_note("deletions-unknown", count=change.unknown))
    if change.kept_missing:
        found.append(make_note("missing-rows-kept"))
    return [one.to_dict() for one in found]
