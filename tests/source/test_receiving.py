"""What is received is kept unchanged, once, under a harmless name; what is refused leaves nothing."""

from __future__ import annotations

import errno
import hashlib
import io
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaishu.access import VISITOR, Call
from kaishu.access.errors import NotAllowed
from kaishu.base.errors import NotFound
from kaishu.ledger import last_entry
from kaishu.source import delivery_by_id, keep_original, receive, receive_path, sweep_originals
from kaishu.source.errors import BadName, DiskFull, EmptyDelivery, NoSuchFile, TooLarge
from kaishu.source.names import clean_name


def kept(home: Path) -> list[Path]:
    return [path for path in (home / "originals").rglob("*") if path.is_file()]


def test_bytes_stay_as_they_were(call: Call, home: Path) -> None:
    content = "编号,名称\r\n001,\ufeff朝阳\x00".encode("gb18030", "ignore") * 70_000
    delivery = receive(call, "学校.csv", io.BytesIO(content))
    assert delivery.path.read_bytes() == content
    assert delivery.sha256 == hashlib.sha256(content).hexdigest()
    assert delivery.size == len(content)
    assert delivery.path == home / "originals" / delivery.sha256[:2] / delivery.sha256
    assert delivery_by_id(call.session, delivery.id) is delivery


def test_the_same_bytes_twice_are_one_file_and_two_deliveries(call: Call, home: Path) -> None:
    first = receive(call, "a.csv", io.BytesIO(b"a\n1\n"))
    second = receive(call, "b.csv", io.BytesIO(b"a\n1\n"))
    assert first.id != second.id
    assert (first.name, second.name) == ("a.csv", "b.csv")
    assert len(kept(home)) == 1


def test_a_delivery_is_in_the_ledger(call: Call) -> None:
    delivery = receive(call, "a.csv", io.BytesIO(b"a\n1\n"))
    entry = last_entry(call.session)
    assert entry is not None
    assert (entry.action, entry.subject_id) == ("source.receive", delivery.id)
    assert entry.facts["sha256"] == delivery.sha256


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [("a.csv", b"", EmptyDelivery), ("..", b"a", BadName), ("a.csv", b"x" * 101, TooLarge)],
)
def test_what_is_refused_leaves_nothing(
    call: Call,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    content: bytes,
    error: type[Exception],
) -> None:
    monkeypatch.setenv("KAISHU_UPLOAD_LIMIT", "100")
    with pytest.raises(error):
        receive(call, name, io.BytesIO(content))
    assert kept(home) == []


def test_a_stream_that_breaks_leaves_nothing(home: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell():
                raise ConnectionResetError
            return super().read(4)

    with pytest.raises(ConnectionResetError):
        keep_original("a.csv", Broken(b"abcdefgh"))
    assert kept(home) == []


def test_a_full_disk_says_so_and_leaves_nothing(home: Path) -> None:
    class Full(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(DiskFull, match=r"a\.csv"):
        keep_original("a.csv", Full(b"a"))
    assert kept(home) == []


def test_a_visitor_may_not_deliver(make_call, home: Path) -> None:
    with pytest.raises(NotAllowed):
        receive(make_call(VISITOR), "a.csv", io.BytesIO(b"a"))
    assert kept(home) == []


def test_a_path_is_received_by_its_last_part(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "区划 2024.csv"
    path.write_bytes(b"a\n1\n")
    assert receive_path(call, path).name == "区划 2024.csv"
    with pytest.raises(NoSuchFile, match=r"nowhere\.csv"):
        receive_path(call, tmp_path / "nowhere.csv")
    with pytest.raises(NoSuchFile):
        receive_path(call, tmp_path)


def test_an_unknown_delivery_is_not_found(call: Call) -> None:
    with pytest.raises(NotFound):
        delivery_by_id(call.session, "0" * 26)


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\数据\\2024 学校.csv", "2024 学校.csv"),
        ("a\x00b\n.csv", "ab.csv"),
        ("报表\u202evsc.exe", "报表vsc.exe"),
        ("  名录.csv ", "名录.csv"),
        ("<script>alert(1)</script>.csv", "script>.csv"),
        ("长" * 300 + ".xlsx", "长" * 195 + ".xlsx"),
    ],
)
def test_names_become_harmless_and_stay_readable(given: str, clean: str) -> None:
    assert clean_name(given) == clean


@given(st.text())
def test_a_clean_name_is_clean_for_good(name: str) -> None:
    try:
        clean = clean_name(name)
    except BadName:
        return
    assert clean_name(clean) == clean
    assert not set(clean) & set("/\\\0\r\n")
    assert 0 < len(clean) <= 200
    assert clean not in (".", "..")


def test_a_sweep_removes_what_a_killed_process_left_and_nothing_else(home: Path) -> None:
    script = (
        "import io, time; from kaishu.source import keep_original\n"
        "class Slow(io.BytesIO):\n"
        "    def read(self, size=-1):\n"
        "        print('here', flush=True); time.sleep(0.05); return b'x' * 1000\n"
        "keep_original('a.csv', Slow())"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    assert len(kept(home)) == 1
    assert sweep_originals() == 0, "somebody is still writing"
    process.kill()
    process.wait()
    time.sleep(0.01)
    assert sweep_originals() == 1
    assert kept(home) == []
