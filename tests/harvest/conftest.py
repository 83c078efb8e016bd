"""A portal of one's own: a real server in a thread that tests tell what to say."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from kaishu import harvest, source
from kaishu.access import TERMINAL, Call
from kaishu.base import clock, ids
from kaishu.db import session_scope
from kaishu.harvest.models import Run

Answer = tuple[int, dict[str, str], bytes]
Say = Callable[[dict[str, list[str]]], Answer]


class Portal:
    """Answers by path; ``asked`` holds what was asked for."""

    def __init__(self) -> None:
        self.paths: dict[str, Say] = {}
        self.asked: list[str] = []
        portal = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                portal.asked.append(self.path)
                parts = urlsplit(self.path)
                say = portal.paths.get(parts.path)
                query = parse_qs(parts.query)
                status, headers, body = say(query) if say else (404, {}, b"nothing here")
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if "content-length" not in headers:
                    self.send_header("content-length", str(len(body)))
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(body)

            do_HEAD = do_GET  # noqa: N815

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def says(self, path: str, body: Any, status: int = 200, **headers: str) -> None:
        """Always the same answer."""
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.paths[path] = lambda query: (status, named, sent)

    def searches(self, packages: list[dict[str, Any]]) -> None:
        """A CKAN that searches these, page by page."""

        def search(query: dict[str, list[str]]) -> Answer:
            found = sorted(packages, key=lambda each: str(each["id"]))
            fq = query.get("fq", [""])[0]
            if fq.startswith("metadata_modified:["):
                since = fq.removeprefix("metadata_modified:[").split(" ")[0]
                if not since.endswith("Z"):  # no moment to Solr
                    return 400, {"content-type": "application/json"}, b'{"success": false}'
                since = since.removesuffix("Z")
                found = [each for each in found if each["metadata_modified"] >= since]
            start, rows = int(query["start"][0]), int(query["rows"][0])
            result = {"count": len(found), "results": found[start : start + rows]}
            return 200, {"content-type": "application/json"}, ckan(result)

        self.paths["/api/3/action/package_search"] = search


def ckan(result: Any) -> bytes:
    return json.dumps({"help": "", "success": True, "result": result}).encode()


def package(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": f"00000000-0000-4000-8000-{number:012d}",
        "name": f"dataset-{number}",
        "title": f"数据集{number}",
        "notes": f"第{number}个数据集的说明",
        "type": "dataset",
        "state": "active",
        "private": False,
        "metadata_created": "2026-01-01T00:00:00",
        "metadata_modified": f"2026-01-{1 + number % 28:02d}T00:00:00",
        "organization": {"id": "o1", "name": "traffic", "title": "交通局"},
        "tags": [{"name": "道路"}],
        "resources": [
            {"id": f"r{number}", "name": "表", "format": "CSV", "url": f"https://data.example/{number}.csv"}
        ],
        **more,
    }


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Portal]:
    """The portal, which may be opened although it is inside."""
    monkeypatch.setenv("KAISHU_HARVEST_ALLOW", "127.0.0.1")
    made = Portal()
    yield made
    made.server.shutdown()
    made.server.server_close()


def add(name: str = "there", kind: str = "ckan", url: str = "", **more: Any) -> None:
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        harvest.add_source(call, name=name, kind=kind, title=more.pop("title", "那边"), url=url, **more)


def add_file(path: Path, kind: str, name: str = "there") -> None:
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        delivery = source.receive_path(call, path)
        harvest.add_source(call, name=name, kind=kind, title="那边", delivery=delivery)


def renew(path: Path, name: str = "there") -> None:
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        harvest.renew_file(call, name, source.receive_path(call, path))


def dump(path: Path, packages: list[Any]) -> Path:
    lines = [each if isinstance(each, str) else json.dumps(each, ensure_ascii=False) for each in packages]
    data = "\n".join(lines).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def run(name: str = "there", **more: Any) -> Run:
    return run_of(harvest.run(TERMINAL, name, **more))


def run_of(run_id: str) -> Run:
    with session_scope(write=False) as session:
        return harvest.run_by_id(Call(session, TERMINAL, clock.now(), ""), run_id)
