"""Files with ranges, validators and names in any script."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from starlette.responses import Response
from starlette.testclient import TestClient

from kaishu import http


@pytest.fixture
def client(home: Path, tmp_path: Path) -> TestClient:
    path = tmp_path / "data"
    path.write_bytes(b"0123456789")
    app = FastAPI(openapi_url=None)

    @app.get("/file")
    def file(request: Request) -> Response:
        return http.file_response(
            request, path, media_type="text/csv", file_name='地铁 "站"\r\n.csv', etag="abc"
        )

    http.install(app)
    return TestClient(app)


def test_a_whole_file(client: TestClient) -> None:
    answer = client.get("/file")
    assert (answer.status_code, answer.text) == (200, "0123456789")
    assert answer.headers["etag"] == '"abc"' and "last-modified" in answer.headers
    assert answer.headers["accept-ranges"] == "bytes"
    name = answer.headers["content-disposition"]
    assert "filename*=UTF-8''%E5%9C%B0%E9%93%81%20%22%E7%AB%99%22%0D%0A.csv" in name
    assert "\r" not in name and name.startswith("attachment")


@pytest.mark.parametrize(
    ("asked", "status", "body"),
    [
        ("bytes=0-3", 206, "0123"),
        ("bytes=8-", 206, "89"),
        ("bytes=-2", 206, "89"),
        ("bytes=2-100", 206, "23456789"),
        ("bytes=10-", 416, None),
        ("bytes=99-100", 416, None),
        ("bytes=-0", 416, None),
        ("bytes=0-1,99-100", 206, "01"),
    ],
)
def test_parts_of_a_file(client: TestClient, asked: str, status: int, body: str | None) -> None:
    answer = client.get("/file", headers={"range": asked})
    assert answer.status_code == status
    if body is not None:
        assert answer.text == body and answer.headers["content-range"].endswith("/10")
    else:
        assert answer.headers["content-range"] == "bytes */10"
        assert answer.json()["code"] == "http.range-beyond-end"


@pytest.mark.parametrize("header", ["bytes=abc", "bytes=5-2", "bytes=", "x=1-2", "bytes=--5", "bytes"])
def test_what_is_no_range_is_passed_over(client: TestClient, header: str) -> None:
    answer = client.get("/file", headers={"range": header})
    assert (answer.status_code, answer.text) == (200, "0123456789")


def test_several_parts_at_once(client: TestClient) -> None:
    answer = client.get("/file", headers={"range": "bytes=0-1,4-5"})
    assert answer.status_code == 206 and answer.headers["content-type"].startswith("multipart/byteranges")
    assert answer.text.count("Content-Range: bytes") == 2


def test_who_has_it_already_is_not_sent_it_again(client: TestClient) -> None:
    for known in ('"abc"', 'W/"abc"', '"x", "abc"', "*"):
        answer = client.get("/file", headers={"if-none-match": known})
        assert (answer.status_code, answer.content) == (304, b"")
    assert client.get("/file", headers={"if-none-match": '"old"'}).status_code == 200
    modified = client.get("/file").headers["last-modified"]
    assert client.get("/file", headers={"if-modified-since": modified}).status_code == 304
    assert client.get("/file", headers={"if-modified-since": "no date"}).status_code == 200


def test_a_range_of_a_changed_file_is_the_whole_file(client: TestClient) -> None:
    changed = {"range": "bytes=0-3", "if-range": '"old"'}
    assert client.get("/file", headers=changed).status_code == 200
    same = {"range": "bytes=0-3", "if-range": '"abc"'}
    assert client.get("/file", headers=same).status_code == 206
