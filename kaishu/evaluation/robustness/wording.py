"""Numbers, probabilities and choices as people read them."""

from __future__ import annotations

from kaishu.evaluation.methods import round_half_away

#: Choices of a system, as they are written there, in Chinese.
_CHINESE = {
    "min-max": "极差归一",
    "z-score": "标准分",
    "rank": "排序分",
    "borda": "波达计分",
    "percentile": "百分位秩",
    "to-maximum": "比最大值",
    "share": "占最大值的比例",
    "equal": "等权",
    "entropy": "熵权",
    "critic": "CRITIC",
    "cv": "变异系数",
    "arithmetic": "算术平均",
    "geometric": "几何平均",
    "harmonic": "调和平均",
    "power": "幂平均",
    "median": "中位数",
    "minimum": "最小值",
    "copeland": "科普兰",
    "mazziotta-pareto": "Mazziotta-Pareto",
    "topsis": "TOPSIS",
    "mean": "均值",
    "group-mean": "组内均值",
    "group-median": "组内中位数",
    "row": "同级其他指标",
    "last": "最近一期",
    "linear": "前后期内插",
    "constant": "定值",
    "winsorise": "缩尾",
    "log": "取对数",
    "box-cox": "Box-Cox",
    "none": "不处理",
}


def choice_word(told: object, language: str) -> str:
    """A choice of a system for people.

    >>> choice_word("geometric", "zh"), choice_word({"winsorise": 5, "then": "log"}, "en")
    ('几何平均', 'winsorise 5, then log')
    """
    if isinstance(told, dict):
        if "winsorise" in told and language != "en":
            return f"缩尾（至多{told['winsorise']}个），不够时{choice_word(told.get('then'), language)}"
        words = [(choice_word(key, language), choice_word(value, language)) for key, value in told.items()]
        return ", ".join(f"{key} {value}" for key, value in words)
    if isinstance(told, list):
        return "–".join(choice_word(each, language) for each in told)
    if isinstance(told, float):
        return number(told, 6)
    return _CHINESE.get(str(told), str(told)) if language != "en" else str(told)


def percent(share: float | None) -> str:
    """A probability as people read it; never 0 or 100 % for what only nearly is.

    >>> percent(0.5), percent(0.99996), percent(1.0), percent(0.0002), percent(None)
    ('50.0%', '>99.9%', '100%', '<0.1%', '—')
    """
    if share is None:
        return "—"
    if share in (0.0, 1.0):
        return f"{share:.0%}"
    if share < 0.001:
        return "<0.1%"
    return ">99.9%" if share > 0.999 else f"{100 * share:.1f}%"


def number(value: float | None, digits: int = 2) -> str:
    """Rounded half away from zero, without a point that is not needed.

    >>> number(2.0), number(0.125), number(None)
    ('2', '0.13', '—')
    """
    if value is None:
        return "—"
    text = f"{float(round_half_away(value, digits)):.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
