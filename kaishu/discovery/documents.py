"""A published dataset as a document of the index."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson

from kaishu import standards
from kaishu.discovery import divisions, pinyin, shape, words
from kaishu.discovery.formats import format_code

if TYPE_CHECKING:
    import tantivy

    from kaishu.discovery.rows import Row

SORT_LENGTH = 200
ADDRESS = re.compile(r"\w+://[!-~]+")  # no words to be found by
FIGURES = re.compile("[0-9]+")
SIDES = ("west", "south", "east", "north")
FAR = 10**17  # microseconds, some three thousand years
DAY = 86_400_000_000
LETTERS, NAMED = "-_0123456789abcdefghijklmnopqrstuvwxyz", 4  # of names, and how many count in an order
NAMES: int = len(LETTERS) ** NAMED
DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"  # of ids, in their order
TO_BASE_32 = str.maketrans(DIGITS, "0123456789abcdefghijklmnopqrstuv")


def document(dataset: Row, uses: int) -> tantivy.Document:
    """Everything of a dataset that can be searched, filtered, counted or sorted by; ``uses`` from usage."""
    import tantivy

    return tantivy.Document(**fields_of(dataset, uses))


def line(dataset: Row, uses: int) -> str:
    """The document as JSON."""
    return orjson.dumps(fields_of(dataset, uses)).decode()


def fields_of(dataset: Row, uses: int) -> dict[str, Any]:
    """The document's fields by name."""
    record = dataset.record
    tags = [*record.get("tags", ()), *record.get("tags_en", ())]
    themes = [term for code in record.get("themes", ()) if (term := _term("theme", code))]
    who = [
        *tags,
        dataset.office_title,
        dataset.office_title_en,
        *(t.zh for t in themes),
        *(t.en for t in themes),
        record.get("publisher", ""),
    ]
    fields = [part for item in record.get("items", ()) for part in _item(item)]
    code = record.get("spatial_code", "")
    texts = [record.get("description", ""), record.get("description_en", ""), record.get("spatial", "")]
    texts += [divisions.title(code)] if code else []
    text = "\n".join([*filter(None, texts), *_said_of(dataset.resources)])
    text = words.plain(ADDRESS.sub(" ", text) if "://" in text else text)
    title, title_en = words.plain(dataset.title), words.plain(dataset.title_en)
    title_words = words.cut(title)
    named = list(dict.fromkeys(part for part in who if part))
    once = list(dict.fromkeys(fields))
    sounds = [_syllables(title_words), *map(_known_syllables, dict.fromkeys([*tags, dataset.office_title]))]
    said = {
        "title": " ".join([*words.with_pieces(title_words), *words.LATIN.findall(f"{title} {title_en}")]),
        "who": " ".join([*map(words.known_words, named), *words.LATIN.findall(dataset.name)]),
        "field": " ".join(map(words.known_words, once)),
        "text": words.words_of(text),
        "value": " ".join(map(words.known_words, dataset.values)),
    }
    return {
        **_values(dataset, uses),
        **said,
        shape.WORD: " ".join(dict.fromkeys(" ".join(said.values()).split())),
        "title_sort": _sort_key(title_words, dataset.title),
        "part_title": words.runs_of(title),
        "part": " ".join(filter(None, map(words.known_runs, [*named, *once]))),
        "part_text": words.runs_of(text),
        "pinyin": " ".join(spelled for spelled, _initials in sounds if spelled),
        "initials": " ".join(initials for _spelled, initials in sounds if initials),
    }


def _said_of(resources: list[dict[str, Any]]) -> list[str]:
    """Names and descriptions of resources; what differs only in digits is said once, with all digits."""
    kept: dict[str, str] = {}
    figures: list[str] = []
    seen: set[str] = set()
    for resource in resources:
        for text in (resource.get("name"), resource.get("description")):
            if not text or text in seen:
                continue
            seen.add(text)
            if (without := FIGURES.sub("", text)) in kept:
                figures += FIGURES.findall(text)
            else:
                kept[without] = text
    return [*kept.values(), " ".join(dict.fromkeys(figures))]


def microseconds(moment: datetime | date | str | None) -> int:
    """A time, a day or its ISO form as microseconds since 1970; 0 for none."""
    if not moment:
        return 0
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    elif not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return round(moment.timestamp() * 1_000_000)


def millionths(degrees: float) -> int:
    """Degrees as whole millionths."""
    return round(degrees * 1_000_000)


def id_order(dataset_id: str) -> int:
    """The first 60 bits of an id: a number in the order of the ids, which pages deep down faster."""
    try:
        return int(dataset_id[:12].ljust(12, "0").translate(TO_BASE_32), 32)
    except ValueError:
        number = 0
        for letter in dataset_id[:12].ljust(12, "0"):
            number = number << 5 | min(31, bisect_left(DIGITS, letter))
        return number


