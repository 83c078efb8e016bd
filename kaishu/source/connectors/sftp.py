"""A folder on an SFTP server, whose key must be known beforehand."""

from __future__ import annotations

import base64
import hashlib
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kaishu.source.addresses import checked_host
from kaishu.source.connectors.files import FoundFile, as_tables, fitting, picked
from kaishu.source.connectors.kind import (
    Fetched,
    FoundColumn,
    FoundTable,
    Kind,
    Option,
    Place,
    Wanted,
    check_size,
    needed,
)
from kaishu.source.errors import SourceRefuses, SourceUnreachable, room_for


class Sftp:
    """One connection."""

    def __init__(self, place: Place) -> None:
        self.place = place
        host, port = place.option("host"), place.number("port", 22)
        self.name = f"{host}:{port}"
        self._driver = needed("paramiko", "paramiko", "sftp")
        address = checked_host(host, port)
        with self._speaking():
            self._transport = self._driver.Transport(socket.create_connection((address, port), timeout=10))
            try:
                self._transport.start_client(timeout=15)
                self._check_key(self._transport.get_remote_server_key())
                self._sign_in()
                self._client: Any = self._driver.SFTPClient.from_transport(self._transport)
                self._client.get_channel().settimeout(60)
            except BaseException:
                self._transport.close()
                raise

    def tables(self) -> list[FoundTable]:
        """Files that fit the pattern, newest first."""
        return as_tables(self._files())

    def columns(self, table: str) -> tuple[FoundColumn, ...]:
        """Only reading tells."""
        return ()

    def fetch(self, wanted: Wanted, folder: Path) -> Fetched:
        """A copy of the file; of a pattern the newest."""
        found = picked(self._files(), wanted)
        check_size(self.name, found.size)
        path = f"{self.place.option('path', '.').rstrip('/') or '/'}/{found.name}"
        with self._speaking(), room_for(found.name), (folder / "file").open("wb") as target:
            self._client.getfo(path, target, prefetch=found.size < 1 << 28)
        return Fetched(folder / "file", found.name, None, found.mark)

    def close(self) -> None:
        """Hang up."""
        self._transport.close()

    def _files(self) -> list[FoundFile]:
        with self._speaking():
            listed = self._client.listdir_attr(self.place.option("path", "."))
        return fitting(
            (
                FoundFile(each.st_mtime or 0, each.filename, each.st_size or 0)
                for each in listed
                if stat.S_ISREG(each.st_mode or 0)
            ),
            self.place.option("pattern"),
        )

    def _check_key(self, key: Any) -> None:
        found = base64.b64encode(hashlib.sha256(key.asbytes()).digest()).decode().rstrip("=")
        if self.place.option("fingerprint").removeprefix("SHA256:") != found:
            raise SourceRefuses(place=self.name, reason=f"SHA256:{found}?")

    def _sign_in(self) -> None:
        self._transport.auth_password(self.place.option("user"), self.place.secret.get("password", ""))

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        try:
            yield
        except (self._driver.AuthenticationException, PermissionError, FileNotFoundError) as error:
            raise SourceRefuses(place=self.name, reason=self.place.plain(error)) from None
        except (self._driver.SSHException, EOFError, OSError) as error:
            raise SourceUnreachable(place=self.name, reason=self.place.plain(error)) from None


KIND = Kind(
    "sftp",
    "SFTP 文件夹",
    "Folder on an SFTP server",
    (
        Option("host", "主机", "Host", needed=True),
        Option("port", "端口", "Port", default="22"),
        Option("user", "账号", "Account", needed=True),
        Option("password", "口令", "Password", secret=True),
        Option("path", "文件夹", "Folder", default="."),
        Option(
            "pattern", "文件名样式，如 schools-*.csv", "Pattern of names, such as schools-*.csv", default="*"
        ),
        Option(
            "fingerprint",
            "服务器公钥指纹（SHA256:…，ssh-keygen -lf 可查）",
            "Fingerprint of the server's key (SHA256:…, as ssh-keygen -lf says)",
            needed=True,
        ),
    ),
    Sftp,
)
