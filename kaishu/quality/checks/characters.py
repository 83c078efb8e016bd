"""Which characters the text is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from kaishu.quality.checks.check import RowCheck, Rows, Verdict, failing
from kaishu.quality.checks.given import Given

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Mask = npt.NDArray[np.bool_]

#: Classes that can be named instead of listing letters, as they stand inside RE2's brackets.
CLASSES = {
    "digits": "0-9",
    "latin": "A-Za-z",
    "chinese": r"\x{3400}-\x{4DBF}\x{4E00}-\x{9FFF}\x{F900}-\x{FAFF}\x{20000}-\x{323AF}〇",
    "full-width": r"\x{FF01}-\x{FF60}\x{FFE0}-\x{FFE6}\x{3000}",
    "control": r"\x{00}-\x{1F}\x{7F}-\x{9F}\x{200B}-\x{200F}\x{2028}-\x{202E}\x{2060}\x{FEFF}",
    "space": r"\s\x{A0}\x{2000}-\x{200A}\x{3000}",
    "private": r"\x{E000}-\x{F8FF}\x{FFFD}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Characters(RowCheck):
    """Only allowed ones, or none that are forbidden.  Classes are named, anything else is letters."""

    kind: ClassVar[str] = "characters"
    dimension: ClassVar[str] = "accuracy"
    zh: ClassVar[str] = "字符"
    en: ClassVar[str] = "is made of certain characters"
    parameters: ClassVar = {
        "column": ("一列", "a column"),
        "allowed": (
            f"允许的字符：{'、'.join(CLASSES)} 或直接列出",
            f"what may stand there: {', '.join(CLASSES)}, or the characters themselves",
        ),
        "forbidden": ("不允许的字符，写法相同", "what may not, written the same way"),
    }
    column: str
    allowed: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()

    @classmethod
    def read(cls, given: Given) -> Characters:
        given.need("allowed", "forbidden")
        return cls(column=given.column(), allowed=given.texts("allowed"), forbidden=given.texts("forbidden"))

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.column,)

    def judge(self, rows: Rows) -> Verdict:
        ok = rows.by_value(self.column, (self.kind, self.allowed, self.forbidden), self._fits)
        return failing(ok, rows.present(self.column))

    def _fits(self, texts: Any) -> Mask:
        import numpy as np
        import pyarrow.compute as pc

        bad = np.zeros(len(texts), bool)
        for pattern in self._patterns():
            found = pc.match_substring_regex(texts, pattern)
            bad |= pc.fill_null(found, False).to_numpy(zero_copy_only=False)
        return ~bad

    def _patterns(self) -> list[str]:
        found = []
        if self.allowed:
            found.append(f"[^{members(self.allowed)}]")
        if self.forbidden:
            found.append(f"[{members(self.forbidden)}]")
        return found


def members(names: tuple[str, ...]) -> str:
    """The inside of brackets."""
    return "".join(
        CLASSES.get(name) or "".join(f"\\x{{{ord(letter):X}}}" for letter in name) for name in names
    )
