"""The sections of a report about one table: what was checked and how, scores, rules, samples, orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kaishu import catalogue, quality
from kaishu.access import Call
from kaishu.base import clock
from kaishu.base.errors import KaishuError
from kaishu.quality.models import Finding, Rulebook, Run
from kaishu.reporting import Bar, Bars, Block, Facts, Heading, Note, Paragraph, Table
from kaishu.web.figures import day, moment, number, share
from kaishu.web.loop_contexts import RuleLine, TableOf
from kaishu.web.routing import said
from kaishu.web.tables_of import dimension_word, level_word, newest_check, rule_lines
from kaishu.web.words import language, pick

#: A report stays readable; what is left out is counted.
MOST_RULES, MOST_SAMPLED, MOST_ROWS, MOST_ORDERS, MOST_TEXT, FIRST = 200, 20, 5, 50, 160, 5
_STATES = {
    "open": ("待受理", "open"),
    "accepted": ("整改中", "being mended"),
    "claimed": ("待复查", "to be re-checked"),
    "refused": ("部门不认可", "refused by the department"),
}


def table_blocks(call: Call, table: TableOf) -> list[Block]:
    """Everything about the newest check that this actor may see; values are masked as on the page."""
    run = newest_check(call, table)
    if run is None:
        return [Paragraph(pick("还没有检查结果。", "There are no results of checks yet."))]
    if not run.sound:
        told = run.trouble.get(language(), {})
        return [Paragraph(f"{told.get('message', '')} {told.get('advice', '')}".strip())]
    may_read = quality.may_read_rows(call, table.id)
    findings = quality.findings_of_run(call.session, run.id)
    lines = rule_lines(call, table, run, may_read, frozenset())
    book = call.session.get_one(Rulebook, run.rulebook_id)
    return [
        *_checked(call, table, run, book, may_read),
        *_first(run, book, findings, lines),
        *score_blocks(run.scores),
        *_rules(lines),
        *_samples(lines, may_read, catalogue.rows_refused(call, table.dataset, table.entry.id)),
        *(_orders(call, table) if may_read else ()),
    ]


def method_blocks() -> list[Block]:
    """How scores are made."""
    words = "、" if language() == "zh" else ", "
    dimensions = words.join(dimension_word(name) for name in quality.DIMENSIONS)
    zh = (
        f"按 GB/T 36344 的维度（{dimensions}）检查。规则的得分是合格的比例；维度的得分是其规则按权重的平均；"
        "总分是各维度按权重的平均，满分100。没有可检查的值的规则不计分。"
    )
    en = (
        f"Checked by the dimensions of GB/T 36344 ({dimensions}). A rule scores the share of what it checked "
        "that did not fail; a dimension the weighted mean of its rules; the total the weighted mean of the "
        "dimensions, of 100. Rules that had nothing to check do not count."
    )
    return [Heading(pick("方法", "Method")), Paragraph(pick(zh, en))]


def cut(text: str) -> str:
    """Short enough for a cell."""
    return text if len(text) <= MOST_TEXT else text[: MOST_TEXT - 1] + "…"


def _checked(call: Call, table: TableOf, run: Run, book: Rulebook, may_read: bool) -> list[Block]:
    numbers = {each.id: at for each, at in quality.checks_of(call.session, table.id)}
    version = numbers.get(run.id)
    agreed = day(book.in_force_at)
    if may_read and book.business and book.technical:
        agreed += pick(
            f"，业务负责人{book.business}、技术负责人{book.technical}同意",
            f", agreed to by {book.business} (business) and {book.technical} (technical)",
        )
    return [
        Heading(pick("检查了什么", "What was checked"), 2),
        Facts(
            [
                (pick("表", "Table"), cut(table.entry.name)),
                (pick("数据版本", "Version of the data"), "—" if version is None else str(version)),
                (pick("行数", "Rows"), number(run.rows)),
                (pick("检查时间", "Checked at"), f"{moment(run.ended_at)} (UTC+8)"),
                (pick("规则版本", "Version of the rules"), str(book.number)),
                (pick("规则生效", "Rules in force since"), agreed),
                (pick("规则数", "Rules"), number(book.rules)),
                (pick("未达到要求的规则", "Rules not met"), number(run.failing)),
                (pick("总分，满分100", "Total, of 100"), _score(run.scores.get("total"))),
            ]
        ),
    ]


def _first(run: Run, book: Rulebook, findings: Sequence[Finding], lines: Sequence[RuleLine]) -> list[Block]:
    """Rules whose mending raises the total most, graver levels before lighter ones."""
    gains = _gains(run, book, findings)
    failing = [line for line in lines if line.failed]
    failing.sort(key=lambda line: (-_grave(line.level), -gains.get(line.id, 0.0)))
    heading = Heading(pick("先整改什么", "What to mend first"), 2)
    if not failing:
        return [heading, Paragraph(pick("没有不合格的值。", "Nothing failed."))]
    heads: tuple[str, ...] = (pick("规则", "Rule"), pick("级别", "Level"), pick("不合格", "Failed"))
    heads += (pick("整改后总分提高", "Total would rise by"),)
    rows = [
        (
            cut("\n".join((line.title, *line.hints[:2]))),
            level_word(line.level),
            number(line.failed),
            f"{gains[line.id]:.2f}" if line.id in gains else "—",
        )
        for line in failing[:FIRST]
    ]
    said = pick(
        "先看级别，再看整改能使总分提高多少。", "By level, then by how much mending would raise the total."
    )
    return [heading, Note(said), Table("", heads, rows, frozenset({2, 3}))]


def _gains(run: Run, book: Rulebook, findings: Sequence[Finding]) -> dict[str, float]:
    weights = quality.parse_rules(book.text, "rules.yaml").weights
    now = run.scores.get("total")
    if now is None:
        return {}
    found = {}
    for mended in findings:
        if mended.failed:
            parts = [(f.dimension, f.weight, f.checked, 0 if f is mended else f.failed) for f in findings]
            found[mended.rule_id] = (quality.scores(parts, weights)["total"] or now) - now
    return found


def _grave(level: str) -> int:
    return quality.LEVELS.index(level) if level in quality.LEVELS else -1


def score_blocks(scores: Mapping[str, float | None]) -> list[Block]:
    """Total and dimensions as bars; nothing if nothing was scored."""
    known = [(dimension_word(name), float(score)) for name, score in scores.items() if score is not None]
    if not known:
        return []
    weakest = min(known[1:] or known, key=lambda each: each[1])
    title = pick(
        f"得分最低的维度：{weakest[0]}，{weakest[1]:.1f}分",
        f"The lowest dimension: {weakest[0]}, {weakest[1]:.1f}",
    )
    bars = [Bar(word, score / 100, f"{score:.1f}") for word, score in known]
    return [Heading(pick("得分", "Scores"), 2), Bars(title, bars)]


def _rules(lines: Sequence[RuleLine]) -> list[Block]:
    heads: tuple[str, ...] = (pick("规则", "Rule"), pick("维度", "Dimension"), pick("级别", "Level"))
    heads += (pick("检查", "Rows"), pick("不合格", "Failed"), pick("比例", "Share"))
    heads += (pick("各版走势", "Over versions"),)
    rows = [
        (
            cut("\n".join((line.title, *line.notes, *line.hints))),
            line.dimension,
            level_word(line.level),
            number(line.checked),
            number(line.failed),
            share(line.share),
            line.spark.said if line.spark else "—",
        )
        for line in lines[:MOST_RULES]
    ]
    left = len(lines) - len(rows)
    return [
        Heading(pick("各条规则", "Rules"), 2),
        Table("", heads, rows, frozenset({3, 4, 5})),
        *([_left(left)] if left else ()),
    ]


def _samples(lines: Sequence[RuleLine], may_read: bool, refusal: KaishuError | None) -> list[Block]:
    found: list[Block] = [Heading(pick("不合格的行（举例）", "Failing rows (a sample)"), 2)]
    if refusal is not None:
        return [*found, Paragraph(" ".join(said(refusal)))]
    failing = [line for line in lines if line.sample]
    if not failing:
        return []
    if not may_read:
        found.append(
            Note(
                pick(
                    "值已遮盖，提供部门和审核员可看原值。",
                    "Values are masked; the office and reviewers see them.",
                )
            )
        )
    heads: tuple[str, ...] = (pick("行", "Row"), pick("键", "Key"), pick("值", "Value"))
    for line in failing[:MOST_SAMPLED]:
        rows = [
            (
                number(one["row"]),
                *(cut("—" if one[name] is None else str(one[name])) for name in ("key", "value")),
            )
            for one in line.sample[:MOST_ROWS]
        ]
        found.append(Table(cut(line.title), heads, rows, frozenset({0})))
    left = len(failing) - MOST_SAMPLED
    return [*found, *([_left(left)] if left > 0 else ())]


def _orders(call: Call, table: TableOf) -> list[Block]:
    held = quality.orders(call.session, table=table.id, limit=MOST_ORDERS)
    heading = Heading(pick("未办结的工单", "Open work orders"), 2)
    if not held:
        return [heading, Paragraph(pick("没有。", "None."))]
    heads: tuple[str, ...] = (pick("规则", "Rule"), pick("级别", "Level"), pick("状态", "State"))
    heads += (pick("开具", "Opened"), pick("期限", "Due"), pick("不合格", "Failed"))
    today = clock.day_of(call.now)
    rows = []
    for order, case in held:
        due = day(case.due_on)
        if case.due_on is not None and case.due_on < today:
            due += pick("（已逾期）", " (late)")
        rows.append(
            (
                cut(pick(order.title, order.title_en) or order.rule_id),
                level_word(order.level),
                pick(*_STATES.get(case.state, (case.state, case.state))),
                day(case.opened_at),
                due,
                number(order.failed if order.last_failed is None else order.last_failed),
            )
        )
    return [heading, Table("", heads, rows, frozenset({5}))]


def _left(count: int) -> Note:
    return Note(
        pick(f"另有{count}条规则没有列出，见网页。", f"{count} more rules are not listed; see the page.")
    )


def _score(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}"
