"""The index's fields.  Change anything here and raise ``SHAPE``: an index of another shape is built again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    import tantivy

SHAPE = 8

#: Words, by weight: what a dataset is called, who has it and what it is about, its fields, its description,
#: the values of its code-like columns.
WORDS = {"title": 4.0, "who": 2.5, "field": 2.2, "text": 1.0, "value": 0.8}
#: Single characters and pairs, so that parts of words are found.
PARTS = {"part_title": 1.6, "part": 0.8}
PAIRS_ONLY = {"part_text": 0.3}
#: All words of all those fields once, for finding without a score.
WORD = "word"
#: Exact values, several a dataset where it has several; each can be filtered, counted and sorted by.
VALUES = (
    "id",
    "name",
    "state",
    "office",
    "theme",
    "tag",
    "format",
    "open_class",
    "share_class",
    "update_frequency",
    "licence",
    "language",
    "title_sort",
    "kind",
    "harvest",
    "publisher",
    "division",
    "province",
    "month",
)
#: Columns over which the several values of a dataset are spread, those of one column together as one value:
#: counting one value a dataset is ten times as fast, and few values in a column make few combinations.
SETS = {
    name: tuple(f"{name}_set_{number}" for number in range(columns))
    for name, columns in (("theme", 4), ("format", 4), ("language", 1))
}
JOINT = "\x1f"
#: Source of what was published here.
OWN = "-"
#: Of these a dataset may have several.
SEVERAL = frozenset({"theme", "tag", "format", "language", "division"})
#: Whole numbers; times are microseconds since 1970, degrees are millionths.
NUMBERS = (
    "updated",
    "issued",
    "created",
    "uses",
    "id_order",
    "modified_order",
    "begins",
    "ends",
    "west",
    "south",
    "east",
    "north",
)
TIMES = frozenset({"updated", "issued", "created", "begins", "ends"})
DEGREES = frozenset({"west", "south", "east", "north"})
#: Fields of words by the names that a query may give them, with the fields they are kept in.
TEXTS = {
    "title": ("title", "part_title"),
    "notes": ("text", "part_text"),
    "who": ("who", "part"),
    "fields": ("field", "part"),
    "values": ("value",),
}
#: What CKAN calls them.
ALIASES = {
    "organization": "office",
    "groups": "theme",
    "tags": "tag",
    "res_format": "format",
    "license_id": "licence",
    "metadata_modified": "updated",
    "metadata_created": "created",
    "frequency": "update_frequency",
    "title_string": "title_sort",
    "type": "kind",
    "dataset_type": "kind",
    "spatial_code": "division",
    "temporal_start": "begins",
    "temporal_end": "ends",
}
TEXT_ALIASES = {"description": "notes", "text": "notes", "title_ngram": "title"}


def field(name: str) -> str | None:
    """Our name of a field that can be filtered by, also by CKAN's name; None if there is none."""
    own = ALIASES.get(name, name)
    return own if own in VALUES or own in NUMBERS else None


def texts(name: str) -> tuple[str, ...] | None:
    """The fields of words that a name means; None if it is not one."""
    return TEXTS.get(TEXT_ALIASES.get(name, name))


def spread(name: str, values: Sequence[str]) -> dict[str, str]:
    """Values of a dataset by the column that counts them; every column has one, be it empty."""
    columns: dict[str, list[str]] = {column: [] for column in SETS[name]}
    for value in sorted(values):
        columns[SETS[name][crc32(value.encode()) % len(columns)]].append(value)
    return {column: JOINT.join(some) or JOINT for column, some in columns.items()}


@cache
def schema() -> tantivy.Schema:
    """The fields for Tantivy."""
    import tantivy

    build = tantivy.SchemaBuilder()
    for name in VALUES:
        stored = name in ("id", "name")
        build.add_text_field(name, stored=stored, fast=True, tokenizer_name="raw", index_option="basic")
    for name in chain.from_iterable(SETS.values()):
        build.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for name in NUMBERS:
        build.add_integer_field(name, indexed=False, fast=True)
    for name in WORDS:
        build.add_text_field(name, tokenizer_name="words", index_option="freq")
    for name in PARTS:
        build.add_text_field(name, tokenizer_name="characters", index_option="freq")
    for name in PAIRS_ONLY:
        build.add_text_field(name, tokenizer_name="pairs", index_option="basic")
    build.add_text_field(WORD, tokenizer_name="words", index_option="basic")
    build.add_text_field("pinyin", tokenizer_name="plain", index_option="freq")
    build.add_text_field("initials", tokenizer_name="initials", index_option="basic")
    return build.build()


@cache
def analysers() -> dict[str, tantivy.TextAnalyzer]:
    """The analysers by name; the same ones cut documents and queries."""
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    blank = Tokenizer.whitespace
    return {
        "words": TextAnalyzerBuilder(blank())
        .filter(Filter.remove_long(100))
        .filter(Filter.ascii_fold())
        .filter(Filter.stemmer("english"))
        .build(),
        "plain": TextAnalyzerBuilder(blank()).build(),
        "characters": TextAnalyzerBuilder(Tokenizer.ngram(1, 2)).build(),
        "pairs": TextAnalyzerBuilder(Tokenizer.ngram(2, 2)).build(),
        "initials": TextAnalyzerBuilder(Tokenizer.ngram(2, 4)).build(),
    }


def prepare(index: tantivy.Index) -> tantivy.Index:
    """Give an opened index its analysers, which are not stored with it."""
    for name, analyser in analysers().items():
        index.register_tokenizer(name, analyser)
    return index
