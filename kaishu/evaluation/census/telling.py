"""A census as plain values, for JSON; every list is one of the frames, a row each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kaishu.base.errors import in_language
from kaishu.evaluation.census import addresses, platforms, policies, themes
from kaishu.evaluation.census.alignment import Alignment
from kaishu.evaluation.census.platforms import Doubt
from kaishu.evaluation.census.printed import levels_total, platform_rows, policy_rows, theme_rows
from kaishu.evaluation.census.published import published_as_dict
from kaishu.evaluation.census.reading import Rows
from kaishu.evaluation.census.words import frequencies
from kaishu.evaluation.systems.rows import Compared


def platforms_as_dict(rows: Rows, language: str = "zh") -> dict[str, Any]:
    """Platforms counted by level, region, type, year, province and city; addresses; what is printed; doubts.

    ``types`` and ``growth`` are counted from the rows, ``addresses`` inferred from them; ``published`` is
    what reports print about types and growth, and empty for a file of one's own.
    """
    frame, whole = rows.frame, levels_total() if rows.shipped else None
    return {
        "source": rows.source,
        "platforms": frame.height,
        "levels_total": whole,
        "levels": platforms.by_level(frame, whole).to_dicts(),
        "level_rates": platforms.level_rates(frame).to_dicts(),
        "regions": platforms.by_region(frame, whole).to_dicts(),
        "regions_assumed": True,
        "types": platforms.counted(frame, "type").to_dicts(),
        "growth": platforms.growth(frame).to_dicts(),
        "addresses": addresses.by_address(frame).to_dicts(),
        "address_rule": in_language(addresses.RULE, language),
        "published": published_as_dict(language) if rows.shipped else {},
        "provinces": platforms.by_province(frame).to_dicts(),
        "cities": platforms.by_city(frame).to_dicts(),
        "printed": _printed(platform_rows(frame), language) if rows.shipped else [],
        "doubts": _doubts(platforms.doubts(frame), language),
    }


def themes_as_dict(rows: Rows, language: str = "zh") -> dict[str, Any]:
    """Themes: their spread, frequency, words, pairs, overlap (with the whole matrix), printed, doubts."""
    found = themes.theme_table(rows.frame)
    spread = themes.spread(found)
    return {
        "source": rows.source,
        "platforms": spread.platforms,
        "themes": spread.themes,
        "listed": spread.listed,
        "mean": spread.mean,
        "median": spread.median,
        "least": spread.least,
        "most": spread.most,
        "counts": [{"themes": value, "platforms": n} for value, n in spread.counts],
        "frequency": themes.frequency(found).to_dicts(),
        "words": frequencies(zip(found.themes, found.counts.tolist(), strict=True)).to_dicts(),
        "together": themes.together(found).to_dicts(),
        "nearest": themes.nearest(found, 3).to_dicts(),
        "same": [list(names) for names in themes.same_lists(found)],
        "overlap": {"platforms": list(found.platforms), "jaccard": themes.overlap(found).round(6).tolist()},
        "printed": _printed(theme_rows(rows.frame), language) if rows.shipped else [],
        "doubts": _doubts(themes.doubts(rows.frame), language),
    }


def policies_as_dict(rows: Rows, language: str = "zh") -> dict[str, Any]:
    """Policies: by year, kind, status, scope and province, words of titles, documents, printed, doubts."""
    frame = policies.described(rows.frame)
    return {
        "source": rows.source,
        "policies": frame.height,
        "years": policies.by_year(frame).to_dicts(),
        "kinds": policies.by(frame, "kind").to_dicts(),
        "kinds_by_year": policies.kinds_by_year(frame).to_dicts(),
        "statuses": policies.by(frame, "status").to_dicts(),
        "scopes": policies.by(frame, "scope").to_dicts(),
        "provinces": policies.by(frame, "province").to_dicts(),
        "words": policies.title_words(frame).to_dicts(),
        "documents": frame.to_dicts(),
        "printed": _printed(policy_rows(frame), language) if rows.shipped else [],
        "doubts": _doubts(policies.doubts(frame), language),
    }


def alignment_as_dict(found: Alignment, language: str = "zh") -> dict[str, Any]:
    """An alignment: counts of each state, groups with their ties, doubts."""
    return {
        "left": found.left,
        "right": found.right,
        "counts": found.counts,
        "groups": [
            {
                "state": group.state,
                "left": list(group.left),
                "right": list(group.right),
                "ties": [
                    {
                        "left": tie.left,
                        "right": tie.right,
                        "score": round(tie.score, 6),
                        "sign": tie.sign,
                        "shared": tie.shared,
                    }
                    for tie in group.ties
                ],
            }
            for group in found.groups
        ],
        "doubts": [in_language(doubt, language) for doubt in found.doubts],
    }


def _printed(rows: Iterable[Compared], language: str) -> list[dict[str, Any]]:
    return [row.as_dict(language) for row in rows]


def _doubts(doubts: Iterable[Doubt], language: str) -> list[dict[str, Any]]:
    return [
        {
            "row": each.row,
            "column": each.column,
            "value": each.value,
            "doubt": in_language(each.said, language),
        }
        for each in doubts
    ]
