"""What every check is: a frozen value that judges the rows of a batch, or counts over a whole table.

A **row check** is a function of one Arrow batch and of nothing else, so that any engine can run it.  A
**table check** gathers a compact tally from batches and knows its result at the end.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from kaishu.base.errors import Said
from kaishu.quality.checks.given import Given
from kaishu.quality.hashing import codes_of

if TYPE_CHECKING:
    from typing import Self

    import numpy as np
    import numpy.typing as npt

    Mask = npt.NDArray[np.bool_]
    Numbers = npt.NDArray[np.int64]
    Codes = npt.NDArray[np.uint64]

T = TypeVar("T")

#: The dimensions of GB/T 36344.
DIMENSION_WORDS = {
    "conformity": ("规范性", "conformity"),
    "completeness": ("完整性", "completeness"),
    "accuracy": ("准确性", "accuracy"),
    "consistency": ("一致性", "consistency"),
    "timeliness": ("时效性", "timeliness"),
    "accessibility": ("可访问性", "accessibility"),
}
DIMENSIONS = tuple(DIMENSION_WORDS)
TYPES = ("text", "integer", "number", "boolean", "date", "datetime")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which rows fail, and which were looked at (None: all).  A row that fails was looked at.

    ``troubled`` marks rows that fail because something was divided by zero.
    """

    fails: Mask
    looked: Mask | None = None
    troubled: Mask | None = None

    def only(self, chosen: Mask | None) -> Verdict:
        """The same for the chosen rows alone."""
        if chosen is None:
            return self
        looked = chosen if self.looked is None else self.looked & chosen
        troubled = None if self.troubled is None else self.troubled & chosen
        return Verdict(self.fails & chosen, looked, troubled)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a run is given beside the rows: types of the columns, the day, the folder that references count
    from, and what was measured at earlier checks: rule id to measures, oldest first."""

    types: Mapping[str, str]
    today: date
    folder: Path = Path()
    earlier: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)


@dataclass(slots=True)
class Memory:
    """What is worked out once for all batches: compiled patterns, code sets, references."""

    setting: Setting
    #: Columns whose 64 bits a row come of what another rule reads of them anyway.
    coders: Mapping[str, Callable[[Rows], Codes]] = field(default_factory=dict)
    _known: dict[Any, Any] = field(default_factory=dict)
    _answers: dict[Any, tuple[Any, Any]] = field(default_factory=dict)

    def once(self, key: Any, make: Callable[[], T]) -> T:
        """The value under a key, made when it is first asked for."""
        if key not in self._known:
            self._known[key] = make()
        found: T = self._known[key]
        return found

    def answers(self, key: Any, dictionary: Any, judge: Callable[[Any], Mask]) -> Mask:
        """``judge`` over a dictionary's values; that of the last batch is often that of the next."""
        last = self._answers.get(key)
        if last is None or not last[0].equals(dictionary):
            self._answers[key] = last = (dictionary, judge(as_text(dictionary)))
        found: Mask = last[1]
        return found


class Rows:
    """One batch, and what has been worked out of it.  ``first`` is the number of its first row, from 1."""

    def __init__(self, batch: Any, memory: Memory, first: int = 1) -> None:
        self.batch, self.memory, self.first = batch, memory, first
        self._known: dict[Any, Any] = {}

    @property
    def length(self) -> int:
        """How many rows."""
        return int(self.batch.num_rows)

    @property
    def types(self) -> Mapping[str, str]:
        """The lake's type of every column."""
        return self.memory.setting.types

    @property
    def today(self) -> date:
        """The day of the check."""
        return self.memory.setting.today

    def once(self, key: Any, make: Callable[[], T]) -> T:
        """What several rules need of this batch, worked out for the first of them."""
        if key not in self._known:
            self._known[key] = make()
        found: T = self._known[key]
        return found

    def array(self, column: str) -> Any:
        """The column as it came, perhaps as a dictionary."""
        return self.batch.column(column)

    def plain(self, column: str) -> Any:
        """The column as an array of values."""
        import pyarrow as pa

        array = self.array(column)
        if not pa.types.is_dictionary(array.type):
            return array
        return self.once(("plain", column), array.dictionary_decode)

    def text(self, column: str) -> Any:
        """The column as text, however it is stored."""
        return self.once(("text", column), lambda: as_text(self.plain(column)))

    def present(self, column: str) -> Mask | None:
        """Which rows have a value; None if all have one."""
        return self.once(("present", column), lambda: present(self.array(column)))

    def codes(self, column: str) -> Codes:
        """Each value as 64 bits: exact for numbers, dates and times, a hash for text; null is a value."""
        coder = self.memory.coders.get(column)
        return self.once(("codes", column), lambda: coder(self) if coder else codes_of(self.array(column)))

    def by_value(self, column: str, key: Any, judge: Callable[[Any], Mask]) -> Mask:
        """``judge`` over the column's texts, over each different value only where it came as a dictionary.

        What it answers for null does not matter.
        """
        import numpy as np
        import pyarrow as pa

        def work() -> Mask:
            array = self.array(column)
            if not pa.types.is_dictionary(array.type) or len(array.dictionary) > len(array):
                return judge(self.text(column))
            if not len(array.dictionary):
                return np.ones(len(array), bool)
            answers = self.memory.answers((column, key), array.dictionary, judge)
            found: Mask = answers[array.indices.fill_null(0).to_numpy(zero_copy_only=False)]
            return found

        return self.once((column, key), work)


