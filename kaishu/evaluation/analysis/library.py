"""The statistical libraries, imported when a method needs them and never before."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from kaishu.evaluation.analysis.errors import AnalysisMissing


def library(name: str) -> Any:
    """The module, such as ``scipy.stats``.  Raises ``AnalysisMissing`` without the extra ``analysis``."""
    try:
        return import_module(name)
    except ImportError as error:
        raise AnalysisMissing(library=error.name or name.partition(".")[0]) from error
