"""A real SMTP server, small: it takes what it is told and keeps it; no TLS."""

from __future__ import annotations

import base64
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast


@dataclass
class Kept:
    """What arrived; ``refused`` maps an address to the answer it gets."""

    port: int = 0
    messages: list[EmailMessage] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


@contextmanager
def mail_server() -> Iterator[Kept]:
    """A server on a free port of this machine."""
    kept = Kept()

    class Handler(socketserver.StreamRequestHandler):
        def say(self, text: str) -> None:
            self.wfile.write(text.encode() + b"\r\n")

        def handle(self) -> None:
            self.say("220 here")
            while line := self.rfile.readline().decode().strip():
                word = line.split()[0].upper()
                if word == "EHLO":
                    self.say("250-here\r\n250 AUTH PLAIN")
                elif word == "AUTH":
                    user = base64.b64decode(line.split()[2]).split(b"\0")
                    kept.signed_in.append(user[1].decode())
                    self.say("235 in" if user[2] == b"right" else "535 wrong password")
                elif word == "RCPT":
                    address = line.partition("<")[2].partition(">")[0]
                    self.say(kept.refused.get(address, "250 fine"))
                elif word == "DATA":
                    self.take()
                elif word == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 fine")

        def take(self) -> None:
            self.say("354 go on")
            lines = []
            while (line := self.rfile.readline()) != b".\r\n":
                lines.append(line[1:] if line.startswith(b"..") else line)
            message = message_from_bytes(b"".join(lines), policy=default)
            kept.messages.append(cast(EmailMessage, message))
            self.say("250 taken")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        kept.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield kept
        finally:
            server.shutdown()
            thread.join()
