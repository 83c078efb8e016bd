"""What can be chosen in a passport: each choice is a bare word, or a mapping with one key and its numbers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from kaishu.evaluation.system.scalars import Number, Strict, Text, Truth, Weight, Whole, tag_of

_BY_KEY = Discriminator(tag_of)
Pair = tuple[Number, Number]

# ---- missing values


class Constant(Strict):
    """Imputed by one value for all."""

    constant: Number


Imputation = Annotated[
    Annotated[Literal["mean", "median", "group-mean", "group-median", "row", "last", "linear"], Tag("word")]
    | Annotated[Constant, Tag("constant")],
    _BY_KEY,
]


class Impute(Strict):
    """A value is put in before normalising, and marked."""

    impute: Imputation


class Threshold(Strict):
    """As skip, but a node is missing when fewer than this share of its members are there."""

    threshold: Number = Field(ge=0, le=1)


Missing = Annotated[
    Annotated[Literal["zero", "lowest", "skip", "propagate"], Tag("word")]
    | Annotated[Threshold, Tag("threshold")]
    | Annotated[Impute, Tag("impute")],
    _BY_KEY,
]

# ---- outliers


class Winsorise(Strict):
    """Outlying points are drawn in, at most so many; if that is not enough, ``then``."""

    winsorise: Whole = Field(ge=1, le=1000)
    then: Literal["log", "box-cox", "none"] = "log"


Treatment = Annotated[
    Annotated[Literal["none", "log"], Tag("word")] | Annotated[Winsorise, Tag("winsorise")],
    _BY_KEY,
]

# ---- normalisation


class MinMax(Strict):
    """Observed extremes to [low, high]."""

    min_max: Pair


class ZScore(Strict):
    """To this mean and standard deviation."""

    z_score: Pair


class Goalposts(Strict):
    """Between two set values, cut there; the second lower than the first means less is better."""

    goalposts: Pair


class LogGoalposts(Strict):
    """Goalposts on the logarithm."""

    log_goalposts: Pair


class Target(Strict):
    """From the observed worst value to a target; ``cut`` ends the score at the target."""

    target: Number
    cut: Truth = True


class Reference(Strict):
    """Relative to one unit, named by its id."""

    reference: Text


class Steps(Strict):
    """[[limit, score], …]: the score of the best step reached; a limit belongs to the better step."""

    steps: tuple[Pair, ...] = Field(min_length=1)


class Efficacy(Strict):
    """功效系数: 60 at the not-allowed value, 100 at the satisfactory one."""

    efficacy: Pair
    cut: Truth = False


class Binary(Strict):
    """Words that mean yes; all others mean no."""

    binary: tuple[Text, ...] = Field(min_length=1)


class Levels(Strict):
    """Words of the data and their scores, as {全部: 5, 部分: 3, 无: 0}."""

    levels: dict[str, Number] = Field(min_length=1)


Normalisation = Annotated[
    Annotated[
        Literal[
            "min-max", "z-score", "rank", "borda", "percentile", "to-maximum", "share", "binary", "direct"
        ],
        Tag("word"),
    ]
    | Annotated[MinMax, Tag("min-max")]
    | Annotated[ZScore, Tag("z-score")]
    | Annotated[Goalposts, Tag("goalposts")]
    | Annotated[LogGoalposts, Tag("log-goalposts")]
    | Annotated[Target, Tag("target")]
    | Annotated[Reference, Tag("reference")]
    | Annotated[Steps, Tag("steps")]
    | Annotated[Efficacy, Tag("efficacy")]
    | Annotated[Binary, Tag("binary")]
    | Annotated[Levels, Tag("levels")],
    _BY_KEY,
]

# ---- weights

Objective = Literal["equal", "entropy", "critic", "cv"]


class Ahp(Strict):
    """Pairwise judgements of the children in their order; several matrices are several judges."""

    ahp: tuple[tuple[Weight, ...], ...] | tuple[tuple[tuple[Weight, ...], ...], ...]
    method: Literal["eigen", "geometric", "column-mean"] = "eigen"
    accept: Number = Field(default=0.1, gt=0)


class PcaOptions(Strict):
    """How the first component becomes weights."""

    negative: Literal["refuse", "absolute", "zero"] = "refuse"


class Pca(Strict):
    """Loadings of the first principal component."""

    pca: PcaOptions


class Mixture(Strict):
    """Judged weights (those written, or AHP) and weights from the data."""

    subjective: Annotated[
        Annotated[Literal["given", "equal"], Tag("word")] | Annotated[Ahp, Tag("ahp")], _BY_KEY
    ] = "given"
    objective: Objective = "entropy"
    share: Number = Field(default=0.5, ge=0, le=1)
    how: Literal["linear", "product"] = "linear"


class Combined(Strict):
    """A mixture of judged weights and weights from the data."""

    combined: Mixture


class Budget(Strict):
    """Points that each expert gave to the children in their order."""

    budget: tuple[tuple[Weight, ...], ...] = Field(min_length=1)


Weighing = Annotated[
    Annotated[Literal["given", "equal", "entropy", "critic", "cv", "pca"], Tag("word")]
    | Annotated[Ahp, Tag("ahp")]
    | Annotated[Pca, Tag("pca")]
    | Annotated[Combined, Tag("combined")]
    | Annotated[Budget, Tag("budget")],
    _BY_KEY,
]

# ---- aggregation


class Power(Strict):
    """Power mean with this exponent."""

    power: Number


Method = Annotated[
    Annotated[
        Literal[
            "arithmetic",
            "sum",
            "geometric",
            "harmonic",
            "median",
            "minimum",
            "copeland",
            "topsis",
            "mazziotta-pareto",
        ],
        Tag("word"),
    ]
    | Annotated[Power, Tag("power")],
    _BY_KEY,
]


class ByLevel(Strict):
    """Level 0 is the index, made of the nodes of level 1; levels that are not named: arithmetic."""

    levels: dict[int, Method] = Field(min_length=1)


Aggregation = Annotated[
    Annotated[
        Literal[
            "arithmetic",
            "sum",
            "geometric",
            "harmonic",
            "median",
            "minimum",
            "copeland",
            "topsis",
            "mazziotta-pareto",
        ],
        Tag("word"),
    ]
    | Annotated[Power, Tag("power")]
    | Annotated[ByLevel, Tag("levels")],
    _BY_KEY,
]
