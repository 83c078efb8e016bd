"""Robustness 稳健性: how far ranks depend on choices that could have been made otherwise."""

from typing import TYPE_CHECKING

from kaishu.base.doors import front_door

if TYPE_CHECKING:
    from kaishu.evaluation.robustness.climbing import Climb, HeldVeto, Need, climb, climbs
    from kaishu.evaluation.robustness.climbing_words import (
        NeedSaid,
        climb_said,
        climbs_told,
        needs_said,
        stage_said,
        told_with_climbs,
    )
    from kaishu.evaluation.robustness.lifting import Lift, lifts
    from kaishu.evaluation.robustness.removal import Removal, removals
    from kaishu.evaluation.robustness.reweighting import Tried, live
    from kaishu.evaluation.robustness.sensitivity import Effect, SensitivityAnalysis, analyse_sensitivity
    from kaishu.evaluation.robustness.showing import (
        blocks_of_lifts,
        blocks_of_removals,
        blocks_of_sensitivity,
        blocks_of_uncertainty,
        report_on,
    )
    from kaishu.evaluation.robustness.storing import as_bytes, from_bytes
    from kaishu.evaluation.robustness.uncertain import (
        Spread,
        UncertaintyAnalysis,
        analyse_uncertainty,
        drawn_again,
    )
    from kaishu.evaluation.robustness.uncertainty import FACTORS, Uncertainty, uncertainty_from, usual_of

__getattr__ = front_door(
    __name__,
    {
        "climbing": "Climb HeldVeto Need climb climbs",
        "climbing_words": "NeedSaid climb_said climbs_told needs_said stage_said told_with_climbs",
        "lifting": "Lift lifts",
        "reweighting": "Tried live",
        "removal": "Removal removals",
        "sensitivity": "Effect SensitivityAnalysis analyse_sensitivity",
        "showing": "blocks_of_lifts blocks_of_removals blocks_of_sensitivity blocks_of_uncertainty report_on",
        "storing": "as_bytes from_bytes",
        "uncertain": "Spread UncertaintyAnalysis analyse_uncertainty drawn_again",
        "uncertainty": "FACTORS Uncertainty uncertainty_from usual_of",
    },
)

__all__ = [
    "FACTORS",
    "Climb",
    "Effect",
    "HeldVeto",
    "Lift",
    "Need",
    "NeedSaid",
    "Removal",
    "SensitivityAnalysis",
    "Spread",
    "Tried",
    "Uncertainty",
    "UncertaintyAnalysis",
    "analyse_sensitivity",
    "analyse_uncertainty",
    "as_bytes",
    "blocks_of_lifts",
    "blocks_of_removals",
    "blocks_of_sensitivity",
    "blocks_of_uncertainty",
    "climb",
    "climb_said",
    "climbs",
    "climbs_told",
    "drawn_again",
    "from_bytes",
    "lifts",
    "live",
    "needs_said",
    "removals",
    "report_on",
    "stage_said",
    "told_with_climbs",
    "uncertainty_from",
    "usual_of",
]
