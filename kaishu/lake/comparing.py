"""The SQL of a comparison: rows of both sides as hashes first, whole rows only where these differ."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from kaishu.lake.engine import named

if TYPE_CHECKING:
    import duckdb

_KINDS = ("added", "removed", "changed")
_SIDES = ("before", "after")


class Comparing:
    """Two views, ``before`` and ``after``, compared in the ``columns`` that both have.

    Columns that are ``loose`` have different types and are compared as text.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        key: Sequence[str],
        columns: Sequence[str],
        loose: Collection[str],
    ) -> None:
        self._connection = connection
        self._key, self._columns = list(key), list(columns)
        self._others = [name for name in columns if name not in key]
        self._loose = set(loose)

    def key_twice(self) -> tuple[str, str, int] | None:
        """The side, a key that stands there more than once, and how often; None if there is none."""
        if not self._key:
            return None
        keys = ", ".join(self._value(name) for name in self._key)
        shown = "concat_ws('、', " + ", ".join(f"any_value({self._value(name)})" for name in self._key) + ")"
        for side in ("before", "after"):
            found = self._connection.execute(
                f"SELECT {shown}, count(*) FROM {side} GROUP BY {keys} HAVING count(*) > 1 LIMIT 1"  # noqa: S608
            ).fetchone()
            if found is not None:
                return side, str(found[0]), int(found[1])
        return None

    def find(self) -> tuple[int, int, int]:
        """Find the rows that differ; counts of added, removed and changed."""
        (self._find_by_key if self._key else self._find_whole)()
        counted = dict(
            self._connection.execute("SELECT kind, sum(copies)::BIGINT FROM odd GROUP BY kind").fetchall()
        )
        added, removed, changed = (int(counted.get(kind, 0)) for kind in _KINDS)
        return added, removed, changed

    def by_column(self) -> dict[str, int]:
        """How many values of each column changed, those with none left out."""
        if not self._others:
            return {}
        counted = ", ".join(
            f"count(*) FILTER ({self._value(n, 'b')} IS DISTINCT FROM {self._value(n, 'a')})"
            for n in self._others
        )
        row = self._connection.execute(f"SELECT {counted} FROM {self._pairs()}").fetchone() or ()  # noqa: S608
        return {name: int(count) for name, count in zip(self._others, row, strict=True) if count}

    def sample(self, most: int) -> dict[str, list[dict[str, Any]]]:
        """The first rows of each kind."""
        found: dict[str, list[dict[str, Any]]] = {}
        for kind, side in (("added", "after"), ("removed", "before")):
            rows = self._connection.execute(
                f"SELECT {self._listed()} FROM ({self._rows(kind, side)}) LIMIT {int(most)}"  # noqa: S608
            ).fetchall()
            found[kind] = [dict(zip(self._columns, row, strict=True)) for row in rows]
        found["changed"] = self._changed(most) if self._key else []
        return found

    def everything(self) -> str:
        """SQL of all rows that differ."""
        pieces = []
        for kind, side, sign in (("added", "after", "new"), ("removed", "before", "old")):
            values = [f"'{kind}' AS change"]
            values += [f"{self._value(name)} AS {named(name)}" for name in self._key]
            values += [
                f"{self._value(name) if sign == own else f'CAST(NULL AS {self._type(name)})'}"
                f" AS {named(f'{own}.{name}')}"
                for name in self._others
                for own in ("old", "new")
            ]
            pieces.append(f"SELECT {', '.join(values)} FROM ({self._rows(kind, side)})")  # noqa: S608
        if self._key:
            values = ["'changed' AS change"]
            values += [f"{self._value(name, 'a')} AS {named(name)}" for name in self._key]
            values += [
                f"{self._value(name, side)} AS {named(f'{own}.{name}')}"
                for name in self._others
                for side, own in (("b", "old"), ("a", "new"))
            ]
            pieces.append(f"SELECT {', '.join(values)} FROM {self._pairs()}")  # noqa: S608
        return " UNION ALL ".join(pieces)

    def _changed(self, most: int) -> list[dict[str, Any]]:
        keys = [f"a.{named(name)}" for name in self._key]
        values = [f"{side}.{named(name)}" for name in self._others for side in ("b", "a")]
        rows = self._connection.execute(
            f"SELECT {', '.join([*keys, *values])} FROM {self._pairs()} LIMIT {int(most)}"  # noqa: S608
        ).fetchall()
        found = []
        for row in rows:
            own, rest = row[: len(keys)], row[len(keys) :]
            pairs = zip(self._others, rest[::2], rest[1::2], strict=True)
            changed = {name: [old, new] for name, old, new in pairs if old != new}
            found.append({"key": dict(zip(self._key, own, strict=True)), "values": changed})
        return found

    def _find_by_key(self) -> None:
        keys = [self._value(name) for name in self._key]
        listed = ", ".join(f"{value} AS k{place}" for place, value in enumerate(keys))
        hashed = f"hash({', '.join(map(self._value, self._others))})" if self._others else "0"
        sides = (f"(SELECT {listed}, {hashed} AS h FROM {side})" for side in ("before", "after"))  # noqa: S608
        old, new = sides
        same = " AND ".join(f"b.k{place} IS NOT DISTINCT FROM a.k{place}" for place in range(len(keys)))
        chosen = ", ".join(f"coalesce(a.k{place}, b.k{place}) AS k{place}" for place in range(len(keys)))
        self._connection.execute(
            f"CREATE TEMP TABLE odd AS SELECT {chosen}, 1 AS copies,"  # noqa: S608
            " CASE WHEN b.h IS NULL THEN 'added' WHEN a.h IS NULL THEN 'removed' ELSE 'changed' END AS kind"
            f" FROM {old} AS b FULL JOIN {new} AS a ON {same}"
            " WHERE b.h IS NULL OR a.h IS NULL OR a.h <> b.h"
        )

    def _find_whole(self) -> None:
        hashed = f"hash({', '.join(map(self._value, self._columns))})"
        counted = [f"(SELECT {hashed} AS h, count(*) AS n FROM {side} GROUP BY 1)" for side in _SIDES]  # noqa: S608
        old, new = counted
        self._connection.execute(
            "CREATE TEMP TABLE odd AS SELECT coalesce(a.h, b.h) AS h,"  # noqa: S608
            " abs(coalesce(a.n, 0) - coalesce(b.n, 0)) AS copies,"
            " CASE WHEN coalesce(a.n, 0) > coalesce(b.n, 0) THEN 'added' ELSE 'removed' END AS kind"
            f" FROM {old} AS b FULL JOIN {new} AS a ON a.h = b.h WHERE a.n IS DISTINCT FROM b.n"
        )

    def _rows(self, kind: str, side: str) -> str:
        """SQL of one side's rows of that kind."""
        if self._key:
            chosen = f"(SELECT * FROM odd WHERE kind = '{kind}') AS o ON {self._same('s')}"  # noqa: S608
            return f"SELECT s.* FROM {side} AS s SEMI JOIN {chosen}"  # noqa: S608
        hashed = f"hash({', '.join(self._value(name, 's') for name in self._columns)})"
        return (
            f'SELECT s.* FROM (SELECT *, {hashed} AS "\x01h" FROM {side} AS s) AS s'  # noqa: S608
            f" JOIN (SELECT * FROM odd WHERE kind = '{kind}') AS o ON s.\"\x01h\" = o.h"
            " QUALIFY row_number() OVER (PARTITION BY o.h) <= any_value(o.copies) OVER (PARTITION BY o.h)"
        )

    def _pairs(self) -> str:
        return (
            "(SELECT * FROM odd WHERE kind = 'changed') AS o"  # noqa: S608
            f" JOIN before AS b ON {self._same('b')} JOIN after AS a ON {self._same('a')}"
        )

    def _same(self, side: str) -> str:
        return " AND ".join(
            f"{self._value(name, side)} IS NOT DISTINCT FROM o.k{place}"
            for place, name in enumerate(self._key)
        )

    def _listed(self) -> str:
        return ", ".join(named(name) for name in self._columns)

    def _value(self, name: str, side: str = "") -> str:
        """What is compared."""
        column = f"{side}.{named(name)}" if side else named(name)
        return f"CAST({column} AS VARCHAR)" if name in self._loose else column

    def _type(self, name: str) -> str:
        if name in self._loose:
            return "VARCHAR"
        row = self._connection.execute(f"SELECT typeof({named(name)}) FROM after LIMIT 1").fetchone()  # noqa: S608
        row = row or self._connection.execute(f"SELECT typeof({named(name)}) FROM before LIMIT 1").fetchone()  # noqa: S608
        return str(row[0]) if row else "VARCHAR"
