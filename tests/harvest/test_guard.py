"""Addresses that people give lead outside or are not opened; answers have bounds."""

from __future__ import annotations

import gzip
import socket
from typing import Any

import pytest

from kaishu.harvest import Bounds, check_address, guarded_get, guarded_head
from kaishu.harvest.errors import AddressRefused, AnsweredBadly, AnsweredLater, TooMuch, Unreachable
from tests.harvest.conftest import Portal

INSIDE = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://0/",
    "http://0.0.0.0:8000/",
    "http://localhost/",
    "http://10.1.2.3/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[::7f00:1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[fe80::1]/",
    "http://[fc00::1]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "https://127.0.0.1:8443/x",
]
NO_WEB = [
    "ftp://data.example/x",
    "file:///etc/passwd",
    "gopher://data.example/",
    "javascript:alert(1)",
    "//data.example/",
    "http://",
    "http:///x",
    "http://[::1",
    "http://8.8.8.8:99999/",
    "http://user:secret@8.8.8.8/",
    "http://8.8.8.8/a b",
    "http://8.8.8.8/\r\nHost: inside",
    "",
]


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_that_lead_inside_are_refused(address: str) -> None:
    with pytest.raises(AddressRefused):
        check_address(address)


@pytest.mark.parametrize("address", NO_WEB)
def test_what_is_no_plain_web_address_is_refused(address: str) -> None:
    with pytest.raises(AddressRefused):
        check_address(address)


def test_a_refusal_does_not_repeat_the_password() -> None:
    with pytest.raises(AddressRefused) as caught:
        check_address("http://user:secret@8.8.8.8/")
    assert "secret" not in str(caught.value)


def test_public_addresses_are_open() -> None:
    check_address("https://8.8.8.8/x")
    check_address("http://[2606:4700::1111]/")


def _resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Every name means the next of these answers; the last one stays."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def resolve(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        if str(host).endswith(".example"):
            found = answers[min(len(asked), len(answers) - 1)]
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]
        return real(host, port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


def test_a_name_that_means_something_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    _resolving(monkeypatch, ["169.254.169.254"])
    with pytest.raises(AddressRefused):
        guarded_get("http://metadata.example/")


def test_one_inside_address_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    _resolving(monkeypatch, ["8.8.8.8", "10.0.0.1"])
    with pytest.raises(AddressRefused):
        guarded_get("http://mixed.example/")


def test_the_connection_goes_to_the_address_that_was_checked(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _resolving(monkeypatch, ["127.0.0.1"], ["203.0.113.9"])
    portal.says("/x", {"ok": True})
    answer = guarded_get(portal.url.replace("127.0.0.1", "rebinding.example") + "/x")
    assert answer.status == 200
    assert asked == ["rebinding.example"]


@pytest.mark.parametrize("target", ["http://169.254.169.254/", "http://[::1]/", "file:///etc/passwd"])
def test_a_redirect_that_leads_inside_is_refused(portal: Portal, target: str) -> None:
    portal.says("/go", b"", 302, location=target)
    with pytest.raises(AddressRefused):
        guarded_get(f"{portal.url}/go")


def test_redirects_are_followed_so_far_and_no_further(portal: Portal) -> None:
    portal.says("/a", b"", 301, location="/b")
    portal.says("/b", b"here")
    assert guarded_get(f"{portal.url}/a").content == b"here"
    portal.says("/round", b"", 302, location="/round")
    with pytest.raises(TooMuch):
        guarded_get(f"{portal.url}/round")


def test_a_long_answer_is_cut_off(portal: Portal) -> None:
    portal.says("/long", b"x" * 300_000)
    with pytest.raises(TooMuch):
        guarded_get(f"{portal.url}/long", bounds=Bounds(size=100_000))


def test_a_small_answer_that_swells_is_cut_off(portal: Portal) -> None:
    portal.says("/bomb", gzip.compress(b"\0" * 200_000_000), content_encoding="gzip")
    with pytest.raises(TooMuch):
        guarded_get(f"{portal.url}/bomb", bounds=Bounds(size=10_000_000))


def test_gzip_is_unpacked_and_a_broken_one_is_said(portal: Portal) -> None:
    portal.says("/ok", gzip.compress(b"whole"), content_encoding="gzip")
    assert guarded_get(f"{portal.url}/ok").content == b"whole"
    portal.says("/broken", b"\x1f\x8bnonsense", content_encoding="gzip")
    with pytest.raises(Unreachable):
        guarded_get(f"{portal.url}/broken")


def test_an_unknown_encoding_is_refused(portal: Portal) -> None:
    portal.says("/br", b"xx", content_encoding="br")
    with pytest.raises(AnsweredBadly):
        guarded_get(f"{portal.url}/br")


def test_trouble_of_the_other_side_is_told_apart_from_a_refusal(portal: Portal) -> None:
    portal.says("/later", b"", 503)
    portal.says("/slow-down", b"", 429)
    for path in ("/later", "/slow-down"):
        with pytest.raises(AnsweredLater):
            guarded_get(portal.url + path)
    with pytest.raises(AnsweredBadly):
        guarded_get(f"{portal.url}/missing")


def test_nobody_there_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAISHU_HARVEST_ALLOW", "127.0.0.1")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unreachable):
        guarded_get(f"http://127.0.0.1:{port}/")


def test_proxies_of_the_environment_are_not_used(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    portal.says("/x", b"straight")
    assert guarded_get(f"{portal.url}/x").content == b"straight"


def test_looking_whether_something_is_there_takes_any_status(portal: Portal) -> None:
    portal.says("/there", b"x")
    assert guarded_head(f"{portal.url}/there").status == 200
    assert guarded_head(f"{portal.url}/gone").status == 404
