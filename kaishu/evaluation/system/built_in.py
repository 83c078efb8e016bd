"""Systems that come with the program: one folder each, found by its name."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent / "systems"
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def built_in() -> list[str]:
    """Ids of the built-in systems, sorted."""
    if not ROOT.is_dir():
        return []
    return sorted(path.parent.name for path in ROOT.glob("*/system.yaml"))


def folder_of(name: str) -> Path | None:
    """Folder of a built-in system, or None."""
    if not _NAME.fullmatch(name) or not (ROOT / name / "system.yaml").is_file():
        return None
    return ROOT / name


def shipped_file(name: str, file: str) -> Path | None:
    """A file of data beside a built-in system, or None."""
    folder = folder_of(name)
    path = folder / file if folder is not None and Path(file).name == file else None
    return path if path is not None and path.suffix in (".csv", ".json") and path.is_file() else None
