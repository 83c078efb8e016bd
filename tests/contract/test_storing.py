"""Tables made and changed record by record, as programs do with ckanapi."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from ckanapi import RemoteCKAN
from ckanapi.errors import NotAuthorized, NotFound, ValidationError

from tests.api.seeding import Site
from tests.api.test_ckan import package

FIELDS = [{"id": "code", "type": "text"}, {"id": "n", "type": "int"}, {"id": "day", "type": "date"}]
RECORDS = [{"code": "001", "n": 1, "day": "2026-01-01"}, {"code": "002", "n": None, "day": "2026-01-02"}]

NUMBERS = count(1)


@pytest.fixture
def admin(address: str, site: Site) -> Iterator[RemoteCKAN]:
    with RemoteCKAN(address, apikey=site.tokens["admin"]) as client:
        yield client


@pytest.fixture
def table(admin: RemoteCKAN) -> str:
    """A published table of two rows with a primary key."""
    name = f"made-{next(NUMBERS)}"
    admin.action.package_create(**package(name))
    made = admin.action.datastore_create(
        resource={"package_id": name, "name": "表"}, fields=FIELDS, records=RECORDS, primary_key="code"
    )
    assert made["primary_key"] == ["code"]
    return str(made["resource_id"])


def rows(ckan: RemoteCKAN, table: str, **more: Any) -> list[list[Any]]:
    found = ckan.action.datastore_search(
        resource_id=table, records_format="lists", fields=["code", "n", "day"], **more
    )
    return list(found["records"])


def test_a_table_is_made_from_records(address: str, admin: RemoteCKAN, table: str) -> None:
    with RemoteCKAN(address) as visitor:
        assert rows(visitor, table) == [["001", 1, "2026-01-01"], ["002", None, "2026-01-02"]]
        found = visitor.action.datastore_search(resource_id=table, limit=0)
    assert [(each["id"], each["type"]) for each in found["fields"]][1:] == [
        ("code", "text"),
        ("n", "int"),
        ("day", "date"),
    ]
    shown = admin.action.resource_show(id=table)
    assert shown["datastore_active"] is True and shown["primary_key"] == ["code"] and shown["version"] == 1


def test_records_are_put_in_by_their_key(admin: RemoteCKAN, table: str) -> None:
    put = {"resource_id": table, "records": [{"code": "002", "n": 2}, {"code": "003", "n": 3}]}
    admin.action.datastore_upsert(**put, dry_run=True)
    assert len(rows(admin, table)) == 2
    made = admin.action.datastore_upsert(**put)
    assert made["total"] == 3 and made["method"] == "upsert"
    assert rows(admin, table) == [["001", 1, "2026-01-01"], ["002", 2, "2026-01-02"], ["003", 3, None]]
    assert admin.action.resource_show(id=table)["version"] == 2
    admin.action.datastore_upsert(resource_id=table, method="update", records=[{"code": "001", "n": 9}])
    assert rows(admin, table)[0] == ["001", 9, "2026-01-01"]


@pytest.mark.parametrize(
    ("method", "record", "field"),
    [
        ("insert", {"code": "001"}, "records"),
        ("update", {"code": "009"}, "key"),
        ("upsert", {"n": 1}, "records"),
        ("upsert", {"code": "004", "n": "many"}, "records"),
        ("upsert", {"code": "004", "colour": 1}, "records"),
        ("upsert", {"code": "004", "day": "2026-02-30"}, "records"),
        ("replace", {"code": "004"}, "method"),
    ],
)
def test_a_record_that_does_not_fit_changes_nothing(
    admin: RemoteCKAN, table: str, method: str, record: dict[str, Any], field: str
) -> None:
    good = {"code": "100", "n": 1}
    with pytest.raises(ValidationError) as raised:
        admin.action.datastore_upsert(resource_id=table, method=method, records=[good, record])
    if method != "update":
        assert field in raised.value.error_dict
    assert len(rows(admin, table)) == 2


def test_rows_are_deleted_and_at_last_the_table(admin: RemoteCKAN, table: str) -> None:
    admin.action.datastore_delete(resource_id=table, filters={"code": {"lt": "002"}}, force=True)
    assert [row[0] for row in rows(admin, table)] == ["002"]
    with pytest.raises(ValidationError):
        admin.action.datastore_records_delete(resource_id=table)
    admin.action.datastore_records_delete(resource_id=table, filters={})
    assert rows(admin, table) == []
    admin.action.datastore_upsert(resource_id=table, records=[{"code": "003"}])
    assert rows(admin, table) == [["003", None, None]]
    admin.action.datastore_delete(resource_id=table, force=True)
    with pytest.raises(NotFound):
        admin.action.datastore_search(resource_id=table)


def test_more_records_and_fields_come_to_a_table(admin: RemoteCKAN, table: str) -> None:
    admin.action.datastore_create(
        resource_id=table,
        fields=[*FIELDS, {"id": "new", "type": "float"}],
        records=[{"code": "3", "new": 1.5}],
    )
    found = admin.action.datastore_search(resource_id=table, records_format="lists", fields=["code", "new"])
    assert found["records"] == [["001", None], ["002", None], ["3", 1.5]]


def test_only_those_who_may_load_files_make_tables(address: str, site: Site, table: str) -> None:
    for token in ("", site.tokens["other"]):
        with RemoteCKAN(address, apikey=token or None) as ckan:
            with pytest.raises(NotAuthorized):
                ckan.action.datastore_upsert(resource_id=table, records=[{"code": "5"}])
            with pytest.raises(NotAuthorized):
                ckan.action.datastore_create(resource={"package_id": "stations"}, records=[{"a": 1}])


def test_a_table_may_begin_empty(address: str, site: Site, admin: RemoteCKAN) -> None:
    admin.action.package_create(**package("empty-at-first"))
    made = admin.action.datastore_create(
        resource={"package_id": "empty-at-first"}, fields=FIELDS, primary_key="code"
    )
    table = made["resource_id"]
    with RemoteCKAN(address) as visitor:
        found = visitor.action.datastore_search(resource_id=table)
        assert (found["total"], found["records"]) == (0, [])
        assert [(each["id"], each["type"]) for each in found["fields"]][1:] == [
            ("code", "text"),
            ("n", "int"),
            ("day", "date"),
        ]
        assert visitor.action.datastore_info(id=table)["meta"]["count"] == 0
        assert visitor.action.datastore_search_sql(sql=f'SELECT code FROM "{table}"')["records"] == []
        for form in ("csv", "tsv", "json", "xml"):
            assert visitor.session.get(f"{address}/datastore/dump/{table}?format={form}").status_code == 200
        for form in ("csv", "json", "ndjson", "parquet"):
            path = f"{address}/api/v1/datasets/empty-at-first/rows.{form}"
            assert visitor.session.get(path).status_code == 200, form
        admin.action.datastore_upsert(resource_id=table, records=RECORDS)
        assert rows(visitor, table) == [["001", 1, "2026-01-01"], ["002", None, "2026-01-02"]]


SERVER = """
import os, sys
from starlette.testclient import TestClient
from tests.api.conftest import bare_app
client = TestClient(bare_app(), headers={"authorization": os.environ["TOKEN"]})
client.get("/api/3/action/site_read")
print("ready", flush=True)
sys.stdin.readline()
for number in range(4):
    record = {"code": f"{sys.argv[2]}{number}", "n": number}
    sent = {"resource_id": sys.argv[1], "records": [record]}
    answer = client.post("/api/3/action/datastore_upsert", json=sent)
    assert answer.status_code == 200, answer.text
"""


def test_two_processes_lose_nothing(admin: RemoteCKAN, site: Site, table: str) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", SERVER, table, letter],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "TOKEN": site.tokens["admin"]},
            cwd=Path(__file__).parents[2],
        )
        for letter in "ab"
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.flush()
    for process in processes:
        process.communicate(timeout=240)
        assert process.returncode == 0
    there = {row[0] for row in rows(admin, table)}
    assert there == {"001", "002", *(f"{letter}{number}" for letter in "ab" for number in range(4))}
    assert admin.action.resource_show(id=table)["version"] == 9
