"""Tab-separated values."""

from __future__ import annotations

from kaishu.delivery.formats.csv import CSV


class TSV(CSV):
    """As CSV, with a tab in place of the comma."""

    code = "tsv"
    media_type = "text/tab-separated-values; charset=utf-8"
    suffix = "tsv"
    label_zh = "TSV 表格"
    label_en = "TSV"
    separator = "\t"
