"""表示格式: how a value is written, in the style of GB/T 19488: ``an..100``, ``n6``, ``d8``, ``n..10,2``.

representation = "ul" | class size [ "," decimals ]
class          = "an" | "a" | "n" | "c" | "dt" | "d" | "t" | "b"
size           = number | ".." number | number ".." number
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

from kaishu.base.errors import Said
from kaishu.elements.errors import BadRepresentation

GRAMMAR = re.compile(r"(an|a|n|c|dt|d|t|b)(?:(\d{1,5})?(\.\.))?(\d{1,5})(?:,(\d{1,2}))?", re.ASCII)
UNLIMITED = "ul"

#: Class and size of dates and times, and how ``strptime`` writes them.
TIMES: dict[tuple[str, int], tuple[str, str, str]] = {
    ("d", 4): ("%Y", r"\d{4}", "YYYY"),
    ("d", 6): ("%Y%m", r"\d{4}(0[1-9]|1[0-2])", "YYYYMM"),
    ("d", 7): ("%Y-%m", r"\d{4}-(0[1-9]|1[0-2])", "YYYY-MM"),
    ("d", 8): ("%Y%m%d", r"\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])", "YYYYMMDD"),
    ("d", 10): ("%Y-%m-%d", r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "YYYY-MM-DD"),
    ("t", 4): ("%H%M", r"([01]\d|2[0-3])[0-5]\d", "hhmm"),
    ("t", 6): ("%H%M%S", r"([01]\d|2[0-3])[0-5]\d[0-5]\d", "hhmmss"),
    ("t", 8): ("%H:%M:%S", r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d", "hh:mm:ss"),
    ("dt", 14): (
        "%Y%m%d%H%M%S",
        r"\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])[0-5]\d[0-5]\d",
        "YYYYMMDDhhmmss",
    ),
    ("dt", 19): (
        "%Y-%m-%d %H:%M:%S",
        r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]) ([01]\d|2[0-3]):[0-5]\d:[0-5]\d",
        "YYYY-MM-DD hh:mm:ss",
    ),
}
#: What the pages and errors call each class.
CLASSES = {
    "a": Said("拉丁字母", "Latin letters"),
    "n": Said("数字", "digits"),
    "an": Said("字符（字母、数字、汉字）", "characters of any script"),
    "c": Said("字符", "characters"),
    "d": Said("日期", "date"),
    "t": Said("时间", "time"),
    "dt": Said("日期时间", "date and time"),
    "b": Said("是非", "yes or no"),
}
TRUTHS = frozenset({"0", "1", "true", "false", "是", "否", "T", "F", "Y", "N"})


@dataclass(frozen=True)
class Representation:
    """``letters`` is the class; ``least`` and ``most`` count characters, ``most`` 0 is without limit.

    For ``n`` with ``decimals`` they count digits, those after the point included.
    """

    letters: str
    least: int
    most: int
    decimals: int = 0

    def __str__(self) -> str:
        if not self.most:
            return UNLIMITED
        tail = f",{self.decimals}" if self.decimals else ""
        if self.least == self.most:
            return f"{self.letters}{self.most}{tail}"
        return f"{self.letters}{self.least or ''}..{self.most}{tail}"

    @property
    def is_fixed(self) -> bool:
        """Has every value the same length?"""
        return self.least == self.most > 0

    @property
    def pattern(self) -> str:
        """A pattern for whole values, in the syntax that RE2 and Python share; empty if any text will do."""
        if self.letters in ("an", "c"):
            return ""
        if (self.letters, self.most) in TIMES:
            return TIMES[self.letters, self.most][1]
        if self.letters == "b":
            return "|".join(sorted(TRUTHS))
        if self.letters == "a":
            return "[A-Za-z]" + _times(self.least or 1, self.most)
        return self._digits()

    def _digits(self) -> str:
        sign = "" if self.is_fixed and not self.decimals else "-?"
        whole = self.most - self.decimals
        if not self.decimals:
            return sign + r"\d" + _times(self.least or 1, self.most)
        return sign + r"\d" + _times(1, whole) + r"(\.\d" + _times(1, self.decimals) + ")?"

    @cached_property
    def _whole(self) -> re.Pattern[str]:
        return re.compile(self.pattern, re.ASCII)

    def fits(self, value: str) -> bool:
        """Is the value written like this?  Dates must exist."""
        if self.letters in ("an", "c"):
            return self.least <= len(value) <= (self.most or len(value))
        if not self._whole.fullmatch(value):
            return False
        return (self.letters, self.most) not in TIMES or self._exists(value)

    def _exists(self, value: str) -> bool:
        try:
            datetime.strptime(value, TIMES[self.letters, self.most][0])
        except ValueError:
            return False
        return True

    def words(self, language: str) -> str:
        """The representation for people."""
        english = language == "en"
        if not self.most:
            return "text without a limit" if english else "长度不限的文字"
        kind = CLASSES[self.letters].en if english else str(CLASSES[self.letters])
        if (self.letters, self.most) in TIMES:
            form = TIMES[self.letters, self.most][2]
            return f"{kind}, written {form}" if english else f"{kind}，写作 {form}"
        if self.letters == "b":
            return kind
        return self._counted(kind, english)

    def _counted(self, kind: str, english: bool) -> str:
        if self.decimals:
            if english:
                return f"number of up to {self.most} digits, {self.decimals} of them after the point"
            return f"最多{self.most}位的数，其中小数{self.decimals}位"
        if english and self.most == 1:
            kind = kind.replace("characters", "character").removesuffix("s")
        of = "位" if self.letters in ("n", "a") else "个"
        if self.is_fixed:
            return f"exactly {self.most} {kind}" if english else f"固定{self.most}{of}{kind}"
        if self.least:
            return (
                f"{self.least} to {self.most} {kind}" if english else f"{self.least}到{self.most}{of}{kind}"
            )
        return f"up to {self.most} {kind}" if english else f"最多{self.most}{of}{kind}"


@lru_cache(maxsize=4096)
def parse(text: str) -> Representation:
    """Read a representation.  Raises ``BadRepresentation`` with what is wrong and an example."""
    given = text.strip().lower().replace("，", ",").replace("…", "..")
    if given == UNLIMITED:
        return Representation("an", 0, 0)
    found = GRAMMAR.fullmatch(given)
    if not found:
        raise BadRepresentation(text=text[:60], why="看不懂", why_en="it cannot be read")
    letters, least, ranged, most, decimals = found.groups()
    made = Representation(letters, int(least or 0) if ranged else int(most), int(most), int(decimals or 0))
    problem = _problem(made)
    if problem:
        raise BadRepresentation(text=text[:60], why=str(problem), why_en=problem.en)
    return made


def _problem(made: Representation) -> Said | None:
    if not made.most:
        return Said("长度不能是0", "the length cannot be 0")
    if made.least > made.most:
        return Said("最短大于最长", "the least is more than the most")
    if made.decimals and made.letters != "n":
        return Said("只有 n 可以带小数位", "only n has decimals")
    if made.decimals and (made.decimals >= made.most or made.least):
        return Said("小数写作 n..总位数,小数位数", "decimals are written n..digits,decimals")
    if made.letters in ("d", "t", "dt") and (not made.is_fixed or (made.letters, made.most) not in TIMES):
        sizes = "、".join(f"{letters}{size}" for letters, size in TIMES)
        return Said(f"日期时间只有 {sizes}", f"dates and times are {sizes.replace('、', ', ')}")
    if made.letters == "b" and made.most != 1:
        return Said("是非写作 b1", "yes or no is written b1")
    return None


def _times(least: int, most: int) -> str:
    return f"{{{least}}}" if least == most else f"{{{least},{most}}}"
