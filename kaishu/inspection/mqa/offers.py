"""A dataset's distributions as the catalogue offers them: links as said, tables as their downloads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from kaishu import standards
from kaishu.crosswalk import Entry
from kaishu.standards import Term

OPEN = "unconditional"
#: Media types are type/subtype under one of IANA's top-level types.
MEDIA_TYPE = re.compile(
    r"(application|audio|font|haptics|image|message|model|multipart|text|video)/[\w.+-]+", re.ASCII
)
#: What a table is offered as; CSV stands for all its downloads, for none of them scores higher.
TABLE_FORMAT = "csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One distribution.  ``own`` tables have no address here: they are read from this catalogue."""

    access: str = ""
    download: str = ""
    own: bool = False
    format: str = ""
    media_type: str = ""
    licence: str = ""
    licence_text: str = ""
    rights: bool = False
    size: bool = False
    issued: bool = False
    modified: bool = False


def offers(entry: Entry) -> Iterator[Offer]:
    """Every distribution of a dataset.

    What is said of the dataset alone (licence, rights, dates) holds for its distributions too, as the
    DCAT that we write says it.
    """
    record = entry.record
    for link in entry.resources:
        own = bool(link.get("table_id"))
        form = TABLE_FORMAT if own else link.get("format") or ""
        url = link.get("url") or ""
        yield Offer(
            access=link.get("access_url") or url,
            download=url,
            own=own,
            format=form,
            media_type=_media_type(TABLE_FORMAT) if own else link.get("media_type") or _media_type(form),
            licence=link.get("licence") or record.get("licence") or "",
            licence_text=link.get("licence_text") or record.get("licence_text") or "",
            rights=bool(link.get("rights") or record.get("rights") or _conditions(record)),
            size=link.get("bytes") is not None,
            issued=bool(link.get("issued") or (own and link.get("created_at"))),
            modified=bool(link.get("modified") or (own and link.get("modified_at"))),
        )


@lru_cache(maxsize=4096)
def format_term(text: str) -> Term | None:
    """The file format meant by a name, an address or a media type."""
    return standards.vocabulary("file-format").find(text) if text else None


@lru_cache(maxsize=4096)
def licence_known(code: str, text: str) -> bool:
    """Is it a licence with a public address?"""
    vocabulary = standards.vocabulary("licence")
    term = vocabulary.find(code or text)
    return bool(term and term.uri)


def _media_type(form: str) -> str:
    term = format_term(form)
    return str(term.extra.get("media_type") or "") if term else ""


def _conditions(record: Mapping[str, Any]) -> bool:
    return bool(record.get("open_condition"))
