"""The profile computed the slow and obvious way, to compare with."""

from __future__ import annotations

import math
import re
import statistics
from collections import Counter
from datetime import date, datetime
from typing import Any


def is_missing(value: Any) -> bool:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return True
    return isinstance(value, str) and not value.strip(
        " \t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u00a0\u3000\u200b\ufeff"
    )


def as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ").rstrip("0") if value.microsecond else value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date) else str(value).removesuffix(".0")


def as_json(value: Any) -> str:
    return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()


def shape(text: str) -> str:
    kinds = "".join(kind(character) for character in text[:64])
    return re.sub(r"(.)\1+", lambda run: f"{run[1]}{{{len(run[0])}}}", kinds) + (
        "…" if len(text) > 64 else ""
    )


def kind(character: str) -> str:
    if character.isascii():
        for members, name in ((str.isdigit, "d"), (str.islower, "a"), (str.isupper, "A")):
            if members(character):
                return name
        return character
    return "h" if "\u4000" <= character <= "\u9fff" else "w"


def linear(ordered: list[float], part: float) -> float:
    place = (len(ordered) - 1) * part
    low, high = ordered[math.floor(place)], ordered[math.ceil(place)]
    return low + (high - low) * (place - math.floor(place))


def naive_field(values: list[Any], type: str) -> dict[str, Any]:
    present = [value for value in values if not is_missing(value)]
    texts = [as_text(value) for value in present]
    found: dict[str, Any] = {
        "records": len(values),
        "missing": len(values) - len(present),
        "distinct": len(set(present)),
        "duplicates": len(present) - len(set(present)),
        "longest": max(map(len, texts), default=None),
        "shortest": min(map(len, texts), default=None),
        "mean_length": statistics.fmean(map(len, texts)) if texts else None,
        "shape_counts": Counter(map(shape, texts)) if type != "number" else None,
        "value_counts": Counter(present),
        "zeros": None,
    }
    if type in ("integer", "number"):
        found["zeros"] = sum(value == 0 for value in present)
        finite = sorted(value for value in present if math.isfinite(value))
        if finite:
            found |= {
                "minimum": finite[0],
                "maximum": finite[-1],
                "mean": statistics.fmean(finite),
                "deviation": statistics.stdev(finite) if len(finite) > 1 else None,
                "q1": linear(finite, 0.25),
                "median": linear(finite, 0.5),
                "q3": linear(finite, 0.75),
            }
    elif type in ("date", "datetime") and present:
        ordered = [as_json(value) for value in sorted(present)]
        ranks = {"q1": 0.25, "median": 0.5, "q3": 0.75}
        found |= {key: ordered[math.ceil(len(ordered) * part) - 1] for key, part in ranks.items()}
        found |= {"minimum": ordered[0], "maximum": ordered[-1]}
    return found
