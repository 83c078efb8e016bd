"""How the forms that the correspondences name are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from pydantic import BaseModel

from kaishu.catalogue.drafts import CODED
from kaishu.crosswalk.dcat import vocabularies
from kaishu.crosswalk.dcat.graph import Graph, Term
from kaishu.crosswalk.dcat.names import OWN, camel, short, whole
from kaishu.crosswalk.dcat.things import flat, label, named, text_of
from kaishu.crosswalk.tables import Row, table
from kaishu.crosswalk.taking import RUNNING, Intake, Notes, kinds

LONGEST = 20_000
MOST = 500
IANA = ("https://www.iana.org/assignments/media-types/", "http://www.iana.org/assignments/media-types/")


class Reader:
    """One thing on its way to a record or a link: what is settled, and what is left over."""

    def __init__(
        self,
        graph: Graph,
        subject: str,
        model: type[BaseModel],
        notes: Notes,
        where: str,
        language: str | None,
    ) -> None:
        self.graph, self.subject = graph, subject
        self.intake = Intake(model, notes, where)
        self.extras: dict[str, str] = {}
        self.own = bool(graph.said(subject, "kaishu:name") or graph.said(subject, "kaishu:position"))
        self.derived = set(graph.texts(subject, "kaishu:derived")) if self.own else set()
        self.settled: set[str] = set(self.derived)
        self.consumed: set[str] = set()
        self.language = self._main_language() if language is None else language

    def _main_language(self) -> str:
        """The language in which the title is written; Chinese before others, English last."""
        said = [term.language for term in self.graph.said(self.subject, "dct:title") if term.value.strip()]
        chinese = [tag for tag in said if tag.startswith("zh")]
        others = [tag for tag in said if tag and not tag.startswith("en")]
        return (chinese or [tag for tag in said if not tag] or others or said or [""])[0]

    def owned(self, fields: Iterable[str]) -> None:
        """Take what our namespace says of any field; it needs no other word."""
        for field in fields:
            values = self.graph.things[self.subject].get(OWN + camel(field))
            if values and field not in ("name", "items", "extras", "kind"):
                texts = [term.value for term in dict.fromkeys(values)]
                self.put(field, texts if kinds(self.intake.model)[field].type == "array" else texts[0])
                self.settled.add(field)

    def put(self, field: str, value: Any, place: str = "") -> bool:
        """Take a value; what is cut or refused is kept whole in the extras where it fits."""
        taken = self.intake.put(field, value, place)
        key = whole(place) if ":" in place and not place.startswith("http") else place or OWN + camel(field)
        kind = kinds(self.intake.model)[field]
        cut = isinstance(value, str) and kind.letters and len(value) > kind.letters
        if (not taken and value not in ("", [], None)) or cut:
            if not isinstance(value, str):
                self.keep(key, text_of([value]))
            elif not (kind.type == "string" and not cut and not value.strip()):
                self.keep(key, value)
        return taken

    def keep(self, key: str, text: str) -> None:
        """Put a statement among the extras."""
        text = self.intake.text(text.strip(), short(key))
        if RUNNING.match(text):
            self.intake.note(
                short(key), "可执行的地址没有采用。", "An address that runs something was not taken."
            )
            return
        if not text or key in self.extras:
            return
        if len(text) > LONGEST or len(key) > MOST or len(self.extras) >= MOST or not key.strip():
            self.intake.note(
                short(key), "太长或太多，没有原样保留。", "Too long or too many to be kept as it was."
            )
            return
        self.extras[key.strip()] = text

    def read(self, owner: str) -> None:
        """Every row whose form is known."""
        for row in rows(owner):
            form = READ.get(row.how.partition(" ")[0])
            self.consumed.add(whole(row.element))
            field = row.field.partition(".")[2]
            if form is None or field in self.settled:
                continue
            terms = self.graph.said(self.subject, row.element)
            if terms:
                form(self, field, row, terms)

    def leftovers(self, also: frozenset[str]) -> None:
        """What nobody has read, by its address."""
        pairs = self.graph.said(self.subject, "kaishu:extra")
        for pair in pairs if self.own else ():
            key, text = self.graph.text(pair.value, "kaishu:key"), self.graph.said(pair.value, "kaishu:value")
            if text:
                self.keep_exact(key, text[0].value)
        for predicate, values in self.graph.things[self.subject].items():
            if predicate in self.consumed or predicate in also or predicate.startswith(OWN):
                continue
            known = list(dict.fromkeys(values))
            if self.own and len(known) == 1:
                self.keep_exact(predicate, known[0].value)
            else:
                self.keep(predicate, text_of([flat(self.graph, term) for term in known]))

    def keep_exact(self, key: str, text: str) -> None:
        """One of our own extras, which may be empty, and is a text whatever it looks like."""
        clean = self.intake.text(text, "extras")
        if len(clean) <= LONGEST and len(self.extras) < MOST:
            self.extras[key[:MOST]] = clean

    def finish(self) -> dict[str, Any]:
        """The fields that were taken."""
        if self.extras:
            self.intake.said["extras"] = self.extras
        return self.intake.checked()


@cache
def rows(owner: str) -> tuple[Row, ...]:
    """The rows of a record or of a link."""
    found = [row for name in ("dcat", "prov", "odrl") for row in table(name).rows]
    return tuple(row for row in found if row.field.startswith(f"{owner}."))


Read = Callable[[Reader, str, Row, list[Term]], None]


def _in_tongue(reader: Reader, terms: list[Term]) -> tuple[list[Term], list[Term], list[Term]]:
    """In the record's own language, in English, in others."""
    tongue = reader.language
    texts = [Term(named(reader.graph, term, tongue), "text", term.language) for term in terms]
    english = [t for t in texts if t.language.startswith("en") and not tongue.startswith("en")]
    rest = [t for t in texts if t not in english]
    own = [t for t in rest if t.language == tongue] or [t for t in rest if not t.language]
    if not own and rest:
        own = [t for t in rest if t.language == rest[0].language]
    return own, english, [t for t in rest if t not in own]


