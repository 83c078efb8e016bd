"""How a batch changes a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kaishu.base.errors import Invalid, Said

MODES = ("replace", "append", "merge", "changes")
_INSERT = ("i", "insert", "新增", "1")
_UPDATE = ("u", "update", "修改", "2")
_DELETE = ("d", "delete", "删除", "3")


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """``replace`` the whole table, ``append`` rows, ``merge`` by ``key``, or apply ``changes`` in order.

    ``marker`` is a column of the delivery that is not the table's: for a merge a row whose marker is one of
    ``gone`` is deleted; for changes it holds the operation (I, U or D).  ``full`` says that the delivery is
    the whole table, so that rows missing from it are deleted.
    """

    mode: str = "replace"
    key: tuple[str, ...] = ()
    marker: str = ""
    gone: tuple[str, ...] = ()
    full: bool = False

    @property
    def keyed(self) -> bool:
        """Whether rows are found by their key."""
        return self.mode in ("merge", "changes")

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Update:
        """From plain JSON or a form; texts of several names are split at commas.  Raises ``Invalid``."""
        mode = str(given.get("mode") or "replace")
        problems: dict[str, list[Said | str]] = {}
        if mode not in MODES:
            problems["mode"] = [Said(f"只能是 {'、'.join(MODES)}", f"one of {', '.join(MODES)}")]
        key, gone = _names(given.get("key")), _names(given.get("gone"))
        marker = str(given.get("marker") or "").strip()
        if mode in ("merge", "changes") and not key:
            problems["key"] = [Said("按主键更新需要主键列", "key columns are needed")]
        if mode == "changes" and not marker:
            problems["marker"] = [Said("变更流需要操作列", "the column of operations is needed")]
        if mode == "merge" and bool(marker) != bool(gone):
            problems["marker"] = [
                Said("删除标记要同时写列名和值", "a marker needs both its column and its values")
            ]
        full = given.get("full") in (True, "true", "on", "1", "yes")
        if full and mode != "merge":
            problems["full"] = [Said("只用于 merge", "only for merge")]
        if marker and marker in key:
            problems["marker"] = [Said("不能同时是主键列", "cannot be a key column too")]
        if problems:
            raise Invalid(problems)
        if mode in ("replace", "append"):
            return cls(mode=mode)
        return cls(mode=mode, key=key, marker=marker, gone=gone if mode == "merge" else (), full=full)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON; ``from_dict`` turns it back."""
        found: dict[str, Any] = {"mode": self.mode}
        if self.key:
            found["key"] = list(self.key)
        if self.marker:
            found["marker"] = self.marker
        if self.gone:
            found["gone"] = list(self.gone)
        if self.full:
            found["full"] = True
        return found

    @property
    def written(self) -> tuple[str, ...]:
        """Marker values, in lower case, of rows that are there after the batch; empty if all others are."""
        return (*_INSERT, *_UPDATE) if self.mode == "changes" else ()

    @property
    def removed(self) -> tuple[str, ...]:
        """Marker values, in lower case, of rows that are not."""
        return _DELETE if self.mode == "changes" else tuple(each.lower() for each in self.gone)


def _names(given: Any) -> tuple[str, ...]:
    if given is None:
        return ()
    parts: Sequence[Any] = str(given).replace("，", ",").split(",") if isinstance(given, str) else given
    return tuple(dict.fromkeys(text for part in parts if (text := str(part).strip())))
