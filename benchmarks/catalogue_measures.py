"""``python -m benchmarks.catalogue_measures [FOLDER]``: what real catalogues look like, in figures.

Reads CKAN dumps (``*.jsonl.gz``) and data.json files (``*.json``, ``*.json.gz``) of a folder, by default
the ones shipped with the demo, and writes ``benchmarks/catalogues.yaml``: quantiles and shares only.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).parents[1] / "kaishu" / "demo" / "catalogues"
WRITTEN = Path(__file__).with_name("catalogues.yaml")
POINTS = (*range(0, 96, 5), 97, 98, 99, 99.5)
#: A Latin text is taken for a Chinese one of a third of its characters.
LATIN = 3
EAST_ASIAN = re.compile("[぀-ヿ㐀-鿿]")
SOURCES = """\
# Figures only, measured by `python -m benchmarks.catalogue_measures` over 8,100 datasets of four catalogues:
# Tokyo Metropolitan Government open data (東京都オープンデータカタログ, CC BY 4.0), HealthData.gov and
# the US Department of Homeland Security (US Government works), City of Philadelphia (CC0).
# Quantiles stand at POINTS per cent; lengths are characters, Latin ones divided by three.
"""


def main() -> None:
    """Measure and write."""
    import yaml

    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED
    found = measure(list(datasets(folder)))
    text = yaml.safe_dump(found, sort_keys=False, default_flow_style=None, width=110)
    WRITTEN.write_text(SOURCES + text, encoding="utf-8")


def datasets(folder: Path) -> Iterator[dict[str, Any]]:
    """Every dataset of the folder's catalogues in one plain shape."""
    for path in sorted(folder.iterdir()):
        opened = gzip.open if path.suffix == ".gz" else open
        name = path.name.removesuffix(".gz")
        if name.endswith(".jsonl"):
            with opened(path, "rt", encoding="utf-8") as lines:
                yield from map(_of_ckan, map(json.loads, lines))
        elif name.endswith(".json"):
            with opened(path, "rt", encoding="utf-8") as file:
                yield from map(_of_data_json, json.load(file).get("dataset", ()))


def measure(every: list[dict[str, Any]]) -> dict[str, Any]:
    """Quantiles of lengths and numbers, shares of values by rank."""
    resources = [resource for one in every for resource in one["resources"]]
    counted = Counter(str(one["office"]) for one in every)
    return {
        "datasets": len(every),
        "points": list(POINTS),
        "title": quantiles([_length(one["title"]) for one in every]),
        "description": quantiles([_length(one["description"]) for one in every]),
        "resource_name": quantiles([_length(one[0]) for one in resources]),
        "resource_description": quantiles([_length(one[1]) for one in resources]),
        "resources": quantiles([len(one["resources"]) for one in every]),
        "tags": quantiles([one["tags"] for one in every]),
        "formats": _named(Counter(one[2] for one in resources if one[2]), 16),
        "themes": _ranked(Counter(theme for one in every for theme in one["themes"])),
        "themes_each": _named(Counter(min(len(one["themes"]), 3) for one in every if one["ckan"]), 4),
        "offices": {"number": len(counted), "zipf": _slope(counted)},
        "licences": _ranked(Counter(str(one["licence"]) for one in every))[:6],
        "frequencies": _ranked(Counter(one["frequency"] for one in every if one["frequency"]))[:10],
        "access": _named(Counter(one["access"] for one in every), 3),
        "created": _named(Counter(one["created"] for one in every if one["created"]), 10),
    }


def quantiles(values: Sequence[float]) -> list[int]:
    """The values at ``POINTS``."""
    line = sorted(values)
    return [round(line[min(len(line) - 1, int(len(line) * point / 100))]) for point in POINTS]


def _of_ckan(package: dict[str, Any]) -> dict[str, Any]:
    extras = {extra["key"]: extra["value"] for extra in package.get("extras", ())}
    return {
        "ckan": True,
        "title": package["title"],
        "description": package.get("notes") or "",
        "resources": [
            (resource.get("name") or "", resource.get("description") or "", _format(resource))
            for resource in package["resources"]
        ],
        "tags": len(package["tags"]),
        "themes": [group["name"] for group in package["groups"]],
        "office": package["organization"]["name"],
        "licence": package["license_id"],
        "frequency": extras.get("更新頻度"),
        "access": "public",
        "created": int(package["metadata_created"][:4]),
    }


def _of_data_json(dataset: dict[str, Any]) -> dict[str, Any]:
    issued = str(dataset.get("issued") or dataset.get("modified") or "")[:4]
    return {
        "ckan": False,
        "title": dataset.get("title") or "",
        "description": dataset.get("description") or "",
        "resources": [
            (each.get("title") or "", each.get("description") or "", _format(each))
            for each in dataset.get("distribution") or ()
        ],
        "tags": len(dataset.get("keyword") or ()),
        "themes": [str(theme) for theme in dataset.get("theme") or ()],
        "office": (dataset.get("publisher") or {}).get("name"),
        "licence": dataset.get("license"),
        "frequency": dataset.get("accrualPeriodicity"),
        "access": dataset.get("accessLevel"),
        "created": int(issued) if issued.isdigit() else None,
    }


def _format(resource: dict[str, Any]) -> str:
    return str(resource.get("format") or "").strip().upper()


def _length(text: str) -> float:
    return len(text) if EAST_ASIAN.search(text) else len(text) / LATIN


def _named(counted: Counter[Any], most: int) -> dict[Any, float]:
    kept = counted.most_common(most)
    whole = sum(number for _, number in kept)
    return {value: round(number / whole, 5) for value, number in sorted(kept, key=lambda one: -one[1])}


def _ranked(counted: Counter[Any]) -> list[float]:
    whole = sum(counted.values())
    return [round(number / whole, 5) for _, number in counted.most_common()]


def _slope(counted: Counter[Any]) -> float:
    """The exponent of Zipf's law by least squares over the ranks with five datasets or more."""
    from math import log

    sizes = [number for _, number in counted.most_common() if number >= 5]
    points = [(log(rank), log(size)) for rank, size in enumerate(sizes, 1)]
    x = sum(point[0] for point in points) / len(points)
    y = sum(point[1] for point in points) / len(points)
    rise = sum((a - x) * (b - y) for a, b in points)
    return round(-rise / sum((a - x) ** 2 for a, _ in points), 3)


if __name__ == "__main__":
    main()
