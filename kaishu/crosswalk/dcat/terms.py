"""Texts and addresses as terms of Turtle.  Whatever comes in, what goes out is well formed."""

from __future__ import annotations

import re
from urllib.parse import quote

#: What XML 1.0 cannot hold, and halves of characters: they are left out.
UNSPEAKABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
SPECIAL = re.compile('["\\\\\x00-\x1f\ud800-\udfff\ufffe\uffff]')
ESCAPED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
WIDE = (
    "\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U0001fffd\U00020000-\U0002fffd\U00030000-\U0003fffd"
)
PLAIN = f"A-Za-z0-9._~!$&'()*+,;=:@{WIDE}-"
CODED = "%[0-9A-Fa-f]{2}"
HOST = f"[A-Za-z0-9._~!$&'()*+,;={WIDE}-]"
PATH = f"[{PLAIN}/]*+(?:{CODED}[{PLAIN}/]*+)*+"
TAIL = f"[{PLAIN}/?]*+(?:{CODED}[{PLAIN}/?]*+)*+"
WEB = re.compile(f"(?:https?|ftps?)://{HOST}++(?::[0-9]{{0,5}})?(?:/{PATH})?(?:\\?{TAIL})?(?:#{TAIL})?")
URN = re.compile(f"urn:[A-Za-z0-9][A-Za-z0-9-]{{1,31}}:[{PLAIN}]++")
DOTS = re.compile(r"/\.{1,2}(?:[/?#]|$)")
SLUG = re.compile("[A-Za-z0-9_~-]+")
LANGUAGE = re.compile(r"[a-z]{2,3}")
HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")


def literal(text: str) -> str:
    """A text between quotes."""
    if text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return f'"{SPECIAL.sub(_escape, text)}"'


def _escape(match: re.Match[str]) -> str:
    return ESCAPED.get(match[0], "")


def is_address(text: str) -> bool:
    """May the text stand between ``<`` and ``>`` in any syntax and come back as it is?"""
    if WEB.fullmatch(text) or URN.fullmatch(text):
        return "/." not in text or DOTS.search(text) is None
    return False


def address(text: str) -> str:
    """``<text>``, or nothing if it is no address."""
    return f"<{text}>" if is_address(text) else ""


def nearest(text: str) -> str:
    """``<address>`` with what may not stand there written as %XX; nothing if that does not help."""
    if (WEB.fullmatch(text) and "/." not in text) or is_address(text):
        return f"<{text}>"
    scheme, _, rest = UNSPEAKABLE.sub("", text).partition("://")
    host, slash, path = rest.partition("/")
    path = re.sub("%(?![0-9A-Fa-f]{2})", "%25", path)
    path, mark, tail = path.partition("#")
    tail = tail.replace("#", "%23")
    made = f"{scheme}://{host}{slash}{_coded(path)}{mark}{_coded(tail)}"
    made = re.sub(r"(?:/\.{1,2})+(?=[/?#]|$)", "", made)
    return address(made)


def _coded(text: str) -> str:
    return quote(text, safe="%/:?@!$&'()*+,;=~")


def typed(text: str, kind: str) -> str:
    """A text that is known to be of the datatype."""
    return f'"{text}"^^xsd:{kind}'


def slug(text: str) -> str:
    """One part of a path."""
    return text if SLUG.fullmatch(text) else quote(text, safe="", errors="replace")
