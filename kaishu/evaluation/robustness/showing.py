"""Robustness as the blocks of a report, and as a report of its own."""

from __future__ import annotations

from collections.abc import Sequence

from kaishu.base.errors import in_language
from kaishu.evaluation.building.result import Result
from kaishu.evaluation.robustness.lifting import Lift
from kaishu.evaluation.robustness.removal import Removal
from kaishu.evaluation.robustness.sensitivity import Effect, SensitivityAnalysis
from kaishu.evaluation.robustness.uncertain import Spread, UncertaintyAnalysis, ways
from kaishu.evaluation.robustness.uncertainty import FACTORS
from kaishu.evaluation.robustness.wording import choice_word, number, percent
from kaishu.reporting import Bar, Bars, Block, Document, Facts, Heading, Note, Paragraph, Table

#: The first so many, whose chance of being among them is told.
TOP = 10
_MOST_BARS = 30


class _Words:
    def __init__(self, language: str) -> None:
        self.language = language

    def say(self, zh: str, en: str) -> str:
        return en if self.language == "en" else zh

    def heads(self, *pairs: tuple[str, str]) -> list[str]:
        return [self.say(*pair) for pair in pairs]


def blocks_of_uncertainty(found: UncertaintyAnalysis, language: str = "zh", top: int = TOP) -> list[Block]:
    """What was found, what was drawn, and the spread of every unit."""
    words = _Words(language)
    spreads = found.spreads()
    staged = found.runs.stages is not None
    ranked = sorted((each for each in spreads if each.rank is not None), key=lambda each: each.rank or 0)
    rest = [each for each in spreads if each.rank is None]
    told = _stages_kept(found, spreads, words) if staged else _finding(found, ranked, words)
    blocks: list[Block] = [Paragraph(told), Facts(_drawn(found, words))]
    if found.grades and not found.runs.comparable.all():
        count = int(found.runs.comparable.sum())
        blocks.append(
            Note(
                words.say(
                    f"等级（阶段）的概率只按得分仍在原标尺上的{count}次模拟计算。",
                    f"Probabilities of grades or stages count the {count} runs whose scores stay on the "
                    "system's own scale.",
                )
            )
        )
    if staged:
        return [*blocks, _stage_table(found, spreads, words)]
    return [*blocks, _table(found, [*ranked, *rest], words, top)]


def _stages_kept(found: UncertaintyAnalysis, spreads: Sequence[Spread], words: _Words) -> str:
    known = [each for each in spreads if each.keeps is not None]
    firm, count = sum(each.keeps == 1.0 for each in known), f"{found.count:,}"
    if not known:
        return words.say("没有一个单位达到某个阶段。", "No unit is in a stage.")
    if firm == len(known):
        return words.say(f"{count}次模拟中，所有单位的阶段都不变。", f"In {count} runs no stage changes.")
    least = min(known, key=lambda each: each.keeps or 0.0)
    share = percent(least.keeps)
    return words.say(
        f"{count}次模拟中，{len(known)}个单位有{firm}个的阶段始终不变；最不稳的是{least.name}，{share}的模拟中不变。",
        f"In {count} runs {firm} of {len(known)} units always keep their stage; the least certain is "
        f"{least.name}, which keeps it in {share} of them.",
    )


def _stage_table(found: UncertaintyAnalysis, spreads: Sequence[Spread], words: _Words) -> Table:
    """Units by stage, the highest first; inside a stage there is no order."""
    place = {name: at for at, name in enumerate(found.grades)}
    lines = sorted(spreads, key=lambda each: (place.get(each.grade or "", len(place)), each.name))
    heads = [("单位", "Unit"), ("阶段", "Stage"), ("保持阶段", "Keeps stage")]
    rows = [[each.name, each.grade or "—", percent(each.keeps)] for each in lines]
    return Table(
        words.say("每个单位的阶段有多稳", "How firm the stages are"),
        words.heads(*heads),
        rows,
        frozenset((2,)),
    )


def _finding(found: UncertaintyAnalysis, ranked: Sequence[Spread], words: _Words) -> str:
    if not ranked:
        return words.say("没有一个单位有名次。", "No unit has a rank.")
    comma, lead = words.say("、", ", "), [each for each in ranked if each.rank == ranked[0].rank]
    first = comma.join(
        each.name + words.say(f"（{percent(each.same)}）", f" ({percent(each.same)})") for each in lead[:5]
    )
    firm = [each for each in ranked if each.low is not None and each.high == each.low]
    widest = max(ranked, key=lambda each: (each.high or 0) - (each.low or 0))
    count = f"{found.count:,}"
    zh = f"{count}次模拟中，第一名保持名次的概率：{first}"
    en = f"{count} runs; how often the first keep their rank: {first}"
    if found.grades and (keeps := [each.keeps for each in ranked if each.keeps is not None]):
        sure = sum(each >= 0.9 for each in keeps)
        zh += f"；{len(keeps)}个单位中有{sure}个的等级或阶段在九成以上的模拟中不变"
        en += f"; {sure} of {len(keeps)} units keep their grade or stage in nine tenths of the runs"
    span = f"{number(widest.low, 1)}–{number(widest.high, 1)}"
    zh += f"；名次最不稳的是{widest.name}（90%区间{span}）"
    en += f"; the least certain rank is that of {widest.name} (90 % interval {span})"
    if len(firm) == len(ranked):
        zh, en = f"{count}次模拟中，所有单位的名次都不变", f"In {count} runs no rank changes"
    return words.say(zh + "。", en + ".")


