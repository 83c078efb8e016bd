"""A published dataset as a document of the index."""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from kaishu import standards
from kaishu.discovery import pinyin, words

if TYPE_CHECKING:
    import tantivy

    from kaishu.discovery.rows import Row

SORT_LENGTH = 200
DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"  # of ids, in their order


def document(dataset: Row, uses: int) -> tantivy.Document:
    """Everything of a dataset that can be searched, filtered, counted or sorted by; ``uses`` from usage."""
    import tantivy

    record = dataset.record
    tags = [*record.get("tags", ()), *record.get("tags_en", ())]
    themes = [term for code in record.get("themes", ()) if (term := _term("theme", code))]
    who = [
        *tags,
        dataset.office_title,
        dataset.office_title_en,
        *(t.zh for t in themes),
        *(t.en for t in themes),
    ]
    fields = [part for item in record.get("items", ()) for part in _item(item)]
    texts = [record.get("description", ""), record.get("description_en", ""), record.get("spatial", "")]
    for resource in dataset.resources:
        texts += [resource.get("name", ""), resource.get("description", "")]
    titles = [dataset.title, dataset.title_en]
    text = "\n".join(part for part in texts if part)
    sounds = _sounds([dataset.title, *tags, dataset.office_title])
    return tantivy.Document(
        **_values(dataset, uses),
        title=words.index_words("\n".join(titles)),
        who=words.index_words("\n".join([*who, dataset.name])),
        field=words.index_words("\n".join(dict.fromkeys(fields))),
        text=words.index_words(text),
        part_title=words.han_runs(dataset.title),
        part=words.han_runs("\n".join([*who, *dict.fromkeys(fields)])),
        part_text=words.han_runs(text),
        pinyin=" ".join(token for run in sounds for token in pinyin.tokens(run)),
        initials=" ".join(pinyin.initials(run) for run in sounds),
    )


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
    }
    one = {
        "office": dataset.office,
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
        "title_sort": sort_key(dataset.title),
        "updated": microseconds(dataset.published_at),
        "issued": microseconds(record.get("issued") or dataset.published_at),
        "created": microseconds(dataset.created_at),
        "uses": uses,
    }


def sort_key(title: str) -> str:
    """Chinese by its pinyin, the rest as written, lower case."""
    parts: list[str] = []
    for piece in words.PIECE.finditer(words.plain(title)):
        parts += _sound(piece["han"]) if piece["han"] else [piece["latin"]]
    return " ".join([*parts, title])[:SORT_LENGTH]


def _item(item: dict[str, Any]) -> list[str]:
    return [part for key in ("name", "title", "title_en") if (part := item.get(key))]


def _term(vocabulary: str, code: str) -> standards.Term | None:
    return standards.vocabulary(vocabulary).codes.get(code)


def _sounds(texts: list[str]) -> list[list[str]]:
    return [_sound(run) for text in texts for run in words.RUN.findall(text)]


def _sound(run: str) -> list[str]:
    return [sound for word in words.cut(run) for sound in pinyin.syllables(word)]
