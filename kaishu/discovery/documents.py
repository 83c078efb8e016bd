"""A published dataset as a document of the index."""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from kaishu import standards
from kaishu.discovery import divisions, pinyin, words

if TYPE_CHECKING:
    import tantivy

    from kaishu.discovery.rows import Row

SORT_LENGTH = 200
SIDES = ("west", "south", "east", "north")
FAR = 10**17  # microseconds, some three thousand years
DAY = 86_400_000_000
DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"  # of ids, in their order


def document(dataset: Row, uses: int) -> tantivy.Document:
    """Everything of a dataset that can be searched, filtered, counted or sorted by; ``uses`` from usage."""
    import tantivy

    return tantivy.Document(**fields_of(dataset, uses))


def fields_of(dataset: Row, uses: int) -> dict[str, Any]:
    """The document's fields by name, ready to be sent between processes."""
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
    for resource in dataset.resources:
        texts += [resource.get("name", ""), resource.get("description", "")]
    text = "\n".join(dict.fromkeys(part for part in texts if part))
    named = dict.fromkeys(part for part in who if part)
    once = dict.fromkeys(fields)
    sound = _sounds(dataset.title)
    sounds = [*sound, *(run for part in (*tags, dataset.office_title) for run in _known_sounds(part))]
    return {
        **_values(dataset, uses),
        "title_sort": sort_key(dataset.title, sound),
        "title": words.index_words(f"{dataset.title}\n{dataset.title_en}"),
        "who": " ".join([*map(words.known_words, named), words.index_words(dataset.name)]),
        "field": " ".join(map(words.known_words, once)),
        "text": words.index_words(text),
        "value": " ".join(map(words.known_words, dataset.values)),
        "part_title": words.han_runs(dataset.title),
        "part": " ".join(filter(None, map(words.known_runs, [*named, *once]))),
        "part_text": words.han_runs(text),
        "pinyin": " ".join(token for run in sounds for token in pinyin.tokens(run)),
        "initials": " ".join(pinyin.initials(run) for run in sounds),
    }


def format_code(text: str) -> str:
    """One spelling for a format: the vocabulary's code, else what was written in lower case."""
    term = standards.vocabulary("file-format").find(text)
    return term.code if term else text.strip().lower()


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
    number = 0
    for letter in dataset_id[:12].ljust(12, "0"):
        number = number << 5 | min(31, bisect_left(DIGITS, letter))
    return number


def _values(dataset: Row, uses: int) -> dict[str, Any]:
    record = dataset.record
    formats = [format_code(resource.get("format", "")) for resource in dataset.resources]
    many = {
        "theme": record.get("themes", ()),
        "tag": record.get("tags", ()),
        "format": formats,
        "language": record.get("languages", ()),
        "division": divisions.with_parents(record.get("spatial_code", "")),
    }
    one = {
        "office": dataset.office,
        "kind": record.get("kind", "dataset"),
        "harvest": dataset.harvest,
        "publisher": record.get("publisher", ""),
        "month": f"{dataset.published_at:%Y-%m}" if dataset.published_at else "",
        "open_class": record.get("open_class", ""),
        "share_class": record.get("share_class", ""),
        "update_frequency": record.get("update_frequency", ""),
        "licence": record.get("licence", ""),
    }
    return {
        **{name: list(dict.fromkeys(value for value in values if value)) for name, values in many.items()},
        **{name: value for name, value in one.items() if value},
        "id": dataset.id,
        "name": dataset.name,
        "state": dataset.state,
        "id_order": id_order(dataset.id),
        "updated": microseconds(dataset.published_at),
        "issued": microseconds(record.get("issued") or dataset.published_at),
        "created": microseconds(dataset.created_at),
        "uses": uses,
        **_place(record),
        **_time(record),
    }


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


def sort_key(title: str, sounds: list[list[str]] | None = None) -> str:
    """Chinese by its pinyin, the rest as written, lower case; ``sounds`` of its runs if they are known."""
    left = list(_sounds(title) if sounds is None else sounds)
    parts: list[str] = []
    for piece in words.PIECE.finditer(words.plain(title)):
        parts += left.pop(0) if piece["han"] and left else [piece[0]]
    return " ".join([*parts, title])[:SORT_LENGTH]


def _item(item: dict[str, Any]) -> list[str]:
    return [part for key in ("name", "title", "title_en") if (part := item.get(key))]


def _term(vocabulary: str, code: str) -> standards.Term | None:
    return standards.vocabulary(vocabulary).codes.get(code)


def _sounds(text: str) -> list[list[str]]:
    """The syllables of each run of Chinese."""
    return [_sound(run) for run in words.RUN.findall(words.plain(text))]


_known_sounds = lru_cache(maxsize=100_000)(_sounds)


def _sound(run: str) -> list[str]:
    return [sound for word in words.cut(run) for sound in pinyin.syllables(word)]
