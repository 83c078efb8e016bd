"""What Spark's workers run over batches of Arrow: the embedded engine's own functions, batch by batch.

Batches come as a number of the row in the whole table, from 1, and the columns that are wanted.  Answers
carry the place of a rule in its set, and the part of a rule that is made of several.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from kaishu.quality.checks import AllAcross, Memory, RowCheck, Rows, TableCheck
from kaishu.quality.checks.all_of import joined
from kaishu.quality.checks.check import all_present
from kaishu.quality.checks.exists import Exists
from kaishu.quality.checks.unique import Repeats, Unique
from kaishu.quality.checks.unique_row import UniqueRow
from kaishu.quality.engines.partials import Partial, partials
from kaishu.quality.failing import written
from kaishu.quality.plan import Plan, chosen, judge
from kaishu.quality.rules import Rule

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Mask = npt.NDArray[np.bool_]

#: Answers of the first pass: numbers to be added up (what = 0) and failing rows (what = 1).
ANSWERS = (
    "what tinyint, rule int, part int, row bigint, key string, value string, keys array<string>, "
    "a double, b double, m bigint, n bigint, o bigint, top bigint"
)
CODES = "rule int, part int, row bigint, code bigint"
LISTED = "rule int, row bigint, key string, value string"
#: The most rows listed of a batch; None: all.
Most = int | None


@dataclass(frozen=True, slots=True)
class Task:
    """A plan as it travels, and the columns in the order in which a batch brings them."""

    plan: bytes
    columns: tuple[str, ...]


def packed(plan: Plan, columns: Sequence[str]) -> Task:
    """A task over these columns."""
    return Task(pickle.dumps(plan), tuple(columns))


def spark_rules(plan: Plan) -> Iterator[tuple[int, Rule]]:
    """Rules that Spark joins or groups, with their places."""
    for place, rule in enumerate(plan.rules.rules):
        if isinstance(rule.check, Exists | Unique | UniqueRow | AllAcross):
            yield place, rule


def groupings(rule: Rule, memory: Memory) -> Iterator[tuple[int, Repeats]]:
    """The parts of a rule in which no value may repeat."""
    check = rule.check
    members: Sequence[TableCheck] = ()
    if isinstance(check, AllAcross):
        members = check.across
    elif isinstance(check, Unique | UniqueRow):
        members = (check,)
    for part, member in enumerate(members, 1):
        tally = member.tally(memory, rule.id)
        assert isinstance(tally, Repeats)
        yield part, tally


def judge_batches(task: Task, batches: Iterable[Any], most: Most = None) -> Iterator[Any]:
    """Every rule about single rows, and the numbers that rules about the table need."""
    plan = _unpacked(task.plan)
    for rows in _stretches(task, plan, batches):
        found: list[Partial] = []
        for place, rule in enumerate(plan.rules.rules):
            check = rule.check
            if isinstance(check, RowCheck) and not isinstance(check, Exists):
                found.append(_verdict(place, rule, rows))
                if found[-1].n and most != 0:
                    yield _failing_rows(place, rule, rows, plan, most)
            elif isinstance(check, Exists | Unique | UniqueRow | AllAcross):
                found += _looked_at(place, rule, rows)
            elif isinstance(check, TableCheck):
                found += partials(place, rule, rows)
        yield _numbers(found, rows.first)


def codes_of_groups(task: Task, batches: Iterable[Any]) -> Iterator[Any]:
    """What may not repeat: rule, part, row and code of 64 bits."""
    plan = _unpacked(task.plan)
    for rows in _stretches(task, plan, batches):
        for place, rule in spark_rules(plan):
            for part, tally in groupings(rule, plan.memory):
                yield _codes(place, part, rows, tally.codes(rows), tally.here(rows, chosen(rule, rows)))


def codes_of_references(task: Task, batches: Iterable[Any]) -> Iterator[Any]:
    """What has to exist elsewhere: rule, part, row and code of 64 bits."""
    plan = _unpacked(task.plan)
    for rows in _stretches(task, plan, batches):
        for place, rule in spark_rules(plan):
            if isinstance(rule.check, Exists):
                yield _codes(place, 1, rows, rule.check.codes(rows), _here(rule, rule.check, rows))


def rows_of_members(task: Task, batches: Iterable[Any]) -> Iterator[Any]:
    """Rows that fail the single-row members of an ``all-of`` that compares rows too."""
    import numpy as np

    plan = _unpacked(task.plan)
    for rows in _stretches(task, plan, batches):
        for place, rule in spark_rules(plan):
            if isinstance(rule.check, AllAcross) and rule.check.of:
                verdict = joined([each.judge(rows) for each in rule.check.of]).only(chosen(rule, rows))
                yield _codes(place, 0, rows, np.zeros(rows.length, np.uint64), verdict.fails)


def list_batches(task: Task, batches: Iterable[Any]) -> Iterator[Any]:
    """Key and value of rows that are known to fail: a batch brings the place of a rule beside each row."""
    import numpy as np
    import pyarrow as pa

    plan = _unpacked(task.plan)
    for batch in batches:
        places = batch.column(1).to_numpy()
        held = pa.RecordBatch.from_arrays(batch.columns[2:], names=list(task.columns))
        rows = Rows(held, plan.memory)
        for place in np.unique(places):
            where = pa.array(np.flatnonzero(places == place))
            columns = tuple(plan.rules.rules[place].check.needs(plan.setting.types))
            yield _batch(
                LISTED,
                len(where),
                rule=int(place),
                row=batch.column(0).take(where),
                key=written(rows, where, plan.rules.key),
                value=written(rows, where, columns),
            )


#: Plans that this worker has unpacked: compiled patterns and code sets are kept from task to task.
_held: dict[bytes, Plan] = {}


def _unpacked(plan: bytes) -> Plan:
    if plan not in _held:
        _held.clear()
        _held[plan] = pickle.loads(plan)  # noqa: S301  # our own, from the driver
    return _held[plan]


def _stretches(task: Task, plan: Plan, batches: Iterable[Any]) -> Iterator[Rows]:
    """Runs of rows that follow one another in the table."""
    import numpy as np
    import pyarrow as pa

    for batch in batches:
        if not batch.num_rows:
            continue
        numbers = batch.column(0).to_numpy()
        cuts = [0, *(np.flatnonzero(np.diff(numbers) != 1) + 1).tolist(), batch.num_rows]
        for start, end in pairwise(cuts):
            arrays = [column.slice(start, end - start) for column in batch.columns[1:]]
            held = pa.RecordBatch.from_arrays(arrays, names=list(task.columns))
            yield Rows(held, plan.memory, int(numbers[start]))


def _verdict(place: int, rule: Rule, rows: Rows) -> Partial:
    verdict = rows.once(("verdict", place), lambda: judge(rule, rows))
    looked = rows.length if verdict.looked is None else int(verdict.looked.sum())
    troubled = 0 if verdict.troubled is None else int(verdict.troubled.sum())
    return Partial(place, m=looked, n=int(verdict.fails.sum()), o=troubled)


def _failing_rows(place: int, rule: Rule, rows: Rows, plan: Plan, most: Most) -> Any:
    import numpy as np
    import pyarrow as pa

    places = np.flatnonzero(rows.once(("verdict", place), lambda: judge(rule, rows)).fails)[:most]
    where = pa.array(places)
    columns = tuple(rule.check.needs(plan.setting.types))
    return _batch(
        ANSWERS,
        len(places),
        what=1,
        rule=place,
        row=pa.array(places + rows.first),
        key=written(rows, where, plan.rules.key),
        value=written(rows, where, columns),
    )


def _looked_at(place: int, rule: Rule, rows: Rows) -> Iterator[Partial]:
    """How many rows each part of a rule looks at."""
    check = rule.check
    if isinstance(check, Exists):
        yield Partial(place, m=_count(_here(rule, check, rows), rows))
    elif isinstance(check, AllAcross) and check.of:
        verdict = joined([each.judge(rows) for each in check.of]).only(chosen(rule, rows))
        yield Partial(place, m=_count(verdict.looked, rows))
    for part, tally in groupings(rule, rows.memory):
        yield Partial(place, part=part, m=_count(tally.here(rows, chosen(rule, rows)), rows))


def _here(rule: Rule, check: Exists, rows: Rows) -> Mask | None:
    here, picked = all_present(rows, check.columns), chosen(rule, rows)
    if here is None or picked is None:
        return picked if here is None else here
    return here & picked


def _count(mask: Mask | None, rows: Rows) -> int:
    return rows.length if mask is None else int(mask.sum())


def _numbers(found: Sequence[Partial], first: int) -> Any:
    import pyarrow as pa

    named = {name: [getattr(each, name) for each in found] for name in Partial.__slots__}
    return _batch(
        ANSWERS,
        len(found),
        what=0,
        row=pa.array([first + each for each in named.pop("after")], pa.int64()),
        **named,
    )


def _codes(place: int, part: int, rows: Rows, codes: Any, here: Mask | None) -> Any:
    """The rows of a mask (None: all) with their codes."""
    import numpy as np
    import pyarrow as pa

    places = np.arange(rows.length) if here is None else np.flatnonzero(here)
    held = codes if here is None else codes[places]
    return _batch(
        CODES,
        len(places),
        rule=place,
        part=part,
        row=pa.array(places + rows.first),
        code=pa.array(np.ascontiguousarray(held).view(np.int64)),
    )


def _arrow_types() -> dict[str, Callable[[], Any]]:
    import pyarrow as pa

    return {
        "tinyint": pa.int8,
        "int": pa.int32,
        "bigint": pa.int64,
        "double": pa.float64,
        "string": pa.string,
        "array<string>": lambda: pa.list_(pa.string()),
    }


def _batch(schema: str, length: int, **columns: Any) -> Any:
    """A batch of a schema as Spark writes it; single values are repeated, what is not given is null."""
    import pyarrow as pa

    kinds = _arrow_types()
    fields = [each.rsplit(" ", 1) for each in schema.split(", ")]
    arrays = []
    for name, kind in fields:
        given, type = columns.get(name), kinds[kind]()
        if isinstance(given, pa.Array):
            arrays.append(given.cast(type))
        elif isinstance(given, list):
            arrays.append(pa.array(given, type))
        elif given is None:
            arrays.append(pa.nulls(length, type))
        else:
            arrays.append(pa.repeat(pa.scalar(given, type), length))
    return pa.RecordBatch.from_arrays(arrays, names=[name for name, _ in fields])
