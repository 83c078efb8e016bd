"""One printed figure beside ours, and all of a system together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from kaishu.base.errors import Said, in_language
from kaishu.evaluation.methods import round_half_away

#: yes: equal as printed; partly: but for a stated reason; no: differs; cannot: its parts are not printed.
Agreement = Literal["yes", "partly", "no", "cannot"]
AGREEMENTS: dict[Agreement, Said] = {
    "yes": Said("一致", "agrees"),
    "partly": Said("说明原因后一致", "agrees for a stated reason"),
    "no": Said("不一致", "differs"),
    "cannot": Said("无法计算", "cannot be computed"),
}
NOTHING = Said("", "")


@dataclass(frozen=True, slots=True)
class Compared:
    """A printed figure; ``unit`` is whom it is about, empty for the whole.  Words may carry their English."""

    what: Said
    unit: str
    printed: str
    ours: str | None
    agrees: Agreement
    reason: Said = NOTHING

    def as_dict(self, language: str = "zh") -> dict[str, Any]:
        """For JSON."""
        return {
            "what": in_language(self.what, language),
            "unit": in_language(self.unit, language),
            "printed": in_language(self.printed, language),
            "ours": self.ours and in_language(self.ours, language),
            "agrees": self.agrees,
            "reason": in_language(self.reason, language),
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything printed that a built-in system is held against; ``about`` says what agreement means here."""

    system: str
    about: Said
    rows: Sequence[Compared]

    @property
    def counts(self) -> dict[Agreement, int]:
        """How many of each."""
        found = Counter(row.agrees for row in self.rows)
        return {name: found[name] for name in AGREEMENTS if found[name]}

    @property
    def summary(self) -> Said:
        """The counts in one sentence."""
        zh = "、".join(f"{AGREEMENTS[name]}{count}" for name, count in self.counts.items())
        en = ", ".join(f"{AGREEMENTS[name].en} {count}" for name, count in self.counts.items())
        total = len(self.rows)
        if not total:
            return Said("没有可以对照的公布数值。", "Nothing printed to compare with.")
        return Said(f"对照公布的{total}项：{zh}。", f"{total} printed figures: {en}.")

    def as_dict(self, language: str = "zh") -> dict[str, Any]:
        """For JSON."""
        return {
            "system": self.system,
            "about": in_language(self.about, language),
            "summary": in_language(self.summary, language),
            "counts": self.counts,
            "rows": [row.as_dict(language) for row in self.rows],
        }


def digits_of(printed: str) -> int:
    """Decimals that a printed number has."""
    return len(printed.partition(".")[2])


def shown(value: float, digits: int) -> str:
    """A number with so many decimals, half away from zero."""
    return f"{float(round_half_away(value, digits)):.{digits}f}"


def figure(
    what: Said,
    unit: str,
    printed: str,
    value: float | None,
    reason: Said = NOTHING,
    otherwise: Agreement = "no",
) -> Compared:
    """A printed number beside ours at its decimals; ``reason`` and ``otherwise`` say what a difference is."""
    if value is None:
        return Compared(what, unit, printed, None, "cannot", reason)
    ours = shown(value, digits_of(printed))
    if float(ours) == float(printed):
        return Compared(what, unit, printed, ours, "yes")
    return Compared(what, unit, printed, ours, otherwise, reason)


def word(what: Said, unit: str, printed: str, ours: str | None, reason: Said = NOTHING) -> Compared:
    """A printed word, such as a grade, beside ours."""
    if ours is None:
        return Compared(what, unit, printed, None, "cannot", reason)
    agrees: Agreement = "yes" if ours == printed else "no"
    return Compared(what, unit, printed, ours, agrees, NOTHING if agrees == "yes" else reason)
