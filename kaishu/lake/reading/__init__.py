"""Reading a table from a file without loss: find out how (``make_plan``), then read it (``Reading``)."""

from kaishu.lake.reading.casting import arrow_type
from kaishu.lake.reading.notes import Note
from kaishu.lake.reading.options import ReadOptions
from kaishu.lake.reading.plan import Column, Plan
from kaishu.lake.reading.planning import make_plan
from kaishu.lake.reading.reading import Reading
from kaishu.lake.reading.rows import text_rows

__all__ = ["Column", "Note", "Plan", "ReadOptions", "Reading", "arrow_type", "make_plan", "text_rows"]
