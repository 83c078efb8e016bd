"""The four rights of a licence (使用、修改、传播、商用), read from its code or its text.

What an open licence must allow: Open Definition 2.1, https://opendefinition.org/od/2.1/en/
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from kaishu import standards

#: Names of the rights, in the order in which they are told.
RIGHTS = ("use", "adapt", "distribute", "commercial")
RIGHT_WORDS = {
    "use": ("自由使用", "use"),
    "adapt": ("修改演绎", "copy and adapt"),
    "distribute": ("自由传播", "distribute"),
    "commercial": ("商业利用", "commercial use"),
}
#: Codes of licences that withhold one right; open ones grant all, others are not known to grant any.
_WITHHOLD = {"cc-by-nc-4.0": "commercial", "cc-by-nd-4.0": "adapt"}
_NOT = r"(?:不得|不能|不可|不允许|禁止|未经许可|may\s+not|must\s+not|not\s+be|no\s+|not\s+|prohibit\w*\s)"
_NEAR = r"[^。；;.!！\n]{0,24}?"
_SAYS = {
    "use": r"(?:自由|免费|可以|可)(?:使用|利用)|使用权|free(?:ly)?\s+(?:to\s+)?use|may\s+use|use\s+freely",
    "adapt": r"修改|改编|演绎|加工|汇编|二次开发|adapt|modif|derivativ|transform|build\s+upon|remix",
    "distribute": r"传播|分发|分享|发行|转载|distribut|share|publish|copy\s+and",
    "commercial": r"商业|商用|营利|盈利|commercial",
}
_GRANTS = {right: re.compile(words, re.IGNORECASE) for right, words in _SAYS.items()}
_REFUSES = {right: re.compile(rf"{_NOT}{_NEAR}(?:{words})", re.IGNORECASE) for right, words in _SAYS.items()}
_REFUSES["commercial"] = re.compile(
    rf"{_REFUSES['commercial'].pattern}|非商业|非商用|非营利|non[-\s]?commercial|\bnc\b", re.IGNORECASE
)
_REFUSES["adapt"] = re.compile(
    rf"{_REFUSES['adapt'].pattern}|no[-\s]?deriv|\bnd\b|保持原样|不作修改", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Rights:
    """Each right: True granted, False withheld, None not said; ``licence`` is the code, if one was meant."""

    use: bool | None = None
    adapt: bool | None = None
    distribute: bool | None = None
    commercial: bool | None = None
    licence: str = ""

    @property
    def granted(self) -> int:
        """How many of the four are granted."""
        return sum(getattr(self, right) is True for right in RIGHTS)


@lru_cache(maxsize=4096)
def rights_of(code: str, text: str = "") -> Rights:
    """The rights that a licence grants: by its code if we know it, else by an address or a text.

    A text that names a licence we know counts as that licence; else every right is looked for in words, and
    one that is both granted and withheld counts as withheld.
    """
    vocabulary = standards.vocabulary("licence")
    term = vocabulary.find(code) if code else None
    if (term is None or term.code == "unspecified") and text:
        term = next(filter(None, map(vocabulary.find, _spellings(text.strip()))), None)
    if term is not None and term.code != "unspecified":
        return _known(term.code, bool(term.extra.get("open")))
    said: dict[str, Any] = {right: _said(right, text) for right in RIGHTS}
    return Rights(**said)


def _spellings(text: str) -> list[str]:
    """A text as it is; an address also under the other scheme, with and without its last stroke."""
    if not text.startswith(("http://", "https://")):
        return [text]
    rest = text.split("://", 1)[1].rstrip("/")
    return [text, *(f"{scheme}://{rest}{end}" for scheme in ("https", "http") for end in ("", "/"))]


def _known(code: str, is_open: bool) -> Rights:
    withheld = _WITHHOLD.get(code)
    if is_open or withheld:
        granted: dict[str, Any] = {right: right != withheld for right in RIGHTS}
        return Rights(**granted, licence=code)
    return Rights(licence=code)


def _said(right: str, text: str) -> bool | None:
    if not text:
        return None
    if _REFUSES[right].search(text):
        return False
    return True if _GRANTS[right].search(text) else None
