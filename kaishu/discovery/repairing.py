"""What a person may have meant: words that sound the same, a letter wrong, missing or too much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from kaishu import catalogue
from kaishu.access import Call
from kaishu.catalogue.models import Dataset
from kaishu.discovery import pinyin, shape
from kaishu.discovery.words import LATIN, RUN, Word, cut, plain

if TYPE_CHECKING:
    import tantivy

LOOKED_AT = 40
LONGEST = 12
MOST_MEANT = 5  # mended spellings whose datasets are read
#: What many people do not tell apart when they speak or type.
CONFUSED = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"), ("h", "f"))
SAME_SOUND, LIKE_SOUND, ONE_OFF = 3, 2, 1


def repaired(call: Call, searcher: tantivy.Searcher, text: str, failing: Sequence[Word]) -> str:
    """The text with each failing word replaced by the likeliest one that is there; empty if none is."""
    text = plain(text)
    changed = text
    for word in failing:
        better = _better(call, searcher, word)
        if better:
            changed = changed.replace(word.text, better, 1)
    return changed if changed != text else ""


def _better(call: Call, searcher: tantivy.Searcher, word: Word) -> str:
    if not 2 <= len(word.text) <= 3 * LONGEST:
        return ""
    if word.kind == "latin":
        return _better_latin(call, searcher, word.text)
    return _better_han(call, searcher, word.text[:LONGEST])


def _better_han(call: Call, searcher: tantivy.Searcher, text: str) -> str:
    sounds = _sounds(text)
    wanted = [("pinyin", a + b) for one in _ways(sounds) for a, b in pairwise(one)]
    wanted += [("part_title", a + b) for a, b in pairwise(text)]
    found: Counter[tuple[int, str]] = Counter()
    for run in _runs(_near(call, searcher, wanted)):
        for rank, piece in _alike(text, sounds, run):
            found[rank, piece] += 1
    return _best(found)


def _alike(text: str, sounds: Sequence[str], run: str) -> Iterator[tuple[int, str]]:
    """Pieces of a run that the text may have meant, with how sure that is."""
    size = len(text)
    spelled = _sounds(run)
    loose = [_loose(sound) for sound in sounds]
    for start in range(len(run) - size + 1):
        piece, spoken = run[start : start + size], spelled[start : start + size]
        if piece == text:
            continue
        if spoken == tuple(sounds):
            yield SAME_SOUND, piece
        elif [_loose(sound) for sound in spoken] == loose:
            yield LIKE_SOUND, piece
        elif size > 2 and sum(a != b for a, b in zip(piece, text, strict=True)) == 1:
            yield ONE_OFF, piece
    for other in (size - 1, size + 1):
        if min(other, size) > 2:
            for start in range(len(run) - other + 1):
                piece = run[start : start + other]
                if distance(piece, text) == 1:
                    yield ONE_OFF, piece


def _better_latin(call: Call, searcher: tantivy.Searcher, text: str) -> str:
    from tantivy import Query

    if len(text) < 4 or not text.isalpha():
        return ""
    most = 1 if len(text) < 7 else 2
    fuzzy = [
        Query.fuzzy_term_query(shape.schema(), name, text, most, True)
        for name in ("title", "who", "field", "text", "pinyin")
    ]
    found: Counter[tuple[int, str]] = Counter()
    for dataset in _datasets(call, searcher, fuzzy):
        said = " ".join(_texts(dataset))
        for word in LATIN.findall(plain(said)):
            off = distance(word, text)
            if 0 < off <= most:
                found[3 * (most - off) + 1, word] += 1
        for run in RUN.findall(plain(said)):
            spelled = _sounds(run)
            for start in range(len(run) - 1):
                off = distance("".join(spelled[start : start + 2]), text)
                if off <= 1:
                    found[3 * (most - off), run[start : start + 2]] += 1
    for run in _meant(call, searcher, text):
        found[3 * (most - 1), run] += 1
    return _best(found)


def _meant(call: Call, searcher: tantivy.Searcher, text: str) -> Iterator[str]:
    """Pieces of three or more characters that sound like these letters with one of them mended."""
    from tantivy import Occur, Query

    ways = []
    for way in pinyin.near_readings(text):
        if len(way) > 2:
            terms = [Query.term_query(shape.schema(), "pinyin", a + b, "basic") for a, b in pairwise(way)]
            query = Query.boolean_query([(Occur.Must, each) for each in terms])
            if searcher.search(query, 1, count=False).hits:
                ways.append((tuple(way), query))
    for sounds, query in ways[:MOST_MEANT]:
        size = len(sounds)
        for run in _runs(_datasets(call, searcher, [query])):
            spelled = _sounds(run)
            for start in range(len(run) - size + 1):
                if spelled[start : start + size] == sounds:
                    yield run[start : start + size]


def _best(found: Counter[tuple[int, str]]) -> str:
    if not found:
        return ""
    (_rank, piece), _count = max(found.items(), key=lambda each: (each[0][0], each[1], each[0][1]))
    return piece


def _near(call: Call, searcher: tantivy.Searcher, wanted: Iterable[tuple[str, str]]) -> list[Dataset]:
    from tantivy import Query

    terms = [Query.term_query(shape.schema(), name, term, "freq") for name, term in dict.fromkeys(wanted)]
    return _datasets(call, searcher, terms)


def _datasets(call: Call, searcher: tantivy.Searcher, any_of: Sequence[tantivy.Query]) -> list[Dataset]:
    from tantivy import Occur, Query

    if not any_of:
        return []
    query = Query.boolean_query([(Occur.Should, each) for each in any_of])
    hits = searcher.search(query, LOOKED_AT).hits
    return catalogue.datasets_by_ids(call, [searcher.doc(address)["id"][0] for _score, address in hits])


def _texts(dataset: Dataset) -> Iterator[str]:
    record = dataset.record
    yield from (dataset.title, dataset.title_en, dataset.office.title, dataset.office.title_en)
    yield from (*record.get("tags", ()), *record.get("tags_en", ()))
    for item in record.get("items", ()):
        yield from (item.get("title") or "", item.get("name") or "")
    yield record.get("description_en", "")


def _runs(datasets: Iterable[Dataset]) -> Iterator[str]:
    for dataset in datasets:
        for text in _texts(dataset):
            yield from RUN.findall(plain(text))


@lru_cache(maxsize=5000)
def _sounds(run: str) -> tuple[str, ...]:
    """One syllable for each character."""
    return tuple((*sounds, "")[0] for letter in _letters(run) for sounds in [letter])


def _letters(run: str) -> Iterator[tuple[str, ...]]:
    for word in cut(run):
        sounds = pinyin.syllables(word)
        if len(sounds) == len(word):
            yield from ((sound,) for sound in sounds)
        else:
            yield from (pinyin.syllables(letter) for letter in word)


def _ways(sounds: Sequence[str]) -> list[list[str]]:
    """The syllables as they are, and with each confusion taken the other way."""
    ways = [list(sounds)]
    for one, other in CONFUSED:
        for first, second in ((one, other), (other, one)):
            if first in ("ng",) or second in ("ng",):
                ways.append([_ending(sound, first, second) for sound in sounds])
            else:
                ways.append(
                    [second + sound[len(first) :] if sound.startswith(first) else sound for sound in sounds]
                )
    return [way for place, way in enumerate(ways) if way not in ways[:place]]


def _ending(sound: str, first: str, second: str) -> str:
    if not sound.endswith(first) or (first == "n" and sound.endswith("ng")):
        return sound
    return sound[: -len(first)] + second


def _loose(sound: str) -> str:
    """A syllable with what is confused made one."""
    for one, other in CONFUSED[:3]:
        if sound.startswith(one):
            sound = other + sound[2:]
    if sound.endswith("ng"):
        sound = sound[:-1]
    return "n" + sound[1:] if sound.startswith("l") else sound


def distance(one: str, other: str) -> int:
    """Letters to put in, take out, change or swap; what is more than three is not counted to the end."""
    if abs(len(one) - len(other)) > 3:
        return 4
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, against in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
