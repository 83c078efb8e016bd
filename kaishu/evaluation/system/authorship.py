"""What the source of a system does not publish and its author has set, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kaishu.base.errors import Said

#: Keys of a passport; another one is named as it is.
_WORDS: Mapping[str, Said] = {
    "grades": Said("等级的分数线", "limits of the grades"),
    "limits": Said("分数线", "limits of the scores"),
    "weights": Said("权重", "weights"),
    "weight": Said("权重", "weights"),
    "weigh": Said("组内权重", "weights inside groups"),
    "indicator": Said("指标的算法", "how indicators are computed"),
    "normalise": Said("标准化方法", "how values are normalised"),
    "treat": Said("离群值的处理", "how outliers are treated"),
    "data": Said("数据", "data"),
    "stages": Said("阶段的条件", "conditions of the stages"),
    "tree": Said("指标树", "the tree of indicators"),
    "children": Said("下级指标", "indicators below"),
}


def ours_said(keys: Iterable[str]) -> list[Said]:
    """Each thing once."""
    return list(dict.fromkeys(_WORDS.get(key, Said(key, key)) for key in keys))
