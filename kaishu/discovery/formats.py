"""One spelling for the many ways in which portals write a file format; records keep what they say."""

from __future__ import annotations

import re
from functools import lru_cache

from kaishu import standards

#: Formats that nobody can tell from what is written.
OTHER = "other"
LONGEST = 30
SAYS_NOTHING = frozenset(
    [
        "?",
        "app",
        "application",
        "bin",
        "binary",
        "data",
        "file",
        "files",
        "link",
        "n/a",
        "na",
        "none",
        "null",
        "octet-stream",
        "other",
        "others",
        "unknown",
        "unspecified",
        "url",
        "其他",
        "其它",
        "未知",
        "无",
        "不明",
    ]
)
ADDRESS = re.compile(r"\w+://|/")
MEDIA_TYPE = re.compile(r"(?:application|audio|font|image|message|model|multipart|text|video)/([^/]+)")
ADDED = re.compile(r"^(?:vnd\.|x-|prs\.)+")


@lru_cache(maxsize=10_000)
def format_code(text: str) -> str:
    """The vocabulary's code, else a short name as written, in lower case, else ``other``; "" for none."""
    said = " ".join(text.split()).lower()
    if not said:
        return ""
    short = said
    for short in _ways(said):
        if term := standards.vocabulary("file-format").find(short):
            return term.code
    if ADDRESS.match(said) or short in SAYS_NOTHING or not short or len(short) > LONGEST:
        return OTHER  # of an address the end names a page, not a format
    return short


def _ways(said: str) -> list[str]:
    """Ever shorter ways of naming the same: a media type without what was added, an address by its end."""
    ways = [said, said.partition(";")[0].strip()]
    if ADDRESS.match(said):
        parts = ways[-1].rstrip("/").split("/")
        ways += ["/".join(parts[-2:]), parts[-1]]
    elif kind := MEDIA_TYPE.fullmatch(ways[-1]):
        ways += [kind[1], ADDED.sub("", kind[1])]
    return [*ways, ways[-1].strip("*._- ")]
