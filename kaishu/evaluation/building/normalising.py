"""Values to scores: leaves with the same method together, population by population."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kaishu.base.errors import Said
from kaishu.base.problems import CellProblem
from kaishu.evaluation import methods
from kaishu.evaluation.building.errors import BadData
from kaishu.evaluation.building.notes import CONSTANT, LEFT_OUT, MISSING, ZEROED, Flags, Notice
from kaishu.evaluation.building.plan import Leaf, Plan
from kaishu.evaluation.building.preparing import Prepared, units_at, unsuitable
from kaishu.evaluation.building.result import Used
from kaishu.evaluation.building.table import Array, Mask
from kaishu.evaluation.methods.errors import BadChoice, UnsuitableValues
from kaishu.evaluation.system import choices
from kaishu.evaluation.system.choices import Normalisation

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Scored:
    """Scores of the leaves, (units, leaves), NaN where there is none; ``applicable`` says which count.

    A column whose values are all equal and that is left out counts as not applicable.
    """

    scores: Array
    applicable: Mask
    flags: Flags
    ranges: Mapping[str, Sequence[Used]]
    notices: tuple[Notice, ...]


def normalise(
    plan: Plan,
    prepared: Prepared,
    *,
    method: Normalisation | None = None,
    constant: str | None = None,
    explain: bool = True,
) -> Scored:
    """Scores of every leaf.  ``method`` stands for that of leaves whose own can be changed.

    Judged, stepwise and levelled leaves and goalposts keep theirs.  Without ``explain`` no ranges are told.
    Raises ``BadData``.
    """
    chosen = constant or plan.passport.constant
    scores = np.full(prepared.values.shape, np.nan)
    flat = np.zeros(prepared.values.shape, dtype=bool)
    ranges: dict[str, list[Used]] = {leaf.code: [] for leaf in plan.leaves} if explain else {}
    for number, label in enumerate(plan.populations):
        whole = len(plan.populations) == 1
        rows = np.arange(plan.units) if whole else np.nonzero(plan.population == number)[0]
        base = plan.base[number] if plan.base is not None else None
        for leaves in _alike(plan.leaves, method):
            how = leaves[0].normalise if method is None or _fixed(leaves[0]) else method
            try:
                found = _Columns(plan, prepared.values, rows, leaves, base, how, chosen).scores(how)
            except (BadChoice, UnsuitableValues) as error:
                raise unsuitable(plan, error, rows, leaves) from error
            endless = np.nonzero(np.isinf(found.scores).any(axis=0))[0]
            if len(endless):
                said = Said("数值之间的差小到无法计算", "values differ by too little to be computed with")
                named = leaves[int(endless[0])].column
                raise BadData(plan.table.source, [CellProblem(0, named, said)])
            places = np.array([leaf.place for leaf in leaves], dtype=np.int64)
            scores[np.ix_(rows, places)] = found.scores
            flat[np.ix_(rows, places)] = found.constant
            if explain:
                for column, leaf in enumerate(leaves):
                    ranges[leaf.code].append(_used(label, found, column))
    return _filled(plan, prepared, scores, flat, chosen, ranges)


def _fixed(leaf: Leaf) -> bool:
    kinds = (
        choices.Goalposts,
        choices.LogGoalposts,
        choices.Steps,
        choices.Levels,
        choices.Efficacy,
        choices.Binary,
    )
    return isinstance(leaf.normalise, kinds) or leaf.normalise in ("direct", "binary")


def _alike(leaves: Sequence[Leaf], method: Normalisation | None) -> list[list[Leaf]]:
    """Leaves that one call can normalise together."""
    found: dict[object, list[Leaf]] = {}
    for leaf in leaves:
        how = leaf.normalise if method is None or _fixed(leaf) else method
        alone = isinstance(how, choices.Steps | choices.Efficacy)
        key = (repr(how), leaf.frozen is not None, leaf.code if alone else "")
        found.setdefault(key, []).append(leaf)
    return list(found.values())


def _by_spread(how: Normalisation) -> bool:
    """Whether a frozen range is a mean and a standard deviation."""
    return how == "z-score" or isinstance(how, choices.ZScore)


class _Columns:
    """Some leaves of one population."""

    def __init__(
        self,
        plan: Plan,
        values: Array,
        rows: Rows,
        leaves: list[Leaf],
        base: Rows | None,
        how: Normalisation,
        constant: str,
    ) -> None:
        self.plan, self.rows, self.leaves, self.constant = plan, rows, leaves, constant
        places = np.array([leaf.place for leaf in leaves], dtype=np.int64)
        self.x = values[np.ix_(rows, places)]
        self.scale = plan.passport.scale
        self.direction = np.array([leaf.direction for leaf in leaves])
        self.frozen: tuple[Array, Array] | None = None
        self.base = values[np.ix_(base, places)] if base is not None else None
        if leaves[0].frozen is not None and _by_spread(how) == _by_spread(leaves[0].normalise):
            pairs = np.array([leaf.frozen for leaf in leaves])
            self.frozen = (pairs[:, 0], pairs[:, 1])

    def scores(self, how: Normalisation) -> Any:
        """``methods.Normalised`` on the system's scale."""
        if isinstance(how, str):
            return self.by_word(how)
        if isinstance(how, choices.MinMax):
            return self.min_max(how.min_max)
        if isinstance(how, choices.ZScore):
            return self.z_score(*how.z_score)
        if isinstance(how, choices.Goalposts | choices.LogGoalposts):
            log = isinstance(how, choices.LogGoalposts)
            posts = how.log_goalposts if isinstance(how, choices.LogGoalposts) else how.goalposts
            return methods.goalposts(self.x, posts, self.direction, scale=self.scale, log=log)
        if isinstance(how, choices.Target):
            return methods.to_target(
                self.x, how.target, self.direction, scale=self.scale, frozen=self.extremes(), cut=how.cut
            )
        if isinstance(how, choices.Reference):
            return self.reference(how.reference)
        if isinstance(how, choices.Steps):
            worst = min(score for _, score in how.steps)
            below = min(worst, self.scale[0])
            return methods.steps(self.x, how.steps, int(self.direction[0]), below=below)
        if isinstance(how, choices.Efficacy):
            return self.efficacy(how)
        if isinstance(how, choices.Levels):
            return methods.direct(self.x, 1, scale=(min(how.levels.values()), max(how.levels.values())))
        return self.stretched(methods.binary(self.x, self.direction))

    def by_word(self, how: str) -> Any:
        keep: Any = self.constant
        if how == "min-max":
            return self.min_max(self.scale)
        if how == "z-score":
            return self.z_score(0.0, 1.0)
        if how in ("rank", "borda"):
            return methods.rank_score(self.x, self.direction, borda=how == "borda")
        if how == "percentile":
            return self.stretched(methods.percentile(self.x, self.direction, constant=keep))
        if how == "to-maximum":
            frozen = self.extremes()
            return self.stretched(methods.to_maximum(self.x, self.direction, frozen=frozen, constant=keep))
        if how == "share":
            return self.share()
        if how == "binary":
            return self.stretched(methods.binary(self.x, self.direction))
        return methods.direct(self.x, self.direction, scale=self.scale)

    def extremes(self) -> tuple[Array, Array] | None:
        """Frozen extremes: of an earlier edition, or of the base period."""
        if self.frozen is not None or self.base is None:
            return self.frozen
        figures = methods.column_figures(self.base)
        return figures.minimum, figures.maximum

    def min_max(self, scale: tuple[float, float]) -> Any:
        keep: Any = self.constant
        return methods.min_max(self.x, self.direction, scale=scale, frozen=self.extremes(), constant=keep)

    def z_score(self, mean: float, sd: float) -> Any:
        frozen, keep = self.frozen, self.constant
        if frozen is None and self.base is not None:
            figures = methods.column_figures(self.base)
            frozen = (figures.mean, figures.sd)
        return methods.z_score(self.x, self.direction, mean=mean, sd=sd, frozen=frozen, constant=keep)  # type: ignore[arg-type]

    def share(self) -> Any:
        frozen, keep = self.extremes(), self.constant
        best = None if frozen is None else np.where(self.direction > 0, frozen[1], frozen[0])
        found = methods.share_of_maximum(self.x, self.direction, maximum=best, constant=keep)  # type: ignore[arg-type]
        return self.stretched(found)

    def reference(self, unit: str) -> Any:
        table, keep = self.plan.table, self.constant
        rows = [place for place, row in enumerate(self.rows) if unit in (table.ids[row], table.names[row])]
        if not rows:
            said = Said(f"没有参照对象“{unit}”", f'there is no unit of reference "{unit}"')
            raise BadData(table.source, [CellProblem(0, self.leaves[0].column, said)])
        found = methods.to_reference(self.x, rows[0], self.direction, constant=keep)  # type: ignore[arg-type]
        return self.stretched(found)

    def efficacy(self, how: choices.Efficacy) -> Any:
        low, high = how.efficacy
        if self.direction[0] < 0 and low < high:
            low, high = high, low
        found = methods.efficacy(self.x, low, high)
        if not how.cut:
            return found
        return methods.Normalised(
            np.clip(found.scores, 60.0, 100.0), found.figures, found.constant, found.used
        )

    def stretched(self, found: Any) -> Any:
        """Scores of 0 to 1 on the system's scale."""
        low, high = self.scale
        scores = low * (1.0 - found.scores) + high * found.scores
        return methods.Normalised(scores, found.figures, found.constant, found.used)


