"""``python -m benchmarks [NAME …] [--rows N] [--rounds K] [--large] [--huge] [--peers]``: print ratios."""

from __future__ import annotations

import argparse
import importlib
import inspect
import sys
from pathlib import Path
from typing import Any

NAMES = (
    "start",
    "ingest",
    "storage",
    "profile",
    "quality",
    "fusion",
    "clean",
    "citizen_ids",
    "rows",
    "export",
    "package_search",
    "search",
    "relevance",
    "turtle",
    "harvest",
    "pull",
    "evaluate",
    "robustness",
)


def main() -> int:
    """Exit code 1 if a goal is missed."""
    here = [name for name in NAMES if Path(__file__).with_name(f"{name}.py").exists()]
    reader = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    reader.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(here)}; all if none")
    reader.add_argument("--rows", type=int, default=1_000_000)
    reader.add_argument("--rounds", type=int, default=3)
    reader.add_argument("--large", action="store_true", help="also ten times the rows, for memory")
    reader.add_argument(
        "--huge", action="store_true", help="also a hundred times the rows, where that is told"
    )
    reader.add_argument(
        "--peers", action="store_true", help="also tools that are installed apart for it (quality, profile)"
    )
    given = reader.parse_args()
    unknown = sorted(set(given.names) - set(here))
    if unknown:
        reader.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(here)}")
    found: list[dict[str, Any]] = []
    for name in given.names or here:
        run = importlib.import_module(f"benchmarks.{name}").main
        wanted = {key: getattr(given, key) for key in inspect.signature(run).parameters if key in given}
        found += run(**wanted) or []
    print(table(found))
    return 0 if all(one.get("met", True) for one in found) else 1


def table(found: list[dict[str, Any]]) -> str:
    """The lines as columns of text."""
    heads = ("benchmark", "ours", "peer", "ratio", "goal", "peak_mib", "peak_goal", "met")
    rows = [heads, *(tuple(_text(one.get(head)) for head in heads) for one in found)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(heads))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows
    )


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "NO"
    return str(value)


if __name__ == "__main__":
    sys.exit(main())
