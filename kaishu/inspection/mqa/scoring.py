"""One dataset's indicators and points: values in, values out, no RDF, no database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kaishu.crosswalk import Entry
from kaishu.inspection.mqa.method import Method, method
from kaishu.inspection.mqa.offers import MEDIA_TYPE, OPEN, Offer, format_term, licence_known, offers

#: Met, not met, not looked at yet.
Answer = bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known from outside the record: addresses that were asked, the shapes' verdict, if any.

    ``readable``: may everybody have the dataset's own tables?  ``own``: is it a dataset of ours, so that
    the days on which this platform published and changed it are its own?
    """

    reached: Mapping[str, bool] = field(default_factory=dict)
    conforms: Answer = None
    readable: bool = True
    own: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """``met`` and ``unknown`` are bits in the order of the indicators; no bit stands in both."""

    met: int
    unknown: int
    score: int

    def says(self, code: str) -> Answer:
        """The answer of one indicator."""
        bit = method().bit(code)
        return None if self.unknown & bit else bool(self.met & bit)


def score(entry: Entry, known: Known | None = None) -> Outcome:
    """Indicators of a dataset; of its distributions the one with the most points counts.

    What has not been looked at yet gives no points.
    """
    said = known or Known()
    how = method()
    answers = _of_dataset(entry, said)
    best: dict[str, Answer] | None = None
    most = -1_000
    for offer in offers(entry):
        found = _of_offer(offer, entry, said)
        points = sum(each.points for each in how.indicators if found.get(each.code)) + _lost(how, found)
        if points > most:
            best, most = found, points
    answers |= best if best is not None else _of_offer(Offer(), entry, said)
    return _outcome(how, answers)


def points(met: int) -> int:
    """Points for these bits."""
    how = method()
    gained = sum(each.points for place, each in enumerate(how.indicators) if met >> place & 1)
    lost = _lost(how, {each.code: bool(met & how.bit(each.code)) for each in how.indicators})
    return gained + lost


def _outcome(how: Method, answers: Mapping[str, Answer]) -> Outcome:
    met = unknown = 0
    for place, each in enumerate(how.indicators):
        answer = answers.get(each.code, False)
        if answer is None:
            unknown |= 1 << place
        elif answer:
            met |= 1 << place
    return Outcome(met, unknown, points(met))


def _lost(how: Method, answers: Mapping[str, Answer]) -> int:
    lost = 0
    if answers.get("format-given") is False:
        lost += how.options.missing_format
    if answers.get("media-type-given") is False:
        lost += how.options.missing_media_type
    return lost


def _of_dataset(entry: Entry, known: Known) -> dict[str, Answer]:
    record = entry.record
    dates = method().options.dates_on
    answers: dict[str, Answer] = {
        "keywords": bool(record.get("tags") or record.get("tags_en")),
        "categories": bool(record.get("themes")),
        "spatial": _any(record, "spatial", "spatial_code", "spatial_uri", "bbox"),
        "temporal": _any(record, "temporal_start", "temporal_end"),
        "dcat-ap": known.conforms,
        "access-rights-given": bool(record.get("open_class")),
        "access-rights-vocabulary": record.get("open_class") in (OPEN, "conditional", "none"),
        "contact": _any(
            record, "contact_name", "contact_email", "contact_phone", "contact_url", "maintainer_email"
        ),
        "publisher": bool(record.get("publisher") or entry.publisher.title),
    }
    if dates == "dataset":
        answers |= dict(_dates(entry, known))
    return answers


def _of_offer(offer: Offer, entry: Entry, known: Known) -> dict[str, Answer]:
    term = format_term(offer.format) or format_term(offer.media_type)
    media_type = bool(offer.media_type)
    answers: dict[str, Answer] = {
        "access-reachable": _reached(offer.access, offer.own, known),
        "download-given": bool(offer.download) or (offer.own and known.readable),
        "download-reachable": _reached(offer.download, offer.own, known),
        "format-given": bool(offer.format),
        "media-type-given": media_type,
        "format-vocabulary": bool(
            offer.format and term and term.uri and MEDIA_TYPE.fullmatch(offer.media_type)
        ),
        "non-proprietary": bool(term and term.extra.get("open")),
        "machine-readable": bool(term and term.extra.get("machine_readable")),
        "licence-given": bool(offer.licence and offer.licence != "unspecified") or bool(offer.licence_text),
        "licence-vocabulary": licence_known(offer.licence, offer.licence_text),
        "rights": offer.rights,
        "byte-size": offer.size,
    }
    dates = method().options.dates_on
    if dates != "dataset":
        answers |= {"issued": offer.issued, "modified": offer.modified}
    if dates == "either":
        answers |= {name: True for name, there in _dates(entry, known) if there}
    return answers


def _dates(entry: Entry, known: Known) -> Iterator[tuple[str, bool]]:
    yield "issued", bool(entry.record.get("issued") or (known.own and entry.created))
    yield "modified", bool(entry.record.get("modified") or (known.own and entry.modified))


def _reached(address: str, own: bool, known: Known) -> Answer:
    if own:
        return known.readable
    if not address:
        return False
    return known.reached.get(address)


def _any(record: Mapping[str, Any], *names: str) -> bool:
    return any(record.get(name) for name in names)
