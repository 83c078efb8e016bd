"""Types and growth of platforms: what reports print, kept apart from what is inferred from addresses."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from kaishu.base.errors import in_language
from kaishu.evaluation.census import addresses, published
from kaishu.evaluation.census.published import Figure, Series, Source
from kaishu.evaluation.census.reading import LEVELS, LEVELS_EN
from kaishu.evaluation.census.showing.writing import Column, Writer, share, text, whole
from kaishu.evaluation.systems.sources import table
from kaishu.reporting import Bar, Bars, Block, Note, Paragraph, Table


def type_blocks(write: Writer) -> list[Block]:
    """The printed shares of types and what changed between them."""
    told = write.say(
        "附录1不列平台类型，下面是报告正文印出的数字，不是从目录数出来的；个数由份额乘670推得。",
        "Appendix 1 tells no types. These are figures printed in the text, not counted from the list; the "
        "numbers are the shares of 670.",
    )
    found = published.types()
    first = found[0]
    name = in_language(first.about, write.language)
    title = write.say(f"印出：{name}占{first.value:.2f}%", f"Printed: {first.value:.2f}% are {name}")
    heads = [write.say("类型", "type"), write.say("占比（印出）", "share, printed")]
    heads += [write.say("个数（推得）", "platforms, worked out"), write.say("出处", "source")]
    rows = [
        [in_language(each.about, write.language), each.written, whole(count), _source(write, each.source)]
        for each, count in zip(found, published.type_counts(), strict=True)
    ]
    changes = [
        [in_language(each.about, write.language), each.written, _source(write, each.source)]
        for each in published.type_changes()
    ]
    of_changes = [write.say("数字", "figure"), write.say("印出", "printed"), write.say("出处", "source")]
    return [
        write.heading("类型：报告印出的", "Types, as printed"),
        Paragraph(told),
        Bars(
            title,
            [Bar(row[0], each.value / 100, each.written) for row, each in zip(rows, found, strict=True)],
        ),
        Table(write.say("两种类型", "The two types"), heads, rows, frozenset({1, 2})),
        Table(
            write.say("与类型有关的其他数字", "Other figures on types"),
            of_changes,
            changes,
            frozenset({1}),
        ),
    ]


def address_blocks(write: Writer, frame: pl.DataFrame, *, shipped: bool) -> list[Block]:
    """Kinds of site inferred from the addresses; nothing where no row has one."""
    found = addresses.by_address(frame)
    if found.is_empty():
        return []
    words = {kind: in_language(said, write.language) for kind, said in addresses.ADDRESSES.items()}
    alone = found.row(0, named=True)
    title = write.say(
        f"推断：{alone['platforms']}个有独立网址，占{share(alone['share'])}",
        f"Inferred: {alone['platforms']} have a site of their own, {share(alone['share'])}",
    )
    heads: list[Column] = [
        ("address", "网址", "address", text),
        ("platforms", "平台", "platforms", whole),
        ("share", "占比", "share", share),
        *((level, level, LEVELS_EN[level], whole) for level in LEVELS),
    ]
    named = found.with_columns(pl.col("address").replace(words))
    blocks: list[Block] = [
        write.heading("类型：由网址推断的", "Types, inferred from addresses"),
        Paragraph(write.say("规则：", "The rule: ") + in_language(addresses.RULE, write.language)),
        write.chart(title, named, "address", "platforms"),
        write.table(named, heads, write.say("各级平台的网址", "Addresses by level")),
    ]
    return [*blocks, Note(_beside(write, frame, alone["platforms"]))] if shipped else blocks


def _beside(write: Writer, frame: pl.DataFrame, alone: int) -> str:
    """How the inference fits what the report prints, of all platforms and of the sample."""
    seqs = {
        int(row["catalog_seq"]) for row in table("utilization-2021/sample_platforms") if row["catalog_seq"]
    }
    sample = addresses.with_address(frame).filter((pl.col("row").cast(pl.Int64) - 1).is_in(list(seqs)))
    own = sample.filter(pl.col("address") == "own").height
    printed = published.type_counts()[1]
    return write.say(
        f"报告没有说它怎样分类。它印出独立{printed}个，此处推断{alone}个；它称样本86个里84个独立，此处附录4能"
        f"对上附录1的{sample.height}个里推断{own}个。单个平台的类型不应据此断定。",
        f"The report does not say how it tells types. It prints {printed} of their own where this infers "
        f"{alone}; it calls 84 of its sample of 86 independent where this infers {own} of the "
        f"{sample.height} that appendix 1 has. Do not settle the type of a single platform by this.",
    )


def growth_blocks(write: Writer) -> list[Block]:
    """The printed totals over time, each report by itself, and the printed rates of levels."""
    told = write.say(
        "附录1没有上线时间，下面是各报告正文印出的总数，不是从目录数出来的。各报告的口径和采集时间不同"
        "（2020年底一份印出142个，另一份推得194个），只能在同一份之内比较。",
        "Appendix 1 tells no dates. These are totals printed in the text of several reports, not counted "
        "from the list. They count in different ways and at different times (for the end of 2020 one prints "
        "142 where another implies 194), so that only figures of one report can be compared.",
    )
    series = published.growth_series()
    blocks: list[Block] = [write.heading("增长：报告印出的", "Growth, as printed"), Paragraph(told)]
    blocks += [_chart(write, each) for each in series]
    heads = [
        write.say("范围", "which platforms"),
        write.say("时间", "time"),
        write.say("平台", "platforms"),
        write.say("较上次增加", "increase since"),
        write.say("较上次增长", "growth since"),
        write.say("印出或推得", "printed or worked out"),
        write.say("出处", "source"),
    ]
    rows = [row for each in series for row in _rows(write, each)]
    for total in published.single_totals():
        row = [write.say("未分级", "levels not told"), in_language(total.about, write.language)]
        row += [f"≥ {total.written}", "—", "—", write.say("印出", "printed"), _source(write, total.source)]
        rows.append(row)
    said = [
        [in_language(each.about, write.language), each.written, _source(write, each.source)]
        for one in series
        for each in one.said
    ]
    of_said = [write.say("数字", "figure"), write.say("印出", "printed"), write.say("出处", "source")]
    return [
        *blocks,
        Table(write.say("各时间的总数", "Totals over time"), heads, rows, frozenset({2, 3, 4})),
        Table(
            write.say("印出的增量和增长率", "Increase and growth as printed"), of_said, said, frozenset({1})
        ),
        *_coverage(write),
    ]


def _chart(write: Writer, series: Series) -> Bars:
    first, last = series.points[0], series.points[-1]
    scope = in_language(series.scope, write.language)
    since, until = (in_language(each.about, write.language) for each in (first, last))
    title = write.say(
        f"{scope}：{since}{first.value:.0f}个，{until}{last.value:.0f}个",
        f"{scope[0].upper()}{scope[1:]}: {first.value:.0f} ({since}), {last.value:.0f} ({until})",
    )
    sign = write.say("（推得）", " (worked out)")
    most = max(each.value for each in series.points)
    return Bars(
        title,
        [
            Bar(
                in_language(each.about, write.language),
                each.value / most,
                each.written + (sign if each.how else ""),
            )
            for each in series.points
        ],
    )


def _rows(write: Writer, series: Series) -> list[list[str]]:
    rows = []
    before: Figure | None = None
    for point in series.points:
        rows.append(
            [
                in_language(series.scope, write.language),
                in_language(point.about, write.language),
                point.written,
                "—" if before is None else f"{point.value - before.value:+,.0f}",
                "—" if before is None else share(point.value / before.value - 1),
                in_language(point.how, write.language) or write.say("印出", "printed"),
                _source(write, point.source),
            ]
        )
        before = point
    return rows


def _coverage(write: Writer) -> Sequence[Block]:
    found = published.coverage()
    times = list(dict.fromkeys(in_language(each.figure.about, write.language) for each in found))
    cells = {
        (each.level, in_language(each.figure.about, write.language)): each.figure.written for each in found
    }
    sources = dict.fromkeys(
        f"{in_language(each.figure.about, write.language)} {_source(write, each.figure.source)}"
        for each in found
    )
    rows = [
        [write.say(level, LEVELS_EN[level]), *(cells.get((level, time), "—") for time in times)]
        for level in LEVELS
    ]
    told = write.say(
        f"{'；'.join(sources)}。2018年的分母是31个省（区、市）和新疆生产建设兵团。",
        f"{'; '.join(sources)}. The rate of 2018 divides by 31 provinces and the Xinjiang corps.",
    )
    title = write.say("有平台的行政区占同级的比例", "Divisions with a platform, of those of their level")
    heads = [write.say("级别", "level"), *times]
    return [Table(title, heads, rows, frozenset(range(1, len(heads)))), Note(told)]


def _source(write: Writer, source: Source) -> str:
    section = write.say(f"，{source.section}", f", {source.section}") if source.section else ""
    return f"{source.report}{section}"
