"""The rules of one table as a function of one batch: masks out, nothing kept; any engine can run it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from kaishu.quality.checks import Memory, RowCheck, Rows, Setting, TableCheck, Verdict
from kaishu.quality.checks.citizen_id import CitizenId, id_codes
from kaishu.quality.expressions import truth
from kaishu.quality.rules import Rule, RuleSet, bind

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Mask = npt.NDArray[np.bool_]


@dataclass
class Plan:
    """Rules bound to columns.  Pickles to rules and setting; compiled forms are made again where it lands."""

    rules: RuleSet
    setting: Setting
    columns: tuple[str, ...]
    _memory: Memory | None = field(default=None, repr=False)

    @property
    def memory(self) -> Memory:
        """What is kept over batches: compiled patterns, code sets, references."""
        if self._memory is None:
            self._memory = Memory(self.setting, self._coders())
        return self._memory

    def _coders(self) -> dict[str, Callable[[Rows], Any]]:
        """Ids that some rule reads are told apart by their numbers, where they are text."""
        read = {rule.check.column for rule in self.rules.rules if isinstance(rule.check, CitizenId)}
        texts = sorted(column for column in read if self.setting.types.get(column) == "text")
        return {column: partial(id_codes, column=column) for column in texts}

    @property
    def row_rules(self) -> Sequence[Rule]:
        """Rules that judge each row by itself."""
        return [rule for rule in self.rules.rules if isinstance(rule.check, RowCheck)]

    @property
    def table_rules(self) -> Sequence[Rule]:
        """Rules that compare rows, or are about the table."""
        return [rule for rule in self.rules.rules if isinstance(rule.check, TableCheck)]

    def evaluate(self, batch: Any) -> dict[str, Verdict]:
        """Every row rule's verdict over one Arrow batch, by rule id.  A function of the batch alone."""
        return self.verdicts(Rows(batch, self.memory))

    def verdicts(self, rows: Rows) -> dict[str, Verdict]:
        """The same where the batch's rows are shared with table rules."""
        return {rule.id: judge(rule, rows) for rule in self.row_rules}

    def __getstate__(self) -> dict[str, Any]:
        return {"rules": self.rules, "setting": self.setting, "columns": self.columns, "_memory": None}


def make_plan(rules: RuleSet, setting: Setting) -> Plan:
    """Bind rules to the columns of a setting.  Raises ``BadRules``."""
    return Plan(rules, setting, bind(rules, setting.types))


def judge(rule: Rule, rows: Rows) -> Verdict:
    """One row rule over a batch, its condition applied."""
    assert isinstance(rule.check, RowCheck)
    return rule.check.judge(rows).only(chosen(rule, rows))


def chosen(rule: Rule, rows: Rows) -> Mask | None:
    """Rows that meet the rule's condition; None if it has none."""
    if rule.when is None:
        return None
    when = rule.when
    return rows.once(("truth", when), lambda: truth(when, rows))[0]
