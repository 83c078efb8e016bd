"""A folder of a bucket on anything that speaks S3."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

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
)
from kaishu.source.connectors.relay import Relay
from kaishu.source.errors import PlaceRefused, SourceRefuses, SourceUnreachable, room_for

if TYPE_CHECKING:
    from pyarrow.fs import FileInfo, S3FileSystem

_PORTS = {"http": 80, "https": 443}
#: Bytes that one request brings.
PIECE = 8 << 20
#: Words of the library for a no that stays one.
_NO = re.compile(
    r"ACCESS_DENIED|NO_SUCH_|INVALID_ACCESS_KEY|SIGNATURE|INVALID_CLIENT|SKEWED|curlCode: 60\b"
    r"|HTTP status 4(?!08|29)"
)


class S3:
    """One bucket, through a relay to the address that was checked."""

    def __init__(self, place: Place) -> None:
        self.place = place
        scheme, host, port = _endpoint(place.option("endpoint"))
        self.name = f"{host}:{port}"
        self.folder = "/".join(
            each.strip("/") for each in (place.option("bucket"), place.option("prefix")) if each.strip("/")
        )
        self._relay = Relay(checked_host(host, port), port)
        try:
            self._files_of = self._opened(scheme, f"[{host}]:{port}" if ":" in host else self.name)
        except BaseException:
            self._relay.close()
            raise

    def tables(self) -> list[FoundTable]:
        """Files that fit the pattern, newest first."""
        return as_tables(self._files())

    def columns(self, table: str) -> tuple[FoundColumn, ...]:
        """Only reading tells."""
        return ()

    def fetch(self, wanted: Wanted, folder: Path) -> Fetched:
        """A copy of the object; of a pattern the newest."""
        found = picked(self._files(), wanted)
        check_size(self.name, found.size)
        key = f"{self.folder}/{found.name}"
        with self._speaking(), room_for(found.name), (folder / "file").open("wb") as target:
            with self._files_of.open_input_stream(key) as origin:
                while piece := origin.read(PIECE):
                    target.write(piece)
                    check_size(self.name, target.tell())
            # It came in pieces: they must all be of the object that was listed.
            now = self._files_of.get_file_info(key)
            if target.tell() != found.size or (now.size, _changed(now)) != (found.size, found.changed):
                raise EOFError(f"{found.name}: 读取时变了 changed meanwhile")
        return Fetched(folder / "file", found.name, None, found.mark)

    def close(self) -> None:
        """Hang up."""
        self._relay.close()

    def _opened(self, scheme: str, endpoint: str) -> S3FileSystem:
        from pyarrow.fs import AwsStandardS3RetryStrategy, S3FileSystem

        key = self.place.option("key")
        with self._speaking():
            return S3FileSystem(
                # Without an account nothing is asked of this machine's own.
                anonymous=not key,
                access_key=key or None,
                secret_key=self.place.secret.get("secret", "") if key else None,
                region=self.place.option("region", "us-east-1"),
                scheme=scheme,
                endpoint_override=endpoint,
                force_virtual_addressing=False,
                connect_timeout=10,
                request_timeout=60,
                retry_strategy=AwsStandardS3RetryStrategy(max_attempts=2),
                proxy_options={"scheme": "http", "host": "127.0.0.1", "port": self._relay.port},
            )

    def _files(self) -> list[FoundFile]:
        from pyarrow.fs import FileSelector, FileType

        with self._speaking():
            listed = self._files_of.get_file_info(FileSelector(self.folder))
        return fitting(
            (
                FoundFile(_changed(each), each.base_name, each.size or 0)
                for each in listed
                if each.type == FileType.File
            ),
            self.place.option("pattern"),
        )

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        try:
            yield
        except (EOFError, OSError, ValueError) as error:
            refused = isinstance(error, FileNotFoundError | PermissionError | ValueError)
            kind = SourceRefuses if refused or _NO.search(str(error)) else SourceUnreachable
            raise kind(place=self.name, reason=self.place.plain(error)) from None


def _changed(info: FileInfo) -> int:
    return int(info.mtime.timestamp()) if info.mtime else 0


def _endpoint(said: str) -> tuple[str, str, int]:
    """Scheme, host, port.  Raises ``PlaceRefused``."""
    try:
        parts = urlsplit(said if "://" in said else f"https://{said}")
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError):
        host, port, parts = "", 0, urlsplit("")
    if not host or parts.username or parts.password or parts.path.strip("/") or parts.query:
        raise PlaceRefused(
            place=host or "endpoint",
            reason="应为 https://主机:端口，不带账号和路径",
            reason_en="an endpoint is https://host:port without account and path",
        )
    return parts.scheme, host, port


KIND = Kind(
    "s3",
    "S3 对象存储",
    "Bucket of an object store (S3)",
    (
        Option(
            "endpoint", "地址，如 https://s3.example:9000", "Endpoint, https://s3.example:9000", needed=True
        ),
        Option("bucket", "存储桶", "Bucket", needed=True),
        Option("prefix", "桶内文件夹", "Folder in the bucket"),
        Option(
            "pattern", "文件名样式，如 schools-*.csv", "Pattern of names, such as schools-*.csv", default="*"
        ),
        Option("region", "区域", "Region", default="us-east-1"),
        Option("key", "访问密钥标识，留空则匿名", "Access key; anonymous if empty"),
        Option("secret", "访问密钥", "Secret key", secret=True),
    ),
    S3,
)
