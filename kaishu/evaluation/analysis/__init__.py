"""Analysis of tables: groups, relations, factors, change, years and peers, each with what it hangs on."""

from typing import TYPE_CHECKING

from kaishu.base.doors import front_door

if TYPE_CHECKING:
    from kaishu.evaluation.analysis.asking import KINDS, Answer, Question, answer
    from kaishu.evaluation.analysis.change import (
        Change,
        chain_substitution,
        change_of_geometric,
        change_of_product,
        change_of_sum,
        logarithmic_mean,
    )
    from kaishu.evaluation.analysis.comparing import Comparison, between_within, compare_groups
    from kaishu.evaluation.analysis.concentration import Inequality, gini, inequality, theil, theil_parts
    from kaishu.evaluation.analysis.consistency import Reliability, cronbach_alpha, reliability
    from kaishu.evaluation.analysis.correlating import Correlations, correlate
    from kaishu.evaluation.analysis.description import Description, Groups, describe, describe_groups
    from kaishu.evaluation.analysis.diagnosis import Standing, standing
    from kaishu.evaluation.analysis.factors import Components, Factors, factor_analysis, principal_components
    from kaishu.evaluation.analysis.peers import PeerGroups, peer_groups
    from kaishu.evaluation.analysis.regression import Regression, regress
    from kaishu.evaluation.analysis.showing import blocks_of, report_on
    from kaishu.evaluation.analysis.suitability import Adequacy, adequacy
    from kaishu.evaluation.analysis.wording import as_dict
    from kaishu.evaluation.analysis.years import Panel, growth_rate, panel

__getattr__ = front_door(
    __name__,
    {
        "suitability": "Adequacy adequacy",
        "asking": "KINDS Answer Question answer",
        "change": "Change chain_substitution change_of_geometric change_of_product change_of_sum"
        " logarithmic_mean",
        "comparing": "Comparison between_within compare_groups",
        "correlating": "Correlations correlate",
        "description": "Description Groups describe describe_groups",
        "factors": "Components Factors factor_analysis principal_components",
        "concentration": "Inequality gini inequality theil theil_parts",
        "years": "Panel growth_rate panel",
        "peers": "PeerGroups peer_groups",
        "regression": "Regression regress",
        "consistency": "Reliability cronbach_alpha reliability",
        "showing": "blocks_of report_on",
        "diagnosis": "Standing standing",
        "wording": "as_dict",
    },
)

__all__ = [
    "KINDS",
    "Adequacy",
    "Answer",
    "Change",
    "Comparison",
    "Components",
    "Correlations",
    "Description",
    "Factors",
    "Groups",
    "Inequality",
    "Panel",
    "PeerGroups",
    "Question",
    "Regression",
    "Reliability",
    "Standing",
    "adequacy",
    "answer",
    "as_dict",
    "between_within",
    "blocks_of",
    "chain_substitution",
    "change_of_geometric",
    "change_of_product",
    "change_of_sum",
    "compare_groups",
    "correlate",
    "cronbach_alpha",
    "describe",
    "describe_groups",
    "factor_analysis",
    "gini",
    "growth_rate",
    "inequality",
    "logarithmic_mean",
    "panel",
    "peer_groups",
    "principal_components",
    "regress",
    "reliability",
    "report_on",
    "standing",
    "theil",
    "theil_parts",
]
