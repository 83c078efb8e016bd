"""Every kind of source brings what it has, whole, with the types that lose nothing, or says why not."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from kaishu.source.connectors import KINDS, Place, Wanted, kind, opened
from kaishu.source.errors import (
    ExtraMissing,
    NoSuchRemoteTable,
    NothingNew,
    PlaceRefused,
    SourceRefuses,
    SourceUnreachable,
    SourceUnreadable,
)
from kaishu.source.probing import look_at
from tests.source.conftest import Web


@pytest.fixture(autouse=True)
def loopback_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAISHU_SOURCE_ALLOW", "127.0.0.1")


def bring(place: Place, folder: Path, **wanted: Any) -> tuple[list[dict[str, Any]], str]:
    with opened(KINDS[place.kind], place) as connector:
        found = connector.fetch(Wanted(**wanted), folder)
    if found.path.suffix == ".parquet":
        return pq.read_table(found.path).to_pylist(), found.last
    return [json.loads(line) for line in found.path.read_text().splitlines()], found.last


def test_postgresql_brings_a_table_with_types_that_lose_nothing(
    postgres: dict[str, str], tmp_path: Path
) -> None:
    place = Place("postgresql", postgres)
    (table,) = look_at(place)
    assert table.name == "public.schools"
    assert [each.type for each in table.columns[:4]] == ["bigint", "text", "numeric(6,2)", "date"]
    rows, last = bring(place, tmp_path, table=table.name, marker="id")
    rows.sort(key=lambda row: row["id"])
    assert [(row["id"], row["name"], row["score"]) for row in rows] == [
        (1, "东城小学", 1.25),
        (2, "西城小学", None),
        (3, None, 3.5),
    ]
    assert rows[0]["big"] == "123456789012345678901234.5"
    assert rows[0]["at"].isoformat() == "2024-05-01T00:00:00+00:00"
    assert (rows[0]["extra"], last) == ('{"a": 1}', "3")


def test_only_rows_above_the_marker_are_brought(postgres: dict[str, str], tmp_path: Path) -> None:
    place = Place("postgresql", postgres)
    rows, last = bring(place, tmp_path, table="public.schools", columns=("name",), marker="id", since="2")
    assert rows == [{"id": 3, "name": None}]
    assert bring(place, tmp_path, table="public.schools", marker="id", since=last) == ([], "3")


def test_a_source_is_never_written_to(postgres: dict[str, str]) -> None:
    with (
        opened(KINDS["postgresql"], Place("postgresql", postgres)) as connector,
        pytest.raises(SourceRefuses, match="read-only"),
    ):
        connector.query("DELETE FROM schools", 1, 5)  # type: ignore[attr-defined]


def test_a_server_that_goes_away_in_the_middle_is_told_apart_from_one_that_refuses(
    postgres: dict[str, str],
) -> None:
    import psycopg

    admin = {"host": postgres["host"], "user": postgres["user"], "dbname": postgres["database"]}
    with psycopg.connect(**admin, autocommit=True) as other:
        other.execute("CREATE VIEW wide AS SELECT i, repeat('x', 1000) t FROM generate_series(1, 100000) i")
        try:
            with (
                opened(KINDS["postgresql"], Place("postgresql", postgres)) as connector,
                pytest.raises(SourceUnreachable),
            ):
                for number, _ in enumerate(connector.read(Wanted(table="public.wide"))):  # type: ignore[attr-defined]
                    if number == 0:
                        other.execute(
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                            "WHERE application_name = 'kaishu' AND datname = current_database()"
                        )
        finally:
            other.execute("DROP VIEW wide")


def test_a_database_that_is_not_there_and_a_table_that_is_not_there(
    postgres: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(SourceRefuses, match="does not exist"):
        look_at(Place("postgresql", {**postgres, "database": "gone"}))
    with pytest.raises(SourceUnreachable):
        look_at(Place("postgresql", {**postgres, "port": "1"}))
    with pytest.raises(NoSuchRemoteTable):
        bring(Place("postgresql", postgres), tmp_path, table="public.gone")


def test_mariadb_brings_a_table_and_keeps_the_password_out_of_errors(
    mariadb: dict[str, str], tmp_path: Path
) -> None:
    place = Place("mysql", mariadb, {"password": "geheim-口令"})
    assert [table.name for table in look_at(place)] == ["schools"]
    rows, last = bring(place, tmp_path, table="schools", marker="id", since="1")
    assert [(row["name"], row["score"], str(row["opened"])) for row in rows] == [
        ("西城小学", None, "2024-03-02"),
        (None, 3.5, "None"),
    ]
    assert last == "3"
    with pytest.raises(SourceRefuses) as caught:
        look_at(Place("mysql", mariadb, {"password": "wrong-secret"}))
    assert "wrong-secret" not in str(caught.value)
    assert "wrong-secret" not in repr(Place("mysql", mariadb, {"password": "wrong-secret"}))


def test_any_other_database_by_its_url(postgres: dict[str, str], tmp_path: Path) -> None:
    url = f"postgresql+psycopg://{postgres['user']}@127.0.0.1/{postgres['database']}"
    place = Place("sql", {"url": url})
    assert [table.name for table in look_at(place)] == ["schools"]
    rows, _ = bring(place, tmp_path, table="schools", marker="id", since="2")
    assert [row["id"] for row in rows] == [3]


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////etc/passwd",
        "duckdb:///x.db",
        "postgresql+psycopg:///?host=/var/run/postgresql",
        "mysql+pymysql://127.0.0.1/x?read_default_file=/etc/passwd",
        "postgresql+psycopg://a:b@127.0.0.1/x",
        "nonsense",
    ],
)
def test_urls_that_lead_to_files_or_carry_passwords_are_refused(url: str) -> None:
    with pytest.raises(SourceUnreadable):
        look_at(Place("sql", {"url": url}))


def test_rows_of_a_view_that_never_ends_are_left_uncounted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAISHU_SOURCE_FOLDERS", str(tmp_path))
    monkeypatch.setattr("kaishu.source.connectors.sqlite.COUNT_SECONDS", 0.2)
    path = tmp_path / "endless.db"
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE a (n INTEGER)")
        made.execute(
            "CREATE VIEW endless AS WITH RECURSIVE c(n) AS "
            "(SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c"
        )
    tables = look_at(Place("sqlite", {"path": str(path)}))
    assert [(each.name, each.rows) for each in tables] == [("a", 0), ("endless", None)]


def test_sqlite_columns_are_what_their_values_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAISHU_SOURCE_FOLDERS", str(tmp_path))
    path = tmp_path / "册.db"
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE t (a INTEGER, b INTEGER, c)")
        made.executemany("INSERT INTO t VALUES (?, ?, ?)", [(1, 1, 1), (2, "x", 2.5), (3, None, None)])
    place = Place("sqlite", {"path": str(path)})
    (table,) = look_at(place)
    assert [column.type for column in table.columns] == ["INTEGER", "INTEGER", "any"]
    assert (table.rows, table.exact) == (3, True)
    (tmp_path / "out").mkdir()
    rows, last = bring(place, tmp_path / "out", table="t", marker="a", since="1")
    assert rows == [{"a": 2, "b": "x", "c": 2.5}, {"a": 3, "b": None, "c": None}]
    assert last == "3"


def pages(query: dict[str, list[str]]) -> Any:
    """Seven records, three a page, by page, offset or cursor; a link to the next."""
    start = 3 * (int(query["page"][0]) - 1) if "page" in query else 0
    start = int((query.get("offset") or query.get("cursor") or [start])[0])
    rows = [{"编号": number, "n": {"x": 1}} for number in range(7)][start : start + 3]
    following = start + 3 if start + 3 < 7 else None
    link = {"link": f'</a?cursor={following}>; rel="next"'} if following else {}
    return 200, link, {"data": {"items": rows, "cursor": following}}


@pytest.mark.parametrize("paging", ["page", "offset", "cursor", "next"])
def test_pages_of_an_interface_are_turned(web: Web, tmp_path: Path, paging: str) -> None:
    web.paths["/a"] = pages
    options = {"url": web.url + "/a", "rows_path": "data.items", "paging": paging, "page_size": "3"}
    if paging == "cursor":
        options["cursor_path"] = "data.cursor"
    place = Place("http-json", {**options, "token_prefix": "Bearer "}, {"token": "t0ken"})
    assert [(c.name, c.type) for c in look_at(place)[0].columns] == [("编号", "integer"), ("n", "nested")]
    rows, last = bring(place, tmp_path, table="records", marker="编号", since="1")
    assert ([row["编号"] for row in rows], last) == ([2, 3, 4, 5, 6], "6")
    assert {headers["Authorization"] for _, headers in web.asked} == {"Bearer t0ken"}


def test_an_interface_that_repeats_itself_or_has_trouble(web: Web, tmp_path: Path) -> None:
    web.paths["/same"] = lambda query: [{"a": 1}]
    web.paths["/ill"] = lambda query: 503
    web.paths["/no"] = lambda query: 401
    same = {"url": web.url + "/same", "paging": "page", "page_size": "1"}
    with pytest.raises(SourceUnreadable):
        bring(Place("http-json", same), tmp_path, table="records")
    with pytest.raises(SourceUnreachable):
        look_at(Place("http-json", {"url": web.url + "/ill"}))
    with pytest.raises(SourceRefuses):
        look_at(Place("http-json", {"url": web.url + "/no"}))


def test_a_token_does_not_follow_to_another_host(web: Web) -> None:
    web.paths["/there"] = lambda query: [{"a": 1}]
    other = web.url.replace("127.0.0.1", "localhost")
    web.paths["/from"] = lambda query: (302, {"location": other + "/there"}, {})
    os.environ["KAISHU_SOURCE_ALLOW"] = "127.0.0.1,localhost,::1"
    look_at(Place("http-json", {"url": web.url + "/from"}, {"token": "t0ken"}))
    assert "Authorization" not in web.asked[-1][1]


def test_a_datastore_of_ckan_and_another_kaishu(web: Web, tmp_path: Path) -> None:
    rows = [{"_id": number, "a": number} for number in range(1, 6)]

    def datastore(query: dict[str, list[str]]) -> Any:
        start, limit = int(query.get("offset", ["0"])[0]), min(int(query["limit"][0]), 2)
        fields = [{"id": "_id", "type": "int"}, {"id": "a", "type": "numeric"}]
        return {"result": {"records": rows[start : start + limit], "fields": fields, "total": 5}}

    def kaishu(query: dict[str, list[str]]) -> Any:
        start = int(query.get("_cursor", ["0"])[0])
        body = {"columns": [{"name": "a", "type": "integer"}], "rows": rows[start : start + 2]}
        return {**body, "next": str(start + 2) if start < 3 else None}

    web.paths["/api/3/action/datastore_search"] = datastore
    web.paths["/api/v1/datasets/schools/rows"] = kaishu
    web.paths["/api/v1/datasets"] = lambda query: {"datasets": [{"name": "schools"}], "next": None}
    ckan = Place("ckan", {"url": web.url, "resource": "r1"})
    assert look_at(ckan)[0].rows == 5
    wanted = [{"a": number} for number in range(1, 6)]
    assert bring(ckan, tmp_path, table="r1")[0] == wanted
    other = Place("kaishu", {"url": web.url})
    assert look_at(other)[0].columns[0].type == "integer"
    assert bring(other, tmp_path, table="schools")[0] == wanted


def test_the_newest_file_of_a_pattern_is_brought_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox, out = tmp_path / "inbox", tmp_path / "out"
    inbox.mkdir()
    out.mkdir()
    monkeypatch.setenv("KAISHU_SOURCE_FOLDERS", str(inbox))
    for number, name in enumerate(["s-1.csv", "s-2.csv", "other.txt"]):
        (inbox / name).write_text(name)
        os.utime(inbox / name, (1_700_000_000 + number,) * 2)
    (inbox / "s-3.csv").symlink_to("/etc/hostname")
    place = Place("folder", {"path": str(inbox), "pattern": "s-[12].csv"})
    assert [table.name for table in look_at(place)] == ["s-2.csv", "s-1.csv"]
    with opened(KINDS["folder"], place) as folder:
        found = folder.fetch(Wanted(table="s-*.csv"), out)
        assert (found.name, found.path.read_text()) == ("s-2.csv", "s-2.csv")
        with pytest.raises(NothingNew):
            folder.fetch(Wanted(table="s-*.csv", since=found.last), out)
    with (
        opened(KINDS["folder"], Place("folder", {"path": str(inbox)})) as folder,
        pytest.raises(PlaceRefused),
    ):
        folder.fetch(Wanted(table="s-3.csv"), out)  # leads out of what is allowed


@pytest.mark.parametrize("path", ["/etc", "/", "{inbox}/../other", "~"])
def test_folders_that_nobody_allowed_are_not_read(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAISHU_SOURCE_FOLDERS", str(tmp_path / "inbox"))
    with pytest.raises(PlaceRefused):
        look_at(Place("folder", {"path": path.format(inbox=tmp_path / "inbox")}))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "10.1.2.3", "169.254.169.254", "[::1]", "0.0.0.0"]
)
def test_hosts_inside_are_not_read_unless_listed(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAISHU_SOURCE_ALLOW", "192.168.7.0/24")
    for kind_name in ("postgresql", "mysql", "sftp", "ftp"):
        with pytest.raises(PlaceRefused):
            look_at(Place(kind_name, {"host": host.strip("[]"), "database": "x", "user": "x"}))
    with pytest.raises(PlaceRefused):
        look_at(Place("http-json", {"url": f"http://{host}/"}))


def test_a_missing_extra_says_how_it_is_installed() -> None:
    with pytest.raises(ExtraMissing) as caught:
        kind.needed("no_such_module", "pymysql", "mysql")
    assert "kaishu[mysql]" in caught.value.advice("zh")
