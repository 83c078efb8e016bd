"""Results in the words and shapes of pages: numbers, lines, charts, trees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from kaishu import evaluation
from kaishu.base.errors import in_language
from kaishu.evaluation import Chosen, Node, Passport, Result, robustness
from kaishu.evaluation.models import Evaluation, SystemEdition
from kaishu.web.evaluation_contexts import (
    Column,
    EvaluationLine,
    NoticeLine,
    Spread,
    SystemLine,
    TreeLine,
    UnitLine,
)
from kaishu.web.figures import DASH
from kaishu.web.quality_contexts import Levels, label_room, levels
from kaishu.web.rendering import address, path_part
from kaishu.web.words import _, _n, language, listed, pick

BINS, PLOT, WIDTH = 12, 84, 320
DIMENSIONS, CHARTED, NAMED = 6, 12, 8
MOST_LABEL = 192


def figure(value: float | None, digits: int) -> str:
    """A score as it is shown: half away from zero, with all its decimals; a dash for nothing."""
    if value is None or np.isnan(value):
        return DASH
    return f"{float(evaluation.methods.round_half_away(value, digits)):,.{digits}f}"


def signed(value: float | None, digits: int) -> str:
    """The same with its sign."""
    text = figure(value, digits)
    return f"+{text}" if value is not None and value > 0 and text.strip("0.,") else text


def plain(value: float | None) -> str:
    """A raw value or a weight, in as many digits as it has, at most six."""
    return DASH if value is None else f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"


def rank_of(value: float | None) -> str:
    """A rank, whole or with a half."""
    return DASH if value is None or np.isnan(value) else f"{value:g}"


def percent(value: Any) -> str:
    """A share as percent, with up to four decimals, without a sign."""
    return f"{float(value) * 100:.4f}".rstrip("0").rstrip(".") or "0"


def share_of(weight: Any) -> str:
    """A written weight: percent, or points where it is more than the whole."""
    return f"{percent(weight)}%" if weight <= 1 else plain(float(weight))


def title_of(passport: Passport) -> str:
    """Title of a system."""
    return passport.title.said(language()) or passport.system


def node_title(node: Node) -> str:
    """Title of a node, or its code."""
    return node.title.said(language()) or node.code


def system_line(chosen: Chosen) -> SystemLine:
    """A system in a list."""
    passport, row = chosen.passport, chosen.row
    return SystemLine(
        id=row.id if row else passport.system,
        name=passport.system,
        title=title_of(passport),
        edition=passport.edition,
        state=row.state if row else "built-in",
        indicators=len(passport.leaves()),
        source=passport.source.report.said(language()),
        about=passport.source.note.said(language()),
    )


def chosen_of(row: SystemEdition) -> Chosen:
    """An edition, read."""
    return Chosen(evaluation.read_system(row.text + "\n"), row.text, row)


def source_of(run: Evaluation) -> str:
    """Where the data of an evaluation came from, in words."""
    asked = run.asked
    words = {
        "own": _("体系自带"),
        "table": _("数据集 {name}", name=run.source),
        "file": _("文件 {name}", name=run.source),
        "given": _("随请求给出"),
    }
    found = [words[run.origin]] if run.origin in words else []
    if asked.get("facts"):
        found.append(_("平台事实（{by}）", by=scopes().get(asked["facts"], asked["facts"])))
    if asked.get("round"):
        found.append(_("评判“{title}”", title=pick(asked.get("round_title"), asked.get("round_title_en"))))
    return " + ".join(found)


def scopes() -> dict[str, str]:
    """Whom facts are counted for, in words."""
    return {
        "catalogue": _("本平台和各采集目录"),
        "office": _("各部门"),
        "division": _("各行政区划"),
        "platform": _("整个平台"),
    }


def evaluation_line(run: Evaluation) -> EvaluationLine:
    """An evaluation in a list."""
    first = [] if run.summary.get("staged") else run.summary.get("first", [])
    return EvaluationLine(
        id=run.id,
        title=pick(run.title, run.title_en),
        edition=run.edition,
        source=source_of(run),
        units=run.units,
        state=run.state,
        at=run.published_at or run.created_at,
        first=[(str(name), figure(score, 2)) for name, score in first],
        actor=run.actor,
    )


def span_of(result: Result) -> tuple[float, float]:
    """Where bars begin and end: the scale, or further where scores go further."""
    low, high = result.passport.scale
    known = result.index[~np.isnan(result.index)]
    return (min(low, float(known.min())), max(high, float(known.max()))) if len(known) else (low, high)


def width_of(value: float | None, span: tuple[float, float]) -> float:
    """Length of a bar, 0 to 100."""
    if value is None or np.isnan(value) or span[1] <= span[0]:
        return 0.0
    return round(100 * max(0.0, min(1.0, (value - span[0]) / (span[1] - span[0]))), 2)


def mark_of(result: Result, row: int) -> str:
    """Grade or stage of a unit, in words; nothing if it has none."""
    mark = result.grade[row] or (result.stages[row] if result.stages else None)
    return marks_of(result).get(mark, mark) if mark else ""


def marks_of(result: Result) -> dict[str, str]:
    """Grades from the best on, or stages from the lowest on, each with its words."""
    passport = result.passport
    if not result.grades:
        return {each.stage: in_language(robustness.stage_said(each), language()) for each in passport.stages}
    limits = passport.grades if isinstance(passport.grades, tuple) else ()
    return {each.grade: each.worded(language()) for each in limits}


def stage_place(result: Result, row: int) -> int:
    """Place of a unit's stage, 0 the lowest; -1 without one."""
    stage = result.stages[row]
    return -1 if stage is None else [each.stage for each in result.passport.stages].index(stage)