def _drawn(found: UncertaintyAnalysis, words: _Words) -> list[tuple[str, str]]:
    pairs = [
        (words.say("模拟次数", "Runs"), f"{found.count:,}"),
        (words.say("随机种子", "Seed"), str(found.seed)),
    ]
    return pairs + _factors(found, words)


def _factors(found: UncertaintyAnalysis, words: _Words) -> list[tuple[str, str]]:
    separate, pairs = ways(found), []
    for factor in found.uncertainty.factors:
        if factor in separate:
            own = words.say("原方法", "as the system says")
            told = "、" if words.language == "zh" else ", "
            value = told.join([own, *(choice_word(each, words.language) for each in separate[factor][1:])])
        elif factor == "leave-out":
            value = words.say("各指标之一，或都不剔除", "any one, or none")
        else:
            noise = (
                found.uncertainty.weight_noise if factor == "weight-noise" else found.uncertainty.data_noise
            )
            value = f"±{number(100 * noise, 1)}%"
        pairs.append((in_language(FACTORS[factor], words.language), value))
    return pairs


def _table(found: UncertaintyAnalysis, lines: Sequence[Spread], words: _Words, top: int) -> Table:
    """Units by rank, group by group where they are ranked apart."""
    several, graded = any(found.periods), bool(found.grades)
    rows_of = {pair: row for row, pair in enumerate(zip(found.ids, found.periods, strict=True))}
    group_of = [label.split("\x1f")[0] for label in found.within]
    grouped, among = any(group_of), found.top(top)
    heads = [("单位", "Unit")]
    heads += [("组", "Group")] if grouped else []
    heads += [("时期", "Period")] if several else []
    texts = len(heads)
    heads += [("名次", "Rank"), ("中位名次", "Median"), ("90%区间", "90 % interval"), ("平均", "Mean")]
    heads += [("保持名次", "Keeps rank"), (f"进前{top}", f"Top {top}"), ("胜过下一名", "Before the next")]
    heads += [("保持等级", "Keeps grade"), ("等级或阶段", "Grade or stage")] if graded else []
    rows = []
    for each in sorted(lines, key=lambda one: found.within[rows_of[one.id, one.period]]):
        row = rows_of[each.id, each.period]
        cells = [each.name, *([group_of[row]] if grouped else []), *([each.period or ""] if several else [])]
        cells += [
            number(each.rank, 1),
            number(each.median, 1),
            f"{number(each.low, 1)}–{number(each.high, 1)}",
        ]
        cells += [number(each.mean), percent(each.same), percent(float(among[row])), percent(each.beats_next)]
        cells += [percent(each.keeps), each.grade or "—"] if graded else []
        rows.append(cells)
    title = words.say("每个单位的名次分布", "How the ranks of every unit spread")
    right = frozenset(range(texts, len(heads) - graded))
    return Table(title, words.heads(*heads), rows, right)


def blocks_of_sensitivity(found: SensitivityAnalysis, language: str = "zh") -> list[Block]:
    """Which factor moves the ranks, or the stages: sentence, cautions, table and bars."""
    words = _Words(language)
    cautions: list[Block] = [
        Note(words.say("注意：", "Caution: ") + in_language(each, language)) for each in found.warnings
    ]
    known = sorted(
        (each for each in found.effects if each.total is not None), key=lambda each: -(each.total or 0)
    )
    if not known:
        return cautions
    names = {factor: in_language(FACTORS[factor], language) for factor in found.uncertainty.factors}
    first = known[0]
    shift, share = number(found.mean_shift), percent(min(first.total or 0.0, 1.0))
    what, staged = names[first.factor], found.of == "stage"
    finding = words.say(
        f"各单位{'阶段' if staged else '名次'}平均变动{shift}{'级' if staged else '位'}；影响最大的是{what}："
        f"{'阶段' if staged else '名次'}变动的方差有{share}与它有关。",
        (f"Stages shift by {shift} on average; " if staged else f"Ranks shift by {shift} places on average; ")
        + f"{what.lower()} matters most: {share} of the variance of the shift has to do with it.",
    )
    heads = words.heads(
        ("因素", "Factor"),
        ("一阶", "First order"),
        ("95%区间", "95 %"),
        ("总效应", "Total"),
        ("95%区间", "95 %"),
    )
    rows = [_effect(each, names[each.factor]) for each in known]
    title = words.say("各因素的敏感性指数", "Sensitivity indices of the factors")
    bars = [
        Bar(names[each.factor], min(max(each.total or 0.0, 0.0), 1.0), number(each.total)) for each in known
    ]
    return [
        Paragraph(finding),
        *cautions,
        Table(title, heads, rows, frozenset((1, 2, 3, 4))),
        Bars(
            words.say(
                f"总效应：{'阶段' if staged else '名次'}变动的方差与各因素有关的部分",
                "Total effect: the share of the variance that a factor has part in",
            ),
            bars,
        ),
    ]


