"""Change, years, peers and standing."""

from __future__ import annotations

from kaishu.evaluation.analysis.change import Change
from kaishu.evaluation.analysis.diagnosis import Standing
from kaishu.evaluation.analysis.peers import METHODS, PeerGroups
from kaishu.evaluation.analysis.showing.writing import Words
from kaishu.evaluation.analysis.wording import percent, shown
from kaishu.evaluation.analysis.years import Panel
from kaishu.reporting import Bar, Bars, Block, Facts

_KINDS = {"score": ("得分", "score"), "weight": ("权重", "weight"), "factor": ("因素", "factor")}
_MOST_BARS, _MOST_MEMBERS = 40, 200


def of_change(found: Change, words: Words) -> list[Block]:
    """The parts, and that they sum to the change."""
    facts = [
        (words.say("方法", "method"), words.told(found.title)),
        (words.say("之前", "before"), shown(found.before, 6)),
        (words.say("之后", "after"), shown(found.after, 6)),
        (words.say("变化", "change"), shown(found.change, 6)),
    ]
    ranged = any(part.low is not None for part in found.parts)
    heads = [
        ("因素", "factor"),
        ("部分", "part"),
        ("之前", "before"),
        ("之后", "after"),
        ("影响", "effect"),
        ("占变化", "share of change"),
    ]
    if ranged:
        heads += [("各种顺序下最小", "least of all orders"), ("最大", "largest")]
    rows = [
        (
            p.name,
            words.say(*_KINDS[p.kind]),
            p.before,
            p.after,
            p.effect,
            percent(p.share),
            *((p.low, p.high) if ranged else ()),
        )
        for p in found.parts
    ]
    total = (
        words.say("合计", "sum"),
        "",
        found.before,
        found.after,
        sum(p.effect for p in found.parts),
        percent(1.0 if found.change else None),
        *((None, None) if ranged else ()),
    )
    return [Facts(facts), words.table(("各部分的影响", "Parts of the change"), heads, [*rows, total])]


def of_panel(found: Panel, words: Words) -> list[Block]:
    """Years, then units: values, scores against the frozen range, and places."""
    base = words.say("所有年份", "all years") if found.base == "all" else found.base
    facts = [
        (words.say("固定范围取自", "frozen range from"), base),
        (words.say("范围", "range"), f"{shown(found.low, 5)} … {shown(found.high, 5)}"),
    ]
    years = [(str(year), str(year)) for year in found.years]
    first, last = found.years[0], found.years[-1]
    by_year = words.table(
        ("逐年", "Year by year"),
        [
            ("年", "year"),
            ("单位数", "units"),
            ("合计", "sum"),
            ("平均", "mean"),
            ("变异系数", "cv"),
            ("增长", "growth"),
            ("与上期名次的相关", "agreement of ranks"),
        ],
        [
            (str(y.year), y.n, y.total, y.mean, y.cv, percent(y.growth), y.rank_agreement)
            for y in found.by_year
        ],
    )
    values = words.table(
        (f"“{found.name}”", f'"{found.name}"'),
        [
            ("单位", "unit"),
            *years,
            ("变化", "change"),
            ("年均增长", "yearly growth"),
            ("对增长的贡献", "contribution"),
        ],
        [(u.unit, *u.values, u.change, percent(u.cagr), percent(u.contribution, 2)) for u in found.lines],
    )
    scores = words.table(
        (f"得分（{base}的范围不变）", f"Scores (range of {base} kept)"),
        [("单位", "unit"), *years],
        [(u.unit, *u.scores) for u in found.lines],
    )
    places = words.table(
        ("名次", "Places"),
        [("单位", "unit"), *years, (f"{first}至{last}上升", f"climbed {first}-{last}")],
        [(u.unit, *u.ranks, u.rank_change) for u in found.lines],
    )
    return [Facts(facts), by_year, values, scores, places]


def of_peers(found: PeerGroups, words: Words) -> list[Block]:
    """Groups with their means and members."""
    facts = [
        (words.say("方法", "method"), words.say(*METHODS[found.method])),
        (words.say("组数", "groups"), str(found.count)),
        (words.say("平均轮廓系数", "mean silhouette"), shown(found.silhouette, 4)),
    ]
    if found.tried:
        tried = words.say("、", ", ").join(f"{k}: {shown(value)}" for k, value in found.tried)
        facts.append((words.say("试过的组数", "numbers tried"), tried))
    heads = [
        ("组", "group"),
        ("单位数", "units"),
        ("典型", "typical"),
        ("轮廓系数", "silhouette"),
        *((name, name) for name in found.names),
    ]
    rows = [(str(g.number), len(g.members), g.typical, g.silhouette, *g.centre) for g in found.groups]
    members = [
        (
            str(g.number),
            words.say("、", ", ").join(g.members[:_MOST_MEMBERS])
            + ("…" if len(g.members) > _MOST_MEMBERS else ""),
        )
        for g in found.groups
    ]
    return [
        Facts(facts),
        words.table(("各组平均", "Means of the groups"), heads, rows),
        words.table(("成员", "Members"), [("组", "group"), ("单位", "units")], members),
    ]


def of_standing(found: Standing, words: Words) -> list[Block]:
    """Every indicator against the peers, and what could be gained."""
    verdicts = {"strength": words.say("强项", "strength"), "weakness": words.say("弱项", "weakness"), "": ""}
    facts = [
        (words.say("单位", "unit"), found.unit),
        (words.say("同类单位数", "peers"), f"{len(found.peers):,}"),
        (
            words.say("差距与谁比", "gap to the best of"),
            words.say("同类", "peers") if found.against == "peers" else words.say("全部单位", "all"),
        ),
    ]
    against = [
        ("指标", "indicator"),
        ("值", "value"),
        ("同类平均", "peers' mean"),
        ("标准差数", "z"),
        ("同类名次", "rank in peers"),
        ("总名次", "rank in all"),
        ("判断", "verdict"),
    ]
    places = [
        (
            line.name,
            line.value,
            line.peer_mean,
            line.z,
            _place(line.peer_rank, line.peer_of),
            _place(line.rank, line.of),
            verdicts[line.verdict],
        )
        for line in found.lines
    ]
    blocks: list[Block] = [
        Facts(facts),
        words.table(("与同类相比", "Against the peers"), against, places),
        _gaps(found, words),
    ]
    gains = {line.name: line.gain or 0.0 for line in found.lines}
    if found.lifts:
        top = gains[found.lifts[0]]
        bars = [Bar(name, gains[name] / top, shown(gains[name], 4)) for name in found.lifts[:_MOST_BARS]]
        blocks.append(Bars(words.say("追平最好者可增加的分数", "Points gained by reaching the best"), bars))
    return blocks


def _gaps(found: Standing, words: Words) -> Block:
    gap = [
        ("指标", "indicator"),
        ("最好", "best"),
        ("最好单位", "best unit"),
        ("差距", "gap"),
        ("权重", "weight"),
        ("可增分", "gain"),
    ]
    gaps = [(x.name, x.best, x.best_unit or "—", x.gap, x.weight, x.gain) for x in found.lines]
    return words.table(("与最好者的差距", "Gaps to the best"), gap, gaps)


def _place(rank: int | None, of: int) -> str:
    return "—" if rank is None else f"{rank}/{of}"
