"""Every kind of treatment by the name that steps call it by: a kind a file, ours as anybody's."""

from kaishu.quality.cleansing.treatments.dates import Dates
from kaishu.quality.cleansing.treatments.deduplicate import Deduplicate
from kaishu.quality.cleansing.treatments.derive import Derive
from kaishu.quality.cleansing.treatments.fill import Fill
from kaishu.quality.cleansing.treatments.filter_rows import FilterRows
from kaishu.quality.cleansing.treatments.join import Join
from kaishu.quality.cleansing.treatments.letter_case import LetterCase
from kaishu.quality.cleansing.treatments.mapping import Mapped
from kaishu.quality.cleansing.treatments.numbers import Numbers
from kaishu.quality.cleansing.treatments.spaces import Spaces
from kaishu.quality.cleansing.treatments.split import Split
from kaishu.quality.cleansing.treatments.tolerate import Tolerate
from kaishu.quality.cleansing.treatments.treatment import (
    STRATEGIES,
    CellTreatment,
    Outcome,
    RowTreatment,
    TableTreatment,
    Treatment,
    View,
    dtype_of,
    restored,
    where,
    written,
)
from kaishu.quality.cleansing.treatments.trim import Trim
from kaishu.quality.cleansing.treatments.width import Width

#: Kind to class, in the order of the documentation.
TREATMENTS: dict[str, type[Treatment]] = {}


def register_treatment(kind: type[Treatment]) -> type[Treatment]:
    """Let steps use a kind of treatment; a name can be taken once."""
    if kind.kind in TREATMENTS:
        raise ValueError(f"there is a treatment {kind.kind} already")
    TREATMENTS[kind.kind] = kind
    return kind


for _kind in (
    Trim,
    Spaces,
    LetterCase,
    Width,
    Dates,
    Numbers,
    Mapped,
    Fill,
    Split,
    Join,
    Derive,
    Deduplicate,
    FilterRows,
    Tolerate,
):
    register_treatment(_kind)

__all__ = [
    "STRATEGIES",
    "TREATMENTS",
    "CellTreatment",
    "Outcome",
    "RowTreatment",
    "TableTreatment",
    "Treatment",
    "View",
    "dtype_of",
    "register_treatment",
    "restored",
    "where",
    "written",
]
