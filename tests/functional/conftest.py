"""A real server with a small city of its own, and a real browser."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PASSWORD = "a-long-password"

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Site:
    """Where the server is."""

    address: str
    home: Path


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server of our own on a free port, with three accounts and one published dataset."""
    if BROWSER is None:
        pytest.skip("no browser: install chromium to run the journeys")
    home = tmp_path_factory.mktemp("site") / "home"
    environment = {**os.environ, "KAISHU_HOME": str(home), "KAISHU_DATABASE": ""}
    subprocess.run(
        [sys.executable, "-m", "tests.functional.town", str(home.parent)],
        env=environment,
        check=True,
        timeout=300,
    )
    port = _free_port()
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "uvicorn",
            "--factory",
            "kaishu.app:build_app",
            "--port",
            str(port),
            "--log-level",
            "warning",
        ],
        env=environment,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, server)
        yield Site(address, home)
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(5)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server ended before it was ready"
        try:
            urllib.request.urlopen(f"{address}/about", timeout=60).close()
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server was not ready within three minutes")


@pytest.fixture(scope="session")
def browser(site: Site) -> Iterator[Any]:
    """One Chromium for all journeys."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=BROWSER, args=ARGUMENTS)
        yield started
        started.close()


Open = Callable[..., Any]


@pytest.fixture(scope="session")
def signed_in(browser: Any, site: Site) -> Callable[[str], Any]:
    """What the browser keeps after an account signed in, through the form, once for all journeys."""

    @cache
    def enter(account: str) -> Any:
        context = browser.new_context(base_url=site.address, locale="zh-CN")
        context.set_default_timeout(60_000)
        sign_in(context.new_page(), account)
        kept = context.storage_state()
        context.close()
        return kept

    return enter


@pytest.fixture
def visit(browser: Any, site: Site, signed_in: Callable[[str], Any]) -> Iterator[Open]:
    """``visit(account="", **context)``: a fresh browser window, signed in if an account is named."""
    contexts = []

    def open_window(account: str = "", **options: Any) -> Any:
        settings = {"locale": "zh-CN", "viewport": {"width": 1280, "height": 900}, **options}
        if account:
            settings["storage_state"] = signed_in(account)
        context = browser.new_context(base_url=site.address, accept_downloads=True, **settings)
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda fault: pytest.fail(f"script error: {fault}"))
        return page

    yield open_window
    for context in contexts:
        context.close()


def sign_in(page: Any, account: str) -> None:
    """Through the form, as anybody."""
    page.goto("/sign-in")
    page.fill("#account", account)
    page.fill("#password", PASSWORD)
    page.click("main form button")
    page.wait_for_selector(".who form")


def no_overflow(page: Any) -> None:
    """The page is no wider than its window."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px wider than the window"


def dataset_name(page: Any) -> str:
    """The dataset's name from an address at the desk."""
    found = re.search(r"/datasets/([^/?]+)", page.url)
    assert found, page.url
    return found[1]
