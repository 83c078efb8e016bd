"""What every treatment is: a frozen value that gives new cells for a batch, or says which rows go.

A treatment sees rows as a Polars frame of the lake's types.  It never changes a type: what a cell becomes is
written in the type of its column, and a new column has the type that the treatment says.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from kaishu.base.errors import Said
from kaishu.quality.checks import Given, Memory

if TYPE_CHECKING:
    from typing import Self

    import polars as pl

    from kaishu.quality.checks import Rows

T = TypeVar("T")
Types = Mapping[str, str]

#: The three ways of dealing with defects, as S1 4.5.3 calls them.
STRATEGIES = {
    "complete": ("补全修正", "completed or corrected"),
    "filter": ("数据过滤", "set apart"),
    "tolerate": ("数据容错", "left and listed"),
}


class View:
    """The rows of a batch as the steps before have left them; a Sight for expressions.

    ``memory`` keeps what is worked out once for all batches.
    """

    def __init__(self, frame: pl.DataFrame, types: Types, memory: Memory) -> None:
        self.frame, self.types, self.memory = frame, types, memory

    @property
    def length(self) -> int:
        """How many rows."""
        return self.frame.height

    @property
    def today(self) -> date:
        """The day of the run."""
        return self.memory.setting.today

    def once(self, key: Any, make: Callable[[], T]) -> T:
        """A value for all batches, made when it is first asked for."""
        return self.memory.once(key, make)

    def plain(self, column: str) -> Any:
        """A column as an Arrow array of its own type."""
        return self.frame[column].to_arrow()

    def text(self, column: str) -> pl.Series:
        """A column as text, as the changes write it."""
        return written(self.frame[column])

    @cached_property
    def rows(self) -> Rows:
        """The same for checks, which ask their memory for types: columns that steps added are not in ours."""
        import pyarrow as pa

        from kaishu.quality.checks import Rows

        types = dict(self.types)
        setting = replace(self.memory.setting, types=types)
        memory = self.once(("memory", tuple(types.items())), lambda: Memory(setting))
        arrays = [self.plain(column) for column in self.frame.columns]
        return Rows(pa.RecordBatch.from_arrays(arrays, names=self.frame.columns), memory)


@dataclass(frozen=True, slots=True)
class Outcome:
    """New cells of one column.  ``refused`` marks cells that could not be treated and are as they were.

    ``why`` is one reason for all of them, or for each row a text of two lines, Chinese and English;
    ``of`` is the column to be listed with them if it is another one.
    """

    cells: pl.Series
    refused: pl.Series | None = None
    why: Said | pl.Series = field(default_factory=lambda: Said("无法处理", "cannot be treated"))
    of: str = ""


class Treatment(ABC):
    """A kind of treatment with its parameters; members are frozen dataclasses with keyword-only fields."""

    __slots__ = ()
    kind: ClassVar[str]
    strategy: ClassVar[str] = "complete"
    zh: ClassVar[str]
    en: ClassVar[str]
    #: Every parameter with what it means, in Chinese and English.
    parameters: ClassVar[Mapping[str, tuple[str, str]]]

    @classmethod
    @abstractmethod
    def read(cls, given: Given) -> Self:
        """Take the parameters of a step.  Raises ``Wrong``."""

    @abstractmethod
    def reads(self, types: Types) -> tuple[str, ...]:
        """The columns it looks at, of a table with these."""

    def unsuitable(self, types: Types) -> Iterator[Said]:
        """Why it cannot be run over columns of these types, all of which are there."""
        return iter(())


class CellTreatment(Treatment):
    """Gives new cells."""

    __slots__ = ()

    @abstractmethod
    def writes(self, types: Types) -> dict[str, str]:
        """The columns it writes with their types; those that the table has keep theirs."""

    @abstractmethod
    def apply(self, view: View) -> Mapping[str, Outcome]:
        """New cells of each column it writes."""


class RowTreatment(Treatment):
    """Looks at each row by itself: takes it out, or lists it and leaves it."""

    __slots__ = ()
    strategy: ClassVar[str] = "filter"
    #: Whether the rows go.
    removes: ClassVar[bool] = True

    @abstractmethod
    def chooses(self, view: View) -> pl.Series:
        """Which rows it is about."""


class TableTreatment(Treatment):
    """Takes rows out because of other rows: asked for hashes of all rows, then for rows that may go."""

    __slots__ = ()
    strategy: ClassVar[str] = "filter"

    @abstractmethod
    def hashes(self, view: View) -> pl.Series:
        """64 bits for each row; null for rows that it is not about."""

    @abstractmethod
    def facts(self, view: View) -> pl.DataFrame:
        """What ``losers`` needs of each row."""

    @abstractmethod
    def losers(self, facts: pl.DataFrame) -> pl.Series:
        """Numbers of the rows that go; ``facts`` has the column ``row`` beside its own."""


#: Days of the years 1 to 9999 since 1970.  What is beyond is written as a number after a mark.
_FIRST_DAY, _LAST_DAY = -719_162, 2_932_896
_DAY = 86_400_000_000
_BEYOND = "@"
_FORMS = {"date": "%Y-%m-%d", "datetime": "%Y-%m-%d %H:%M:%S%.6f"}


def written(series: pl.Series) -> pl.Series:
    """Values as text from which ``restored`` makes the same values again."""
    import polars as pl

    if series.dtype == pl.String:
        return series
    if series.dtype not in (pl.Date, pl.Datetime):
        return series.cast(pl.String)
    numbers = series.to_physical().cast(pl.Int64)
    days = numbers if series.dtype == pl.Date else numbers // _DAY
    usual = days.is_between(_FIRST_DAY, _LAST_DAY).fill_null(True)
    form = _FORMS["date" if series.dtype == pl.Date else "datetime"]
    if usual.all():
        return series.dt.to_string(form)
    return where(usual, series.set(~usual, None).dt.to_string(form), _BEYOND + numbers.cast(pl.String))


def restored(texts: pl.Series, type: str) -> pl.Series:
    """Texts as values of one of the lake's types; null where a text is none."""
    import polars as pl

    if type == "text":
        return texts
    if type == "boolean":
        return texts.replace_strict({"true": True, "false": False}, default=None, return_dtype=pl.Boolean)
    if type not in _FORMS:
        return texts.cast(dtype_of(type), strict=False)
    if type == "date":
        found = texts.str.to_date("%Y-%m-%d", strict=False)
    else:
        found = texts.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", strict=False)
    beyond = texts.str.starts_with(_BEYOND).fill_null(False)
    if not beyond.any():
        return found
    number = texts.set(~beyond, None).str.slice(1).cast(found.to_physical().dtype, strict=False)
    return where(beyond, number.cast(found.dtype), found)


