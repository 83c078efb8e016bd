"""Foreign statements: written as themselves where they can be, else as pairs of our namespace."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kaishu.crosswalk.dcat.names import PREFIXES
from kaishu.crosswalk.dcat.pen import Pen
from kaishu.crosswalk.dcat.terms import WEB, address, is_address, literal

NAMED = re.compile(r".*[/#][A-Za-z_][A-Za-z0-9_-]*")
#: A reader would take statements of these spaces for its own, so pairs hold them.
UNDERSTOOD = tuple(PREFIXES.values())


def write(pen: Pen, pairs: Mapping[str, str]) -> None:
    """All of them."""
    number = 0
    for key, value in pairs.items():
        if WEB.fullmatch(key) and NAMED.fullmatch(key) and is_address(key) and not key.startswith(UNDERSTOOD):
            pen.lines.append(f"<{key}> {address(value) or literal(value)}")
            continue
        number += 1
        lines = ["a kaishu:Extra", f"kaishu:key {literal(key)}", f"kaishu:value {literal(value)}"]
        pen.lines.append(f"kaishu:extra {pen.other(f'extra-{number}', lines)}")
