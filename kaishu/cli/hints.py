"""Problems of a catalogue record, one a line, with the codes that may be written."""

from __future__ import annotations

from kaishu.base.errors import Invalid
from kaishu.catalogue.drafts import CODED
from kaishu.cli.words import language, say


def lines(error: Invalid) -> list[str]:
    """``share_class: Required.  --set share_class=unconditional|conditional|none``."""
    found = []
    for field, said in error.problems_in(language()).items():
        line = f"{field}: {' '.join(said)}"
        if field in CODED:
            line += say("可写：", "  Write: ") + f"--set {field}={'|'.join(_codes(CODED[field]))}"
        found.append(line)
    return found


def _codes(vocabulary: str) -> list[str]:
    from kaishu import standards

    return [term.code for term in standards.vocabulary(vocabulary).terms]
