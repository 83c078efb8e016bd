"""A folder of this machine into which somebody puts files."""

from __future__ import annotations

import shutil
from pathlib import Path

from kaishu.source.addresses import checked_path
from kaishu.source.connectors.files import FoundFile, as_tables, fitting, picked
from kaishu.source.connectors.kind import (
    Fetched,
    FoundColumn,
    FoundTable,
    Kind,
    Option,
    Place,
    Wanted,
    check_size,
)
from kaishu.source.errors import SourceRefuses, SourceUnreachable, room_for


class Folder:
    """One folder, without those below it."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.path = checked_path(place.option("path"))
        self.name = place.option("path")

    def tables(self) -> list[FoundTable]:
        """Files that fit the pattern, newest first."""
        return as_tables(self._files())

    def columns(self, table: str) -> tuple[FoundColumn, ...]:
        """Only reading tells."""
        return ()

    def fetch(self, wanted: Wanted, folder: Path) -> Fetched:
        """A copy of the file; of a pattern the newest."""
        found = picked(self._files(), wanted)
        check_size(self.name, found.size)
        # A link in the folder must not lead out of what is allowed.
        origin = checked_path(str(self.path / found.name))
        target = folder / "file"
        try:
            with room_for(found.name):
                shutil.copyfile(origin, target)
        except OSError as error:
            raise SourceUnreachable(place=self.name, reason=error.strerror or type(error).__name__) from error
        return Fetched(target, found.name, None, found.mark)

    def close(self) -> None:
        """Nothing is held open."""

    def _files(self) -> list[FoundFile]:
        try:
            kept = [each for each in self.path.iterdir() if each.is_file()]
            found = [FoundFile(int(each.stat().st_mtime), each.name, each.stat().st_size) for each in kept]
        except OSError as error:
            raise SourceRefuses(place=self.name, reason=error.strerror or type(error).__name__) from None
        return fitting(found, self.place.option("pattern"))


KIND = Kind(
    "folder",
    "本机文件夹",
    "Folder of this machine",
    (
        Option("path", "文件夹路径（须列入许可）", "Path of the folder, which must be allowed", needed=True),
        Option(
            "pattern", "文件名样式，如 schools-*.csv", "Pattern of names, such as schools-*.csv", default="*"
        ),
    ),
    Folder,
)
