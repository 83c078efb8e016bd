"""Files are fetched from an SFTP server whose key is the one that was said."""

from __future__ import annotations

import base64
import hashlib
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kaishu.source.connectors import KINDS, Place, Wanted, opened
from kaishu.source.errors import NothingNew, SourceRefuses

paramiko = pytest.importorskip("paramiko")
PASSWORD = "geheim-2026"


class Door(paramiko.ServerInterface):  # type: ignore[misc]
    """Lets ``reader`` in, to read."""

    def check_auth_password(self, username: str, password: str) -> int:
        right = (username, password) == ("reader", PASSWORD)
        return int(paramiko.AUTH_SUCCESSFUL if right else paramiko.AUTH_FAILED)

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return int(paramiko.OPEN_SUCCEEDED)


def files(folder: Path) -> type:
    class Files(paramiko.SFTPServerInterface):  # type: ignore[misc]
        def list_folder(self, path: str) -> Any:
            found = []
            for each in folder.iterdir():
                said = paramiko.SFTPAttributes.from_stat(each.stat())
                said.filename = each.name
                found.append(said)
            return found

        def stat(self, path: str) -> Any:
            return paramiko.SFTPAttributes.from_stat((folder / Path(path).name).stat())

        def open(self, path: str, flags: int, attr: Any) -> Any:
            handle = paramiko.SFTPHandle(flags)
            handle.readfile = (folder / Path(path).name).open("rb")
            return handle

    return Files


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("KAISHU_SOURCE_ALLOW", "127.0.0.1")
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for number, name in enumerate(("a-1.csv", "a-2.csv", "b.txt")):
        (inbox / name).write_text(name * 50_000)
        os.utime(inbox / name, (1_700_000_000 + number,) * 2)
    key = paramiko.ECDSAKey.generate()
    listening = socket.create_server(("127.0.0.1", 0))
    transports: list[Any] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            transport = paramiko.Transport(connection)
            transports.append(transport)
            transport.add_server_key(key)
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, files(inbox))
            transport.start_server(event=threading.Event(), server=Door())

    threading.Thread(target=serve, daemon=True).start()
    print_ = base64.b64encode(hashlib.sha256(key.asbytes()).digest()).decode().rstrip("=")
    options = {"host": "127.0.0.1", "port": str(listening.getsockname()[1]), "user": "reader"}
    yield Place(
        "sftp", {**options, "fingerprint": f"SHA256:{print_}", "pattern": "a-*.csv"}, {"password": PASSWORD}
    )
    listening.close()
    for each in transports:
        each.close()


def test_the_newest_file_is_fetched_whole(server: Place, tmp_path: Path) -> None:
    with opened(KINDS["sftp"], server) as connector:
        assert [table.name for table in connector.tables()] == ["a-2.csv", "a-1.csv"]
        found = connector.fetch(Wanted(table="a-*.csv"), tmp_path)
        assert (found.name, found.path.read_text()) == ("a-2.csv", "a-2.csv" * 50_000)
        with pytest.raises(NothingNew):
            connector.fetch(Wanted(table="a-*.csv", since=found.last), tmp_path)


def test_another_key_or_password_is_refused_without_being_told(server: Place) -> None:
    for changed in (
        Place("sftp", {**server.options, "fingerprint": "SHA256:other"}, server.secret),
        Place("sftp", server.options, {"password": "wrong-phrase"}),
    ):
        with pytest.raises(SourceRefuses) as caught:
            KINDS["sftp"].open(changed)
        assert "phrase" not in str(caught.value) and PASSWORD not in str(caught.value)
