"""What kind of site a platform is, as far as its address tells; inferred, never read from a report."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

import polars as pl

from kaishu.base.errors import Said
from kaishu.evaluation.census.reading import LEVELS

#: Kinds of address, in the order in which they are told.
ADDRESSES = {
    "own": Said("独立网址", "a site of its own"),
    "shared": Said("另一平台的网址", "on another platform's site"),
    "part": Said("网站里的栏目", "part of another site"),
}
RULE = Said(
    "主机名里有 data、sjkf 或 zwkf（数据开放、政务开放），或主机就是一个 IP 地址的，是独立网址；"
    "几个平台共用这样的主机时，只有其中级别最高的一个算独立，并列的都不算；其余是网站里的栏目。",
    "A host with data, sjkf or zwkf (open data, open government) in its name, or a bare IP address, is a "
    "site of its own. Where several platforms share such a host only the one of the highest level counts, "
    "and none if two are level. All others are part of another site.",
)
_OPEN = re.compile(r"data|sjkf|zwkf")
_NUMBERS = re.compile(r"\d{1,3}(\.\d{1,3}){3}")


def host_of(url: str) -> str:
    """Host of an address, also of one without its scheme; empty if there is none.

    >>> host_of("http://data.sd.gov.cn/portal"), host_of("//www.x.gov.cn"), host_of("http://[")
    ('data.sd.gov.cn', 'www.x.gov.cn', '')
    """
    try:
        return urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:
        return ""


def with_address(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with ``address``, a kind of ``ADDRESSES``, empty where there is no host."""
    kinds = _kinds(frame.select("url", "level").iter_rows())
    return frame.with_columns(pl.Series("address", kinds, dtype=pl.String))


def by_address(frame: pl.DataFrame) -> pl.DataFrame:
    """Of the platforms with an address: address (see ``ADDRESSES``), platforms, share, and each level."""
    known = with_address(frame).filter(pl.col("address") != "")
    rows = []
    for kind in ADDRESSES if known.height else ():
        own = known.filter(pl.col("address") == kind)
        levels = {level: own.filter(pl.col("level") == level).height for level in LEVELS}
        rows.append({"address": kind, "platforms": own.height, "share": own.height / known.height, **levels})
    return pl.DataFrame(rows)


def _kinds(rows: Iterable[tuple[str, str]]) -> list[str]:
    """The kind of every row, empty where it has no host."""
    sites = [(host_of(url), LEVELS.index(level)) for url, level in rows]
    places: dict[str, list[int]] = {}
    for host, place in sites:
        places.setdefault(host, []).append(place)
    found = []
    for host, place in sites:
        if not host:
            found.append("")
        elif not (_OPEN.search(host) or _NUMBERS.fullmatch(host)):
            found.append("part")
        else:
            highest = place == min(places[host]) and places[host].count(place) == 1
            found.append("own" if highest else "shared")
    return found