class Check(ABC):
    """A kind of check with its parameters; members are frozen dataclasses with keyword-only fields."""

    __slots__ = ()
    kind: ClassVar[str]
    dimension: ClassVar[str]
    zh: ClassVar[str]
    en: ClassVar[str]
    #: Every parameter with what it means, in Chinese and English.
    parameters: ClassVar[Mapping[str, tuple[str, str]]]

    @classmethod
    @abstractmethod
    def read(cls, given: Given) -> Self:
        """Take the parameters of a rule.  Raises ``Wrong``."""

    @property
    @abstractmethod
    def reads(self) -> tuple[str, ...]:
        """The columns it names."""

    def needs(self, types: Mapping[str, str]) -> tuple[str, ...]:
        """The columns it reads of a table with these."""
        return self.reads

    def unsuitable(self, types: Mapping[str, str]) -> Iterator[Said]:
        """Why it cannot be run over columns of these types, all of which are there."""
        return iter(())


class RowCheck(Check):
    """Judges every row by itself."""

    __slots__ = ()

    @abstractmethod
    def judge(self, rows: Rows) -> Verdict:
        """Which rows of the batch fail."""

    def why(self, texts: Any) -> Sequence[Said]:
        """A reason for each failing value of its first column, where there is more to say than the kind."""
        return ()


class TableCheck(Check):
    """Judges rows by other rows, or the table as a whole."""

    __slots__ = ()

    @abstractmethod
    def tally(self, memory: Memory, rule: str) -> Tally:
        """An empty tally for the rule of this id."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a table check found: things checked and failed, the numbers of failing rows if it is about rows.

    ``examples`` are {key, value} where no single row is to blame; ``notes`` explain; ``measures`` are what a
    later check is to be compared with.
    """

    checked: int
    failed: int
    rows: Numbers | None = None
    examples: Sequence[Mapping[str, Any]] = ()
    notes: Sequence[Said] = ()
    measures: Mapping[str, Any] = field(default_factory=dict)


class Tally(ABC):
    """Counts of one table check while batches pass."""

    @abstractmethod
    def add(self, rows: Rows, chosen: Mask | None) -> None:
        """Count the chosen rows of a batch (None: all)."""

    @abstractmethod
    def finish(self) -> Outcome:
        """The result, when all rows have passed."""


def as_text(array: Any) -> Any:
    """Values as an Arrow column of text."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
        return array
    return pc.cast(array, pa.string())


def present(array: Any) -> Mask | None:
    """Which values are neither null nor NaN; None if all are there."""
    import numpy as np
    import pyarrow as pa

    if pa.types.is_dictionary(array.type) and array.dictionary.null_count:
        array = array.dictionary_decode()
    if pa.types.is_floating(array.type):
        import pyarrow.compute as pc

        known = pc.is_valid(pc.if_else(pc.is_nan(array), pa.scalar(None, array.type), array))
        mask = np.asarray(known.to_numpy(zero_copy_only=False))
        return None if mask.all() else mask
    return None if array.null_count == 0 else np.asarray(array.is_valid().to_numpy(zero_copy_only=False))


def all_present(rows: Rows, columns: Sequence[str]) -> Mask | None:
    """Which rows have a value in every one of the columns; None if all have."""
    found: Mask | None = None
    for column in columns:
        here = rows.present(column)
        if here is not None:
            found = here if found is None else found & here
    return found


def failing(ok: Mask, here: Mask | None) -> Verdict:
    """The verdict of a check whose values are good or not, null aside."""
    return Verdict(~ok, None) if here is None else Verdict(~ok & here, here)


def columns_together(checks: Sequence[Check]) -> tuple[str, ...]:
    """The columns that several checks name, each once."""
    return tuple(dict.fromkeys(column for each in checks for column in each.reads))


def problems_together(checks: Sequence[Check], types: Mapping[str, str]) -> Iterator[Said]:
    """What keeps several checks from being run."""
    for each in checks:
        yield from each.unsuitable(types)
