"""Every pair of text and ground passes WCAG 2.2 AA, in both themes."""

from __future__ import annotations

import re

import pytest

from kaishu.web.rendering import STATIC

TEXT, EDGE = 4.5, 3.0
PAIRS = [
    ("ink", ("paper", "sheet", "wash", "seal-wash", "good-wash", "attention-wash", "mark"), TEXT),
    ("ink-2", ("paper", "sheet", "wash"), TEXT),
    ("seal-text", ("paper", "sheet", "wash"), TEXT),
    ("good", ("paper", "sheet"), TEXT),
    ("attention-text", ("paper", "sheet"), TEXT),
    ("on-seal", ("seal", "seal-deep"), TEXT),
    ("edge", ("paper", "sheet"), EDGE),
]


def themes() -> dict[str, dict[str, str]]:
    """The variables of the light and of the dark theme."""
    text = (STATIC / "css" / "base.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root \{(.*?)\}", text, re.S)
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in blocks[:2])
    return {"light": light, "dark": light | dark}


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, WCAG 2.2."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_can_be_read(theme: str) -> None:
    colours = themes()[theme]
    weak = [
        (front, ground, round(contrast(colours[front], colours[ground]), 2))
        for front, grounds, least in PAIRS
        for ground in grounds
        if contrast(colours[front], colours[ground]) < least
    ]
    assert weak == []
