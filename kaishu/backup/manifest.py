"""The list of what a backup holds, with the SHA-256 of every file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kaishu.backup.errors import Damaged, NoBackup

NAME = "manifest.json"
FORMAT = 1
CHUNK = 1 << 20
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Kept:
    """One file, by its path in the backup; ``rows`` is given for the records of a database table."""

    path: str
    size: int
    sha256: str
    rows: int | None = None


@dataclass(slots=True)
class Manifest:
    """``records`` maps a database table to its file; ``files`` go into the home as they are."""

    version: str
    revision: str
    made_at: str
    ledger_entries: int
    ledger_head: str
    records: dict[str, Kept] = field(default_factory=dict)
    files: list[Kept] = field(default_factory=list)
    format: int = FORMAT

    def all_files(self) -> list[Kept]:
        """Records and files."""
        return [*self.records.values(), *self.files]

    def write(self, folder: Path) -> None:
        """Put it in place in one step; what it lists is there already."""
        fresh = folder / f".{NAME}.part"
        fresh.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1), encoding="utf-8")
        fresh.replace(folder / NAME)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup.  Raises ``NoBackup``."""
    try:
        data: dict[str, Any] = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            raise NoBackup(folder=str(folder), reason=f"format {data['format']}")
        data["records"] = {table: Kept(**kept) for table, kept in data["records"].items()}
        data["files"] = [Kept(**kept) for kept in data["files"]]
        return Manifest(**data)
    except FileNotFoundError as error:
        raise NoBackup(folder=str(folder), reason=NAME) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoBackup(folder=str(folder), reason=f"{NAME}: {error}") from error


def check(folder: Path, manifest: Manifest, progress: Progress | None = None) -> None:
    """Read every byte and compare.  Raises ``Damaged`` with the first file that is not as listed."""
    files = manifest.all_files()
    total, done = sum(kept.size for kept in files), 0
    for kept in files:
        path = inside(folder, kept.path)
        if not path.is_file():
            raise Damaged(file=kept.path, what_zh="不见了", what_en="is missing")
        if path.stat().st_size != kept.size or sha256_of(path) != kept.sha256:
            raise Damaged(file=kept.path, what_zh="已被改动", what_en="has changed")
        done += kept.size
        if progress:
            progress(done, total)


def inside(folder: Path, name: str) -> Path:
    """The path of a listed file.  Raises ``Damaged`` for a name that leads out of the folder."""
    path = folder / name
    if Path(name).is_absolute() or ".." in Path(name).parts:
        raise Damaged(file=name, what_zh="指向备份之外", what_en="leads out of the backup")
    return path


def sha256_of(path: Path) -> str:
    """SHA-256, hexadecimal, in constant memory."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