def mark_word(result: Result) -> str:
    """Head of that column; nothing if there is none."""
    return _("评级") if result.grades else _("阶段") if result.stages else ""


def order_of(result: Result) -> list[int]:
    """Rows by rank, those without one at the end; group after group where ranks are those in the group.

    Where the outcome is a stage, the highest stage comes first, and inside of it units stand by name.
    """
    score, rank, table = result.index, result.rank, result.table
    if result.stages:
        whole = range(len(table))
        return sorted(
            whole, key=lambda row: (-stage_place(result, row), table.names[row], table.periods[row] or "")
        )
    apart = result.passport.rank.within == "group"

    def place(row: int) -> tuple[str, str, bool, float, float, str]:
        group = (table.groups[row] or "") if apart else ""
        last = bool(np.isnan(rank[row]))
        worst = 0.0 if last else float(rank[row])
        return (
            group,
            table.periods[row] or "",
            last,
            worst,
            float(np.nan_to_num(-score[row])),
            table.names[row],
        )

    return sorted(range(len(table)), key=place)


def heads_of(result: Result) -> list[tuple[str, str]]:
    """Codes and titles of the first level that have scores, if they are few enough to be columns."""
    tree = [node for node in result.passport.tree if not np.isnan(result.scores_of(node.code)).all()]
    return [(node.code, node_title(node)) for node in tree] if 1 < len(tree) <= DIMENSIONS else []


def unit_href(run: Evaluation, result: Result, row: int) -> str:
    """Address of a unit's page."""
    period = result.table.periods[row]
    more = f"?period={path_part(period)}" if period else ""
    return f"/evaluation/results/{run.id}/units/{path_part(result.table.ids[row])}{more}"


def unit_line(
    run: Evaluation,
    result: Result,
    row: int,
    heads: Sequence[tuple[str, str]],
    span: tuple[float, float],
) -> UnitLine:
    """A unit in the ranking; ``span`` is what bars are drawn over."""
    digits, table = result.passport.digits, result.table
    period = table.periods[row]
    return UnitLine(
        rank=rank_of(result.rank[row]),
        name=f"{table.names[row]} {period}" if period else table.names[row],
        id=table.ids[row],
        href=unit_href(run, result, row),
        score=figure(result.index[row], digits),
        width=width_of(result.index[row], span),
        mark=mark_of(result, row),
        group=table.groups[row] or table.classes[row] or "",
        cells=[(title, figure(result.scores[row, result.places[code]], digits)) for code, title in heads],
    )


def finding_of(result: Result) -> str:
    """The sentence above a ranking."""
    known = [row for row in order_of(result) if not np.isnan(result.index[row])]
    if result.stages:
        return _("结果是各对象所处的阶段，同一阶段不分先后。打开一个对象，看它离下一阶段还差什么。")
    if not known:
        return _("没有对象得到总分。")
    digits, names = result.passport.digits, result.table.names
    if len(known) == 1:
        return _("{name}得{score}分。", name=names[known[0]], score=figure(result.index[known[0]], digits))
    scores = result.index[known]
    return _(
        "{first}最高，{high}分；{last}最低，{low}分；平均{mean}分。",
        first=names[known[int(scores.argmax())]],
        high=figure(float(scores.max()), digits),
        last=names[known[int(scores.argmin())]],
        low=figure(float(scores.min()), digits),
        mean=figure(float(scores.mean()), digits),
    )


