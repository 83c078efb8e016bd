"""Two theme schemes set beside each other: which themes are the same, split, merged or without a partner.

Themes are compared by four signs, the strongest first: equal; the same words in another order, or one
within the other; shared words that name a subject; shared characters.  Sound alone joins nothing: names
that are written differently and sound the same are told as a doubt, because they are as often a misprint
as another word.  What people decide (together or apart) comes before every sign.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from kaishu.base.errors import Said
from kaishu.evaluation.census.words import word_list, words_of

Sign = Literal["equal", "contains", "words", "characters", "decided"]
State = Literal["aligned", "split", "merged", "regrouped", "unmatched"]
Decision = Literal["together", "apart"]
Decisions = Mapping[tuple[str, str], Decision]

SIGNS: dict[Sign, Said] = {
    "equal": Said("名称相同", "same name"),
    "contains": Said("包含", "one holds the other"),
    "words": Said("共有词", "shared words"),
    "characters": Said("共有字", "shared characters"),
    "decided": Said("人工判定", "decided by a person"),
}
STATES: dict[State, Said] = {
    "aligned": Said("一一对应", "aligned"),
    "split": Said("一分为多", "split"),
    "merged": Said("多合为一", "merged"),
    "regrouped": Said("重新组合", "regrouped"),
    "unmatched": Said("没有对应", "unmatched"),
}
#: Themes at least so alike are joined; 0.3 is one subject word of two shared.
LEAST = 0.3
_CHARACTERS = 0.5


@dataclass(frozen=True, slots=True)
class Tie:
    """Two themes held to be alike; ``score`` from 0 to 1, ``shared`` what they have in common."""

    left: str
    right: str
    score: float
    sign: Sign
    shared: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Themes of both schemes that belong together."""

    state: State
    left: tuple[str, ...]
    right: tuple[str, ...]
    ties: tuple[Tie, ...]


@dataclass(frozen=True, slots=True)
class Alignment:
    """Groups in the order of the left scheme; ``doubts`` are names that only sound alike or stand twice."""

    left: str
    right: str
    groups: tuple[Group, ...]
    doubts: tuple[Said, ...]

    @property
    def counts(self) -> dict[State, int]:
        """Groups of each state."""
        found = Counter(group.state for group in self.groups)
        return {state: found[state] for state in STATES}


@dataclass(frozen=True, slots=True)
class Scheme:
    """A list of themes; ``stated`` is how many its publisher says there are, where it says so."""

    name: str
    themes: tuple[str, ...]
    stated: int | None = None


def plain(theme: str) -> str:
    """A theme as it is compared: full and half width alike, without blanks and marks.

    >>> plain("气象 服务（数据）")
    '气象服务数据'
    """
    return "".join(letter for letter in unicodedata.normalize("NFKC", theme).lower() if letter.isalnum())


def likeness(left: str, right: str) -> Tie | None:
    """The strongest sign that two themes are alike, or None.

    Shared words are weighed 1, those that name no subject (服务, 管理 …) 0.2, and divided by the weight of
    all words of both (a weighted Jaccard's index); two shared characters or more, outside such words, by
    Dice's 2·|A∩B|/(|A|+|B|).
    """
    one, other = plain(left), plain(right)
    if not one or not other:
        return None
    if one == other:
        return Tie(left, right, 1.0, "equal", left)
    first, second = Counter(words_of(one)), Counter(words_of(other))
    common = [word for word in first & second if word not in word_list("generic-theme-words")]
    if common and (one in other or other in one or not (first - second and second - first)):
        return Tie(left, right, max(0.7, _weighed(first, second)), "contains", "、".join(common))
    if common:
        score = _weighed(first, second)
        return Tie(left, right, score, "words", "、".join(common)) if score >= LEAST else None
    a, b = Counter(_subject(first)), Counter(_subject(second))
    shared = a & b
    score = 2 * sum(shared.values()) / max(1, sum(a.values()) + sum(b.values()))
    if score >= _CHARACTERS and sum(shared.values()) > 1:
        return Tie(left, right, round(score * 0.8, 6), "characters", "".join(sorted(shared, key=one.find)))
    return None


def sound_alike(left: str, right: str) -> bool:
    """Written differently, read the same (tones aside): 信用服务 and 信用服物."""
    from pypinyin import lazy_pinyin

    one, other = plain(left), plain(right)
    return len(one) == len(other) > 1 and one != other and lazy_pinyin(one) == lazy_pinyin(other)


