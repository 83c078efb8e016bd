"""One record, every standard: read and written from one table of correspondences a standard."""

from kaishu.crosswalk.loading import dump_json
from kaishu.crosswalk.matrix import Carried, matrix
from kaishu.crosswalk.model import (
    INFERRED,
    Agent,
    Entry,
    Note,
    Reading,
    Site,
    entry_of,
    inferred_themes,
    same,
    stated,
)
from kaishu.crosswalk.tables import Row, Table, standards, table
from kaishu.crosswalk.taking import clean

__all__ = [
    "INFERRED",
    "Agent",
    "Carried",
    "Entry",
    "Note",
    "Reading",
    "Row",
    "Site",
    "Table",
    "clean",
    "dump_json",
    "entry_of",
    "inferred_themes",
    "matrix",
    "same",
    "standards",
    "stated",
    "table",
]
