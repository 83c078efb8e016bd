"""Problems of a catalogue record, one a line, with the codes that may be written."""

from __future__ import annotations

from kaishu.base.errors import Invalid
from kaishu.cli.words import language, say

#: Fields of the record whose values come from a vocabulary.
VOCABULARIES = {
    "resource_class": "resource-class",
    "format_category": "format-category",
    "share_class": "share-class",
    "open_class": "open-class",
    "update_frequency": "update-frequency",
    "licence": "licence",
    "themes": "theme",
}


def lines(error: Invalid) -> list[str]:
    """``share_class: Required.  --set share_class=unconditional|conditional|none``."""
    found = []
    for field, said in error.problems_in(language()).items():
        line = f"{field}: {' '.join(said)}"
        if field in VOCABULARIES:
            line += say("可写：", "  Write: ") + f"--set {field}={'|'.join(_codes(VOCABULARIES[field]))}"
        found.append(line)
    return found


def _codes(vocabulary: str) -> list[str]:
    from kaishu import standards

    return [term.code for term in standards.vocabulary(vocabulary).terms]