def _main(reader: Reader, field: str, row: Row, terms: list[Term]) -> None:
    own, english, others = _in_tongue(reader, terms)
    if not own and field == "name":
        own, english = english, []
    if own:
        reader.put(field, own[0].value, row.element)
    for number, term in enumerate(own[1:], 2):
        reader.keep(f"{whole(row.element)}#{number}", term.value)
    for term in others:
        reader.keep(
            f"{whole(row.element)}@{term.language}" if term.language else whole(row.element), term.value
        )


def _english(reader: Reader, field: str, row: Row, terms: list[Term]) -> None:
    english = _in_tongue(reader, terms)[1]
    if english:
        reader.put(field, english[0].value, row.element)


def _mains(reader: Reader, field: str, row: Row, terms: list[Term]) -> None:
    own, _, others = _in_tongue(reader, terms)
    reader.put(field, [term.value for term in own], row.element)
    for tag in dict.fromkeys(term.language for term in others):
        texts: list[Any] = [term.value for term in others if term.language == tag]
        reader.keep(f"{whole(row.element)}@{tag}" if tag else whole(row.element), text_of(texts))


def _englishes(reader: Reader, field: str, row: Row, terms: list[Term]) -> None:
    reader.put(field, [term.value for term in _in_tongue(reader, terms)[1]], row.element)


def _text(reader: Reader, field: str, row: Row, terms: list[Term]) -> None:
    texts = [text for text in (named(reader.graph, term, reader.language) for term in terms) if text.strip()]
    if texts:
        reader.put(field, texts[0], row.element)
    if len(texts) > 1:
        reader.keep(whole(row.element), text_of(list(texts)))


def _day(reader: Reader, field: str, row: Row, terms: list[Term]) -> None:
    from kaishu.crosswalk.dcat.things import whole_day

    text = terms[0].value.strip()
    day = whole_day(text, False)
    if reader.put(field, day, row.element) and day != text:
        reader.intake.note(row.element, f"“{text}”当作{day}。", f'"{text}" is taken as {day}.')
    if len(text) > 10 and field in reader.intake.said:
        reader.keep(whole(row.element), text)


