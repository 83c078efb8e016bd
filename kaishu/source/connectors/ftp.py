"""A folder on an FTP server, with TLS unless somebody says no."""

from __future__ import annotations

import codecs
import ftplib
import hashlib
import socket
import ssl
from calendar import timegm
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import strptime

from kaishu.source.addresses import checked_host
from kaishu.source.connectors.files import FoundFile, as_tables, fitting, picked
from kaishu.source.connectors.kind import (
    MOST_TABLES,
    Fetched,
    FoundColumn,
    FoundTable,
    Kind,
    Option,
    Place,
    Wanted,
    check_size,
)
from kaishu.source.errors import SourceRefuses, SourceUnreachable, SourceUnreadable, room_for

TLS = ("yes", "no")
#: Lines of a folder's list, bytes of each, seconds for each silence.
MOST_LINES, MOST_LINE, SILENCE = 100_000, 8192, 60
#: Answers of servers that do not know a command.
_UNKNOWN = ("500", "501", "502", "504")


class _Plain(ftplib.FTP):
    """Data always comes from the address that answers, whatever else the server names."""

    trust_server_pasv_ipv4_address = False


class _Safe(ftplib.FTP_TLS):
    """The same over TLS; both connections show the certificate that was said, or one that is vouched for."""

    trust_server_pasv_ipv4_address = False
    fingerprint = ""

    def auth(self) -> str:
        said = super().auth()
        self._check(self.sock)
        return said

    def ntransfercmd(self, cmd: str, rest: int | str | None = None) -> tuple[socket.socket, int | None]:
        conn, size = ftplib.FTP.ntransfercmd(self, cmd, rest)  # noqa: S321  (made safe two lines below)
        # Many servers take data only on the session that has signed in.
        session = self.sock.session if isinstance(self.sock, ssl.SSLSocket) else None
        safe = self.context.wrap_socket(conn, server_hostname=self.host, session=session)
        self._check(safe)
        return safe, size

    def _check(self, conn: socket.socket | None) -> None:
        if self.fingerprint and isinstance(conn, ssl.SSLSocket):
            found = hashlib.sha256(conn.getpeercert(binary_form=True) or b"").hexdigest()
            if found != self.fingerprint:
                conn.close()
                raise ssl.SSLCertVerificationError(f"SHA256 {found}?")


