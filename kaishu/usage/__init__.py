"""How often data are seen, downloaded and called: the ledger rolled up to days and datasets."""

from kaishu.usage.queries import Counts, Day, counts, counts_of, days, details, position, site_totals, top
from kaishu.usage.rollup import roll_up

__all__ = [
    "Counts",
    "Day",
    "counts",
    "counts_of",
    "days",
    "details",
    "position",
    "roll_up",
    "site_totals",
    "top",
]
