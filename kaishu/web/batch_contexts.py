"""What the pages of batches show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kaishu.catalogue.models import Dataset
from kaishu.lake.models import Version
from kaishu.web.charts import Chart
from kaishu.web.desk_contexts import PlanPage


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPlan(PlanPage):
    """A file that is read for a table that there is: how it changes the table.  ``modes`` is empty else."""

    modes: Sequence[tuple[str, str]] = ()
    update: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferencePage:
    """Two versions of a table, and what is different; ``trouble`` where it was not worked out.

    At most ``listed`` rows of each kind are shown, of ``all``.
    """

    dataset: Dataset
    title: str
    resource: str
    before: Version
    after: Version
    key: str
    note: str = ""
    trouble: tuple[str, str] | None = None
    figures: Sequence[tuple[str, str]] = ()
    chart: Chart | None = None
    columns: Sequence[tuple[str, int]] = ()
    added: Sequence[Mapping[str, Any]] = ()
    removed: Sequence[Mapping[str, Any]] = ()
    changed: Sequence[tuple[str, str, Any, Any]] = ()
    listed: int = 0
    all: Mapping[str, int] = field(default_factory=dict)
