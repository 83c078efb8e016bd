"""The EU's metadata quality assessment: 23 indicators, 405 points."""

from kaishu.inspection.mqa.method import Indicator, Method, Options, Word, method
from kaishu.inspection.mqa.offers import Offer, offers
from kaishu.inspection.mqa.scoring import Answer, Known, Outcome, points, score
from kaishu.inspection.mqa.summing import Mending, Sum, by_dimension, lacking, mend_first, total

__all__ = [
    "Answer",
    "Indicator",
    "Known",
    "Mending",
    "Method",
    "Offer",
    "Options",
    "Outcome",
    "Sum",
    "Word",
    "by_dimension",
    "lacking",
    "mend_first",
    "method",
    "offers",
    "points",
    "score",
    "total",
]
