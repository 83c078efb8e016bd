"""Find datasets: Chinese words and their parts, pinyin, field names, facets; follows the ledger."""

from kaishu.discovery.building import rebuild
from kaishu.discovery.conditions import (
    All,
    Any,
    Between,
    Condition,
    Exists,
    Has,
    Is,
    Not,
    Prefix,
    Words,
    during,
    in_box,
)
from kaishu.discovery.following import follow_usage, forget, refresh
from kaishu.discovery.marking import Snippet, snippet, spans
from kaishu.discovery.searching import Found, Hit, Query, search
from kaishu.discovery.synonyms import (
    Group,
    groups,
    put_synonyms,
    remove_synonyms,
    restore_synonyms,
    terms_from,
)

__all__ = [
    "All",
    "Any",
    "Between",
    "Condition",
    "Exists",
    "Found",
    "Group",
    "Has",
    "Hit",
    "Is",
    "Not",
    "Prefix",
    "Query",
    "Snippet",
    "Words",
    "during",
    "follow_usage",
    "forget",
    "groups",
    "in_box",
    "put_synonyms",
    "rebuild",
    "refresh",
    "remove_synonyms",
    "restore_synonyms",
    "search",
    "snippet",
    "spans",
    "terms_from",
]
