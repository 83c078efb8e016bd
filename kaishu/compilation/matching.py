"""L4: which datasets may be the source of some information, with score and reasons.  Pure.

Method: the score is 0.6 times the likeness of names (the best Dice coefficient of character pairs between
the information and the dataset's title or one of its tables) plus 0.4 times the share of the expected
fields that the dataset has.  From 0.6 on it counts as the same; below 0.3 it is not mentioned.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from kaishu.catalogue.models import Dataset

SAME = 0.6
MENTIONED = 0.3
MOST = 3
_FILLER = re.compile(
    r"信息|数据|名单|名录|目录|情况|办理|全市|全国|本市|开数市|[（(].*?[）)]|\d+年?|[\s，。、“”\"']"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A dataset as far as matching looks at it."""

    name: str
    title: str
    item: str
    names: tuple[tuple[str, frozenset[str]], ...]
    fields: frozenset[str] = field(default_factory=frozenset)


def candidate(dataset: Dataset) -> Candidate:
    """What is compared of a dataset: its title, its tables' names, its fields' names and titles."""
    record = dataset.record
    called = [dataset.title, str(record.get("business_information") or "")]
    called += [str(entry.get("name") or "") for entry in dataset.resources]
    fields = {
        str(item[key]) for item in record.get("items") or [] for key in ("name", "title") if item.get(key)
    }
    return Candidate(
        dataset.name,
        dataset.title,
        str(record.get("business_item") or ""),
        tuple((name, _pairs(name)) for name in dict.fromkeys(called) if _pairs(name)),
        frozenset(_plain(field) for field in fields),
    )


def sources_of(name: str, elements: Sequence[str], among: Iterable[Candidate]) -> list[dict[str, Any]]:
    """The best candidates for some information: name, title, score from 0 to 1, reasons in two languages."""
    wanted = _pairs(name)
    expected = [_plain(element) for element in elements]
    found = []
    for each in among:
        like, called = max(((_dice(wanted, pairs), said) for said, pairs in each.names), default=(0.0, ""))
        shared = [e for e, plain in zip(elements, expected, strict=True) if plain in each.fields]
        score = 0.6 * like + (0.4 * len(shared) / len(elements) if elements else 0)
        if score >= MENTIONED:
            found.append((score, each, like, called, shared))
    found.sort(key=lambda entry: (-entry[0], entry[1].name))
    return [
        {
            "dataset": each.name,
            "title": each.title,
            "score": round(score, 3),
            "reasons": _reasons(like, called, shared, len(elements)),
        }
        for score, each, like, called, shared in found[:MOST]
    ]


def is_same(source: dict[str, Any]) -> bool:
    """Is the likeness so great that the data are taken to be there?"""
    return float(source["score"]) >= SAME


def _reasons(like: float, called: str, shared: Sequence[str], expected: int) -> list[dict[str, str]]:
    said = []
    if like:
        percent = f"{like:.0%}"
        said.append({"zh": f"名称与“{called}”相似{percent}", "en": f'name {percent} like "{called}"'})
    if shared:
        listed = "、".join(shared[:8])
        said.append(
            {
                "zh": f"{expected}个常用字段中有{len(shared)}个：{listed}",
                "en": f"has {len(shared)} of {expected} usual fields: {listed}",
            }
        )
    return said


def _plain(text: str) -> str:
    return re.sub(r"[\s_\-（）()]", "", text).lower()


def _pairs(text: str) -> frozenset[str]:
    plain = _FILLER.sub("", text)
    return frozenset(plain[i : i + 2] for i in range(len(plain) - 1)) or frozenset([plain] if plain else [])


def _dice(left: frozenset[str], right: frozenset[str]) -> float:
    return 2 * len(left & right) / (len(left) + len(right)) if left and right else 0.0
