"""Which module reads which format.  Named, not imported: the formats build on what reading offers."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from kaishu.lake.reading.block import TableFormat

_MODULES = {
    "csv": "delimited",
    "tsv": "delimited",
    "xls": "workbook",
    "xlsx": "workbook",
    "json": "json_records",
    "ndjson": "ndjson",
    "geojson": "geojson",
    "xml": "xml_records",
    "parquet": "parquet",
}


def table_format(code: str) -> TableFormat:
    """The module that reads a format; imported when first asked for.  KeyError for an unknown code."""
    return cast(TableFormat, import_module(f"kaishu.lake.formats.{_MODULES[code]}"))
