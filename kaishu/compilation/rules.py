"""The shipped rules of derivation, read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
EXAMPLES = Path(__file__).parent / "examples"


@cache
def rules(name: str) -> dict[str, Any]:
    """``duties`` or ``elements`` as written."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    written = yaml.load((DATA / f"{name}.yaml").read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe loader either way
    assert isinstance(written, dict)
    return written


def kind_in_english(kind: str) -> str:
    """What one of the ten kinds of duty is called in English; empty for another word."""
    return str(rules("duties")["kinds"].get(kind, {}).get("en", ""))


def kind_of(text: str) -> str:
    """One of the ten kinds of duty; 其他类别 for what is none of them."""
    kinds: dict[str, Any] = rules("duties")["kinds"]
    if text in kinds:
        return text
    for kind, facts in kinds.items():
        if text in facts["aliases"]:
            return kind
    return next((kind for kind in kinds if text and kind in text), "其他类别")
