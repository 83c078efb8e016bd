"""An answer as the blocks of a report, and as a report of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kaishu.evaluation.analysis.asking import KINDS, Answer, Question
from kaishu.evaluation.analysis.change import Change
from kaishu.evaluation.analysis.comparing import Comparison
from kaishu.evaluation.analysis.concentration import Inequality
from kaishu.evaluation.analysis.consistency import Reliability
from kaishu.evaluation.analysis.correlating import Correlations
from kaishu.evaluation.analysis.description import Description, Groups
from kaishu.evaluation.analysis.diagnosis import Standing
from kaishu.evaluation.analysis.factors import Components, Factors
from kaishu.evaluation.analysis.peers import PeerGroups
from kaishu.evaluation.analysis.regression import Regression
from kaishu.evaluation.analysis.showing import groups, movements, relations
from kaishu.evaluation.analysis.showing.writing import Words
from kaishu.evaluation.analysis.suitability import Adequacy
from kaishu.evaluation.analysis.wording import listed
from kaishu.evaluation.analysis.years import Panel
from kaishu.reporting import Block, Document, Heading, Note, Paragraph

_SHOWN: dict[type, Callable[[Any, Words], list[Block]]] = {
    Description: groups.of_description,
    Groups: groups.of_groups,
    Inequality: groups.of_inequality,
    Comparison: groups.of_comparison,
    Correlations: relations.of_correlations,
    Regression: relations.of_regression,
    Adequacy: relations.of_adequacy,
    Components: relations.of_components,
    Factors: relations.of_factors,
    Reliability: relations.of_reliability,
    Change: movements.of_change,
    Panel: movements.of_panel,
    PeerGroups: movements.of_peers,
    Standing: movements.of_standing,
}


def blocks_of(found: Answer, language: str = "zh") -> list[Block]:
    """Finding, cautions, then facts, tables and bars."""
    words = Words(language)
    cautions: list[Block] = [
        Note(words.say("注意：", "Caution: ") + words.told(each)) for each in found.warnings
    ]
    return [Paragraph(words.told(found.finding)), *cautions, *_SHOWN[type(found)](found, words)]


def report_on(found: Answer, question: Question, *, source: str, language: str = "zh") -> Document:
    """A report of one answer; ``source`` names the data."""
    words = Words(language)
    title = words.say(*KINDS[question.kind])
    title = title[:1].upper() + title[1:]
    columns = words.say(*listed(question.of))
    return Document(
        f"{title}{words.say('：', ': ')}{columns}",
        language,
        [
            Note(words.say(f"数据：{source}", f"Data: {source}")),
            Heading(words.say("发现", "Finding")),
            *blocks_of(found, language),
        ],
    )
