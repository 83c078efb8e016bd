"""Identifiers: sortable ids for rows, readable slugs for addresses."""

from __future__ import annotations

import re
import secrets
import time
import unicodedata

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id() -> str:
    """26 characters, lower-case Crockford base 32: 48 bits of milliseconds, then 80 random bits.

    Sorts by time of making, safe in addresses and file names.
    """
    number = (time.time_ns() // 1_000_000 << 80) | secrets.randbits(80)
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))


def slug(text: str, limit: int = 60) -> str:
    """Readable address part: Chinese becomes pinyin, the rest lower-case ASCII and hyphens.

    >>> slug("北京市地铁站点 2024")
    'beijingshi-ditie-zhandian-2024'
    """
    from pypinyin import lazy_pinyin

    words = re.findall(r"[㐀-鿿]+|[a-zA-Z0-9]+", unicodedata.normalize("NFKC", text))
    parts = []
    for word in words:
        if word.isascii():
            parts.append(word.lower())
        else:
            parts.extend("".join(lazy_pinyin(piece)) for piece in _pieces(word))
    joined = ""
    for part in parts:
        if len(joined) + len(part) + 1 > limit and joined:
            break
        joined = f"{joined}-{part}" if joined else part[:limit]
    return joined or "dataset"


def _pieces(word: str) -> list[str]:
    import rjieba

    return list(rjieba.cut(word))
