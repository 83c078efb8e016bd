"""Passwords and tokens of sources, encrypted at rest with a key that only this machine has."""

from __future__ import annotations

import base64
import binascii
import json
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from kaishu.base import settings
from kaishu.source.errors import BadSecretKey, SecretLost

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

KEY_FILE = "secret.key"


def seal(secret: Mapping[str, str]) -> str:
    """Encrypt and authenticate (Fernet: AES-128-CBC, HMAC-SHA-256); empty stays empty."""
    kept = {name: value for name, value in secret.items() if value}
    return _cipher().encrypt(json.dumps(kept).encode()).decode() if kept else ""


def unseal(name: str, sealed: str) -> dict[str, str]:
    """What was sealed, for the source of that name.  Raises ``SecretLost``."""
    if not sealed:
        return {}
    from cryptography.fernet import InvalidToken

    try:
        found: dict[str, str] = json.loads(_cipher().decrypt(sealed.encode()))
    except InvalidToken:
        raise SecretLost(name=name) from None
    return found


def _cipher() -> Fernet:
    from cryptography.fernet import Fernet

    given = settings.text("secret_key").strip()
    where, written = ("KAISHU_SECRET_KEY", given) if given else (KEY_FILE, _key_file())
    try:
        raw = base64.b64decode(written.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != 32:
        raise BadSecretKey(where=where)
    return Fernet(base64.urlsafe_b64encode(raw))


def _key_file() -> str:
    """The key in the home folder, made at its first use; whoever comes second reads what the first wrote."""
    path = settings.home() / KEY_FILE
    if not path.exists():
        settings.home().mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{KEY_FILE}.{os.getpid()}")
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64encode(os.urandom(32)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, path)
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    return path.read_text(encoding="ascii").strip()
