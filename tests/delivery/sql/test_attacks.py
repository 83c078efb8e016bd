"""SQL of strangers reaches the tables they name and nothing else: no file, no setting, no other name."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaishu.access import Call
from kaishu.base.errors import KaishuError
from kaishu.delivery.errors import BadQuery, QueryTooSlow, SqlNotAllowed
from kaishu.delivery.sql import Asked, parse, query_sql
from tests.delivery.conftest import Make

REFUSED = [
    # files and the network
    "select * from read_csv('/etc/passwd')",
    "select * from read_csv_auto('/etc/passwd')",
    "select * from read_text('/etc/passwd')",
    "select * from read_blob('/etc/passwd')",
    "select * from read_json_auto('/etc/hosts')",
    "select * from read_parquet('/x.parquet')",
    "select * from glob('/*')",
    "select * from t where a in (select content from read_text('/etc/passwd'))",
    "select read_text('/etc/passwd')",
    "select pg_read_file('/etc/passwd')",
    "select pg_read_binary_file('/etc/passwd')",
    "select pg_ls_dir('/')",
    "select lo_import('/etc/passwd')",
    "copy t to '/tmp/x.csv'",
    "copy (select * from t) to '/tmp/x.csv'",
    "copy t from program 'id'",
    "export database '/tmp/x'",
    "import database '/tmp/x'",
    # changes
    "insert into t values (1)",
    "update t set a = 1",
    "delete from t",
    "drop table t",
    "create table x as select * from t",
    "create view x as select * from t",
    "alter table t add column b int",
    "truncate t",
    "select * into x from t",
    "with x as (delete from t returning *) select * from x",
    "merge into t using t as s on true when matched then delete",
    # several statements, settings, the session
    "select 1; select 2",
    "select 1; drop table t",
    "set memory_limit = '100GB'",
    "reset all",
    "pragma database_list",
    "attach '/tmp/x.db' as x",
    "detach x",
    "use x",
    "install httpfs",
    "load httpfs",
    "call pragma_version()",
    "explain select 1",
    "begin",
    "vacuum",
    "checkpoint",
    "prepare p as select 1",
    "execute p",
    "do $$ begin end $$",
    "listen x",
    "show tables",
    "describe t",
    "select set_config('search_path', 'x', false)",
    "select current_setting('data_directory')",
    "select current_user",
    "select session_user",
    "select version()",
    "select getenv('HOME')",
    # other schemas and the engine's own tables
    "select * from information_schema.tables",
    "select * from pg_catalog.pg_class",
    "select * from main.t",
    "select * from system.information_schema.columns",
    "select * from duckdb_settings()",
    "select * from duckdb_secrets()",
    "select * from pragma_table_info('t')",
    "select t.a.b.c.d from t",
    "select 'pg_class'::regclass",
    "select cast(a as json) from t",
    # endless work
    "with recursive r as (select 1 n union all select n + 1 from r) select * from r",
    "select * from generate_series(1, 1000000000)",
    "select * from range(1000000000)",
    "select unnest(range(1000000000))",
    "select repeat('x', 1000000000)",
    "select lpad('x', 1000000000)",
    "select pg_sleep(100)",
    "select * from t tablesample bernoulli (10)",
    # other ways to run code
    "select query('select 1')",
    "select * from query_table('t')",
    "select list_transform([1], x -> x)",
    "select nextval('x')",
    "select dblink('x', 'select 1')",
    "select query_to_xml('select 1', true, true, '')",
    "select database_to_xml(true, true, '')",
    "select * from t for update",
    "values (1)",
    "select $1",
    "select ?",
    "select @@version",
    "select a from t lateral view explode(a) x",
    "select * from t, lateral (select 1) x",
    "select * from t limit (select 5)",
    "",
    "   ",
    ";",
    "select 'open",
    'select "open',
    "select \x00 from t",
    "-- only a remark",
    "select " + "(" * 5000 + "1" + ")" * 5000,
    "select " + " or ".join(["1=1"] * 5000),
    "select 1 -- " + "x" * 30_000,
]


@pytest.mark.parametrize("sql", REFUSED, ids=lambda sql: sql[:50] or "nothing")
def test_what_is_not_a_plain_select_is_refused(sql: str) -> None:
    with pytest.raises(BadQuery):
        parse(sql, 100)


def test_a_name_of_a_file_or_of_the_engine_is_only_a_name(call: Call, make_version: Make) -> None:
    asked: list[str] = []

    def find(name: str) -> Asked:
        asked.append(name)
        raise KeyError(name)

    names = ["/etc/passwd", "x.csv", "sqlite_master", "duckdb_tables", "pg_class", "call", "asked"]
    for name in names:
        with pytest.raises(KeyError):
            query_sql(call, f'select * from "{name}"', find)
    assert asked == names


def test_a_name_given_in_the_statement_hides_nothing_outside_it(call: Call, make_version: Make) -> None:
    version = make_version({"a": "text"}, [("x",)])

    def find(name: str) -> Asked:
        return Asked(version, "")

    sql = "select * from (with sqlite_master as (select 1 b) select b from sqlite_master) x, sqlite_master"
    with pytest.raises(KaishuError):
        query_sql(call, sql, find)


def test_the_engine_itself_is_locked(call: Call, make_version: Make, tmp_path: Path) -> None:
    """Even if a statement came through unchecked, it would find nothing to reach."""
    import duckdb

    from kaishu.delivery.sql.running import _locked

    (tmp_path / "secret.csv").write_text("a\nsecret\n")
    connection = _locked([make_version({"a": "text"}, [("x",)])])
    for sql in (
        f"select * from read_csv('{tmp_path}/secret.csv')",
        f"select * from '{tmp_path}/secret.csv'",
        f"copy (select 1) to '{tmp_path}/out.csv'",
        f"attach '{tmp_path}/x.db' as x",
        "set enable_external_access = true",
        "install httpfs",
        "load httpfs",
    ):
        with pytest.raises(duckdb.Error):
            connection.execute(sql)
    tmp = tmp_path  # a variable of Python's is no table either
    with pytest.raises(duckdb.Error):
        connection.execute("select * from tmp")
    assert tmp.exists()
    assert not (tmp_path / "out.csv").exists()
    connection.close()


def test_a_statement_that_takes_too_long_is_stopped(
    call: Call, make_version: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAISHU_QUERY_SECONDS", "1")
    version = make_version({"a": "integer"}, [(number,) for number in range(5000)])
    sql = "select count(*) from t a, t b, t c where a.a * b.a + c.a = 7"
    with pytest.raises(QueryTooSlow):
        query_sql(call, sql, lambda name: Asked(version, ""))


PIECES = """select from where t "t" a * , ( ) union all with as x join on group by order limit 1 'x' read_csv
'/etc/passwd' information_schema . pg_class ; -- /* */ :: regclass count sum insert into copy to set
lateral unnest $$ [ ] || = cast null case when then else end over exists not in values"""
WORDS = st.sampled_from(PIECES.split())


@given(st.lists(WORDS, max_size=25).map(" ".join))
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_written_names_tables_that_stand_in_it_or_is_refused(sql: str) -> None:
    try:
        statement = parse(sql, 100)
    except BadQuery:
        return
    assert all(f'"_t{number}"' in statement.sql for number in range(len(statement.tables)))
    assert not {"read_csv", "regclass", "copy", "insert"} & set(statement.sql.lower().split('"')[::2])
    assert all(name.lower() in sql.lower() for name in statement.tables)


def test_the_place_of_a_slip_is_said() -> None:
    with pytest.raises(BadQuery) as slip:
        parse("select a\nfrom t\nwhere (a = ", 10)
    assert slip.value.facts["line"] == 3


def test_what_is_not_allowed_is_named() -> None:
    with pytest.raises(SqlNotAllowed) as refused:
        parse("select pg_sleep(10) from t", 10)
    assert "PG_SLEEP(10)" in refused.value.sentence("en").upper()


def _doubled(times: int) -> str:
    parts = ["w0 as (select a from t)"]
    parts += [f"w{n} as (select x.a from w{n - 1} x, w{n - 1} y)" for n in range(1, times)]
    return f"with {', '.join(parts)} select 1 from w{times - 1}"


@pytest.mark.parametrize(
    "sql",
    [
        "select " + " + ".join(["a"] * 900) + " from t",
        "select " + " || ".join(["'a'"] * 900) + " from t",
        "select 1 from t" + "".join(f" join t a{n} using (a)" for n in range(300)),
        "select 1 from " + ", ".join(f"(select a from t, t b, t c) x{n}" for n in range(100)),
        _doubled(20),
    ],
)
def test_what_the_planner_would_take_minutes_for_is_refused_before_it_is_planned(sql: str) -> None:
    with pytest.raises(SqlNotAllowed):
        parse(sql, 100)


@pytest.mark.parametrize(
    "sql",
    [
        "select 1 from t where " + " or ".join(["a = 1"] * 500),
        " union ".join(["select a from t, t b"] * 200),
        "select 1 from t" + "".join(f" join t a{n} using (a)" for n in range(20)),
        _doubled(4),
        "with t as (select 1 as a) select * from t",
    ],
)
def test_long_statements_that_are_planned_at_once_are_run(sql: str) -> None:
    assert parse(sql, 100).sql