def spread_of(result: Result) -> Spread | None:
    """Histogram of the scores; None of fewer than four, and where the outcome is a stage."""
    known = result.index[~np.isnan(result.index)]
    if result.stages or len(known) < 4 or float(known.max()) == float(known.min()):
        return None
    counts, edges = np.histogram(known, bins=min(BINS, max(4, len(known) // 3)))
    step, most, digits = WIDTH / len(counts), int(counts.max()), result.passport.digits
    columns = [
        Column(
            round(place * step, 2),
            round(PLOT + 14 - PLOT * int(count) / most, 2),
            round(step - 1.5, 2),
            round(PLOT * int(count) / most, 2),
            f"{figure(edges[place], digits)} – {figure(edges[place + 1], digits)}: {int(count)}",
        )
        for place, count in enumerate(counts)
    ]
    low, middle, high = (float(each) for each in np.quantile(known, [0.25, 0.5, 0.75]))
    finding = _(
        "一半的对象在{low}与{high}分之间，中位数{middle}分",
        low=figure(low, digits),
        high=figure(high, digits),
        middle=figure(middle, digits),
    )
    return Spread(
        finding, columns, figure(float(known.min()), digits), figure(float(known.max()), digits), str(most)
    )


def charts_of(result: Result) -> list[Levels]:
    """Mean of each dimension; how many units each grade or stage has."""
    found, digits = [], result.passport.digits
    nodes = [node for node in result.passport.tree if not np.isnan(result.scores_of(node.code)).all()]
    if 1 < len(nodes) <= CHARTED and not result.stages:
        whole = max(float(np.nanmax(result.scores_of(node.code))) for node in nodes)
        means = [(node_title(node), float(np.nanmean(result.scores_of(node.code)))) for node in nodes]
        low = min(means, key=lambda each: each[1])
        of = max(whole, result.passport.scale[1])
        rows = [(name, max(0.0, mean), of, figure(mean, digits)) for name, mean in means]
        finding = _("各维度平均分，“{name}”最低", name=low[0])
        found.append(levels(finding, rows, label_room((row[0] for row in rows), MOST_LABEL)))
    marks = Counter(mark_of(result, row) for row in range(len(result.table)))
    marks.pop("", None)
    if marks:
        named = [each for each in marks_of(result).values() if each in marks] or sorted(marks)
        most = max(marks.values())
        rows = [(name, float(marks[name]), float(most), str(marks[name])) for name in named]
        word = max(marks.items(), key=lambda each: each[1])
        finding = _("“{mark}”的对象最多，{n}个", mark=word[0], n=word[1])
        found.append(levels(finding, rows, label_room(named, MOST_LABEL)))
    return found


def notice_lines(result: Result) -> list[NoticeLine]:
    """Notices, each with the first units it names."""
    names = dict(zip(result.table.ids, result.table.names, strict=True))
    found = []
    for each in result.notices:
        units = [names.get(id, id) for id in each.units]
        more = _n("等{n}个", len(units)) if len(units) > NAMED else ""
        told = in_language(each.said, language())
        told = told if each.code in told else f"{each.code}: {told}"
        found.append(NoticeLine(told, listed(units[:NAMED]) + more, listed(each.others)))
    return found


def fact_href(node: Node, by: str = "", unit: str = "") -> str:
    """Address of the fact that a node reads, for a scope and of a unit if they are named; nothing without."""
    name = "" if node.indicator is None else getattr(node.indicator.from_, "fact", "")
    if name not in evaluation.all_facts():
        return ""
    return address(f"/evaluation/facts/{path_part(name)}", ("by", by), ("unit", unit if by else ""))


def tree_lines(passport: Passport, by: str = "") -> list[TreeLine]:
    """The tree as a table; facts lead to those of a scope."""
    found: list[TreeLine] = []

    def walk(nodes: Iterable[Node], level: int) -> None:
        for node in nodes:
            indicator = node.indicator
            less = indicator is not None and indicator.direction == "less"
            note = node.note.said(language()) or (indicator.definition.said(language()) if indicator else "")
            said = "" if indicator is None else evaluation.normalisation_said(node, passport)
            found.append(
                TreeLine(
                    code=node.code,
                    title=node_title(node),
                    level=level,
                    weight="" if node.weight is None else share_of(node.weight),
                    origin="" if indicator is None else _origin(node),
                    direction=_("越小越好") if less else "",
                    normalise=in_language(said, language()),
                    note=note,
                    ours=listed(in_language(each, language()) for each in evaluation.ours_said(node.ours)),
                    fact=fact_href(node, by),
                )
            )
            walk(node.children, level + 1)

    walk(passport.tree, 1)
    return found


def policy_facts(passport: Passport) -> list[tuple[str, str]]:
    """How the whole is computed."""
    spoken = language()
    found = [
        (in_language(name, spoken), in_language(told, spoken))
        for name, told in evaluation.policies_said(passport)
    ]
    return [(name[:1].upper() + name[1:], told) for name, told in found]


def _origin(node: Node) -> str:
    assert node.indicator is not None
    form = node.indicator.model_dump(mode="json", by_alias=True, exclude_defaults=True).get("from") or {}
    return _("评审打分") if "judged" in form else evaluation.column_of(node)