def _effect(each: Effect, name: str) -> list[str]:
    return [
        name + (" *" if each.doubtful else ""),
        number(each.first),
        f"{number(each.first_low)} … {number(each.first_high)}",
        number(each.total),
        f"{number(each.total_low)} … {number(each.total_high)}",
    ]


def blocks_of_removals(found: Sequence[Removal], language: str = "zh", most: int = _MOST_BARS) -> list[Block]:
    """Which element, taken away, moves the ranks, or the stages, most."""
    words, staged = _Words(language), any(each.of == "stage" for each in found)
    heads = words.heads(
        ("去掉", "Without"),
        ("平均变动", "Mean shift"),
        ("变动的单位", "Units moved"),
        ("最大变动", "Largest"),
    )
    moving = [each for each in found if each.moved]
    rows = [
        [
            f"{each.code} {in_(each, words)}".strip(),
            number(each.mean_shift),
            percent(each.moved),
            f"{each.unit} {each.largest:+d}",
        ]
        for each in moving[:most]
    ]
    title = words.say("去掉一个指标或一个维度后的名次", "Ranks without one indicator or branch")
    if staged:
        title = words.say("去掉一个指标或一个维度后的阶段", "Stages without one indicator or branch")
    blocks: list[Block] = [Table(title, heads, rows, frozenset((1, 2)))] if rows else []
    if still := len(found) - len(moving):
        zh, en = f"另有{still}项去掉后名次不变。", f"Nodes without which no rank changes: {still}."
        if staged:
            zh, en = f"另有{still}项去掉后阶段不变。", f"Nodes without which no stage changes: {still}."
        blocks.append(Note(words.say(zh, en)))
    return blocks


def in_(each: Removal | Lift, words: _Words) -> str:
    """Its title, unless that is the code."""
    title = words.say(each.title_zh, each.title_en)
    return "" if title == each.code else title


def blocks_of_lifts(unit: str, found: Sequence[Lift], language: str = "zh", most: int = 15) -> list[Block]:
    """What lifts a unit most."""
    words = _Words(language)
    if not found:
        return [Paragraph(words.say(f"{unit}各项都已最好。", f"{unit} has the best score in everything."))]
    by_cost = any(each.worth is not None for each in found)
    heads = [
        ("指标", "Indicator"),
        ("得分", "Score"),
        ("目标", "Target"),
        ("差距", "Gap"),
        ("有效权重", "Weight"),
    ]
    heads += [("总分增加", "Gain"), ("名次", "Rank")]
    heads += [("投入", "Cost"), ("每单位投入", "Gain by cost")] if by_cost else []
    rows = []
    for each in found[:most]:
        row = [f"{each.code} {in_(each, words)}".strip(), number(each.score), number(each.target)]
        row += [number(each.gap), number(each.weight, 4), number(each.gain, 3)]
        row += [f"{number(each.rank, 1)} → {number(each.rank_after, 1)}"]
        row += [number(each.cost), number(each.worth, 4)] if by_cost else []
        rows.append(row)
    title = words.say(f"最能提升{unit}的指标", f"What lifts {unit} most")
    return [Table(title, words.heads(*heads), rows, frozenset(range(1, len(heads))))]


def report_on(
    result: Result,
    uncertainty: UncertaintyAnalysis,
    *,
    sensitivity: SensitivityAnalysis | None = None,
    removed: Sequence[Removal] = (),
    source: str = "",
    language: str = "zh",
) -> Document:
    """A report of its own; ``source`` names the data."""
    words = _Words(language)
    title = result.passport.title.said(language) or result.system
    blocks: list[Block] = []
    if source:
        blocks.append(Note(words.say(f"数据：{source}", f"Data: {source}")))
    firm = (
        ("阶段有多稳", "How firm the stages are")
        if result.stages
        else ("名次有多稳", "How firm the ranks are")
    )
    blocks.append(Heading(words.say(*firm)))
    blocks += blocks_of_uncertainty(uncertainty, language)
    if sensitivity is not None:
        moves = (
            ("什么影响阶段", "What moves the stages")
            if result.stages
            else ("什么影响名次", "What moves the ranks")
        )
        blocks.append(Heading(words.say(*moves)))
        blocks += blocks_of_sensitivity(sensitivity, language)
    if removed:
        blocks.append(Heading(words.say("去掉一项会怎样", "What if one is taken away")))
        blocks += blocks_of_removals(removed, language)
    blocks.append(
        Note(words.say(f"体系指纹 {result.fingerprint}", f"Fingerprint of the system {result.fingerprint}"))
    )
    return Document(words.say(f"{title}：稳健性", f"{title}: robustness"), language, blocks)
