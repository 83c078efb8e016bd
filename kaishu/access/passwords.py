"""Passwords: argon2id, and a floor for how weak one may be."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from kaishu.access.errors import WeakPassword

LENGTH = 8
COMMON = frozenset(
    {"password", "12345678", "123456789", "1234567890", "qwertyuiop", "11111111", "iloveyou", "admin123"}
)


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


def hashed(password: str) -> str:
    """Argon2id hash.  Raises ``WeakPassword``."""
    if len(password) < LENGTH or password.lower() in COMMON:
        raise WeakPassword(length=LENGTH)
    return _hasher().hash(password)


def matches(stored: str, password: str) -> bool:
    """Does the password fit the stored hash?"""
    try:
        return _hasher().verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def decoy() -> str:
    """A hash for accounts that do not exist, so that their refusal takes as long."""
    return _hasher().hash("no such account")