def _used(label: str, found: Any, column: int) -> Used:
    figures = found.figures
    names = ("count", "minimum", "maximum", "mean", "sd")
    return Used(
        label,
        {name: _plain(getattr(figures, name)[column]) for name in names},
        {name: _plain(values[column]) for name, values in found.used.items()},
    )


def _plain(value: Any) -> float | None:
    return None if math.isnan(value) else float(value)


def _filled(
    plan: Plan,
    prepared: Prepared,
    scores: Array,
    flat: Mask,
    constant: str,
    ranges: Mapping[str, Sequence[Used]],
) -> Scored:
    """Policies for constant columns and for missing values; what they did is marked and told."""
    flags, notices = prepared.flags.copy(), list(prepared.notices)
    applicable = plan.applicable
    there = ~np.isnan(prepared.values) & applicable
    equal = flat & there
    flags |= np.where(equal, CONSTANT, 0).astype(np.uint16)
    if constant == "leave-out" and flat.any():
        flags |= np.where(flat & applicable, LEFT_OUT, 0).astype(np.uint16)
        applicable = applicable & ~flat
    missing = np.isnan(scores) & applicable
    for leaf in plan.leaves:
        if leaf.fill in ("zero", "lowest") and missing[:, leaf.place].any():
            worth = 0.0 if leaf.fill == "zero" else plan.passport.scale[0]
            rows = missing[:, leaf.place]
            scores[rows, leaf.place] = worth
            flags[rows, leaf.place] |= ZEROED
    _tell(plan, flags, equal, constant, notices)
    return Scored(scores, applicable, flags, ranges, tuple(notices))


