"""File names as people's computers send them, made harmless and still readable."""

from __future__ import annotations

import re
import unicodedata

from kaishu.source.errors import BadName

_LONGEST = 200
# Control characters, and marks that turn the direction of text and so hide a name's real ending.
_UNSEEN = re.compile("[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def clean_name(name: str) -> str:
    """The last part of a path, without control characters, at most 200 characters, its ending kept.

    >>> clean_name("C:\\\\数据\\\\2024 学校.csv")
    '2024 学校.csv'

    Raises ``BadName`` if nothing is left.
    """
    last = re.split(r"[/\\]", name)[-1]
    last = _UNSEEN.sub("", unicodedata.normalize("NFC", last.encode("utf-8", "replace").decode())).strip()
    if not last.strip("."):
        raise BadName(file=name[:_LONGEST])
    if len(last) > _LONGEST:
        stem, dot, ending = last.rpartition(".")
        keep = len(ending) + 1 if dot and len(ending) <= 20 else 0
        last = (stem or last)[: _LONGEST - keep] + (last[-keep:] if keep else "")
    return last