def dtype_of(type: str) -> pl.DataType:
    """Polars' form of one of the lake's types."""
    import polars as pl

    forms: dict[str, pl.DataType] = {
        "text": pl.String(),
        "integer": pl.Int64(),
        "number": pl.Float64(),
        "boolean": pl.Boolean(),
        "date": pl.Date(),
        "datetime": pl.Datetime("us"),
    }
    return forms[type]


def is_blank(series: pl.Series) -> pl.Series:
    """Null, NaN, or text of blanks."""
    import polars as pl

    empty = series.is_null()
    if series.dtype == pl.String:
        return empty | (series.str.strip_chars() == "").fill_null(False)
    return empty | series.is_nan().fill_null(False) if series.dtype == pl.Float64 else empty


def by_value(texts: pl.Series, convert: Callable[[str], str | Said]) -> Outcome:
    """``convert`` over each different text once; a ``Said`` from it is the reason why the cell stays."""
    import polars as pl

    values = texts.drop_nulls().unique()
    found = [convert(value) for value in values]
    good = [value if isinstance(new, Said) else new for value, new in zip(values, found, strict=True)]
    cells = texts.replace(values, pl.Series(good, dtype=pl.String)) if len(values) else texts
    wrong = {
        value: f"{new}\n{new.en}" for value, new in zip(values, found, strict=True) if isinstance(new, Said)
    }
    if not wrong:
        return Outcome(cells)
    why = texts.replace_strict(wrong, default=None, return_dtype=pl.String)
    return Outcome(cells, why.is_not_null(), why)


def told(given: Given, *names: str) -> None:
    """Of these parameters, those that are written must say something.  Raises ``Wrong``."""
    for name in names:
        if given.has(name) and not all(given.texts(name)):
            raise given.wrong(name, "不能是空文字", "cannot be an empty text")


def where(mask: pl.Series, cells: pl.Series, others: pl.Series) -> pl.Series:
    """``cells`` where the mask is true, ``others`` elsewhere."""
    return cells.zip_with(mask, others)
