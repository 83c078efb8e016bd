"""Row by row, what is different between two versions of a table or two files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaishu.base.errors import several
from kaishu.lake.comparing import Comparing
from kaishu.lake.engine import spilling_views
from kaishu.lake.errors import KeyNeeded, KeyNotUnique, NothingCommon
from kaishu.lake.table_data import TableData

if TYPE_CHECKING:
    import duckdb

_MEMORY = "512MB"
_NAMED = 5


@dataclass(slots=True)
class Difference:
    """Counts of rows and what changed.

    ``columns`` counts changed values by column; ``came`` and ``went`` are columns that one side only has;
    ``types`` is (name, before, after).  ``sample`` has ``added``, ``removed`` (rows as dictionaries) and
    ``changed`` ({"key": {…}, "values": {column: [old, new]}}).  Without a ``key`` rows are compared whole, so
    that a changed row is one removed and one added.
    """

    key: tuple[str, ...]
    rows_before: int
    rows_after: int
    added: int = 0
    removed: int = 0
    changed: int = 0
    columns: dict[str, int] = field(default_factory=dict)
    came: list[str] = field(default_factory=list)
    went: list[str] = field(default_factory=list)
    types: list[tuple[str, str, str]] = field(default_factory=list)
    sample: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def same(self) -> bool:
        """Whether nothing at all is different."""
        rows = self.added or self.removed or self.changed
        return not (rows or self.came or self.went or self.types)

    @property
    def unchanged(self) -> int:
        """Rows that are the same on both sides."""
        return self.rows_before - self.removed - self.changed

    def note(self, after: str, before: str) -> tuple[str, str]:
        """One sentence in Chinese and in English; the arguments name the two sides."""
        if self.same:
            return f"{after}与{before}相同，共{self.rows_after:,}行。", (
                f"{after} is the same as {before}: {self.rows_after:,} rows."
            )
        most = sorted(self.columns.items(), key=lambda pair: -pair[1])
        zh = " " + "、".join(f"{name} {count:,} 处" for name, count in most[:_NAMED])
        en = ", ".join(f"{name} {count:,}" for name, count in most[:_NAMED])
        more = len(most) > _NAMED
        zh = f"（其中{zh}{'等' if more else ''}）" if most else ""
        en = f" ({en}{' and others' if more else ''})" if most else ""
        told_zh = f"{after}比{before}：新增{self.added:,}行，删除{self.removed:,}行"
        told_en = f"{after} against {before}: {self.added:,} rows added, {self.removed:,} removed"
        if self.key:
            told_zh += f"，修改{self.changed:,}行{zh}"
            told_en += f", {self.changed:,} changed{en}"
        told_zh += f"，未变{self.unchanged:,}行"
        told_en += f", {self.unchanged:,} unchanged"
        for names, word_zh, word_en in (
            (self.came, "多出列", "new columns"),
            (self.went, "少了列", "columns gone"),
            ([name for name, _, _ in self.types], "类型变了的列", "types changed"),
        ):
            if names:
                told_zh += f"；{word_zh} {'、'.join(names)}"
                told_en += f"; {word_en}: {', '.join(names)}"
        return told_zh + "。", told_en + "."

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON, but for the values in ``sample``."""
        return {
            "same": self.same,
            "key": list(self.key),
            "rows": {"before": self.rows_before, "after": self.rows_after},
            "added": self.added,
            "removed": self.removed,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "columns": self.columns,
            "columns_added": self.came,
            "columns_removed": self.went,
            "types_changed": [{"name": n, "before": old, "after": new} for n, old, new in self.types],
            "sample": self.sample,
        }


def difference(
    before: TableData,
    after: TableData,
    key: Sequence[str] | None = None,
    *,
    sample: int = 20,
    out: Path | None = None,
) -> Difference:
    """Compare by ``key``, or by whole rows without one, in bounded memory (it uses the disk).

    ``out`` gets every different row as Parquet: ``change``, the key, then ``old.X`` and ``new.X`` of every
    other column.  Rows are taken for the same if 64-bit hashes of them are.  Raises ``KeyNeeded``,
    ``KeyNotUnique`` and ``NothingCommon``.
    """
    olds, news = ({c["name"]: c["type"] for c in side.columns} for side in (before, after))
    both = [name for name in olds if name in news]
    wanted = tuple(key or ())
    absent = [name for name in wanted if name not in both]
    if absent:
        raise KeyNeeded(file="-", columns=several(absent), present=several(both))
    if not both:
        raise NothingCommon(before=several(olds), after=several(news))
    found = Difference(
        key=wanted,
        rows_before=before.rows,
        rows_after=after.rows,
        came=[name for name in news if name not in olds],
        went=[name for name in olds if name not in news],
        types=[(name, olds[name], news[name]) for name in both if olds[name] != news[name]],
    )
    views = {"before": before.layers, "after": after.layers}
    with spilling_views(views, _MEMORY) as connection:
        comparing = Comparing(connection, wanted, both, {name for name, _, _ in found.types})
        twice = comparing.key_twice()
        if twice is not None:
            side, value, count = twice
            raise KeyNotUnique(side=side, key=several(wanted), value=value, count=count)
        found.added, found.removed, found.changed = comparing.find()
        found.columns = comparing.by_column() if found.changed else {}
        found.sample = comparing.sample(sample)
        if out is not None:
            _write(connection, comparing.everything(), out)
    return found


def _write(connection: duckdb.DuckDBPyConnection, sql: str, out: Path) -> None:
    """The connection may write nowhere, so the rows pass through here."""
    from pyarrow.parquet import ParquetWriter

    reader = connection.execute(sql).to_arrow_reader(65_536)
    fresh = out.with_name(f".{out.name}.new")
    try:
        with ParquetWriter(fresh, reader.schema, compression="zstd") as writer:
            for batch in reader:
                writer.write_batch(batch)
        fresh.replace(out)
    finally:
        fresh.unlink(missing_ok=True)
