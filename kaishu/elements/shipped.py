"""What ships and is only read: elements in ``data/elements.yaml``, the code sets of ``standards``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from kaishu import standards
from kaishu.elements.definition import Code, CodeSetText, Element

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PATH = Path(__file__).parent / "data" / "elements.yaml"
#: Short keys of the file.
KEYS = {
    "c": "code",
    "n": "name",
    "e": "name_en",
    "l": "letter",
    "r": "representation",
    "o": "object_class",
    "f": "feature",
    "s": "synonyms",
    "d": "definition",
    "de": "definition_en",
    "std": "standard",
}
#: Folders of vocabularies that are code lists of data, not of our own records.
BODIES = frozenset({"sac", "iso"})
#: Codes that ids begin with, but that stand for no division: residence permits of residents of Taiwan.
NO_DIVISIONS = frozenset({"830000"})


@cache
def shipped_elements() -> Mapping[str, Element]:
    """Code to element, in the file's order."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    written: dict[str, Any] = yaml.load(PATH.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe loader
    found = (
        Element.model_validate({KEYS.get(key, key): value for key, value in each.items()})
        for each in written["elements"]
    )
    return MappingProxyType({each.code: each for each in found})


@cache
def shipped_code_sets() -> tuple[str, ...]:
    """Names of the code sets that standards ships, the national ones first."""
    small = {name: folder for name, folder in standards.NAMES.items() if folder in BODIES}
    every = {**standards.SETS, **small}
    return tuple(sorted(every, key=lambda name: (every[name] != "sac", name)))


@cache
def shipped_code_set(name: str) -> CodeSetText:
    """A shipped set in our form.  Raises ``KeyError`` if we ship none of that name."""
    if name not in shipped_code_sets():
        raise KeyError(name)
    found = standards.code_set(name)
    columns = found.columns
    blank = ("",) * len(columns["code"])
    rows = zip(
        columns["code"],
        columns["zh"],
        columns.get("en", blank),
        columns.get("parent", blank),
        columns.get("from", blank),
        columns.get("to", blank),
        columns.get("successor", blank),
        strict=True,
    )
    above = _division_above(columns["code"]) if name == "gb-t-2260" else {}
    # What ships is tested once; checking each of ten thousand codes at every start would cost a second.
    items = [
        Code.model_construct(
            code=row[0],
            name=row[1],
            name_en=row[2],
            parent=row[3] or above.get(row[0], ""),
            valid_from=row[4],
            valid_to=row[5],
            successor=row[6],
        )
        for row in rows
        if name != "gb-t-2260" or row[0] not in NO_DIVISIONS
    ]
    return CodeSetText.model_construct(
        code=name,
        name=found.zh,
        name_en=found.en,
        edition=found.edition,
        standard=found.body,
        definition=found.note_zh or found.note,
        items=items,
    )


def _division_above(codes: Iterable[str]) -> dict[str, str]:
    """Division to the one it lies in, which its digits tell: 110105 → 110100 → 110000.

    Counties directly under a province, of which no prefecture is in the list, lie in the province.
    """
    known = set(codes)
    found = {}
    for code in known:
        wider = (code[:4] + "00", code[:2] + "0000")
        found[code] = next((each for each in wider if each != code and each in known), "")
    return found


@cache
def shipped_labels(name: str) -> Mapping[str, str]:
    """Code to Chinese name of a shipped set; empty if we ship none of that name."""
    if name not in shipped_code_sets():
        return MappingProxyType({})
    return MappingProxyType({item.code: item.name for item in shipped_code_set(name).items})
