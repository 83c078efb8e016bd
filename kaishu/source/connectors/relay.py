"""A door inside this process through which a library that resolves names itself reaches one address only.

The library takes it for an HTTP proxy.  Whatever host it asks for, also after a redirect, the bytes go to the
address that was checked; TLS is spoken end to end, so that the certificate still bears the name.
"""

from __future__ import annotations

import selectors
import socket
import threading
from contextlib import suppress

#: Bytes of a request's head; seconds to connect and for each silence.
MOST_HEAD, PATIENCE, SILENCE = 1 << 16, 10.0, 120.0
_AWAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Relay:
    """Listens on the loopback until it is closed."""

    def __init__(self, address: str, port: int) -> None:
        self._target = (address, port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._serve, name="source-relay", daemon=True).start()

    def close(self) -> None:
        """Hang up, on both sides."""
        for each in (self._listening, *tuple(self._open)):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return  # closed
            threading.Thread(target=self._carry, args=(near,), name="source-relay", daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        # A side that breaks off is told to the library by the other side's end.
        with near, suppress(OSError):
            near.settimeout(SILENCE)
            head = _head(near)
            try:
                far = socket.create_connection(self._target, timeout=PATIENCE)
            except OSError:
                near.sendall(_AWAY)
                return
            with far:
                far.settimeout(SILENCE)
                self._open |= {near, far}
                try:
                    if head.startswith(b"CONNECT "):
                        near.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                    else:
                        far.sendall(head)
                    _pump(near, far)
                finally:
                    self._open -= {near, far}


def _head(near: socket.socket) -> bytes:
    """What comes first, at least to the end of the head."""
    head = b""
    while b"\r\n\r\n" not in head and len(head) < MOST_HEAD:
        piece = near.recv(1 << 14)
        if not piece:
            break
        head += piece
    return head


def _pump(near: socket.socket, far: socket.socket) -> None:
    """Both ways, until one side ends or both are silent."""
    with selectors.DefaultSelector() as waiting:
        waiting.register(near, selectors.EVENT_READ, far)
        waiting.register(far, selectors.EVENT_READ, near)
        while ready := waiting.select(SILENCE):
            for key, _ in ready:
                piece = key.fileobj.recv(1 << 18)  # type: ignore[union-attr]
                if not piece:
                    return
                key.data.sendall(piece)
