"""The kinds of source: each reads a place and finds datasets, one after another, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module

from kaishu.harvest.kinds.finding import Found, Place

__all__ = ["KINDS", "Found", "Kind", "Place", "find"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of source: what people call it, and whether it is read by address, from a file, or both."""

    name: str
    zh: str
    en: str
    by_address: bool
    from_file: bool


KINDS = {
    kind.name: kind
    for kind in (
        Kind("ckan", "CKAN 接口", "CKAN by its API", True, False),
        Kind("ckan-jsonl", "CKAN 转储（JSONL）", "CKAN dump (JSONL)", True, True),
        Kind("dcat", "DCAT（RDF，任意写法）", "DCAT (RDF in any syntax)", True, True),
        Kind("datajson", "data.json（DCAT-US）", "data.json (DCAT-US)", True, True),
        Kind("sheet", "电子表格（13项核心元数据）", "Spreadsheet of the 13 core items", True, True),
    )
}
_MODULES = {"ckan": "ckan", "ckan-jsonl": "dump", "dcat": "dcat", "datajson": "datajson", "sheet": "sheet"}


def find(kind: str, place: Place) -> Iterator[Found]:
    """Every dataset of the place.  Raises the errors of ``kaishu.harvest.errors``."""
    module = import_module(f"kaishu.harvest.kinds.{_MODULES[kind]}")
    finder: Callable[[Place], Iterator[Found]] = module.find
    return finder(place)