class Ftp:
    """One connection, in the folder."""

    def __init__(self, place: Place) -> None:
        self.place = place
        host, port = place.option("host"), place.number("port", 21)
        self.name = f"{host}:{port}"
        client = self._client = self._made()
        address = checked_host(host, port)
        with self._speaking():
            try:
                client.connect(address, port, timeout=10)
                client.timeout = SILENCE
                client.sock.settimeout(SILENCE)  # type: ignore[union-attr]
                client.host = host  # the name that the certificate must bear
                client.login(place.option("user", "anonymous"), place.secret.get("password", ""))
                if isinstance(client, _Safe):
                    client.prot_p()
                client.cwd(place.option("path", "."))
                client.voidcmd("TYPE I")
            except BaseException:
                client.close()
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
        with self._speaking(), room_for(found.name), (folder / "file").open("wb") as target:
            self._client.voidcmd("TYPE I")
            with self._client.transfercmd(f"RETR {found.name}") as conn:
                while piece := conn.recv(1 << 18):
                    target.write(piece)
                    check_size(self.name, target.tell())
            self._client.voidresp()
            if target.tell() != found.size:
                raise EOFError(f"{found.name}: {target.tell()} / {found.size} bytes")
        return Fetched(folder / "file", found.name, None, found.mark)

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def _made(self) -> ftplib.FTP:
        encoding, tls = self.place.option("encoding", "utf-8"), self.place.option("tls", "yes")
        try:
            codecs.lookup(encoding)
        except (LookupError, ValueError):
            raise self._unreadable(f"encoding={encoding[:40]}") from None
        if tls not in TLS:
            raise self._unreadable(f"tls: {', '.join(TLS)}")
        if tls == "no":
            return _Plain(encoding=encoding)
        said = self.place.option("fingerprint").upper().removeprefix("SHA256").replace(":", "").strip()
        context = ssl.create_default_context()
        if said:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        client = _Safe(context=context, encoding=encoding)
        client.fingerprint = said.lower()
        return client

    def _unreadable(self, reason: str) -> SourceUnreadable:
        return SourceUnreadable(place=self.name, reason=reason, reason_en=reason)

    def _files(self) -> list[FoundFile]:
        pattern = self.place.option("pattern")
        with self._speaking():
            try:
                listed = self._lines("MLSD")
            except ftplib.error_perm as error:
                if not str(error).startswith(_UNKNOWN):
                    raise
                return self._asked_singly(pattern)
        return fitting(filter(None, map(_entry, listed)), pattern)

    def _lines(self, command: str) -> list[str]:
        lines: list[str] = []
        self._client.voidcmd("TYPE A")
        with self._client.transfercmd(command) as conn, conn.makefile("rb") as told:
            while line := told.readline(MOST_LINE):
                lines.append(line.decode(self._client.encoding).rstrip("\r\n"))
                if len(lines) > MOST_LINES:
                    raise self._unreadable(f"> {MOST_LINES} files")
        self._client.voidresp()
        return lines

    def _asked_singly(self, pattern: str) -> list[FoundFile]:
        """Old servers list only names; size and time are asked for each that fits."""
        try:
            names = self._lines("NLST")
        except ftplib.error_perm as error:
            if not str(error).startswith("550"):
                raise
            names = []  # so some say that the folder is empty
        fits = fitting((FoundFile(0, name.removeprefix("./"), 0) for name in names), pattern)
        if len(fits) > MOST_TABLES:
            raise self._unreadable(f"> {MOST_TABLES} files: pattern={pattern}")
        self._client.voidcmd("TYPE I")
        found = []
        for each in fits:
            with suppress(ftplib.error_perm):  # a folder has no size
                size = self._client.size(each.name)
                if size is not None:
                    found.append(FoundFile(self._changed(each.name), each.name, size))
        return fitting(found, pattern)

    def _changed(self, name: str) -> int:
        try:
            return _seconds(self._client.sendcmd(f"MDTM {name}")[4:])
        except ftplib.error_perm as error:
            if str(error).startswith(_UNKNOWN):
                return 0  # the newest is then the last by name
            raise

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        try:
            yield
        except UnicodeError as error:
            raise self._unreadable(f"encoding? {self.place.plain(error)}") from None
        except (ftplib.error_perm, ssl.SSLCertVerificationError, ValueError) as error:
            raise SourceRefuses(place=self.name, reason=self.place.plain(error)) from None
        except (ftplib.Error, EOFError, OSError) as error:
            raise SourceUnreachable(place=self.name, reason=self.place.plain(error)) from None


def _entry(line: str) -> FoundFile | None:
    """A file of MLSD's list (RFC 3659); folders are none."""
    facts, _, name = line.partition(" ")
    told = {key.lower(): value for key, _, value in (each.partition("=") for each in facts.split(";"))}
    if told.get("type", "").lower() != "file" or not told.get("size", "").isdecimal():
        return None
    return FoundFile(_seconds(told.get("modify", "")), name, int(told["size"]))


def _seconds(stamp: str) -> int:
    """``20240131235959`` of universal time, perhaps with a fraction; 0 for anything else."""
    try:
        return timegm(strptime(stamp.strip()[:14], "%Y%m%d%H%M%S"))
    except ValueError:
        return 0


KIND = Kind(
    "ftp",
    "FTP 文件夹",
    "Folder on an FTP server",
    (
        Option("host", "主机", "Host", needed=True),
        Option("port", "端口", "Port", default="21"),
        Option(
            "tls",
            "加密：yes 或 no（no 时口令明文传送）",
            "TLS: yes, or no (password in clear)",
            default="yes",
        ),
        Option(
            "fingerprint",
            "自签证书的 SHA-256 指纹；留空则按主机名验证证书",
            "SHA-256 fingerprint of a certificate nobody vouches for; if empty it is verified by name",
        ),
        Option("user", "账号", "Account", default="anonymous"),
        Option("password", "口令", "Password", secret=True),
        Option("path", "文件夹", "Folder", default="."),
        Option(
            "pattern", "文件名样式，如 schools-*.csv", "Pattern of names, such as schools-*.csv", default="*"
        ),
        Option("encoding", "文件名编码，旧系统多为 gbk", "Encoding of names, often gbk", default="utf-8"),
    ),
    Ftp,
)
