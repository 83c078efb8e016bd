"""Why a search found nothing or little, and what is near."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from kaishu.access import Call, Permission, require
from kaishu.discovery import following, repairing
from kaishu.discovery.matching import Matcher, matching
from kaishu.discovery.searching import Hit, Query, current_reader, hits_of, search
from kaishu.discovery.synonyms import synonyms
from kaishu.discovery.words import Word, query_words

if TYPE_CHECKING:
    import tantivy

NEAR = 10


@dataclass(frozen=True, slots=True)
class Reasons:
    """What stands in the way.

    ``words`` are the words with the number of datasets that have each, filters aside; ``without`` what
    would be found without one filter, by its name; ``unfiltered`` without any; ``meant`` a better way to
    write the words, with ``meant_total``; ``near`` datasets that have some of the words.
    """

    words: list[tuple[str, int]] = field(default_factory=list)
    without: list[tuple[str, int]] = field(default_factory=list)
    unfiltered: int = 0
    meant: str = ""
    meant_total: int = 0
    near: list[Hit] = field(default_factory=list)

    @property
    def missing(self) -> list[str]:
        """Words that no dataset has."""
        return [word for word, count in self.words if not count]


def explain(call: Call, query: Query) -> Reasons:
    """Look at each word and each filter alone.  Raises as ``search`` does."""
    require(call, Permission.dataset_read)
    using = current_reader(call)
    words = query_words(query.q, synonyms(call.session))
    matcher = Matcher(using.searcher)
    counts = [(word, _count(using, matcher.options(word))) for word in words]
    bare = replace(query, filters={}, where=None, facets=(), offset=0, limit=0)
    without = []
    for name in query.filters:
        rest = {key: values for key, values in query.filters.items() if key != name}
        without.append((name, search(call, replace(bare, filters=rest, where=query.where)).total))
    if query.where is not None:
        without.append(("", search(call, replace(bare, filters=query.filters)).total))
    unfiltered = search(call, bare).total
    meant, total = _meant(call, using, query.q, [word for word, count in counts if not count])
    return Reasons(
        words=[(word.text, count) for word, count in counts],
        without=without,
        unfiltered=unfiltered,
        meant=meant,
        meant_total=total,
        near=[] if unfiltered else _near(call, using, meant or query.q),
    )


def meant(call: Call, q: str) -> tuple[str, int]:
    """A better way to write the words, and what it finds; empty if every word is known."""
    require(call, Permission.dataset_read)
    using = current_reader(call)
    matcher = Matcher(using.searcher)
    words = query_words(q, synonyms(call.session))
    failing = [word for word in words if not _count(using, matcher.options(word))]
    return _meant(call, using, q, failing)


def _meant(call: Call, using: following.Reader, q: str, failing: list[Word]) -> tuple[str, int]:
    better = repairing.repaired(call, using.searcher, q, failing) if failing else ""
    total = search(call, Query(q=better, limit=0)).total if better else 0
    return (better, total) if total else ("", 0)


def _near(call: Call, using: following.Reader, q: str) -> list[Hit]:
    found = matching(q, using.searcher, synonyms(call.session), needed=1)
    if found is None:
        return []
    return hits_of(using.searcher, using.searcher.search(found, NEAR).hits)


def _count(using: following.Reader, query: tantivy.Query) -> int:
    found: Any = using.searcher.search(query, 1)
    return int(found.count)
