"""The demo city's people rate some datasets, and facts are counted: made-up opinions, real counts."""

from __future__ import annotations

from collections.abc import Mapping

from kaishu import engagement, evaluation
from kaishu.access import Actor, Call
from kaishu.base import clock, ids
from kaishu.base.errors import NotFound
from kaishu.db import session_scope

#: Dataset to account to usable, timely, accurate, satisfied.  Nobody was asked; they show what ratings look
#: like.
RATINGS: Mapping[str, Mapping[str, tuple[int, int, int, int]]] = {
    "street-divisions": {"shimin": (5, 4, 5, 5), "jiaoyu": (5, 3, 4, 4), "shenhe": (4, 4, 5, 4)},
    "universities-2025": {"shimin": (4, 5, 5, 5), "jiaotong": (5, 5, 4, 5)},
    "covid19-latest-day": {"shimin": (3, 2, 4, 3), "jiaoyu": (4, 1, 4, 3), "jiaotong": (2, 2, 3, 2)},
    "air-quality-stations": {"shimin": (4, 4, 4, 4)},
}


def put_ratings(people: Mapping[str, Actor]) -> None:
    """Give the ratings that are missing, through the act that everybody uses."""
    with session_scope() as session:
        for name, given in RATINGS.items():
            for account, scores in given.items():
                call = Call(session, people[account], clock.now(), ids.new_id())
                try:
                    engagement.rate(call, name, dict(zip(engagement.ASPECTS, scores, strict=True)))
                except NotFound:
                    break


def put_facts(reviewer: Actor) -> None:
    """Count the facts of every scope once, so that their page has something to show."""
    with session_scope() as session:
        call = Call(session, reviewer, clock.now(), ids.new_id())
        if any(evaluation.newest_collection(call, by) is None for by in evaluation.SCOPES):
            evaluation.keep_facts(call, *evaluation.measure_scopes(call))
