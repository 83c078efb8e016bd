"""Methods of evaluation as functions of numbers: no files, no records, no hidden rounding."""

from typing import TYPE_CHECKING

from kaishu.base.doors import front_door

if TYPE_CHECKING:
    from kaishu.evaluation.methods.aggregation import arithmetic, geometric, harmonic, median, minimum, power
    from kaishu.evaluation.methods.arrays import Array, ColumnFigures, Mask, column_figures
    from kaishu.evaluation.methods.decimals import as_decimal, at_least, at_most, round_half_away
    from kaishu.evaluation.methods.decomposition import contributions, effective_weights
    from kaishu.evaluation.methods.errors import BadChoice, UnsuitableValues
    from kaishu.evaluation.methods.grading import (
        attainment,
        equal_width_limits,
        grades,
        natural_breaks,
        quantile_limits,
        sd_limits,
        stages,
        veto,
    )
    from kaishu.evaluation.methods.hierarchy import Judgement, ahp, together
    from kaishu.evaluation.methods.ideal_solution import topsis
    from kaishu.evaluation.methods.normalisation import (
        Normalised,
        min_max,
        percentile,
        rank_score,
        to_maximum,
        z_score,
    )
    from kaishu.evaluation.methods.optimising import Optimised, optimised
    from kaishu.evaluation.methods.outliers import (
        Treated,
        box_cox,
        has_outliers,
        kurtosis,
        log_treated,
        skewness,
        treat,
        winsorise,
    )
    from kaishu.evaluation.methods.outranking import copeland, outranking_matrix, robust_pairs
    from kaishu.evaluation.methods.preparation import (
        Imputed,
        availability,
        denominate,
        enough,
        impute,
        impute_from_row,
        impute_panel,
    )
    from kaishu.evaluation.methods.quality_score import (
        department_score,
        dimension_scores,
        object_score,
        rule_share,
    )
    from kaishu.evaluation.methods.ranking import rank
    from kaishu.evaluation.methods.unevenness import mazziotta_pareto
    from kaishu.evaluation.methods.usage import UsageRates, data_volume, usage_rates
    from kaishu.evaluation.methods.weighting import (
        PrincipalWeights,
        as_fraction,
        budget,
        coefficient_of_variation,
        combined,
        correlations,
        critic,
        entropy,
        equal,
        fold,
        given,
        principal,
        sum_of,
    )
    from kaishu.evaluation.methods.yardsticks import (
        binary,
        direct,
        efficacy,
        goalposts,
        share_of_maximum,
        steps,
        to_reference,
        to_target,
    )

__getattr__ = front_door(
    __name__,
    {
        "aggregation": "arithmetic geometric harmonic median minimum power",
        "hierarchy": "Judgement ahp together",
        "arrays": "Array ColumnFigures Mask column_figures",
        "decimals": "as_decimal at_least at_most round_half_away",
        "decomposition": "contributions effective_weights",
        "errors": "BadChoice UnsuitableValues",
        "grading": "attainment equal_width_limits grades natural_breaks "
        "quantile_limits sd_limits stages veto",
        "unevenness": "mazziotta_pareto",
        "normalisation": "Normalised min_max percentile rank_score to_maximum z_score",
        "optimising": "Optimised optimised",
        "outliers": "Treated box_cox has_outliers kurtosis log_treated skewness treat winsorise",
        "outranking": "copeland outranking_matrix robust_pairs",
        "preparation": "Imputed availability denominate enough impute impute_from_row impute_panel",
        "quality_score": "department_score dimension_scores object_score rule_share",
        "ranking": "rank",
        "ideal_solution": "topsis",
        "usage": "UsageRates data_volume usage_rates",
        "weighting": "PrincipalWeights as_fraction budget coefficient_of_variation combined correlations "
        "critic entropy equal fold given principal sum_of",
        "yardsticks": "binary direct efficacy goalposts share_of_maximum steps to_reference to_target",
    },
)

__all__ = [
    "Array",
    "BadChoice",
    "ColumnFigures",
    "Imputed",
    "Judgement",
    "Mask",
    "Normalised",
    "Optimised",
    "PrincipalWeights",
    "Treated",
    "UnsuitableValues",
    "UsageRates",
    "ahp",
    "arithmetic",
    "as_decimal",
    "as_fraction",
    "at_least",
    "at_most",
    "attainment",
    "availability",
    "binary",
    "box_cox",
    "budget",
    "coefficient_of_variation",
    "column_figures",
    "combined",
    "contributions",
    "copeland",
    "correlations",
    "critic",
    "data_volume",
    "denominate",
    "department_score",
    "dimension_scores",
    "direct",
    "effective_weights",
    "efficacy",
    "enough",
    "entropy",
    "equal",
    "equal_width_limits",
    "fold",
    "geometric",
    "given",
    "goalposts",
    "grades",
    "harmonic",
    "has_outliers",
    "impute",
    "impute_from_row",
    "impute_panel",
    "kurtosis",
    "log_treated",
    "mazziotta_pareto",
    "median",
    "min_max",
    "minimum",
    "natural_breaks",
    "object_score",
    "optimised",
    "outranking_matrix",
    "percentile",
    "power",
    "principal",
    "quantile_limits",
    "rank",
    "rank_score",
    "robust_pairs",
    "round_half_away",
    "rule_share",
    "sd_limits",
    "share_of_maximum",
    "skewness",
    "stages",
    "steps",
    "sum_of",
    "to_maximum",
    "to_reference",
    "to_target",
    "together",
    "topsis",
    "treat",
    "usage_rates",
    "veto",
    "winsorise",
    "z_score",
]
