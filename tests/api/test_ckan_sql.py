"""SQL, dumps and following, by CKAN's addresses."""

from __future__ import annotations

import csv
import io

import pytest
from starlette.testclient import TestClient

from tests.api.seeding import Site
from tests.api.test_ckan import ACTION, failure, result


def test_sql_over_a_resource(client: TestClient, site: Site) -> None:
    table = site.resources["stations"]
    sql = f'SELECT "区县", count(*) AS n FROM "{table}" GROUP BY "区县" ORDER BY n DESC, "区县" LIMIT 1'
    answer = result(client, "datastore_search_sql", sql=sql)
    assert answer["records"] == [{"区县": "东城区", "n": 2}]
    assert answer["fields"] == [{"id": "区县", "type": "text"}, {"id": "n", "type": "int"}]
    assert answer["sql"] == sql
    assert "records_truncated" not in answer


def test_a_table_by_the_name_of_its_dataset(client: TestClient) -> None:
    sql = "select s.站名 from stations s join stations t on t._id = s._id + 1 order by 1 limit 2"
    assert len(result(client, "datastore_search_sql", sql=sql)["records"]) == 2


def test_two_columns_of_one_name_are_both_there(client: TestClient) -> None:
    sql = "select a.站名, b.站名 from stations a, stations b where a._id = 1 and b._id = 2"
    assert result(client, "datastore_search_sql", sql=sql)["records"] == [{"站名": "西单", "站名_2": "东单"}]


def test_sql_reads_only_what_its_sender_may_read(client: TestClient, site: Site) -> None:
    for name in ("closed", site.resources["closed"]):
        error = failure(client, "datastore_search_sql", 403, sql=f'select * from "{name}"')
        assert error["__type"] == "Authorization Error"
    for name in ("hidden", site.resources["hidden"], "no-such-thing", "/etc/passwd"):
        error = failure(client, "datastore_search_sql", 404, sql=f'select * from "{name}"')
        assert error["__type"] == "Not Found Error"
    asked = {"sql": f'select * from "{site.resources["hidden"]}"'}
    own = client.post(f"{ACTION}datastore_search_sql", json=asked, headers=site.header("steward"))
    assert own.json()["result"]["records"] == [{"_id": 1, "甲": 1}]


def test_sql_that_reaches_elsewhere_is_refused_with_the_place(client: TestClient) -> None:
    error = failure(client, "datastore_search_sql", 403, sql="select pg_sleep(1) from stations")
    assert "PG_SLEEP" in error["message"].upper()
    error = failure(client, "datastore_search_sql", 409, sql="select 站名 from stations where (")
    assert "line 1" in error["message"]
    error = failure(client, "datastore_search_sql", 409, sql="select 校长 from stations")
    assert "校长" in error["message"]
    assert failure(client, "datastore_search_sql", 409)["sql"]


def test_a_dump_has_every_row_and_its_number(client: TestClient, site: Site) -> None:
    answer = client.get(f"/datastore/dump/{site.resources['stations']}?bom=true")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:3] == ["_id", "编号", "站名"]
    assert [row[0] for row in rows[1:]] == ["1", "2", "3", "4", "5"]
    assert rows[1][1] == "001"


def test_a_dump_is_filtered_sorted_and_cut(client: TestClient, site: Site) -> None:
    address = f"/datastore/dump/{site.resources['stations']}"
    asked = {"filters": '{"区县": "东城区"}', "fields": "站名", "sort": "站名 desc", "format": "tsv"}
    rows = list(csv.reader(io.StringIO(client.get(address, params=asked).text), delimiter="\t"))
    assert rows == [["站名"], ["崇文门, 东"], ["东单"]]
    part = client.get(address, params={"limit": "2", "offset": "1", "format": "json"}).json()
    assert [field["id"] for field in part["fields"]][:2] == ["_id", "编号"]
    assert [row[0] for row in part["records"]] == [2, 3]
    assert client.get(address, params={"limit": "0", "format": "json"}).json()["records"] == []
    assert client.get(address, params={"format": "xml"}).status_code == 200


def test_a_dump_of_what_may_not_be_read_is_refused_as_ckan_does(client: TestClient, site: Site) -> None:
    assert client.get(f"/datastore/dump/{site.resources['closed']}").status_code == 403
    assert client.get(f"/datastore/dump/{site.resources['hidden']}").status_code == 404
    assert client.get("/datastore/dump/nothing").status_code == 404
    wrong = client.get(f"/datastore/dump/{site.resources['stations']}?format=exe")
    assert wrong.status_code == 409 and wrong.json()["error"]["format"]


def test_people_follow_datasets(client: TestClient, site: Site) -> None:
    own = {"headers": site.header("reviewer")}
    for _ in range(2):
        made = client.post(f"{ACTION}follow_dataset", json={"id": "stations"}, **own).json()
        assert made["result"]["object_id"] == site.datasets["stations"]
    assert client.post(f"{ACTION}am_following_dataset", json={"id": "stations"}, **own).json()["result"]
    listed = client.post(f"{ACTION}dataset_followee_list", json={}, **own).json()["result"]
    assert [each["name"] for each in listed] == ["stations"]
    assert result(client, "dataset_follower_count", id="stations") == 1
    assert client.post(f"{ACTION}unfollow_dataset", json={"id": "stations"}, **own).status_code == 200
    assert result(client, "dataset_follower_count", id="stations") == 0
    failure(client, "follow_dataset", 403, id="stations")


def test_a_query_that_takes_too_long_is_the_senders_to_narrow(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAISHU_QUERY_SECONDS", "1")
    tables = ", ".join(f"stations {letter}" for letter in "abcdefghijklmn")
    sql = f"select sum(a._id * b._id + n._id) from {tables}"
    error = failure(client, "datastore_search_sql", 409, sql=sql)
    assert error["__type"] == "Validation Error"
    assert "stopped" in error["query"][0]