def modified_order(dataset: Row) -> int:
    """When the record itself says it was changed, in milliseconds, then its name backwards: newest first.

    Never later than its publication here.  Without such a statement an own dataset counts from its
    publication; one of another portal, published here by the harvest, from its first issue, else it is last.
    """
    said = str(dataset.record.get("modified") or "")
    published = microseconds(dataset.published_at)
    issued = microseconds(dataset.record.get("issued")) if dataset.harvest else published
    moment = min(max(_moment(said) or issued, 0), published) // 1000
    place = 0
    for letter in dataset.name[:NAMED].ljust(NAMED, "-"):
        place = place * len(LETTERS) + max(0, LETTERS.find(letter))
    return moment * NAMES + NAMES - 1 - place


def _moment(text: str) -> int:
    """Microseconds of a moment as portals write it; 0 for what is none."""
    for said in (text, text[:10]):
        try:
            return microseconds(said)
        except (ValueError, OverflowError):
            continue
    return 0


def _values(dataset: Row, uses: int) -> dict[str, Any]:
    record = dataset.record
    published = dataset.published_at
    updated = microseconds(published)
    issued = record.get("issued")
    found: dict[str, Any] = {
        "id": dataset.id,
        "name": dataset.name,
        "state": dataset.state,
        "id_order": id_order(dataset.id),
        "modified_order": modified_order(dataset),
        "updated": updated,
        "issued": _day(issued) if issued else updated,
        "created": microseconds(dataset.created_at),
        "uses": uses,
        "kind": record.get("kind", "dataset"),
        "harvest": dataset.harvest or shape.OWN,
        **_place(record),
        **_time(record),
    }
    if dataset.resources:
        found["format"] = _once([format_code(each.get("format", "")) for each in dataset.resources])
    for name, key in (("theme", "themes"), ("tag", "tags"), ("language", "languages")):
        if values := record.get(key):
            found[name] = _once(values)
    if code := record.get("spatial_code"):
        found["division"] = list(divisions.with_parents(code))
        found["province"] = found["division"][0]
    for name in shape.SETS:
        found |= shape.spread(name, found.get(name, ()))
    for name in ("open_class", "share_class", "update_frequency", "licence", "publisher"):
        if value := record.get(name):
            found[name] = value
    if dataset.office:
        found["office"] = dataset.office
    if month := str(issued or ("" if dataset.harvest else published) or "")[:7]:
        found["month"] = month
    return found


def _once(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, values)))


@lru_cache(maxsize=20_000)
def _day(text: str) -> int:
    return microseconds(text)


def _place(record: dict[str, Any]) -> dict[str, int]:
    box = record.get("bbox")
    if not box:
        return {}
    return {name: millionths(side) for name, side in zip(SIDES, box, strict=True)}


def _time(record: dict[str, Any]) -> dict[str, int]:
    """What the data tell of; open at an end that is not said."""
    start, end = record.get("temporal_start"), record.get("temporal_end")
    if not start and not end:
        return {}
    return {
        "begins": microseconds(start) if start else -FAR,
        "ends": microseconds(end) + DAY - 1 if end else FAR,
    }


def sort_key(title: str) -> str:
    """Chinese by its pinyin, the rest as written, lower case."""
    return _sort_key(words.cut(words.plain(title)) or [words.plain(title)], title)


def sounds_of(text: str) -> list[str]:
    """One syllable for each Chinese character of a text."""
    found = [word for word in words.cut(words.plain(text)) if words.HAN_LETTER.match(word)]
    return [sound for word in found for sound in pinyin.syllables(word)]


def _sort_key(title_words: list[str], title: str) -> str:
    parts: list[str] = []
    for word in title_words:
        if words.HAN_LETTER.match(word):
            parts += pinyin.syllables(word)
        elif word.strip():
            parts += words.LATIN.findall(word)
    return " ".join([*parts, title])[:SORT_LENGTH]


def _item(item: dict[str, Any]) -> list[str]:
    return [part for key in ("name", "title", "title_en") if (part := item.get(key))]


def _term(vocabulary: str, code: str) -> standards.Term | None:
    return standards.vocabulary(vocabulary).codes.get(code)


def _syllables(cut_words: list[str]) -> tuple[str, str]:
    """Each run of Chinese in syllables and their pairs, and as initials."""
    spelled: list[str] = []
    initials: list[str] = []
    run: list[str] = []
    for word in [*cut_words, " "]:
        if words.HAN_LETTER.match(word):
            run += pinyin.syllables(word)
        elif run:
            spelled += pinyin.tokens(run)
            initials.append(pinyin.initials(run))
            run = []
    return " ".join(spelled), " ".join(initials)


@lru_cache(maxsize=50_000)
def _known_syllables(text: str) -> tuple[str, str]:
    return _syllables(words.cut(words.plain(text)))
