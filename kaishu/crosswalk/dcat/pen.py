"""Writes statements about one thing after the other; the forms that the correspondences name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Any

from kaishu.catalogue.drafts import CODED
from kaishu.crosswalk.dcat import vocabularies
from kaishu.crosswalk.dcat.names import IANA, camel
from kaishu.crosswalk.dcat.terms import address, literal, nearest, typed
from kaishu.crosswalk.tables import table

DAY = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")
MOMENT = re.compile(
    DAY.pattern
    + r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9])?"
)
DECIMAL = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,9})?")
DURATION = re.compile(
    r"P(?=.)(?:\d{1,6}Y)?(?:\d{1,6}M)?(?:\d{1,6}D)?(?:T(?=.)(?:\d{1,6}H)?(?:\d{1,6}M)?(?:\d{1,6}S)?)?"
)
MEDIA = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]*")
BETWEEN = " ;\n  "

Write = Callable[["Pen", Any], None]
Texts = dict[str, tuple[str, str | None]]
Codes = dict[str, dict[str, tuple[tuple[str, str], str]]]
TEXTS = {"main": None, "english": "@en", "text": "", "own": ""}


class Pen:
    """The thing being described: ``subject`` as ``<address>``, its statements, and further things.

    ``tongue`` is the language tag of the record's own language, with its @; ``used`` collects the terms
    of vocabularies that were named, ``here`` is the address of the site.
    """

    __slots__ = ("here", "kind", "lines", "others", "place", "tongue", "used")

    def __init__(
        self, place: str, kind: str, tongue: str, here: str, used: set[tuple[str, str]], others: list[str]
    ) -> None:
        self.place, self.kind, self.tongue, self.here = place, kind, tongue, here
        self.used, self.others = used, others
        self.lines: list[str] = []

    def node(self, name: str) -> str:
        """Address of a thing that belongs to this one."""
        return f"{self.place}{'-' if '#' in self.place else '#'}{name}"

    def own(self, field: str, text: str) -> None:
        """A statement of our namespace, which a reader of ours believes before all others."""
        self.lines.append(f"kaishu:{camel(field)} {literal(text)}")

    def derived(self, field: str) -> None:
        """The value of this field was filled in by the writer."""
        self.lines.append(f'kaishu:derived "{field}"')

    def other(self, name: str, lines: list[str]) -> str:
        """Describe a thing that belongs to this one; returns its ``<address>``."""
        subject = f"<{self.node(name)}>"
        self.others.append(f"{subject} {BETWEEN.join(lines)} .\n")
        return subject

    def walk(self, about: str, said: Mapping[str, Any]) -> None:
        """Say what is filled; the texts and codes, which are nearly everything, without a call each."""
        texts, codes, others = steps(about)
        lines, tongue = self.lines, self.tongue
        for field, value in said.items():
            if not value:
                continue
            if field in texts:
                element, tag = texts[field]
                if value.isprintable() and '"' not in value and "\\" not in value:
                    lines.append(f'{element} "{value}"{tongue if tag is None else tag}')
                else:
                    lines.append(f"{element} {literal(value)}{tongue if tag is None else tag}")
            elif field in codes:
                known = codes[field].get(value)
                if known:
                    self.used.add(known[0])
                    lines.append(known[1])
                else:
                    self.own(field, value)
            elif field in others:
                others[field](self, value)

    def written(self) -> str:
        """This thing, then the others."""
        self.others.insert(0, f"<{self.place}> a {self.kind}{BETWEEN}{BETWEEN.join(self.lines)} .\n")
        return "".join(self.others)


@cache
def steps(about: str) -> tuple[Texts, Codes, Mapping[str, Write]]:
    """How to write each field of a record or a link that the correspondences name.

    Texts have their element and tag, None for the record's own language; codes their finished lines.
    """
    texts: Texts = {}
    codes: Codes = {}
    others: dict[str, Write] = {}
    for row in (row for name in ("dcat", "prov", "odrl") for row in table(name).rows):
        owner, _, field = row.field.partition(".")
        form, _, rest = row.how.partition(" ")
        if owner != about:
            continue
        if form in TEXTS:
            texts[field] = (row.element, TEXTS[form])
        elif form == "code":
            name = CODED[field]
            places = vocabularies.written(name)
            codes[field] = {code: ((name, code), f"{row.element} {place}") for code, place in places.items()}
        elif form in FORMS:
            others[field] = FORMS[form](row.element, field, rest)
    return texts, codes, others


def _mains(element: str, field: str, rest: str) -> Write:
    return lambda pen, values: pen.lines.append(
        f"{element} {', '.join([literal(value) + pen.tongue for value in values])}"
    )


def _englishes(element: str, field: str, rest: str) -> Write:
    return lambda pen, values: pen.lines.append(
        f"{element} {', '.join([literal(value) + '@en' for value in values])}"
    )


def _owns(element: str, field: str, rest: str) -> Write:
    return lambda pen, values: pen.lines.append(f"{element} {', '.join(map(literal, values))}")


def _number(element: str, field: str, rest: str) -> Write:
    return lambda pen, value: pen.lines.append(f"{element} {typed(str(value), 'nonNegativeInteger')}")


def _day(element: str, field: str, rest: str) -> Write:
    return lambda pen, value: pen.lines.append(f"{element} {typed(value, 'date')}")


def _matching(pattern: re.Pattern[str], kind: str) -> Callable[[str, str, str], Write]:
    def form(element: str, field: str, rest: str) -> Write:
        def write(pen: Pen, value: str) -> None:
            if pattern.fullmatch(value):
                pen.lines.append(f"{element} {typed(value, kind)}")
            else:
                pen.own(field, value)

        return write

    return form


def stamp(element: str, field: str, value: str, pen: Pen) -> bool:
    """A date or a moment; False if it is neither, and then only in our words."""
    from datetime import datetime

    kind = "date" if DAY.fullmatch(value) else "dateTime" if MOMENT.fullmatch(value) else ""
    try:
        if kind:
            datetime.fromisoformat(value)
    except ValueError:
        kind = ""
    if not kind or value.startswith("0000"):
        pen.own(field, value)
        return False
    pen.lines.append(f"{element} {typed(value, kind)}")
    return True


def _stamp(element: str, field: str, rest: str) -> Write:
    def write(pen: Pen, value: str) -> None:
        stamp(element, field, value, pen)

    return write


def _codes(element: str, field: str, rest: str) -> Write:
    name = CODED.get(field, "language")
    places = vocabularies.written(name)
    keys = {code: (name, code) for code in places}

    def write(pen: Pen, values: list[str]) -> None:
        known = [value for value in values if value in places]
        if known:
            pen.used.update([keys[value] for value in known])
            pen.lines.append(f"{element} {', '.join([places[value] for value in known])}")
        if len(known) < len(values):
            for value in values:
                pen.own(field, value)

    return write


def _themes(element: str, field: str, rest: str) -> Write:
    plain = _codes(element, field, rest)
    places = vocabularies.written("theme")

    @lru_cache(maxsize=4096)
    def line(codes: tuple[str, ...]) -> tuple[tuple[tuple[str, str], ...], str] | None:
        if any(code not in places for code in codes):
            return None
        european = dict.fromkeys(place for code in codes for place in vocabularies.european(code))
        return tuple(("theme", code) for code in codes), (
            f"{element} {', '.join([*(places[code] for code in codes), *european])}"
        )

    def write(pen: Pen, values: list[str]) -> None:
        known = line(tuple(values))
        if known:
            pen.used.update(known[0])
            pen.lines.append(known[1])
        else:
            plain(pen, values)

    return write


def _address(element: str, field: str, rest: str) -> Write:
    def write(pen: Pen, value: str) -> None:
        place = nearest(value)
        if place:
            pen.lines.append(f"{element} {place}")
        if place != f"<{value}>":
            pen.own(field, value)

    return write


def _place(element: str, field: str, rest: str) -> Write:
    def write(pen: Pen, value: str) -> None:
        place = address(value)
        if place:
            pen.lines.append(f"{element} {place}")
        else:
            pen.own(field, value)

    return write


def _media(element: str, field: str, rest: str) -> Write:
    def write(pen: Pen, value: str) -> None:
        if MEDIA.fullmatch(value):
            pen.lines.append(f"{element} <{IANA}{value}>")
        else:
            pen.own(field, value)

    return write


def _references(element: str, field: str, rest: str) -> Write:
    def write(pen: Pen, values: list[str]) -> None:
        places = [address(value) or nearest(f"{pen.here}/dataset/{value}") for value in values]
        known = [place for place in places if place]
        if known:
            pen.lines.append(f"{element} {', '.join(known)}")
        if places != [f"<{value}>" for value in values]:
            for value in values:
                pen.own(field, value)

    return write


def _node(element: str, field: str, rest: str) -> Write:
    many = _nodes(element, field, rest)
    return lambda pen, value: many(pen, [value])


def _nodes(element: str, field: str, rest: str) -> Write:
    label = "skos:prefLabel" if rest == "skos:Concept" else "rdfs:label"
    name = camel(field)

    def write(pen: Pen, values: list[str]) -> None:
        places = []
        for number, value in enumerate(values, 1):
            place = address(value)
            if not place:
                lines = [f"a {rest}", f"{label} {literal(value)}{pen.tongue}"]
                place = pen.other(f"{name}-{number}", lines)
            places.append(place)
        pen.lines.append(f"{element} {', '.join(places)}")

    return write


FORMS: dict[str, Callable[[str, str, str], Write]] = {
    "mains": _mains,
    "englishes": _englishes,
    "owns": _owns,
    "number": _number,
    "day": _day,
    "stamp": _stamp,
    "decimal": _matching(DECIMAL, "decimal"),
    "duration": _matching(DURATION, "duration"),
    "codes": _codes,
    "themes": _themes,
    "address": _address,
    "place": _place,
    "media": _media,
    "references": _references,
    "node": _node,
    "nodes": _nodes,
}
