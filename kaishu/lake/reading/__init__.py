"""Reading a table from a file without loss: find out how (``make_plan``), then read it (``Reading``)."""

from kaishu.lake.reading.notes import Note
from kaishu.lake.reading.options import ReadOptions
from kaishu.lake.reading.plan import Column, Plan

__all__ = ["Column", "Note", "Plan", "ReadOptions"]
