"""One record, every standard: read and written from one table of correspondences a standard."""

from kaishu.crosswalk.model import Agent, Entry, Note, Reading, Site, entry_of, same
from kaishu.crosswalk.tables import Row, Table, standards, table

__all__ = [
    "Agent",
    "Entry",
    "Note",
    "Reading",
    "Row",
    "Site",
    "Table",
    "entry_of",
    "same",
    "standards",
    "table",
]
