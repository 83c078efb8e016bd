"""Which language the terminal speaks."""

from __future__ import annotations

import os

_chosen: list[str] = []


def speak(language: str | None) -> None:
    """Fix the language of this run; None means as the environment says."""
    _chosen[:] = [language] if language else []


def language() -> str:
    """``zh`` or ``en``: what was asked for, else what the locale says, else English."""
    if _chosen:
        return _chosen[0]
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def say(zh: str, en: str) -> str:
    """The sentence of the present language."""
    return zh if language() == "zh" else en
