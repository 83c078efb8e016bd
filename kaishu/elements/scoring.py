"""Which element a column holds: a pure function of its facts, with the reasons said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kaishu.base.errors import Said
from kaishu.elements.column_facts import ColumnFacts
from kaishu.elements.definition import Element
from kaishu.elements.fitting import Fits, fits_of
from kaishu.elements.naming import names_of, nearness, says_code

#: From this score on an element is proposed; further ones are shown down to ``SHOWN``.
PROPOSED, SHOWN = 0.6, 0.3
#: The most that a name says without any value.
TRUST = 0.95
#: Below this share of fitting values an element with a predicate is ruled out.
LEAST_FIT = 0.5

#: What is left where a column has no values to look at, and where it holds the names and not the codes.
UNSEEN, NAMED = 0.6, 0.7
#: Codes that are recognised by their values alone if the name says that it is a code.
CODED = 0.5

Codes = Callable[[str], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An element for a column; ``score`` from 0 to 1, ``reasons`` in the order of their weight."""

    element: Element
    score: float
    reasons: tuple[Said, ...]

    @property
    def proposed(self) -> bool:
        """Is it good enough to be proposed?"""
        return self.score >= PROPOSED


def suggest(
    facts: ColumnFacts, elements: Sequence[Element], codes: Codes, limit: int = 3
) -> list[Suggestion]:
    """The likeliest elements of a column, the best first; ``codes`` gives a code set's codes and names.

    A name and values that fit add up as evidence, 1 - (1 - name)(1 - values); values that do not fit take
    away, and rule out below a half.  Without a name only values with much form speak: a check digit.
    """
    library = tuple(elements)
    near = nearness(names_of(library), facts.names)
    coding = any(map(says_code, facts.names))
    found = []
    for place, element in enumerate(library):
        name, why = near.get(place, (0.0, Said("", "")))
        known = codes(element.code_set) if element.code_set else {}
        fits, strength = fits_of(element, known)
        if coding and name < SHOWN and strength >= CODED:
            name, why = SHOWN, Said("名称说这是代码", "its name says that it is a code")
        if name < SHOWN and strength < PROPOSED:
            continue
        each = _judge(facts, element, (name, why), (fits, strength), known)
        if each is not None and each.score >= SHOWN:
            found.append(each)
    found.sort(key=lambda each: -each.score)
    return found[:limit]


def _judge(
    facts: ColumnFacts,
    element: Element,
    called: tuple[float, Said],
    values: tuple[Fits | None, float],
    codes: Mapping[str, str],
) -> Suggestion | None:
    name, why = called
    fits, strength = values
    reasons = [why] if name else []
    belief = TRUST * name
    if not _types_agree(facts, element):
        return None
    if not facts.values:
        belief *= UNSEEN
        reasons.append(Said("没有值可看", "there are no values to look at"))
    elif fits is not None:
        share = _share(facts, fits)
        if share < LEAST_FIT:
            return None
        belief = (1 - (1 - belief) * (1 - strength * share)) * share**0.5
        if codes and _share(facts, codes.__contains__) < LEAST_FIT:
            belief *= NAMED
            reasons.append(Said("值是名称，不是代码", "the values are names, not codes"))
        elif strength or share < 1:
            reasons.append(_fit_words(element, share))
    if not name and belief < PROPOSED:
        return None
    return Suggestion(element, round(min(belief, 0.99), 3), tuple(reasons))


def _share(facts: ColumnFacts, fits: Fits) -> float:
    """Share of the values looked at that fit, counted as often as they occur."""
    good = sum(count for value, count in facts.values.items() if fits(value))
    return good / sum(facts.values.values())


def _types_agree(facts: ColumnFacts, element: Element) -> bool:
    """Numbers with a point are no codes, dates no names, and yes-or-no is neither."""
    if facts.type in ("date", "datetime"):
        return element.letter in "DT"
    if facts.type == "boolean":
        return element.letter == "L"
    if facts.type == "number":
        return element.letter in "NYBFI"
    return element.letter not in "LG"  # of text the predicate decides: numbers are often kept as text


def _fit_words(element: Element, share: float) -> Said:
    if element.check:
        what, english = "通过专用校验", "pass its check"
    elif element.code_set:
        what, english = "在代码表里", "are in its code set"
    elif element.letter in "DT":
        what, english = "是日期或时间", "are dates or times"
    else:
        what, english = f"符合 {element.representation}", f"fit {element.representation}"
    return Said(f"{share:.0%}的值{what}", f"{share:.0%} of the values {english}")
