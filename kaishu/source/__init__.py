"""Where tables come from: today files, taken in unchanged."""

from kaishu.source.originals import Original, keep_original, original_path, sweep_originals
from kaishu.source.queries import delivery_by_id
from kaishu.source.receiving import keep_path, receive, receive_original, receive_path

__all__ = [
    "Original",
    "delivery_by_id",
    "keep_original",
    "keep_path",
    "original_path",
    "receive",
    "receive_original",
    "receive_path",
    "sweep_originals",
]
