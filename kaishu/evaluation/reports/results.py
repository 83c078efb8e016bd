"""Sections on all units: results, groups, the map, dimensions, the spread, change."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

import numpy as np

from kaishu.evaluation.reports.material import Material
from kaishu.evaluation.reports.provinces import PROVINCES, province_of
from kaishu.evaluation.reports.showing import NOTHING, Showing, mean
from kaishu.evaluation.reports.template import Section
from kaishu.evaluation.reports.whole_words import signed
from kaishu.evaluation.system.checking_decisions import grade_names
from kaishu.reporting import Bar, Bars, Block, Note, Table, Tile, Tiles

_MOST_DIMENSIONS, _MOST_BARS, _BINS = 8, 40, 8
#: So many provinces make a map.
_LEAST_TILES = 8


def results(material: Material, section: Section) -> Iterator[Block]:
    """Ranked bars, one chart a group where ranks are inside of groups, and the table; stages come apart."""
    shown = material.shown
    most = section.most or len(shown.rows)
    if not shown.result.stages:
        for group in shown.groups if shown.grouped else [""]:
            rows = [row for row in shown.ordered if not group or shown.result.table.groups[row] == group]
            yield from _bars(shown, rows[: min(most, _MOST_BARS)], group, len(rows))
    yield _table(shown, shown.ordered[:most])
    if len(shown.ordered) > most:
        yield Note(
            shown.say(
                f"共{len(shown.ordered)}个对象，这里列出前{most}个；其余见附录或结果文件。",
                f"{len(shown.ordered)} units in all, the first {most} here; the others are in the appendix "
                "or the file of results.",
            )
        )


def _bars(shown: Showing, rows: list[int], group: str, count: int) -> Iterator[Block]:
    index = shown.result.index
    known = [row for row in rows if not math.isnan(index[row])]
    if not known:
        return
    low, high = shown.result.passport.scale
    top = (
        max(high, *(float(index[row]) for row in known))
        if shown.result.passport.aggregate != "sum"
        else max(float(index[row]) for row in known)
    )
    base = min(low, 0.0, *(float(index[row]) for row in known))
    fellows = [row for row in shown.rows if not group or shown.result.table.groups[row] == group]
    average = mean(index[fellows])
    span = (top - base) or 1.0

    def part(value: float) -> float:
        return (value - base) / span

    title = (f"{group}{shown.say('：', ': ')}" if group else "") + shown.say(
        f"{shown.name(known[0])}居首，红线为平均分{shown.number(average)}",
        f"{shown.name(known[0])} is first; the red line is the mean, {shown.number(average)}",
    )
    if len(known) < count:
        title += shown.say(f"（前{len(known)}个）", f" (first {len(known)})")
    yield Bars(
        title,
        [
            Bar(
                f"{shown.rank(row)} {shown.name(row)}",
                part(float(index[row])),
                shown.number(float(index[row])) + _graded(shown, row),
                None if average is None else part(average),
            )
            for row in known
        ],
    )


def _graded(shown: Showing, row: int) -> str:
    grade = shown.result.grade[row]
    return f"  {shown.grade(grade)}" if grade else ""


def _table(shown: Showing, rows: list[int]) -> Table:
    result = shown.result
    dimensions = result.passport.tree if 1 < len(result.passport.tree) <= _MOST_DIMENSIONS else ()
    columns: list[tuple[str, bool, list[str]]] = []
    columns.append((shown.say("对象", "unit"), False, [shown.name(row) for row in rows]))
    if not result.stages:
        columns.append((shown.say("名次", "rank"), True, [shown.rank(row) for row in rows]))
    if shown.groups:
        groups = [result.table.groups[row] or NOTHING for row in rows]
        columns.append((shown.say("组", "group"), False, groups))
    columns.append(
        (shown.say("得分", "score"), True, [shown.number(float(result.index[row])) for row in rows])
    )
    if result.grades:
        columns.append((shown.say("等级", "grade"), False, [shown.grade(result.grade[row]) for row in rows]))
    if result.stages:
        columns.append((shown.say("阶段", "stage"), False, [shown.stage(result.stages[row]) for row in rows]))
    for node in dimensions:
        scores = result.scores_of(node.code)
        columns.append((shown.title(node), True, [shown.number(float(scores[row])) for row in rows]))
    cells = [list(row) for row in zip(*(values for _, _, values in columns), strict=True)]
    numbers = frozenset(at for at, (_, number, _) in enumerate(columns) if number)
    return Table(shown.say("得分一览", "All scores"), [head for head, _, _ in columns], cells, numbers)


def groups(material: Material, section: Section) -> Iterator[Block]:
    """Who is in which stage, in no order; who has which grade, by rank."""
    shown, result = material.shown, material.shown.result
    if result.stages:
        heads = [shown.say("阶段", "stage"), shown.say("个数", "number"), shown.say("对象", "units")]
        rows = []
        for stage in reversed(result.passport.stages):
            names = [shown.name(row) for row in shown.rows if result.stages[row] == stage.stage]
            rows.append([shown.stage(stage.stage), str(len(names)), shown.listed(names, 500) or NOTHING])
        none = [shown.name(row) for row in shown.rows if result.stages[row] is None]
        if none:
            rows.append(
                [shown.say("未达任何阶段", "no stage reached"), str(len(none)), shown.listed(none, 500)]
            )
        yield Table(
            shown.say("各阶段的对象，同一阶段不分先后", "Units by stage; inside a stage there is no order"),
            heads,
            rows,
            frozenset({1}),
        )
    if result.grades:
        names_of = {
            grade: [shown.name(row) for row in shown.ordered if result.grade[row] == grade]
            for grade in grade_names(result.passport)
        }
        heads = [shown.say("等级", "grade"), shown.say("个数", "number"), shown.say("对象", "units")]
        yield Table(
            shown.say("各等级的对象", "Units by grade"),
            heads,
            [
                [shown.grade(grade), str(len(names)), shown.listed(names, 500) or NOTHING]
                for grade, names in names_of.items()
            ],
            frozenset({1}),
        )
        if result.passport.graded != "index":
            yield _grades_by_dimension(shown)


def _grades_by_dimension(shown: Showing) -> Table:
    result = shown.result
    names = grade_names(result.passport)
    rows = []
    for node in result.passport.tree:
        held = [result.grades[row][result.places[node.code]] for row in shown.rows]
        rows.append([shown.title(node), *(str(held.count(name)) for name in names)])
    heads = [shown.say("方面", "dimension"), *(shown.grade(name) for name in names)]
    return Table(
        shown.say("各方面的等级个数", "How many reach each grade, by dimension"),
        heads,
        rows,
        frozenset(range(1, len(heads))),
    )


def _stage(shown: Showing, stage: str | None) -> str:
    """A stage that fits a tile: without its title, and in English without Chinese letters."""
    english = shown.language == "en" and stage is not None and not stage.isascii()
    return shown.stage(stage).split(" ")[0] if english else stage or NOTHING


def tiles(material: Material, section: Section) -> Iterator[Block]:
    """One tile a province, where enough units are provinces."""
    shown, result = material.shown, material.shown.result
    found: dict[str, int] = {}
    group = ""
    for each in shown.groups if shown.grouped else [""]:  # scores of two groups are not to be compared
        held = _provinces(shown, each)
        if len(held) > len(found):
            found, group = held, each
    if len(found) < _LEAST_TILES:
        return
    places = {stage.stage: at for at, stage in enumerate(result.passport.stages)}
    values = {
        name: float(places.get(result.stages[row] or "", -1)) if result.stages else float(result.index[row])
        for name, row in found.items()
    }
    known = [each for each in values.values() if not math.isnan(each)]
    low, span = min(known, default=0.0), (max(known, default=1.0) - min(known, default=0.0)) or 1.0
    drawn = []
    for name, (english, column, line) in PROVINCES.items():
        value = values.get(name, math.nan)
        there = not math.isnan(value)
        said = ""
        if there:
            row = found[name]
            said = _stage(shown, result.stages[row]) if result.stages else shown.number(value)
        part = (value - low) / span if there else None
        drawn.append(Tile(shown.say(name, english), column, line, part, said))
    title = (
        shown.say("各省所处的阶段，颜色越深越高", "Stages of provinces; the darker, the higher")
        if result.stages
        else shown.say("各省得分，颜色越深越高", "Scores of provinces; the darker, the higher")
    )
    title += shown.say(f"（{group}）", f" ({group})") if group else ""
    yield Tiles(title, drawn)
    yield Note(
        shown.say(
            "每省一格，位置只表示大致方位；浅字为没有评估的地区。",
            "One tile a province; positions are rough, and pale names were not evaluated.",
        )
    )


def _provinces(shown: Showing, group: str) -> dict[str, int]:
    """Short name to row."""
    found: dict[str, int] = {}
    for row in shown.rows:
        name = province_of(shown.name(row)) or province_of(shown.result.table.ids[row])
        if name is not None and (not group or shown.result.table.groups[row] == group):
            found.setdefault(name, row)
    return found


def dimensions(material: Material, section: Section) -> Iterator[Block]:
    """Mean, spread and the best of every first-level node."""
    shown, result = material.shown, material.shown.result
    if len(result.passport.tree) < 2:
        return
    rates: list[tuple[str, float, str]] = []
    rows = []
    for node in result.passport.tree:
        scores = shown.scores(node.code)
        known = scores[~np.isnan(scores)]
        if not len(known):
            rows.append([shown.title(node), *[NOTHING] * 6, "0"])
            continue
        best = [
            shown.name(row) for row, value in zip(shown.rows, scores, strict=True) if value == known.max()
        ]
        full = material.full.get(node.code)
        rate = float(known.mean()) / full if full else None
        if rate is not None:
            rates.append((shown.title(node), rate, shown.percent(rate)))
        sd = float(known.std(ddof=1)) if len(known) > 1 else math.nan
        rows.append(
            [
                shown.title(node),
                *(
                    shown.number(float(each))
                    for each in (known.mean(), np.median(known), sd, known.min(), known.max())
                ),
                shown.listed(best, 3),
                str(len(known)),
            ]
        )
    if len(rates) > 1:
        top = max(rates, key=lambda each: each[1])
        yield Bars(
            shown.say(f"平均得分率：{top[0]}最高", f"Mean share of full marks: highest in {top[0]}"),
            [Bar(name, part, told) for name, part, told in rates],
        )
    heads = [shown.say(*each) for each in _SPREAD]
    yield Table(shown.say("各方面", "Dimensions"), heads, rows, frozenset({1, 2, 3, 4, 5, 7}))


_SPREAD = (
    ("方面", "dimension"),
    ("平均", "mean"),
    ("中位数", "median"),
    ("标准差", "sd"),
    ("最低", "lowest"),
    ("最高", "highest"),
    ("最高者", "who is highest"),
    ("有得分的", "with a score"),
)


def distribution(material: Material, section: Section) -> Iterator[Block]:
    """How many units have scores in each of some equal steps, or are in each stage; not for a handful."""
    shown = material.shown
    if shown.result.stages:
        yield from _by_stage(shown)
        return
    index = shown.scores()
    known = index[~np.isnan(index)]
    if len(known) < _LEAST_TILES or known.min() == known.max():
        return
    edges = _edges(float(known.min()), float(known.max()))
    counts, _ = np.histogram(known, edges)
    digits = max(0, -math.floor(math.log10(edges[1] - edges[0]) + 1e-9))
    top = int(counts.max())
    fullest = int(np.argmax(counts))

    def step(at: int) -> str:
        return f"{shown.number(edges[at], digits)} – {shown.number(edges[at + 1], digits)}"

    yield Bars(
        shown.say(f"{step(fullest)}分的最多，有{top}个", f"Most, {top}, score {step(fullest)}"),
        [Bar(step(at), int(count) / top, str(int(count))) for at, count in enumerate(counts)],
    )
    yield Note(shown.say("每档含下限；最后一档含上限。", "Each step has its lower limit; the last one both."))


def _by_stage(shown: Showing) -> Iterator[Block]:
    """How many are in each stage, the highest first."""
    result = shown.result
    if len(shown.rows) < _LEAST_TILES:
        return
    reached = Counter(result.stages[row] for row in shown.rows)
    names: list[str | None] = [stage.stage for stage in reversed(result.passport.stages)]
    names += [None] if reached[None] else []
    top = max(reached.values())
    words = {
        name: shown.say("未达任何阶段", "no stage reached") if name is None else shown.stage(name)
        for name in names
    }
    most = shown.listed([words[name] for name in names if reached[name] == top])
    yield Bars(
        shown.say(f"{most}的最多，有{top}个", f"Most, {top}, are in {most}"),
        [Bar(words[name], reached[name] / top, str(reached[name])) for name in names],
    )


def _edges(low: float, high: float) -> list[float]:
    """Round limits, about eight steps.

    >>> _edges(3.38, 4.64)
    [3.2, 3.4, 3.6, 3.8, 4.0, 4.2, 4.4, 4.6, 4.8]
    """
    rough = (high - low) / _BINS
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * each for each in (1, 2, 2.5, 5, 10) if size * each >= rough * (1 - 1e-9))
    first = math.floor(low / step + 1e-9)
    count = math.ceil(high / step - 1e-9) - first
    return [round((first + at) * step, 12) for at in range(max(1, count) + 1)]


def change(material: Material, section: Section) -> Iterator[Block]:
    """Scores, and ranks if there are any, before and after, with the parts of the change if it is split."""
    shown = material.shown
    moved = material.movements
    rows_of = [row for row in shown.ordered if row in moved] if material.unit is None else [material.unit]
    rows_of = [row for row in rows_of if row in moved]
    if not rows_of:
        return
    split = any(moved[row].by_score is not None for row in rows_of)
    ranked = () if shown.result.stages else _RANKED
    heads = [shown.say(*each) for each in (*_MOVED, *ranked, *(_PARTS if split else ()))]
    rows = []
    for row in rows_of[: section.most]:
        each = moved[row]
        told = [
            shown.name(row),
            shown.number(each.score_before),
            shown.number(float(shown.result.index[row])),
            NOTHING if each.change is None else signed(material, each.change),
        ]
        if ranked:
            told += [NOTHING if each.rank_before is None else f"{each.rank_before:g}", shown.rank(row)]
        if split:
            parts = (each.by_score, each.by_weight, each.rest)
            told += [NOTHING if part is None else signed(material, part) for part in parts]
        rows.append(told)
    title = shown.say(f"与{material.earlier}相比", f"Since {material.earlier}")
    yield Table(title, heads, rows, frozenset(range(1, len(heads))))
    if split:
        yield Note(
            shown.say(
                "总分的变化分成得分变化与权重变化两部分（各取前后平均的另一因素），其余为指标增减与合成方法所致。",
                "The change is split into what scores and what weights did, each at the mean of the other "
                "before and after; the rest comes from indicators added or dropped and from the aggregation.",
            )
        )


_MOVED = (
    ("对象", "unit"),
    ("原得分", "score before"),
    ("得分", "score"),
    ("变化", "change"),
)
_RANKED = (("原名次", "rank before"), ("名次", "rank"))
_PARTS = (("得分所致", "by scores"), ("权重所致", "by weights"), ("其余", "rest"))
