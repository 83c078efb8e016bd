"""The audit as a report: what does not agree comes first."""

from __future__ import annotations

from collections.abc import Sequence

from kaishu.base.errors import in_language
from kaishu.evaluation.auditing.auditing import VERDICT_BASES, Audit, Result
from kaishu.evaluation.auditing.statements import Statement
from kaishu.evaluation.auditing.verdicts import NO, PARTLY, UNCHECKED, VERDICTS, YES
from kaishu.reporting import Bar, Bars, Block, Document, Heading, Note, Paragraph, Table

VERDICT_WORDS: dict[str, tuple[str, str]] = {
    YES: ("相符", "agrees"),
    PARTLY: ("部分相符", "agrees in part"),
    NO: ("不符", "does not agree"),
    UNCHECKED: ("无从核对", "not checked"),
}


def audit_document(audit: Audit, language: str) -> Document:
    """The report in ``zh`` or ``en``."""
    return _Writer(audit, language).document()


class _Writer:
    def __init__(self, audit: Audit, language: str) -> None:
        self.audit, self.language = audit, language

    def say(self, zh: str, en: str) -> str:
        return en if self.language == "en" else zh

    def document(self) -> Document:
        blocks = self.summary()
        for word, zh, en in (
            (NO, "不符的陈述", "Statements that do not agree"),
            (PARTLY, "部分相符的陈述", "Statements that agree in part"),
            (UNCHECKED, "无从核对的陈述", "Statements that could not be checked"),
        ):
            results = [each for each in self.audit.results if each.verdict.word == word]
            if results:
                blocks += [Heading(self.say(zh, en)), *self.by_source(results)]
            if word == NO:
                blocks += self.findings()
        blocks += self.recorded()
        agreeing = [each for each in self.audit.results if each.verdict.word == YES]
        if agreeing:
            blocks += [Heading(self.say("相符的陈述", "Statements that agree")), *self.by_source(agreeing)]
        blocks += self.formulas()
        return Document(
            self.say(f"数字核对：{self.audit.file}", f"Figures checked: {self.audit.file}"),
            self.language,
            blocks,
        )

    def summary(self) -> list[Block]:
        counts, total = self.audit.counts, len(self.audit.results)
        bars = [
            Bar(self.say(*VERDICT_WORDS[word]), counts[word] / total if total else 0, str(counts[word]))
            for word in VERDICTS
        ]
        stands = [
            [self.say(*VERDICT_BASES[name]), str(number)]
            for name, number in self.audit.bases.items()
            if number
        ]
        title = self.say(
            f"{total}条陈述中{counts[YES]}条相符，{counts[NO]}条不符",
            f"{counts[YES]} of {total} statements agree, {counts[NO]} do not",
        )
        rule = self.say(
            "“相符”是按印出的位数四舍五入后相等，或印出的限度成立；“部分相符”是截尾、小数点丢失、在数据允许的误差之内，"
            "或按写明理由的另一算法才相等。结论都是算出来的。",
            "A figure agrees if it is equal when rounded half up to the digits printed, or if the limit "
            "printed holds. It agrees in part if it is equal only when cut off, when a lost decimal point is "
            "put back, within the bounds that the data leave, or by another reckoning with a reason. Every "
            "verdict is computed.",
        )
        return [
            Bars(title, bars),
            Paragraph(rule),
            Heading(self.say("依据", "What the verdicts stand on"), 2),
            Table("", [self.say("依据", "basis"), self.say("条", "statements")], stands, frozenset({1})),
        ]

    def findings(self) -> list[Block]:
        blocks: list[Block] = []
        if self.audit.findings:
            blocks.append(Heading(self.say("数据表自身的问题", "What the tables show by themselves")))
        heads = [self.say("行", "lines"), self.say("发现", "finding")]
        for table in dict.fromkeys(each.table for each in self.audit.findings):
            rows = [
                ["、".join(map(str, each.lines)), in_language(each.said, self.language)]
                for each in self.audit.findings
                if each.table == table
            ]
            blocks += [Heading(table, 2), Table("", heads, rows)]
        if self.audit.conflicts:
            heads = [self.say("陈述", "statement"), self.say("行与印出的值", "lines and what they print")]
            rows = [[group[0].text, self._values(group)] for group in self.audit.conflicts]
            blocks += [
                Heading(self.say("同一事两个数", "One subject, two figures")),
                Table("", heads, rows),
            ]
        return blocks

    def _values(self, group: Sequence[Statement]) -> str:
        return self.say("；", "; ").join(
            self.say(f"第{each.line}行 {each.printed.text}", f"line {each.line}: {each.printed.text}")
            for each in group
        )

    def by_source(self, results: Sequence[Result]) -> list[Block]:
        """A table for each source, in the order of the list; its name only where the list has several."""
        several = len({each.statement.source for each in self.audit.results}) > 1
        blocks: list[Block] = []
        for source in dict.fromkeys(each.statement.source for each in results):
            if several and source:
                blocks.append(Heading(source, 2))
            blocks.append(self.table("", [each for each in results if each.statement.source == source]))
        return blocks

    def table(self, title: str, results: Sequence[Result]) -> Table:
        heads = [
            self.say("行", "line"),
            self.say("陈述", "statement"),
            self.say("印出", "printed"),
            self.say("算出", "computed"),
            self.say("缘由", "why"),
        ]
        rows = [
            [
                str(each.statement.line),
                f"{each.statement.place} {each.statement.text}".strip(),
                each.statement.printed.text + _short(each.statement.unit),
                in_language(each.verdict.found, self.language),
                self.why(each),
            ]
            for each in results
        ]
        return Table(title, heads, rows, frozenset({0}))

    def why(self, result: Result) -> str:
        """Why, with the notes of the computation and the explanation of a difference."""
        words = [in_language(said, self.language) for said in (result.verdict.why, *result.notes)]
        if result.verdict.word != YES and result.statement.note:
            words.append(self.say("清单注：", "the list notes: ") + result.statement.note)
        return self.say("；", "; ").join(words)

    def recorded(self) -> list[Block]:
        confusion = self.audit.confusion
        if not confusion:
            return []
        heads = [self.say("清单所记", "recorded"), *(self.say(*VERDICT_WORDS[word]) for word in VERDICTS)]
        rows = [
            [self.say(*VERDICT_WORDS[given]), *(str(confusion.get((given, word), 0)) for word in VERDICTS)]
            for given in VERDICTS
            if any(pair[0] == given for pair in confusion)
        ]
        title = self.say("清单所记与算出的结论", "Verdicts recorded and computed")
        blocks: list[Block] = [Heading(title), Table("", heads, rows, frozenset(range(1, 5)))]
        for each in self.audit.differences:
            said = self.audit.explanations.get(each.statement.line)
            words = (
                in_language(said, self.language) if said else self.say("没有解释。", "It is not explained.")
            )
            line = self.say(f"第{each.statement.line}行", f"Line {each.statement.line}")
            blocks.append(Paragraph(f"{line} {each.statement.text}: {words}"))
        return blocks

    def formulas(self) -> list[Block]:
        rows = [[str(each.statement.line), each.formula] for each in self.audit.results if each.formula]
        if not rows:
            return []
        heads = [self.say("行", "line"), self.say("算式", "formula")]
        note = self.say("k/n 表示寻找整数 k。", "k/n means that a whole k was looked for.")
        return [
            Heading(self.say("附：算式", "Appendix: formulas")),
            Note(note),
            Table("", heads, rows, frozenset({0})),
        ]


def _short(unit: str) -> str:
    return unit if len(unit) <= 4 else f" {unit}"
