"""Commands on one file run without pandas, which nothing of them uses."""

from __future__ import annotations

import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType


class _Absent(MetaPathFinder, Loader):
    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Whoever asks whether pandas is installed is told yes; whoever imports it is told no."""
        return ModuleSpec(name, self) if name == "pandas" else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Raises ``ModuleNotFoundError``, which every library here takes for pandas being absent."""
        raise ModuleNotFoundError("pandas is left out of this command", name="pandas")


def leave_pandas_out() -> None:
    """Let no library of this process find pandas.

    pyarrow and duckdb look for it at their first conversion, of whatever, and import all of it: a second of
    CPU wherever an extra has brought pandas along.
    """
    if "pandas" not in sys.modules and not any(isinstance(finder, _Absent) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Absent())
