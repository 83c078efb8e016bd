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
from kaishu.discovery.divisions import code_of as division_code
from kaishu.discovery.divisions import title as division_title
from kaishu.discovery.divisions import with_parents as division_parents
from kaishu.discovery.explaining import Reasons, explain, meant
from kaishu.discovery.following import follow_usage, forget, refresh
from kaishu.discovery.formats import OTHER as OTHER_FORMAT
from kaishu.discovery.formats import format_code
from kaishu.discovery.marking import Snippet, snippet, spans
from kaishu.discovery.rows import source_titles
from kaishu.discovery.searching import Found, Hit, Query, search
from kaishu.discovery.shape import OWN
from kaishu.discovery.suggesting import Suggestion, suggest
from kaishu.discovery.synonyms import (
    Group,
    groups,
    put_synonyms,
    remove_synonyms,
    restore_synonyms,
    terms_from,
)

__all__ = [
    "OTHER_FORMAT",
    "OWN",
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
    "Reasons",
    "Snippet",
    "Suggestion",
    "Words",
    "division_code",
    "division_parents",
    "division_title",
    "during",
    "explain",
    "follow_usage",
    "forget",
    "format_code",
    "groups",
    "in_box",
    "meant",
    "put_synonyms",
    "rebuild",
    "refresh",
    "remove_synonyms",
    "restore_synonyms",
    "search",
    "snippet",
    "source_titles",
    "spans",
    "suggest",
    "terms_from",
]
