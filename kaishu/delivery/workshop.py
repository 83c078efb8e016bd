"""Large copies are made in a process of their own: it keeps the interpreter of the server free for those
who ask, and gives all its memory back at the end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kaishu.delivery.building import build
from kaishu.delivery.columns import Columns
from kaishu.delivery.errors import CopyNotMade
from kaishu.lake import Layer, VersionData

if TYPE_CHECKING:
    from kaishu.lake.models import Version

APART_CELLS = 2_000_000


@dataclass(frozen=True)
class _Handed(VersionData):
    """A version of which the files are known already."""

    known: tuple[Layer, ...] = ()

    @cached_property
    def layers(self) -> Sequence[Layer]:
        return self.known


def make_copy(
    version: Version, data: VersionData, place: Path, progress: Callable[[int, int], None] | None = None
) -> None:
    """Build the copy at ``place``, here if it is a matter of moments.  Raises ``CopyNotMade``."""
    columns = Columns.of(version.columns)
    if data.rows * len(columns.all) < APART_CELLS:
        build(data, columns, place, progress)
        return
    order = {
        "layers": [layer.to_dict() for layer in data.layers],
        "columns": [{"name": column.name, "type": column.type} for column in columns.own],
        "rows": data.rows,
        "place": str(place),
    }
    with subprocess.Popen(
        [sys.executable, "-m", "kaishu.delivery.workshop"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps(order))
        process.stdin.close()
        for line in process.stdout:
            if progress:
                progress(int(line), data.rows)
    if process.returncode:
        raise CopyNotMade(version=version.id, status=process.returncode)


def main() -> None:
    """The order is on standard input; rows done are told on standard output."""
    if hasattr(os, "nice"):
        os.nice(5)
    order = json.load(sys.stdin)
    data = _Handed(
        table_id="",
        version_id="",
        delta_version=0,
        columns=order["columns"],
        rows=order["rows"],
        known=tuple(Layer.from_dict(each) for each in order["layers"]),
    )

    def tell(done: int, rows: int) -> None:
        print(done, flush=True)

    build(data, Columns.of(order["columns"]), Path(order["place"]), tell)


if __name__ == "__main__":
    main()
