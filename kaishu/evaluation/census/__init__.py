"""Census of platforms, themes and policies: who has one, which themes they share, what was laid down when."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from kaishu.base.doors import front_door

if TYPE_CHECKING:
    from kaishu.evaluation.census import addresses, platforms, policies, published, themes
    from kaishu.evaluation.census.alignment import STATES, Alignment, Group, Scheme, Tie, align, likeness
    from kaishu.evaluation.census.choosing import (
        decisions_of,
        read_decisions,
        read_scheme,
        scheme,
        scheme_of_text,
        schemes,
        unknown_decisions,
    )
    from kaishu.evaluation.census.cloud import (
        Box,
        CloudWord,
        RingLine,
        RingTheme,
        cloud_box,
        ring,
        ring_box,
        word_cloud,
    )
    from kaishu.evaluation.census.printed import levels_total, platform_rows, policy_rows, theme_rows
    from kaishu.evaluation.census.reading import (
        Rows,
        column_words,
        read_platforms,
        read_policies,
        read_themes,
    )
    from kaishu.evaluation.census.showing import (
        alignment_document,
        platforms_document,
        policies_document,
        themes_document,
    )
    from kaishu.evaluation.census.telling import (
        alignment_as_dict,
        platforms_as_dict,
        policies_as_dict,
        themes_as_dict,
    )
    from kaishu.evaluation.census.words import frequencies, word_list, words_of

_fetch = front_door(
    __name__,
    {
        "alignment": "STATES Alignment Group Scheme Tie align likeness",
        "cloud": "Box CloudWord RingLine RingTheme cloud_box ring ring_box word_cloud",
        "printed": "levels_total platform_rows policy_rows theme_rows",
        "reading": "Rows column_words read_platforms read_policies read_themes",
        "choosing": "decisions_of read_decisions read_scheme scheme scheme_of_text schemes unknown_decisions",
        "showing": "alignment_document platforms_document policies_document themes_document",
        "telling": "alignment_as_dict platforms_as_dict policies_as_dict themes_as_dict",
        "words": "frequencies word_list words_of",
    },
)

#: Whole modules, each by its own name.
_MODULES = ("addresses", "platforms", "policies", "published", "themes")


def __getattr__(name: str) -> Any:
    return import_module(f"{__name__}.{name}") if name in _MODULES else _fetch(name)


__all__ = [
    "STATES",
    "Alignment",
    "Box",
    "CloudWord",
    "Group",
    "RingLine",
    "RingTheme",
    "Rows",
    "Scheme",
    "Tie",
    "addresses",
    "align",
    "alignment_as_dict",
    "alignment_document",
    "cloud_box",
    "column_words",
    "decisions_of",
    "frequencies",
    "levels_total",
    "likeness",
    "platform_rows",
    "platforms",
    "platforms_as_dict",
    "platforms_document",
    "policies",
    "policies_as_dict",
    "policies_document",
    "policy_rows",
    "published",
    "read_decisions",
    "read_platforms",
    "read_policies",
    "read_scheme",
    "read_themes",
    "ring",
    "ring_box",
    "scheme",
    "scheme_of_text",
    "schemes",
    "theme_rows",
    "themes",
    "themes_as_dict",
    "themes_document",
    "unknown_decisions",
    "word_cloud",
    "word_list",
    "words_of",
]
