"""Large code tables: a head in YAML, the codes in a CSV file beside it, read when first asked for."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from kaishu.standards.loading import DATA, NAMES, written_file

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Name of each table and the folder of the body that keeps it.
SETS: dict[str, str] = {
    "gb-t-2260": "sac",
    "gb-t-2260-seats": "sac",
    "gb-t-3304": "sac",
    "gb-t-4754": "sac",
    "gb-t-4763": "sac",
    "gb-t-6864": "sac",
    "ccs": "sac",
    "ics": "iso",
    "iso-3166-1": "iso",
    "iso-4217": "iso",
}


@dataclass(frozen=True)
class CodeSet:
    """A code table with the body that keeps it, the edition, and where it is written down.

    Its columns are text: ``code`` and ``zh`` always; ``en``, ``parent``, ``from``, ``to`` … where the table
    has them.  A code may stand on several rows when its name changed over the years.
    """

    name: str
    zh: str
    en: str
    body: str
    edition: str
    source: str
    licence: str
    note: str = ""
    note_zh: str = ""

    @cached_property
    def columns(self) -> dict[str, tuple[str, ...]]:
        """Every column by its name, in the file's order."""
        if self.name in NAMES:
            terms = written_file(NAMES[self.name], self.name)["terms"]
            return {head: tuple(str(term[head]) for term in terms) for head in ("code", "zh", "en")}
        path = DATA / SETS[self.name] / f"{self.name}.csv"
        with path.open(encoding="utf-8", newline="") as lines:
            head, *rows = csv.reader(lines)
        return dict(zip(head, zip(*rows, strict=True), strict=True))

    def codes(self) -> NDArray[np.str_]:
        """Each code once, in the file's order, as an array that Arrow and Polars take as it is."""
        import numpy as np

        return np.array(list(dict.fromkeys(self.columns["code"])))

    def labels(self) -> dict[str, str]:
        """Code to Chinese name; the newest name where there were several."""
        return dict(zip(self.columns["code"], self.columns["zh"], strict=True))


@cache
def code_set(name: str) -> CodeSet:
    """The code table, or the small vocabulary, of that name.  Raises ``KeyError`` if we ship none."""
    head: dict[str, Any] = written_file(NAMES.get(name) or SETS[name], name)
    return CodeSet(name=name, **{key: str(value) for key, value in head.items() if key != "terms"})
