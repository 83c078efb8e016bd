"""The rows of a file as text, each with its line: for small tables that are read for their meaning."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from kaishu.lake.reading.aside import SetAside
from kaishu.lake.reading.block import Log
from kaishu.lake.reading.container import find_source
from kaishu.lake.reading.plan import Plan
from kaishu.lake.reading.registry import table_format


def text_rows(path: Path, name: str, plan: Plan) -> Iterator[tuple[int, list[str]]]:
    """Line in the file and the cells of the plan's columns, trimmed; no cell is ``None``.

    Raises the errors of a broken file, as ``make_plan`` does.
    """
    source = find_source(path, name, plan.member)
    log = Log(SetAside(io.BytesIO()))
    for block in table_format(plan.format).blocks(source, plan, log):
        for place, cells in enumerate(
            zip(*(column.to_pylist() for column in block.batch.columns), strict=True)
        ):
            yield block.line(place), [str(cell).strip() if cell is not None else "" for cell in cells]
