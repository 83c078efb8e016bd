"""CSV files below a folder, found by name and read once, as texts."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from kaishu.evaluation.auditing.errors import TableUnreadable
from kaishu.evaluation.auditing.formulas.values import Rows

#: A formula walks rows one by one; files of this kind are printed tables, not registers.
LARGEST = 256 * 1024 * 1024
MOST_FILES = 10_000
csv.field_size_limit(10 * 1024 * 1024)


class Tables:
    """The tables below a folder.  A name is a path without ``.csv``, or the last part of one."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        found = sorted(folder.rglob("*.csv"))[:MOST_FILES] if folder else []
        self.files = {path.relative_to(folder).with_suffix("").as_posix(): path for path in found if folder}
        self._read: dict[str, Rows] = {}

    def named(self, name: str, preferred: Sequence[str] = ()) -> list[str]:
        """Paths that the name may mean: that very one; else those preferred, or beside them; else all."""
        wanted = name.removesuffix(".csv")
        if wanted in self.files:
            return [wanted]
        found = [path for path in self.files if path.rpartition("/")[2] == wanted]
        folders = {path.rpartition("/")[0] for path in preferred if path in self.files}
        beside = [path for path in found if path.rpartition("/")[0] in folders]
        return [path for path in found if path in preferred] or beside or found

    def rows(self, path: str) -> Rows:
        """The table of one path.  Raises ``TableUnreadable``."""
        if path not in self._read:
            self._read[path] = read_table(self.files[path], path)
        return self._read[path]


def read_table(path: Path, name: str) -> Rows:
    """A CSV file in UTF-8 with one line of column names.  Raises ``TableUnreadable``."""

    def wrong(zh: str, en: str) -> TableUnreadable:
        return TableUnreadable(file=f"{name}.csv", reason_zh=zh, reason_en=en)

    if path.stat().st_size > LARGEST:
        raise wrong("大于 256 MiB", "it is larger than 256 MiB")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            heads = [head.strip() for head in next(reader, [])]
            if not heads or len(set(heads)) < len(heads):
                raise wrong("没有列名，或列名重复", "it has no column names, or one twice")
            rows, lines = [], []
            for row in reader:
                if not row:
                    continue
                if len(row) > len(heads):
                    raise wrong(
                        f"第{reader.line_num}行比表头多{len(row) - len(heads)}格",
                        f"line {reader.line_num} has {len(row) - len(heads)} more cells than the header",
                    )
                rows.append(tuple(row) + ("",) * (len(heads) - len(row)))
                lines.append(reader.line_num)
    except UnicodeDecodeError as error:
        raise wrong("不是 UTF-8", "it is not UTF-8") from error
    except csv.Error as error:
        raise wrong(f"第{reader.line_num}行：{error}", f"line {reader.line_num}: {error}") from error
    stem = name.rpartition("/")[2]
    columns = {f"{stem}.{head}": place for place, head in enumerate(heads)}
    return Rows(stem, columns | {head: place for place, head in enumerate(heads)}, rows, lines)
