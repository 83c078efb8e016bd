"""How numbers, sizes, days and cell values are written on a page."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from kaishu.base import clock
from kaishu.web.words import _, _n

UNITS = ("B", "KB", "MB", "GB", "TB")
DASH = "—"
BLANK, MOST_BLANKS = "␣", 8
TAGS = (
    "p|br|div|span|a|b|i|u|em|strong|small|sub|sup|ul|ol|li|dl|dt|dd|h[1-6]|hr"
    "|table|tbody|thead|tr|td|th|img|font|blockquote|pre|code"
)
MARKUP = re.compile(rf"</?(?:{TAGS})(?:\s[^<>]*=[^<>]*)?\s*/?>", re.IGNORECASE)
BREAKS = re.compile(r"<br\s*/?>|</(?:p|div|li|tr|h[1-6])\s*>", re.IGNORECASE)
LINK = re.compile(r"!?\[([^\[\]\n]+)\]\(((?:https?://|mailto:)[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)")
STARS = re.compile(r"(?<!\*)(?:(?<![0-9A-Za-z])\*{2,3}|\*{2,3}(?![0-9A-Za-z]))(?!\*)")
EMPHASIS = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]+)(?<=\S)\*(?![\w*])")
STRONG = re.compile(r"(?<!\w)__(?=\S)([^\n]+?)(?<=\S)__(?!\w)")
HEADING = re.compile(r"^#{1,6}[ \t]+", re.MULTILINE)


def number(value: float | int | None, digits: int = 2) -> str:
    """``1234567.891`` as ``1,234,567.89``; a dash for nothing."""
    if value is None:
        return DASH
    if isinstance(value, int) or (float(value).is_integer() and abs(value) < 1e15):
        return f"{int(value):,}"
    if value and (abs(value) >= 1e15 or abs(value) < 10**-digits):
        return f"{value:.3g}"
    return f"{value:,.{digits}f}".rstrip("0").rstrip(".")


def share(value: float | None) -> str:
    """A rate from 0 to 1 as percent; never ``0%`` or ``100%`` unless it is."""
    if value is None:
        return DASH
    if 0 < value < 0.001:
        return "<0.1%"
    if 0.999 < value < 1:
        return ">99.9%"
    return f"{value * 100:.1f}".removesuffix(".0") + "%"


def ranks(falling: Sequence[float]) -> list[int]:
    """Ranks of values that never rise: equal ones share the first of their places."""
    return [falling.index(value) + 1 for value in falling]


def size(count: int | None) -> str:
    """Bytes as people say them."""
    if count is None:
        return DASH
    value, unit = float(count), 0
    while value >= 1000 and unit < len(UNITS) - 1:
        value, unit = value / 1024, unit + 1
    return f"{value:.0f} {UNITS[unit]}" if value >= 10 or unit == 0 else f"{value:.1f} {UNITS[unit]}"


def day(value: datetime | date | str | None) -> str:
    """``2026-11-21``, in China's time."""
    if not value:
        return DASH
    if isinstance(value, str):
        return value[:10]
    if isinstance(value, datetime):
        value = clock.day_of(value)
    return value.isoformat()


def moment(value: datetime | None) -> str:
    """``2026-11-21 09:30``, in China's time."""
    return value.astimezone(clock.ZONE).strftime("%Y-%m-%d %H:%M") if value else DASH


def iso(value: datetime | date | None) -> str:
    """For the ``datetime`` attribute of ``<time>``."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return value.astimezone(UTC).isoformat(timespec="seconds") if value else ""


def ago(value: datetime | None) -> str:
    """How long ago, in the largest unit that says it."""
    if value is None:
        return DASH
    seconds = max(0, int((clock.now() - value).total_seconds()))
    if seconds < 60:
        return _("刚刚")
    if seconds < 3600:
        return _n("{n}分钟前", seconds // 60)
    if seconds < 86_400:
        return _n("{n}小时前", seconds // 3600)
    if seconds < 86_400 * 30:
        return _n("{n}天前", seconds // 86_400)
    return day(value)


def lasting(seconds: float) -> str:
    """A stretch of time still to go."""
    if seconds < 90:
        return _n("{n}秒", max(1, round(seconds)))
    if seconds < 5400:
        return _n("{n}分钟", round(seconds / 60))
    return _n("{n}小时", round(seconds / 3600))


def cell(value: Any) -> str:
    """One value of a table as it stands in the data: no separators, no rounding."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def plain(text: str, addresses: bool = True) -> str:
    """The text without the HTML and Markdown that other portals write into it; a bare < or * stays.

    Without ``addresses`` a link is its words alone.
    """
    if MARKUP.search(text):
        text = html.unescape(MARKUP.sub("", BREAKS.sub("\n", text))).strip()
    if "](" in text:
        text = LINK.sub(lambda link: _link(link[1], link[2]) if addresses else link[1], text)
    if len(STARS.findall(text)) > 1:  # one alone is a footnote's
        text = STARS.sub("", text)
    return HEADING.sub("", STRONG.sub(r"\1", EMPHASIS.sub(r"\1", text)))


def _link(words: str, address: str) -> str:
    return address if words.strip() in (address, address.removeprefix("mailto:")) else f"{words} ({address})"


def brief(value: Any, length: int) -> str:
    """At most ``length`` characters, with an ellipsis where something was cut."""
    text = " ".join(cell(value).split())
    return text if len(text) <= length else text[: length - 1] + "…"


def edged(value: Any, length: int) -> str:
    """The same, with blanks at both ends drawn: mended cells often differ by nothing else."""
    text = cell(value)
    before, after = len(text) - len(text.lstrip()), len(text) - len(text.rstrip())
    if not text.strip():
        return BLANK * min(before, MOST_BLANKS)
    return BLANK * min(before, MOST_BLANKS) + brief(text, length) + BLANK * min(after, MOST_BLANKS)
