"""Files that a version can be taken away as, with a size where one is known."""

from __future__ import annotations

from kaishu import delivery
from kaishu.lake.models import Version
from kaishu.web import addresses
from kaishu.web.contexts import Download
from kaishu.web.words import pick

#: Bytes of a format for each byte of plain CSV, from the sizes of our own exports of the demo city.
WEIGHT = {"csv": 1.0, "tsv": 1.0, "json": 2.4, "ndjson": 2.4, "xml": 3.2, "xlsx": 0.45, "parquet": 0.3}


def downloads(name: str, resource_id: str, version: Version) -> list[Download]:
    """Every format that this version can be had in."""
    found = []
    for code in delivery.available_formats(version):
        exporter = delivery.EXPORTS[code]
        size, estimated = _size(version, code)
        found.append(
            Download(
                code,
                pick(exporter.label_zh, exporter.label_en),
                addresses.api_download(name, code, resource_id, version.number),
                size,
                estimated,
            )
        )
    return found


def _size(version: Version, code: str) -> tuple[int | None, bool]:
    """Bytes, and whether they are a guess from the size of the received file."""
    plain = (version.plan or {}).get("format") in ("csv", "tsv") and not (version.plan or {}).get("compression")
    if not plain or code not in WEIGHT:
        return None, False
    return int(version.received_bytes * WEIGHT[code]), True
