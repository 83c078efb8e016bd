"""Addresses are asked for real, of a server that runs; hosts are left in peace."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from typing import ClassVar

import pytest

from kaishu import inspection
from kaishu.access import Call
from kaishu.base import clock
from tests.inspection.conftest import LINK, Publish


class Handler(BaseHTTPRequestHandler):
    asked: ClassVar[list[tuple[str, str, float]]] = []
    under_way = 0
    most = 0

    def _answer(self) -> None:
        Handler.under_way += 1
        Handler.most = max(Handler.most, Handler.under_way)
        Handler.asked.append((self.command, self.path, time.monotonic()))
        time.sleep(0.02)
        status = {"/gone": 404, "/broken": 500, "/moved": 302}.get(self.path, 200)
        if self.path == "/no-head" and self.command == "HEAD":
            status = 405
        Handler.under_way -= 1
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/there")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET = _answer  # noqa: N815 - names that the library calls

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A live server on this machine, which the guard is told to let through."""
    monkeypatch.setenv("KAISHU_HARVEST_ALLOW", "127.0.0.1")
    Handler.asked.clear()
    Handler.most = 0
    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()


def test_a_live_server_is_asked_by_head_then_get_and_redirects_are_followed(server: str) -> None:
    urls = [f"{server}/{name}" for name in ("there", "gone", "broken", "moved", "no-head")]
    found = {each.url.rsplit("/", 1)[1]: each for each in inspection.ask_all(urls, inspection.knock, pause=0)}
    assert {name: each.reachable for name, each in found.items()} == {
        "there": True,
        "gone": False,
        "broken": False,
        "moved": True,
        "no-head": True,
    }
    assert (found["gone"].status, found["gone"].trouble) == (404, "status")


def test_of_one_host_only_one_address_is_asked_at_a_time_with_a_pause(server: str) -> None:
    urls = [f"{server}/{number}" for number in range(5)]
    assert len(list(inspection.ask_all(urls, inspection.knock, pause=0.05))) == 5
    assert Handler.most == 1
    times = [at for _method, _path, at in Handler.asked]
    assert min(later - earlier for earlier, later in pairwise(times)) >= 0.05


def test_refused_connections_and_inside_addresses_are_answers_too(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = inspection.ask_all(["http://127.0.0.1:1/x"], inspection.knock)
    assert [each.trouble for each in closed] == ["refused"]
    monkeypatch.setenv("KAISHU_HARVEST_ALLOW", "")
    refused = list(inspection.ask_all([f"{server}/there"], inspection.knock))
    assert [each.trouble for each in refused] == ["guarded"]


def test_never_asked_come_first_and_those_that_answered_rest(call: Call, publish: Publish) -> None:
    other = {**LINK, "url": "https://data.example.org/other.csv"}
    publish("one", links=[LINK, other])
    session = call.session
    assert set(inspection.due(session, clock.now())) == {LINK["url"], other["url"]}
    inspection.keep_answers(call, inspection.ask_all([LINK["url"]], lambda url: 200, pause=0))
    assert inspection.due(session, clock.now()) == [other["url"]]


def test_addresses_of_this_very_site_are_answered_without_the_network(call: Call, publish: Publish) -> None:
    site = "https://kaishu.example"
    here = {**LINK, "url": f"{site}/datasets/one"}
    nowhere = {**LINK, "url": f"{site}/datasets/nobody"}
    publish("one", links=[here, nowhere])
    assert inspection.due(call.session, clock.now(), site=site) == []
    answers = {each.url: each.reachable for each in inspection.settle_own(call.session, clock.now(), site)}
    assert answers == {here["url"]: True, nowhere["url"]: False}
