"""Results as dqv:QualityMeasurement: Turtle and JSON-LD, with piveau's metrics as the EU's portal uses."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from kaishu.inspection.mqa import Outcome, by_dimension, method
from kaishu.inspection.queries import Sums

DQV = "http://www.w3.org/ns/dqv#"
PREFIXES = {
    "dqv": DQV,
    "pv": "https://piveau.eu/ns/voc#",
    "prov": "http://www.w3.org/ns/prov#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "ks": "https://kaishu.dev/ns#",
}


@dataclass(frozen=True, slots=True)
class Measurement:
    """One measurement of one thing; ``on`` is its address, ``value`` a bool, a whole number or a decimal."""

    on: str
    metric: str
    value: bool | int | float
    at: datetime
    space: str = "pv"


def of_dataset(on: str, outcome: Outcome, at: datetime) -> Iterator[Measurement]:
    """The 23 indicators and the score of a dataset; what has not been looked at yet is left out.

    The metrics of the two addresses are yes or no here (they are status codes at the EU's portal, for
    each distribution): the indicator speaks of the best distribution of the dataset.
    """
    for each in method().indicators:
        answer = outcome.says(each.code)
        if answer is not None:
            yield Measurement(on, each.metric, answer, at)
    yield Measurement(on, "score", outcome.score, at)


def of_data(on: str, scores: Mapping[str, float | None], at: datetime) -> Iterator[Measurement]:
    """Scores of a table by the dimensions of GB/T 36344, and their total, 0 to 100."""
    for name, score in scores.items():
        if score is not None:
            yield Measurement(on, f"gbt36344-{name}", float(score), at, "ks")


def of_catalogue(on: str, sums: Sums) -> Iterator[Measurement]:
    """Share passing of every indicator, points of every dimension and of the whole."""
    for each in method().indicators:
        share = sums.met.get(each.code, 0) / sums.datasets if sums.datasets else 0.0
        yield Measurement(on, each.metric, round(share, 4), sums.at)
    for dimension, points in by_dimension(sums.datasets, sums.met).items():
        yield Measurement(on, dimension, round(points, 2), sums.at)
    yield Measurement(on, "score", round(sums.score, 2), sums.at)


def turtle(measurements: Iterable[Measurement]) -> str:
    """As Turtle; every measurement has an address under that of what was measured."""
    head = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in PREFIXES.items())
    return head + "\n" + "".join(_block(each) for each in measurements)


def blocks(measurements: Iterable[Measurement]) -> str:
    """The same without the prefixes, for a stream."""
    return "".join(_block(each) for each in measurements)


def jsonld(measurements: Iterable[Measurement]) -> str:
    """As JSON-LD; the context is in the document."""
    context: dict[str, Any] = {
        **PREFIXES,
        "value": {"@id": "dqv:value"},
        "metric": {"@id": "dqv:isMeasurementOf", "@type": "@id"},
        "on": {"@id": "dqv:computedOn", "@type": "@id"},
        "at": {"@id": "prov:generatedAtTime", "@type": "xsd:dateTime"},
    }
    graph = [
        {
            "@id": _place(each),
            "@type": "dqv:QualityMeasurement",
            "metric": f"{each.space}:{each.metric}",
            "on": each.on,
            "value": _typed(each.value),
            "at": _moment(each.at),
        }
        for each in measurements
    ]
    return json.dumps({"@context": context, "@graph": graph}, ensure_ascii=False, indent=1)


def _block(each: Measurement) -> str:
    return (
        f"<{_place(each)}> a dqv:QualityMeasurement ;\n"
        f"  dqv:computedOn <{each.on}> ;\n"
        f"  dqv:isMeasurementOf {each.space}:{each.metric} ;\n"
        f"  dqv:value {_literal(each.value)} ;\n"
        f'  prov:generatedAtTime "{_moment(each.at)}"^^xsd:dateTime .\n'
    )


def _place(each: Measurement) -> str:
    return f"{each.on}#quality-{each.metric}"


def _literal(value: bool | int | float) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else f'"{value}"^^xsd:decimal'


def _typed(value: bool | int | float) -> bool | int | Mapping[str, str]:
    return {"@value": str(value), "@type": "xsd:decimal"} if isinstance(value, float) else value


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
