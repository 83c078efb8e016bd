"""Find datasets: Chinese words and their parts, pinyin, field names, facets; follows the ledger."""

from kaishu.discovery.building import rebuild
from kaishu.discovery.conditions import All, Any, Between, Condition, Has, Is, Not, Prefix, Words
from kaishu.discovery.following import follow_usage, forget, refresh
from kaishu.discovery.marking import Snippet, snippet, spans
from kaishu.discovery.searching import Found, Hit, Query, search

__all__ = [
    "All",
    "Any",
    "Between",
    "Condition",
    "Found",
    "Has",
    "Hit",
    "Is",
    "Not",
    "Prefix",
    "Query",
    "Snippet",
    "Words",
    "follow_usage",
    "forget",
    "rebuild",
    "refresh",
    "search",
    "snippet",
    "spans",
]
