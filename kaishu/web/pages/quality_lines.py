"""Small things that the pages about quality share."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from kaishu.inspection import mqa
from kaishu.web.words import pick


def line(cells: Sequence[str]) -> str:
    """One line of CSV; what a spreadsheet would take for a formula is made text."""
    out = io.StringIO()
    csv.writer(out).writerow([f"'{cell}" if cell and cell[0] in "=+-@" else cell for cell in cells])
    return out.getvalue()


def rating_name(code: str) -> str:
    """The word for a rating."""
    return next((pick(each.zh, each.en) for each in mqa.method().ratings if each.code == code), code)
