"""Reports of data quality: of a dataset's tables, of an office."""

from __future__ import annotations

from dataclasses import replace

from kaishu import access
from kaishu.access import Call, Permission, require
from kaishu.reporting import Bar, Bars, Block, Document, Facts, Heading, Paragraph, Table
from kaishu.web.figures import moment, number
from kaishu.web.measured_tables import mean_score, mean_scores, table_scores
from kaishu.web.quality_blocks import cut, method_blocks, score_blocks, table_blocks
from kaishu.web.tables_of import level_word, table_of
from kaishu.web.words import language, pick

MOST_TABLES, MOST_LISTED, CHARTED = 20, 500, 20


def dataset_document(call: Call, name: str, resource: str = "") -> Document:
    """All tables of a dataset, or the one named.  Raises ``NotFound``."""
    found = table_of(call, name, resource)
    tables = [found] if resource else [replace(found, entry=entry) for entry in found.tables]
    blocks: list[Block] = [_made(call), *method_blocks()]
    for table in tables[:MOST_TABLES]:
        blocks += [Heading(cut(table.entry.name)), *table_blocks(call, table)]
    left = len(tables) - MOST_TABLES
    if left > 0:
        blocks.append(Paragraph(pick(f"另有{left}张表没有列出。", f"{left} more tables are not listed.")))
    title = cut(found.title)
    return Document(pick(f"数据质量报告：{title}", f"Data quality report: {title}"), language(), blocks)


def office_document(call: Call, name: str) -> Document:
    """All checked tables of an office.  Raises ``NotFound``, ``NotAllowed``."""
    require(call, Permission.inspection_read)
    office = access.office_by_name(call.session, name)
    tables = table_scores(call, office.id)
    title = cut(pick(office.title, office.title_en))
    total = mean_score(tables)
    blocks: list[Block] = [_made(call), *method_blocks(), Heading(pick("结果", "Results"))]
    facts = [
        (
            pick("总分，按重要性加权", "Total, weighted by importance"),
            "—" if total is None else f"{total:.1f}",
        ),
        (pick("检查的表", "Tables checked"), number(len(tables))),
        (pick("未达到要求的规则", "Rules not met"), number(sum(each.failing for each in tables))),
        (pick("未办结的工单", "Open work orders"), number(sum(each.orders for each in tables))),
    ]
    blocks += [Facts(facts), *score_blocks(mean_scores(tables))]
    known = [(each.title, each.score) for each in tables if each.score is not None]
    if known:
        lowest = pick("得分最低的表，先从这里整改", "The lowest tables; mend these first")
        bars = [Bar(word, score / 100, f"{score:.1f}") for word, score in known[:CHARTED]]
        blocks.append(Bars(lowest, bars))
    heads: tuple[str, ...] = (pick("数据集", "Dataset"), pick("得分", "Score"), pick("级别", "Level"))
    heads += (pick("未达到要求的规则", "Rules not met"), pick("未办结的工单", "Open orders"))
    heads += (pick("重要性", "Importance"), pick("检查于", "Checked at"))
    rows = [
        (
            cut(each.title),
            "—" if each.score is None else f"{each.score:.1f}",
            level_word(each.level),
            number(each.failing),
            number(each.orders),
            number(each.importance),
            moment(each.at),
        )
        for each in tables[:MOST_LISTED]
    ]
    blocks.append(Table("", heads, rows, frozenset({1, 3, 4, 5})))
    return Document(pick(f"数据质量报告：{title}", f"Data quality report: {title}"), language(), blocks)


def _made(call: Call) -> Facts:
    return Facts([(pick("报告生成于", "Report made at"), f"{moment(call.now)} (UTC+8)")])