_CONSTANT_WORDS = {
    "full": ("给满分", "full marks"),
    "zero": ("给最低分", "the lowest score"),
    "middle": ("给中间分", "the middle of the scale"),
    "leave-out": ("不计入，权重分给同级", "left out, its weight goes to its siblings"),
}


def _tell(plan: Plan, flags: Flags, equal: Mask, constant: str, notices: list[Notice]) -> None:
    lost = (flags & MISSING) > 0
    titles = {node.code: node.title for node in plan.passport.leaves()}
    for leaf in plan.leaves:
        named = [f"{leaf.code} {titles[leaf.code].said(each)}".strip() for each in ("zh", "en")]
        named = [leaf.code if each == f"{leaf.code} {leaf.code}" else each for each in named]
        rows = np.nonzero(lost[:, leaf.place])[0]
        if len(rows):
            zh, en = _policy_words(leaf.fill)
            asked = int(plan.applicable[:, leaf.place].sum())
            said = Said(
                f"{named[0]}：{asked}个对象中{len(rows)}个没有数值，{zh}",
                f"{named[1]} has no value for {len(rows)} of {asked} units: {en}",
            )
            kind = "no-data" if len(rows) == asked else "missing"
            notices.append(Notice(kind, said, leaf.code, units_at(plan, rows)))
        if equal[:, leaf.place].any():
            zh, en = _CONSTANT_WORDS[constant]
            said = Said(f"{named[0]}：数值全部相同，{zh}", f"All values of {named[1]} are equal: {en}")
            notices.append(Notice("constant", said, leaf.code))


def _policy_words(fill: Any) -> tuple[str, str]:
    if isinstance(fill, choices.Impute):
        how = fill.impute if isinstance(fill.impute, str) else f"{fill.impute.constant:g}"
        return f"插补（{how}）", f"imputed ({how})"
    if isinstance(fill, choices.Threshold):
        share = f"{fill.threshold:g}"
        return (
            f"不计，同级有值的不足{share}时上级缺失",
            f"skipped; its parent is missing below a share of {share}",
        )
    return {
        "zero": ("按0分计", "counted as 0"),
        "lowest": ("按最低分计", "counted as the lowest score"),
        "skip": ("不计，权重分给同级", "skipped, its weight goes to its siblings"),
        "propagate": ("上级也缺失", "its parents are missing too"),
    }[str(fill)]
