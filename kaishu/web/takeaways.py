"""Files that a version can be taken away as, with a size where one is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kaishu import delivery
from kaishu.lake.models import Version
from kaishu.web import addresses
from kaishu.web.contexts import Download
from kaishu.web.figures import cell
from kaishu.web.words import pick

#: Bytes of a workbook for each byte of CSV, from our own exports of the demo city.
XLSX = 0.45
WIDEST_TAG = 5


def downloads(
    name: str, resource_id: str, version: Version, sample: Sequence[Sequence[Any]] = ()
) -> list[Download]:
    """Every format that this version can be had in; ``sample`` rows serve to guess sizes."""
    sizes = _sizes(version, sample)
    found = []
    for code in delivery.available_formats(version):
        exporter = delivery.EXPORTS[code]
        found.append(
            Download(
                code,
                pick(exporter.label_zh, exporter.label_en),
                addresses.api_download(name, code, resource_id, version.number),
                sizes.get(code),
                estimated=True,
            )
        )
    return found


def _sizes(version: Version, sample: Sequence[Sequence[Any]]) -> dict[str, int]:
    """Bytes by format, guessed from a few rows."""
    if not sample:
        return {}
    values = sum(len(cell(value).encode()) + 1 for row in sample for value in row)
    names = sum(len(column["name"].encode()) for column in version.columns)
    rows, width = version.rows, len(version.columns)
    plain = values / len(sample) * rows
    keyed = plain + rows * (names + 5 * width)
    tagged = plain + rows * (2 * names + WIDEST_TAG * width)
    guessed = {
        "csv": plain,
        "tsv": plain,
        "json": keyed,
        "ndjson": keyed,
        "xml": tagged,
        "geojson": keyed,
        "xlsx": plain * XLSX,
        "parquet": float(version.stored_bytes),
    }
    return {code: int(count) for code, count in guessed.items()}