def align(left: Scheme, right: Scheme, decisions: Decisions | None = None) -> Alignment:
    """Groups of themes that belong together.

    Equal names have found their partner and take no further ones.  Of the others each theme is joined to
    the ones it is most like, if they are alike enough; what hangs together so is one group.
    """
    made = decisions or {}
    one, other = _once(left.themes), _once(right.themes)
    ties = [Tie(a, b, 1.0, "decided") for a in one for b in other if made.get((a, b)) == "together"]
    settled = {theme for tie in ties for theme in (("l", tie.left), ("r", tie.right))}
    equal = [
        tie
        for a in one
        for b in other
        if made.get((a, b)) is None and ("l", a) not in settled and ("r", b) not in settled
        for tie in [likeness(a, b)]
        if tie and tie.sign == "equal"
    ]
    taken = settled | {theme for tie in equal for theme in (("l", tie.left), ("r", tie.right))}
    rest = [
        tie
        for a in one
        for b in other
        if ("l", a) not in taken and ("r", b) not in taken and (a, b) not in made
        for tie in [likeness(a, b)]
        if tie
    ]
    groups = _groups(one, other, [*ties, *equal, *_best(rest)])
    return Alignment(left.name, right.name, groups, tuple(_doubts(left, right)))


def _weighed(first: Counter[str], second: Counter[str]) -> float:
    generic = word_list("generic-theme-words")

    def weight(words: Counter[str]) -> float:
        return sum(times * (0.2 if word in generic else 1.0) for word, times in words.items())

    return weight(first & second) / weight(first | second)


def _subject(words: Counter[str]) -> str:
    generic = word_list("generic-theme-words")
    return "".join(word for word in words.elements() if word not in generic)


def _best(ties: Sequence[Tie]) -> list[Tie]:
    """The ties that are the strongest one of either side."""
    highest: dict[tuple[str, str], float] = {}
    for tie in ties:
        for key in (("l", tie.left), ("r", tie.right)):
            highest[key] = max(highest.get(key, 0.0), tie.score)
    return [tie for tie in ties if tie.score in (highest["l", tie.left], highest["r", tie.right])]


def _groups(left: Sequence[str], right: Sequence[str], ties: Sequence[Tie]) -> tuple[Group, ...]:
    root = {("l", each): ("l", each) for each in left} | {("r", each): ("r", each) for each in right}

    def find(key: tuple[str, str]) -> tuple[str, str]:
        while root[key] != key:
            key = root[key]
        return key

    for tie in ties:
        root[find(("r", tie.right))] = find(("l", tie.left))
    members: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for key in root:
        members.setdefault(find(key), []).append(key)
    groups = []
    for keys in members.values():
        one = tuple(name for side, name in keys if side == "l")
        other = tuple(name for side, name in keys if side == "r")
        own = tuple(tie for tie in ties if tie.left in one and tie.right in other)
        groups.append(Group(_state(len(one), len(other)), one, other, own))
    return tuple(groups)


def _state(left: int, right: int) -> State:
    if not left or not right:
        return "unmatched"
    if left == right == 1:
        return "aligned"
    if left == 1:
        return "split"
    return "merged" if right == 1 else "regrouped"


def _doubts(left: Scheme, right: Scheme) -> list[Said]:
    found = []
    for scheme in (left, right):
        count = len(scheme.themes)
        if scheme.stated is not None and scheme.stated != count:
            zh = f"“{scheme.name}”写明{scheme.stated}个主题，列出{count}个"
            found.append(Said(zh, f'"{scheme.name}" states {scheme.stated} themes and lists {count}'))
        for theme, times in Counter(scheme.themes).items():
            if times > 1:
                zh = f"“{scheme.name}”把“{theme}”列了{times}次"
                found.append(Said(zh, f'"{scheme.name}" lists "{theme}" {times} times'))
    for a in _once(left.themes):
        for b in _once(right.themes):
            if sound_alike(a, b):
                zh = f"“{a}”和“{b}”读音相同、写法不同，可能有一处是误字"
                found.append(Said(zh, f'"{a}" and "{b}" sound the same; one may be a misprint'))
    return found


def _once(themes: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(themes))
