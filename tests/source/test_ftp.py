"""Files are fetched from an FTP server, new or old, from the address that was checked and nowhere else."""

from __future__ import annotations

import hashlib
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from kaishu.source.connectors import KINDS, Place, Wanted, opened
from kaishu.source.errors import (
    NothingNew,
    PlaceRefused,
    SourceRefuses,
    SourceUnreachable,
    SourceUnreadable,
)

PASSWORD = "geheim-2026"
FILES = {"a-1.csv": b"one", "a-2.csv": b"a-2.csv" * 50_000, "b.txt": b"b", "城镇.csv": b"x"}


class Server:
    """One folder; ``old`` knows neither MLSD nor its own address, ``short`` breaks off in the middle."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.context, self.old, self.short, self.encoding = context, False, False, "utf-8"
        self.asked: list[str] = []
        self.listening = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while True:
            try:
                conn, _ = self.listening.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=(conn,), daemon=True).start()

    def talk(self, conn: socket.socket) -> None:
        safe, user, waiting = False, "", socket.create_server(("127.0.0.1", 0))
        conn.sendall(b"220 hello\r\n")
        try:
            while line := conn.makefile("rb", buffering=0).readline():
                verb, _, rest = line.decode(self.encoding).strip().partition(" ")
                self.asked.append(verb)
                said = {"TYPE": "200 ok", "PBSZ": "200 ok", "PROT": "200 ok"}.get(verb, "502 what?")
                if verb == "AUTH":
                    conn.sendall(b"234 go on\r\n")
                    conn, safe = self.context.wrap_socket(conn, server_side=True), True
                    continue
                if verb == "USER":
                    user, said = rest, "331 password?"
                elif verb == "PASS":
                    said = "230 in" if (user, rest) == ("reader", PASSWORD) else "530 no"
                elif verb == "CWD":
                    said = "250 ok" if rest in (".", "inbox") else "550 no such folder"
                elif verb == "PASV":  # names another host: nobody may be led there
                    waiting.close()
                    waiting = socket.create_server(("127.0.0.1", 0))
                    port = waiting.getsockname()[1]
                    said = f"227 (203,0,113,9,{port >> 8},{port & 255})"
                elif verb in ("SIZE", "MDTM"):
                    place = list(FILES).index(rest) if rest in FILES else -1
                    size, stamp = len(FILES.get(rest, b"")), f"2024010{place + 1}000000"
                    said = f"213 {size if verb == 'SIZE' else stamp}" if place >= 0 else "550 a folder"
                elif verb == "RETR" or verb == "NLST" or (verb == "MLSD" and not self.old):
                    conn.sendall(b"150 here\r\n")
                    data, _ = waiting.accept()
                    data = self.context.wrap_socket(data, server_side=True) if safe else data
                    content = FILES[rest] if verb == "RETR" else self.listed(verb)
                    data.sendall(content[:1000] if self.short and verb == "RETR" else content)
                    data.close()
                    said = "226 done"
                conn.sendall(f"{said}\r\n".encode())
        except OSError:
            pass  # the client hung up
        finally:
            conn.close()
            waiting.close()

    def listed(self, verb: str) -> bytes:
        lines = [
            name if verb == "NLST" else f"type=file;size={len(content)};modify=2024010{n}000000.5; {name}"
            for n, (name, content) in enumerate(FILES.items(), 1)
        ] + ["a-folder.csv" if verb == "NLST" else "type=dir;modify=20250101000000; a-folder.csv"]
        return "".join(f"{each}\r\n" for each in lines).encode(self.encoding)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A certificate nobody vouches for, with its key, and its fingerprint."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("ftp") / "both.pem"
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(secret + made.public_bytes(pem))
    return path, hashlib.sha256(made.public_bytes(serialization.Encoding.DER)).hexdigest()


@pytest.fixture
def server(certificate: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("KAISHU_SOURCE_ALLOW", "127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate[0])
    made = Server(context)
    yield made
    made.listening.shutdown(socket.SHUT_RDWR)
    made.listening.close()


def place(server: Server, password: str = PASSWORD, **options: str) -> Place:
    port = str(server.listening.getsockname()[1])
    given = {"host": "127.0.0.1", "port": port, "user": "reader", "path": "inbox", "pattern": "a-*.csv"}
    return Place("ftp", {**given, **options}, {"password": password})


def test_the_newest_file_is_fetched_whole_over_tls(
    server: Server, certificate: tuple[Path, str], tmp_path: Path
) -> None:
    shown = ":".join(certificate[1][at : at + 2] for at in range(0, 64, 2)).upper()
    with opened(KINDS["ftp"], place(server, fingerprint=shown)) as connector:
        assert [table.name for table in connector.tables()] == ["a-2.csv", "a-1.csv"]
        found = connector.fetch(Wanted(table="a-*.csv"), tmp_path)
        assert (found.name, found.path.read_bytes()) == ("a-2.csv", FILES["a-2.csv"])
        with pytest.raises(NothingNew):
            connector.fetch(Wanted(table="a-*.csv", since=found.last), tmp_path)
    assert "PROT" in server.asked


def test_an_old_server_without_mlsd_and_with_chinese_names(server: Server, tmp_path: Path) -> None:
    server.old, server.encoding = True, "gbk"
    plain = {"tls": "no", "encoding": "gbk", "pattern": "*.csv"}
    with opened(KINDS["ftp"], place(server, **plain)) as connector:
        assert [table.name for table in connector.tables()] == ["城镇.csv", "a-2.csv", "a-1.csv"]
        assert connector.fetch(Wanted(table="a-1.csv"), tmp_path).path.read_bytes() == b"one"
    with (
        opened(KINDS["ftp"], place(server, tls="no")) as connector,
        pytest.raises(SourceUnreadable, match="encoding"),
    ):
        connector.tables()


def test_a_file_that_breaks_off_is_not_taken(server: Server, tmp_path: Path) -> None:
    server.short = True
    with (
        opened(KINDS["ftp"], place(server, tls="no")) as connector,
        pytest.raises(SourceUnreachable, match="1000 / 350000"),
    ):
        connector.fetch(Wanted(table="a-2.csv"), tmp_path)


def test_another_certificate_gets_no_password(server: Server) -> None:
    for options in ({"fingerprint": "SHA256:" + "ab" * 32}, {}):
        with pytest.raises(SourceRefuses, match=r"SHA256|certificate verify failed"):
            KINDS["ftp"].open(place(server, **options))
    assert "PASS" not in server.asked


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"tls": "no", "path": "elsewhere"}, SourceRefuses),
        ({"tls": "no", "path": "in\r\nDELE x"}, SourceRefuses),
        ({"tls": "maybe"}, SourceUnreadable),
        ({"encoding": "klingon"}, SourceUnreadable),
        ({"host": "169.254.169.254"}, PlaceRefused),
        ({"port": "1"}, SourceUnreachable),
    ],
)
def test_what_cannot_be_opened_says_why(server: Server, options: dict[str, str], problem: type) -> None:
    with pytest.raises(problem):
        KINDS["ftp"].open(place(server, **options))


def test_a_wrong_password_is_not_told(server: Server) -> None:
    with pytest.raises(SourceRefuses) as caught:
        KINDS["ftp"].open(place(server, "wrong-phrase", tls="no"))
    assert "530" in str(caught.value) and "phrase" not in str(caught.value)