def _code(reader: Reader, field: str, row: Row, terms: list[Term]) -> None:
    name = CODED[field]
    codes = [code for term in terms if (code := _coded(reader, name, term))]
    if codes:
        reader.put(field, codes[0], row.element)
    if len(terms) > len(codes) or len(codes) > 1:
        _unknown(reader, row, terms)


def _codes(reader: Reader, field: str, row: Row, terms: list[Term]) -> None:
    name = CODED.get(field, "language")
    found = [(term, _coded(reader, name, term)) for term in terms]
    reader.put(field, [code for _, code in found if code], row.element)
    _unknown(reader, row, [term for term, code in found if not code])


def _themes(reader: Reader, field: str, row: Row, terms: list[Term]) -> None:
    ours = [term for term in terms if term.value.startswith(f"{OWN}theme-")]
    if ours:
        terms = ours
    found = [(term, _coded(reader, "theme", term)) for term in terms]
    reader.put(field, [code for _, code in found if code], row.element)
    foreign = [term for term, code in found if not code or not _gives_back(code, term.value)]
    values = [flat(reader.graph, term) for term in foreign]
    if any(code for term, code in found if term in foreign):
        reader.keep(whole(row.element), text_of([value for value in values if value not in ("", {})]))
    _unknown(reader, row, [term for term, code in found if not code])


def _gives_back(code: str, address: str) -> bool:
    """Is a theme of that code written with this address?"""
    return address.startswith(OWN) or f"<{address}>" in vocabularies.european(code)


def _coded(reader: Reader, vocabulary: str, term: Term) -> str:
    code = vocabularies.code_of(vocabulary, term.value) if term.value else None
    if code is None and reader.graph.described(term):
        code = vocabularies.code_of(vocabulary, label(reader.graph, term.value))
    return code or ""


def _unknown(reader: Reader, row: Row, terms: list[Term]) -> None:
    values = [value for value in (flat(reader.graph, term) for term in terms) if value not in ("", {})]
    if values:
        said = text_of(values)
        reader.intake.note(
            row.element, f"“{said[:80]}”不在代码表里，原样保留。", f'"{said[:80]}" is kept as it is.'
        )
        reader.keep(whole(row.element), said)


def _media(reader: Reader, field: str, row: Row, terms: list[Term]) -> None:
    text = named(reader.graph, terms[0])
    for space in IANA:
        text = text.removeprefix(space)
    reader.put(field, text, row.element)


def _nodes(reader: Reader, field: str, row: Row, terms: list[Term]) -> None:
    found = [_verbatim(reader, term) for term in terms]
    reader.put(field, [text for text in found if text.strip()], row.element)


def _node(reader: Reader, field: str, row: Row, terms: list[Term]) -> None:
    offers = (f"{reader.subject}#offer", f"{reader.subject}-offer") if reader.own else ()
    said = [_verbatim(reader, term) for term in terms if term.value not in offers]
    texts = [text for text in said if text.strip()]
    if texts:
        reader.put(field, texts[0], row.element)
    if len(texts) > 1:
        reader.keep(whole(row.element), text_of([flat(reader.graph, term) for term in terms]))


def _verbatim(reader: Reader, term: Term) -> str:
    """The label of a thing that belongs to the subject; an address; a text."""
    if term.kind == "iri" and term.value.startswith((f"{reader.subject}#", f"{reader.subject}-")):
        found = label(reader.graph, term.value)
        return found or term.value
    if term.kind == "blank":
        text = named(reader.graph, term, reader.language)
        return text or text_of([flat(reader.graph, term)])
    return term.value


READ: dict[str, Read] = {
    "main": _main,
    "mains": _mains,
    "english": _english,
    "englishes": _englishes,
    "text": _text,
    "own": _text,
    "owns": _nodes,
    "number": _text,
    "day": _day,
    "stamp": _text,
    "decimal": _text,
    "duration": _text,
    "code": _code,
    "codes": _codes,
    "themes": _themes,
    "address": _text,
    "place": _text,
    "media": _media,
    "references": _nodes,
    "node": _node,
    "nodes": _nodes,
}
