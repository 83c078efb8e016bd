"""How near a column's name is to the names of an element: words, pinyin, initials."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from kaishu.base.errors import Said
from kaishu.elements.definition import Element
from kaishu.elements.duplicates import folded

HAN = re.compile(r"[㐀-鿿]")
#: What stands behind a name and says nothing about its meaning: units, notes, brackets.
NOTES = re.compile(r"[（(\[【][^（()）\[\]【】]*[)）\]】]|[*＊:：]+\s*$")
#: Words that say nothing about what a column means.
EMPTY = frozenset({"的", "信息", "字段", "数据", "值", "名称", "of", "the", "name", "field"})
#: Words at the end of a name that say that codes stand there.
CODING = frozenset({"代码", "编码", "编号", "标识", "标识码", "码", "code", "codes", "id", "dm", "no"})
SAME, SPELLED, INITIALS, ENDS, SHARES = 1.0, 0.92, 0.8, 0.8, 0.5
#: What is left of an ending that cuts a word in two, and of a name that is a code's where the other is not.
CUT, OTHERWISE = 0.7, 0.5


@dataclass(frozen=True)
class Names:
    """The names of all elements, made ready once for many columns."""

    elements: tuple[Element, ...]
    same: dict[str, list[int]] = field(default_factory=dict)
    spelled: dict[str, list[int]] = field(default_factory=dict)
    initials: dict[str, list[int]] = field(default_factory=dict)
    chinese: tuple[tuple[str, int, str], ...] = ()
    words: tuple[tuple[frozenset[str], int, str], ...] = ()


@lru_cache(maxsize=4)
def names_of(elements: tuple[Element, ...]) -> Names:
    """Make the names of a library ready."""
    names = Names(elements)
    chinese, words = [], []
    for place, element in enumerate(elements):
        for name in element.names:
            key = folded(name)
            names.same.setdefault(key, []).append(place)
            if HAN.search(name):
                sounds = _sounds(key)
                names.spelled.setdefault("".join(sounds), []).append(place)
                if len(sounds) > 2:
                    names.initials.setdefault("".join(each[0] for each in sounds), []).append(place)
                if len(key) > 1:
                    chinese.append((key, place, name))
            found = frozenset(words_of(name)) - EMPTY
            if found and max(map(len, found)) > (1 if HAN.search(name) else 2):
                words.append((found, place, name))
    object.__setattr__(names, "chinese", tuple(chinese))
    object.__setattr__(names, "words", tuple(words))
    return names


def nearness(names: Names, spoken: Iterable[str]) -> dict[int, tuple[float, Said]]:
    """Place of an element to how near it is, 0 to 1, and why, for the names that a column goes by."""
    found: dict[int, tuple[float, Said]] = {}
    for name in spoken:
        for place, score, why in _near(names, name):
            if score > found.get(place, (0.0,))[0]:
                found[place] = (score, why)
    return found


def _near(names: Names, name: str) -> Iterable[tuple[int, float, Said]]:
    bare = NOTES.sub("", name).strip() or name
    last = bare.rpartition(".")[2]
    spelled = ((folded(name), SAME), (folded(bare), SAME - 0.02), (folded(last), SAME - 0.05))
    for key, score in spelled:
        for place in names.same.get(key, ()):
            yield place, score, Said(f"名称就是“{name}”", f'it is called "{name}"')
    key = folded(bare)
    if key.isascii() and len(key) > 1:
        for place in names.spelled.get(key, ()):
            yield place, SPELLED, Said(f"“{name}”是名称的拼音", f'"{name}" is its name in pinyin')
        for place in names.initials.get(key, ()):
            yield (
                place,
                INITIALS,
                Said(f"“{name}”是名称的拼音首字母", f'"{name}" are the initials of its name'),
            )
    if HAN.search(key):
        yield from _endings(names, key)
    yield from _shared(names, bare)


def _endings(names: Names, key: str) -> Iterable[tuple[int, float, Said]]:
    """A Chinese name ends with what it is: 企业联系电话 is a 联系电话."""
    for known, place, name in names.chinese:
        if key != known and key.endswith(known):
            share = len(known) / len(key)
            whole = len(key) - len(known) in _breaks(key)
            why = Said(f"名称以“{name}”结尾", f'its name ends with "{name}"')
            yield place, ENDS * (0.55 + 0.45 * share) * (1 if whole else CUT), why


def _shared(names: Names, bare: str) -> Iterable[tuple[int, float, Said]]:
    """Names that share words, the last of which weighs most."""
    words = words_of(bare)
    told = frozenset(words) - EMPTY
    if not told:
        return
    for known, place, name in names.words:
        both = known & told
        if not both:
            continue
        share = len(both) / len(known | told)
        if says_code(name) != says_code(bare):
            share *= OTHERWISE
        if share == 1:
            yield place, SPELLED, Said(f"与“{name}”用词相同", f'it has the words of "{name}"')
        else:
            said = "、".join(sorted(both))
            yield place, SHARES * share, Said(f"与“{name}”同有“{said}”", f'like "{name}" it says "{said}"')


def says_code(name: str) -> bool:
    """Does the name end with a word for codes?"""
    words = words_of(name)
    return bool(words) and (words[-1] in CODING or words[-1].endswith(("代码", "编码", "标识码")))


def _breaks(key: str) -> set[int]:
    """Places between the words of a name."""
    places, at = set(), 0
    for word in words_of(key):
        at += len(word)
        places.add(at)
    return places


@lru_cache(maxsize=4096)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name: Chinese cut by a dictionary, Latin at signs and capitals, in small letters."""
    found: list[str] = []
    for piece in re.findall(r"[㐀-鿿]+|[A-Za-z]+|\d+", _uncamel(name)):
        if HAN.match(piece):
            import rjieba

            found += rjieba.cut(piece)
        else:
            found.append(piece.lower())
    return tuple(found)


def _uncamel(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)


def _sounds(text: str) -> list[str]:
    from pypinyin import lazy_pinyin

    return [each for each in lazy_pinyin(text) if each]
