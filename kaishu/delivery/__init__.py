"""Handing a version over: rows, files."""

from kaishu.delivery.columns import Column, Columns
from kaishu.delivery.downloads import Export, available_formats, etag_of, export_path, export_stream
from kaishu.delivery.exporter import EXPORTS, Exporter, register
from kaishu.delivery.filters import OPS, Filter
from kaishu.delivery.formats import BUILT_IN
from kaishu.delivery.points import point_columns
from kaishu.delivery.query import RowQuery
from kaishu.delivery.rows import (
    RowPage,
    build_serving_copy,
    drop_serving_copy,
    fast_plan,
    query_rows,
    rows_json,
)
from kaishu.delivery.sql import Answer, Asked, query_sql

__all__ = [
    "BUILT_IN",
    "EXPORTS",
    "OPS",
    "Answer",
    "Asked",
    "Column",
    "Columns",
    "Export",
    "Exporter",
    "Filter",
    "RowPage",
    "RowQuery",
    "available_formats",
    "build_serving_copy",
    "drop_serving_copy",
    "etag_of",
    "export_path",
    "export_stream",
    "fast_plan",
    "point_columns",
    "query_rows",
    "query_sql",
    "register",
    "rows_json",
]
