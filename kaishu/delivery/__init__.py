"""Handing a version over: rows, files."""

from kaishu.delivery.columns import Column, Columns
from kaishu.delivery.query import OPS, Filter, RowQuery
from kaishu.delivery.rows import (
    RowPage,
    build_serving_copy,
    drop_serving_copy,
    fast_plan,
    query_rows,
    rows_json,
)

__all__ = [
    "OPS",
    "Column",
    "Columns",
    "Filter",
    "RowPage",
    "RowQuery",
    "build_serving_copy",
    "drop_serving_copy",
    "fast_plan",
    "query_rows",
    "rows_json",
]
