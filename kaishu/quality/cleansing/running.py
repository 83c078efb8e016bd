"""Steps over the rows of a table, batch by batch: cleaned rows out, every change on record.

Memory does not grow with the table but for eight bytes a row while duplicates are looked for, what is
duplicated, and reference files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaishu.base import clock
from kaishu.base.errors import Said
from kaishu.quality.checking import RowSource
from kaishu.quality.checks import Memory, Setting
from kaishu.quality.cleansing.binding import bind_steps
from kaishu.quality.cleansing.changes import (
    CHANGED,
    REFUSED,
    REMOVED,
    TOLERATED,
    About,
    ChangesFile,
    as_json,
    change_rows,
)
from kaishu.quality.cleansing.results import Cleansed, StepResult
from kaishu.quality.cleansing.steps import Step, StepList
from kaishu.quality.cleansing.treatments import (
    CellTreatment,
    Outcome,
    RowTreatment,
    TableTreatment,
    View,
    dtype_of,
    where,
    written,
)
from kaishu.quality.expressions import truth

if TYPE_CHECKING:
    import polars as pl

Progress = Callable[[int, int], None]
BATCH_ROWS = 65_536
SAMPLE = 5


class Cleansing:
    """One run.  ``frames`` gives the cleaned rows; when they have all been taken there is a ``result``."""

    def __init__(
        self,
        data: RowSource,
        steps: StepList,
        *,
        folder: Path = Path(),
        today: date | None = None,
        changes: Path | None = None,
        sample: int = SAMPLE,
        progress: Progress | None = None,
    ) -> None:
        """Raises ``BadSteps`` before any row is read.  ``folder``: where references count from; ``changes``:
        a Parquet file for the record."""
        types = {str(column["name"]): str(column["type"]) for column in data.columns}
        self.bound = bind_steps(steps, types)
        self.data, self.steps, self.path, self.sample = data, steps, changes, sample
        self.memory = Memory(Setting(types, today or clock.day_of(clock.now()), folder))
        self.progress = progress or (lambda done, total: None)
        self.losers: dict[int, pl.Series] = {}
        self.at = clock.now()
        self.result: Cleansed | None = None

    @property
    def columns(self) -> list[dict[str, str]]:
        """[{name, type}] after the last step."""
        return [{"name": name, "type": type} for name, type in self.bound.types[-1].items()]

    def frames(self) -> Iterator[pl.DataFrame]:
        """The cleaned rows in their order.  Raises what reading references raises."""
        for place, step in enumerate(self.steps.steps):
            if isinstance(step.treatment, TableTreatment):
                self.losers[place] = self._losers(place, step.treatment)
        results = [StepResult(step) for step in self.steps.steps]
        rows = left = 0
        with ExitStack() as stack:
            file = stack.enter_context(ChangesFile(self.path)) if self.path is not None else None
            record = _Record(self, results, file)
            every = range(len(self.steps.steps))
            for batch in self._batches(list(self.bound.types[0]), every, record):
                rows, left = batch.last, left + batch.frame.height
                self.progress(rows, self.data.rows)
                if batch.frame.height:
                    yield batch.frame.select(list(self.bound.types[-1]))
                if file is not None:
                    file.end_batch()
            if file is not None:
                file.finish(About(self.bound.types[0], self.bound.types[-1], rows, left))
        self.result = Cleansed(rows, left, results, self.columns)

    def run(self) -> Cleansed:
        """The same for the result alone."""
        for _ in self.frames():
            pass
        assert self.result is not None
        return self.result

    def _losers(self, place: int, treatment: TableTreatment) -> pl.Series:
        """Rows that go: found among those whose hash occurs twice, by their values."""
        import polars as pl

        matter, columns = self.bound.before(place)
        step = self.steps.steps[place]
        hashes = [pl.Series([], dtype=pl.UInt64)]
        for batch in self._batches(columns, matter):
            hashes.append(self._hashes(batch, step, treatment, place).drop_nulls())
        together = pl.concat(hashes)
        twice = together.filter(together.is_duplicated()).unique()
        if not twice.len():
            return pl.Series([], dtype=pl.Int64)
        facts = []
        for batch in self._batches(columns, matter):
            found = self._hashes(batch, step, treatment, place).is_in(twice.implode()).fill_null(False)
            if found.any():
                told = treatment.facts(self._view(batch, place))
                facts.append(told.with_columns(batch.rows.alias("row")).filter(found))
        return treatment.losers(pl.concat(facts)).sort()

    def _hashes(self, batch: _Batch, step: Step, treatment: TableTreatment, place: int) -> pl.Series:
        view = self._view(batch, place)
        found = treatment.hashes(view)
        chosen = _chosen(step, view)
        return found if chosen is None else found.set(~chosen, None)

    def _batches(
        self, columns: Sequence[str], steps: Sequence[int], record: _Record | None = None
    ) -> Iterator[_Batch]:
        """Every batch after these steps."""
        import polars as pl

        first = 1
        wanted = list(columns) or list(self.bound.types[0])[:1]
        for arrow in self.data.batches(wanted, size=BATCH_ROWS, dictionaries=False):
            if not arrow.num_rows:
                continue
            batch = _Batch(pl.DataFrame(pl.from_arrow(arrow)), first)
            if record is not None:
                batch.keys = _keys(batch.frame, self.steps.key)
            first = batch.last + 1
            for place in steps:
                self._apply(place, batch, record)
            yield batch

    def _view(self, batch: _Batch, place: int) -> View:
        types = {name: type for name, type in self.bound.types[place].items() if name in batch.frame.columns}
        return View(batch.frame, types, self.memory)

    def _apply(self, place: int, batch: _Batch, record: _Record | None) -> None:
        step = self.steps.steps[place]
        if not batch.frame.height:
            if isinstance(step.treatment, CellTreatment):
                _add_empty(batch, step.treatment.writes(self._view(batch, place).types))
            return
        view = self._view(batch, place)
        chosen = _chosen(step, view)
        if isinstance(step.treatment, CellTreatment):
            # Types of all columns decide what is written, also where a pass reads a few of them only.
            writes = step.treatment.writes(view.types)
            for column, outcome in step.treatment.apply(view).items():
                _put(place, batch, column, writes[column], outcome, chosen, record)
            return
        if isinstance(step.treatment, TableTreatment):
            gone = batch.rows.is_in(self.losers[place].implode())
        else:
            assert isinstance(step.treatment, RowTreatment)
            gone = step.treatment.chooses(view)
        if chosen is not None:
            gone = gone & chosen
        if not gone.any():
            return
        stays = isinstance(step.treatment, RowTreatment) and not step.treatment.removes
        if record is not None:
            record.rows(place, batch, gone, TOLERATED if stays else REMOVED)
        if not stays:
            batch.keep(~gone)


class _Batch:
    """Rows on their way with their numbers in the table, from 1, and their keys."""

    def __init__(self, frame: pl.DataFrame, first: int) -> None:
        import polars as pl

        self.frame = frame
        self.last = first + frame.height - 1
        self.rows = pl.int_range(first, self.last + 1, eager=True)
        self.keys: pl.Series | None = None

    def keep(self, mask: pl.Series) -> None:
        """Let the other rows go."""
        self.frame, self.rows = self.frame.filter(mask), self.rows.filter(mask)
        self.keys = None if self.keys is None else self.keys.filter(mask)


class _Record:
    """Counts, samples, and the file if there is one."""

    def __init__(self, run: Cleansing, results: list[StepResult], file: ChangesFile | None) -> None:
        self.run, self.results, self.file = run, results, file

    def cells(
        self, place: int, batch: _Batch, column: str, old: pl.Series, new: pl.Series, mask: Any
    ) -> None:
        """Cells that have changed."""
        result = self.results[place]
        result.changed += (number := int(mask.sum()))
        if number and (room := self._room(result.changes)) is not None:
            made = self._rows(CHANGED, place, batch, mask, column=column, old=old, new=new, most=room)
            self._take(made, result.changes)

    def refused(self, place: int, batch: _Batch, column: str, old: pl.Series, outcome: Outcome) -> None:
        """Cells that are as they were."""
        assert outcome.refused is not None
        result, mask = self.results[place], outcome.refused
        result.refused += (number := int(mask.sum()))
        if number and (room := self._room(result.refusals)) is not None:
            made = self._rows(REFUSED, place, batch, mask, column=column, old=old, why=outcome.why, most=room)
            self._take(made, result.refusals)

    def rows(self, place: int, batch: _Batch, mask: pl.Series, kind: str) -> None:
        """Rows that go, or stay and are listed."""
        result = self.results[place]
        number = int(mask.sum())
        setattr(result, kind, getattr(result, kind) + number)
        if (room := self._room(result.changes)) is not None:
            made = self._rows(kind, place, batch, mask, whole=True, most=room)
            self._take(made, result.changes)

    def _room(self, held: list[Any]) -> int | None:
        """How many rows are wanted: -1 for all, None for none."""
        if self.file is not None:
            return -1
        return self.run.sample - len(held) if len(held) < self.run.sample else None

    def _rows(  # noqa: PLR0913
        self,
        kind: str,
        place: int,
        batch: _Batch,
        mask: pl.Series,
        *,
        most: int,
        column: str | None = None,
        old: pl.Series | None = None,
        new: pl.Series | None = None,
        why: Said | pl.Series | None = None,
        whole: bool = False,
    ) -> pl.DataFrame:
        at = mask.arg_true()
        at = at if most < 0 else at.head(most)
        assert batch.keys is not None
        return change_rows(
            kind,
            self.run.steps.steps[place].id,
            self.run.at,
            rows=batch.rows.gather(at),
            keys=batch.keys.gather(at),
            column=column,
            old=as_json(batch.frame[at]) if whole else None if old is None else old.gather(at),
            new=None if new is None else new.gather(at),
            why=why if why is None or isinstance(why, Said) else why.gather(at),
        )

    def _take(self, made: pl.DataFrame, held: list[dict[str, Any]]) -> None:
        if len(held) < self.run.sample:
            held += made.head(self.run.sample - len(held)).drop("kind", "step", "at").to_dicts()
        if self.file is not None:
            self.file.add(made)


def _put(
    place: int,
    batch: _Batch,
    column: str,
    type: str,
    outcome: Outcome,
    chosen: pl.Series | None,
    record: _Record | None,
) -> None:
    """New cells into the column, where they differ and the step's condition holds."""
    import polars as pl

    fresh = column not in batch.frame.columns
    if fresh:
        _add_empty(batch, {column: type})
    old, new = batch.frame[column], outcome.cells
    changed = old.ne_missing(new)
    refused = outcome.refused
    if chosen is not None:
        changed = changed & chosen
        new = where(chosen, new, old)
        refused = None if refused is None else refused & chosen
    if record is not None and refused is not None and refused.any():
        listed = outcome.of or column
        record.refused(place, batch, listed, batch.frame[listed], Outcome(old, refused, outcome.why))
    if not changed.any():
        return
    if record is not None and fresh:
        record.results[place].added += int(changed.sum())
    elif record is not None:
        record.cells(place, batch, column, old, new, changed)
    batch.frame = batch.frame.with_columns(pl.Series(column, new))


def _add_empty(batch: _Batch, types: dict[str, str]) -> None:
    import polars as pl

    for name, type in types.items():
        if name not in batch.frame.columns:
            empty = pl.Series(name, [None], dtype=dtype_of(type)).new_from_index(0, batch.frame.height)
            batch.frame = batch.frame.with_columns(empty)


def _chosen(step: Step, view: View) -> pl.Series | None:
    """Rows that meet the step's condition; None if it has none."""
    import polars as pl

    return None if step.when is None else pl.Series(truth(step.when, view)[0])


def _keys(frame: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """The key of each row as one text: the value itself, or ``a=1; b=2`` of several."""
    import polars as pl

    if not columns:
        return pl.Series([None], dtype=pl.String).new_from_index(0, frame.height)
    texts = [written(frame[column]) for column in columns]
    if len(texts) == 1:
        return texts[0]
    parts = [f"{name}=" + text.fill_null("") for name, text in zip(columns, texts, strict=True)]
    named = pl.DataFrame({str(place): part for place, part in enumerate(parts)})
    return named.select(pl.concat_str(pl.all(), separator="; ")).to_series()
