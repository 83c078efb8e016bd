"""A virtual entry asks its source for rows, and can do nothing else there."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from kaishu import source
from kaishu.access import Call, add_office
from kaishu.source.connectors import Place
from kaishu.source.errors import ContractPaused, NotCertified, QueryRefused, SourceUnreachable
from kaishu.source.querying import bounded, run_query


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM t",
        "SELECT 1; DROP TABLE t",
        "SELECT * INTO u FROM t",
        "SELECT * FROM t FOR UPDATE",
        "WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x",
        "SELECT pg_sleep(100)",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT * FROM dblink('host=x', 'SELECT 1') AS d(a int)",
        "SELECT * FROM generate_series(1, 1e12)",
        "SELECT * FROM pg_authid",
        "SELECT * FROM pg_catalog.pg_shadow",
        "SELECT * FROM information_schema.tables",
        "SELECT lo_import('/etc/passwd')",
        "SELECT nextval('s')",
        "SELECT set_config('transaction_read_only', 'off', false)",
        "COPY t TO PROGRAM 'sh'",
        "SET ROLE postgres",
        "EXPLAIN ANALYZE DELETE FROM t",
        "SELECT (((",
        "",
        "SELECT " + "(" * 3000 + "1" + ")" * 3000,
    ],
)
def test_whatever_is_not_a_plain_select_is_refused(query: str) -> None:
    with pytest.raises(QueryRefused):
        bounded(query, "postgresql", 100)


@pytest.mark.parametrize(
    "query", ["SELECT load_file('/etc/passwd')", "SELECT sleep(9)", "SELECT * FROM mysql.user"]
)
def test_functions_and_tables_of_mysql_itself_are_refused(query: str) -> None:
    with pytest.raises(QueryRefused):
        bounded(query, "mysql", 100)


def test_a_limit_is_set_and_never_widened() -> None:
    assert bounded("SELECT a FROM t ORDER BY a", "postgresql", 9) == "SELECT a FROM t ORDER BY a LIMIT 9"
    assert bounded("SELECT a FROM t LIMIT 3", "postgresql", 9).endswith("LIMIT 3")
    assert bounded("SELECT a FROM t LIMIT 999999", "mysql", 9).endswith("LIMIT 9")
    assert bounded("SELECT a FROM t UNION SELECT b FROM u", "sqlite", 9).endswith("LIMIT 9")


def test_postgresql_and_mariadb_answer(
    postgres: dict[str, str], mariadb: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAISHU_SOURCE_ALLOW", "127.0.0.1")
    monkeypatch.setenv("KAISHU_VIRTUAL_ROWS", "2")
    asked = "SELECT id, upper(name) AS n FROM schools WHERE id < 9 ORDER BY id"
    for place in (
        Place("postgresql", postgres),
        Place("mysql", mariadb, {"password": "geheim-口令"}),
    ):
        found = run_query(place, asked)
        assert (found.columns, found.rows, found.more) == (
            ["id", "n"],
            [[1, "东城小学"], [2, "西城小学"]],
            True,
        )
    # Whatever the machine, nobody counts three to the thirtieth pairs in a second.
    many = ", ".join(f"schools s{n}" for n in range(30))
    monkeypatch.setenv("KAISHU_VIRTUAL_SECONDS", "1")
    with pytest.raises(SourceUnreachable):
        run_query(Place("postgresql", postgres), f"SELECT count(*) FROM {many}")


def test_a_virtual_entry_asks_a_certified_source_only(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    monkeypatch.setenv("KAISHU_SOURCE_FOLDERS", str(folder))
    with sqlite3.connect(folder / "r.db") as made:
        made.execute("CREATE TABLE t (a INTEGER)")
        made.execute("INSERT INTO t VALUES (1), (2)")
    add_office(call, name="edu", title="教育局")
    source.add_source(call, name="db", kind="sqlite", office="edu", options={"path": str(folder / "r.db")})
    with pytest.raises(QueryRefused):
        source.register_query(call, name="rows", source="db", query="DELETE FROM t")
    made_entry = source.register_query(call, name="rows", source="db", query="SELECT a FROM t")
    with pytest.raises(NotCertified):
        source.query_to_run(call, "rows")
    source.certify_source(call, "db")
    assert source.run_query(*source.query_to_run(call, "rows")).rows == [[1], [2]]
    assert source.kept_periods(call, made_entry) == []
    source.pause_contract(call, "rows", True)
    with pytest.raises(ContractPaused):
        source.query_to_run(call, "rows")
