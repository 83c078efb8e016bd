"""Sections at the end: printed figures, notices, every number, and how to run it again."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from kaishu.base.errors import in_language
from kaishu.evaluation.building.result import NodeResult, Used
from kaishu.evaluation.reports.material import Material
from kaishu.evaluation.reports.showing import NOTHING, Showing, without_empty
from kaishu.evaluation.reports.template import Section
from kaishu.evaluation.system.model import column_of
from kaishu.reporting import Block, Facts, Heading, Note, Paragraph, Table


def printed(material: Material, section: Section) -> Iterator[Block]:
    """Of a built-in system on its own data: what was printed beside ours, differences first."""
    from kaishu.evaluation.systems.rows import AGREEMENTS

    shown, found = material.shown, material.printed
    if found is None:
        return
    yield Paragraph(in_language(found.about, shown.language))
    yield Paragraph(in_language(found.summary, shown.language))
    order = list(AGREEMENTS)
    rows = sorted(found.rows, key=lambda row: -order.index(row.agrees))
    differing = [row for row in rows if row.agrees != "yes"]
    heads = [shown.say(*each) for each in _PRINTED]
    kept = rows[: section.most]
    yield Table(
        shown.say("逐项对照", "Figure by figure"),
        heads,
        [
            [
                in_language(row.what, shown.language),
                in_language(row.unit, shown.language) or NOTHING,
                in_language(row.printed, shown.language),
                in_language(row.ours, shown.language) if row.ours is not None else NOTHING,
                in_language(AGREEMENTS[row.agrees], shown.language),
                in_language(row.reason, shown.language),
            ]
            for row in kept
        ],
        frozenset({2, 3}),
    )
    if len(kept) < len(rows):
        yield Note(
            shown.say(
                f"共{len(rows)}项，这里列出{len(kept)}项，不一致的{len(differing)}项在前。",
                f"{len(rows)} in all, {len(kept)} here; the {len(differing)} that differ come first.",
            )
        )


_PRINTED = (
    ("项目", "what"),
    ("对象", "unit"),
    ("公布", "printed"),
    ("本系统", "ours"),
    ("判断", "verdict"),
    ("原因", "reason"),
)


def notices(material: Material, section: Section) -> Iterator[Block]:
    """What the reader has to know; of one unit, what concerns it or everybody."""
    shown, row = material.shown, material.unit
    own = shown.result.table.ids[row] if row is not None else None
    told = [each for each in shown.result.notices if own is None or not each.units or own in each.units]
    lost = [each for each in told if each.kind in ("missing", "no-data")]
    if len(lost) > _FEW_LOST:
        told = [each for each in told if each not in lost]
    for notice in told:
        yield Paragraph("· " + in_language(notice.said, shown.language))
    if len(lost) > _FEW_LOST:
        counted = [(shown.named(each.code), len(each.units)) for each in lost]
        names = shown.listed([shown.say(f"{name}（{n}）", f"{name} ({n})") for name, n in counted], len(lost))
        yield Paragraph(
            shown.say(
                f"· {len(lost)}项指标有对象没有数值，括号里是几个：{names}。怎样处理，见方法。",
                f"· {len(lost)} indicators lack values, in brackets for how many units: {names}. "
                "The method says how that is carried.",
            )
        )


#: More indicators without values than these are told in one sentence.
_FEW_LOST = 3


def appendix(material: Material, section: Section) -> Iterator[Block]:
    """Every leaf of every unit, as far as ``most`` rows go; of one unit, the whole tree."""
    shown = material.shown
    yield Note(
        shown.say(
            "贡献之和等于总分；所用范围是标准化时用的极值或参数；得分与贡献按全精度计算，这里取整显示。",
            "Contributions sum to the index; the range is what the normalisation used; numbers are computed "
            "in full precision and rounded here.",
        )
    )
    if material.unit is not None:
        yield _opened(shown, material.unit, whole=True)
        yield from _queries(shown, [material.unit])
        return
    most = section.most or 3000
    step = max(1, len(shown.leaves))
    fitting = shown.ordered[: max(1, most // step)]
    for row in fitting:
        yield _opened(shown, row, whole=False)
    if len(fitting) < len(shown.ordered):
        yield Note(
            shown.say(
                f"这里列出前{len(fitting)}个对象；全部{len(shown.ordered)}个的数值在 "
                "kaishu evaluate --json 或 --csv 的输出里。",
                f"The first {len(fitting)} units are here; kaishu evaluate --json or --csv gives the numbers "
                f"of all {len(shown.ordered)}.",
            )
        )
    yield from _queries(shown, fitting)


def _queries(shown: Showing, rows: Sequence[int]) -> Iterator[Table]:
    """Every query by which a fact was counted, once; it is the same for all units."""
    table, found = shown.result.table, []
    for leaf in shown.leaves:
        remarks = (table.remarks.get((table.ids[row], column_of(leaf))) for row in rows)
        queries = dict.fromkeys(each.query for each in remarks if each is not None and each.query)
        found += [[f"{leaf.code} {shown.title(leaf)}", query] for query in queries]
    if found:
        heads = [shown.say("指标", "indicator"), shown.say("查询", "query")]
        yield Table(shown.say("平台事实怎样统计", "How the facts were counted"), heads, found)


def _head(shown: Showing, row: int) -> str:
    result = shown.result
    parts = [shown.number(float(result.index[row]))]
    parts += [shown.grade(result.grade[row]) if result.grade[row] else ""] if result.grades else []
    parts += [shown.stage(result.stages[row])] if result.stages else []
    told = shown.say("，", ", ").join(part for part in parts if part)
    return shown.say(f"{shown.name(row)}（{told}）", f"{shown.name(row)} ({told})")


def _opened(shown: Showing, row: int, *, whole: bool) -> Table:
    unit = shown.result.unit_at(row)
    nodes = [node for node in unit.nodes.values() if whole or not shown.result.nodes[node.code][0].children]
    rows = [_line(shown, row, node, whole) for node in nodes]
    heads = [shown.say(*each) for each in _OPENED]
    return without_empty(heads, rows, {1, 3, 4, 5}, "" if whole else _head(shown, row), folded=not whole)


_OPENED = (
    ("指标", "indicator"),
    ("原始值", "raw value"),
    ("所用范围", "range used"),
    ("得分", "score"),
    ("权重", "weight"),
    ("贡献", "contribution"),
    ("说明", "note"),
)


def _line(shown: Showing, row: int, node: NodeResult, whole: bool) -> list[str]:
    notes = [in_language(node.note, shown.language)]
    if node.remark is not None:
        notes += [node.remark.said(shown.language), *node.remark.links]
    indent = "　" * (node.level - 1) if whole else ""
    leaf = not shown.result.nodes[node.code][0].children
    raw = node.text if node.text is not None else shown.raw(node.raw)
    return [
        f"{indent}{node.code} {shown.named(node.code)}".rstrip(),
        raw if leaf else "",
        _range(shown, node.used),
        shown.number(node.score),
        NOTHING if node.weight is None else f"{node.weight:.4f}",
        NOTHING if node.contribution is None else f"{node.contribution:.4f}",
        shown.say("；", "; ").join(each for each in notes if each),
    ]


def _range(shown: Showing, used: Used | None) -> str:
    if used is None:
        return ""
    found = [
        (name, value)
        for name, value in used.used.items()
        if isinstance(value, int | float) and math.isfinite(value)
    ]
    ends = dict(found)
    if {"lower", "upper"} <= ends.keys():
        return f"{shown.raw(ends['lower'])} … {shown.raw(ends['upper'])}"
    words = {
        "mean": ("平均", "mean"),
        "sd": ("标准差", "sd"),
        "maximum": ("最大", "maximum"),
        "count": ("个数", "count"),
        "target": ("目标", "target"),
    }
    return shown.say("，", ", ").join(
        f"{shown.say(*words.get(name, (name, name)))} {shown.raw(value)}" for name, value in found
    )


def again(material: Material, section: Section) -> Iterator[Block]:
    """Fingerprints and the command."""
    shown, result = material.shown, material.shown.result
    from kaishu.evaluation import built_in

    own = material.printed is not None or (result.system in built_in() and not result.table.source)
    command = f"kaishu evaluate {result.system}" + ("" if own else shown.say(" 数据文件", " DATA"))
    pairs: list[tuple[str, str]] = [
        (shown.say("体系的指纹", "fingerprint of the system"), result.fingerprint),
        (shown.say("数据的指纹", "fingerprint of the data"), result.data_digest),
        (shown.say("命令", "command"), command),
        (shown.say("报告日期", "date of the report"), material.date),
        (shown.say("生成", "made by"), _maker()),
    ]
    yield Facts(pairs)
    yield Note(
        shown.say(
            "指纹相同的体系和数据，重新计算得到完全相同的数值；Python 中用 evaluation.again(result)。",
            "A system and data with the same fingerprints give the very same numbers; in Python, "
            "evaluation.again(result).",
        )
    )


def _maker() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"Kaishu 开数 {version('kaishu')}"
    except PackageNotFoundError:
        return "Kaishu 开数"


def ready(blocks: Sequence[Block]) -> Iterator[Block]:
    """Blocks that were made elsewhere; their headings go below the section's."""
    for block in blocks:
        yield Heading(block.text, 2) if isinstance(block, Heading) else block
