"""A check of a stored version by the rules in force: prepared, computed without the database, kept."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from kaishu.access import Call, Permission, note, require
from kaishu.base import clock, ids, settings
from kaishu.base.errors import KaishuError, Said
from kaishu.lake import TableData, open_version, table_by_id, version_by_id, versions_of
from kaishu.lake.models import Version
from kaishu.quality.checking import Progress, check_data
from kaishu.quality.errors import NoRules, NothingToCheck
from kaishu.quality.failures import count_rows, failing_path
from kaishu.quality.models import Finding, Rulebook, Run
from kaishu.quality.queries import book_in_force, earlier_measures
from kaishu.quality.referring import put_references, references
from kaishu.quality.results import RuleResult, TableResult
from kaishu.quality.roots import root_hints
from kaishu.quality.rules import RuleSet, parse_rules

#: Name of a dataset to the newest version of its first table.  Raises what the caller may not see.
Resolve = Callable[[str], Version]
SAMPLE = 10


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that a check needs, so that no session is open while it computes."""

    table_id: str
    version_id: str
    rulebook_id: str
    rules: RuleSet
    data: TableData
    earlier: Mapping[str, Sequence[Mapping[str, Any]]]
    referred: Mapping[str, TableData]
    kind: str = "full"


@dataclass(frozen=True, slots=True)
class Computed:
    """A check that was made; ``result`` is None where ``trouble`` says why it could not be."""

    id: str
    prepared: Prepared
    started: datetime
    ended: datetime
    result: TableResult | None
    listed: int | None = None
    hints: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    trouble: Mapping[str, Any] = field(default_factory=dict)


def prepare_check(
    call: Call, table_id: str, resolve: Resolve, *, version_id: str = "", only: Sequence[str] = ()
) -> Prepared:
    """What is needed to check a version, the newest if none is named.

    ``only``: ids of rules for a re-check; those that the rules in force no longer have are left out.
    Raises ``NoRules``, ``NothingToCheck``, ``RowsDropped``.
    """
    table = table_by_id(call.session, table_id)
    require(call, Permission.check_run, office=table.office_id)
    book = book_in_force(call.session, table_id)
    if book is None:
        raise NoRules()
    version = version_by_id(call.session, version_id) if version_id else _newest(call, table_id)
    rules = parse_rules(book.text, "rules.yaml")
    if only:
        rules = _chosen(rules, only)
    return Prepared(
        table_id=table_id,
        version_id=version.id,
        rulebook_id=book.id,
        rules=rules,
        data=open_version(version),
        earlier=earlier_measures(call.session, table_id, version.number),
        referred={name: open_version(resolve(name)) for name in references(book.text)},
        kind="recheck" if only else "full",
    )


def compute_check(prepared: Prepared, progress: Progress | None = None) -> Computed:
    """Check, and list the failing rows in a file of the home.  Needs no session.

    What is wrong with rules or data becomes the trouble of the check; nothing else is left behind then.
    """
    id, started = ids.new_id(), clock.now()
    path = failing_path(id)
    try:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=settings.folder("findings"))))
            put_references(folder, prepared.referred)
            result = check_data(
                prepared.data,
                prepared.rules,
                folder=folder,
                earlier=prepared.earlier,
                sample=SAMPLE,
                failed=path,
                progress=progress,
            )
        hints = root_hints(prepared.data, path, result)
        return Computed(id, prepared, started, clock.now(), result, count_rows(path), hints)
    except KaishuError as error:
        path.unlink(missing_ok=True)
        trouble = {language: error.as_dict(language) for language in ("zh", "en")}
        return Computed(id, prepared, started, clock.now(), None, trouble=trouble)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def keep_check(call: Call, computed: Computed) -> Run:
    """Enter a check and what it found; all of it, or nothing."""
    prepared, result = computed.prepared, computed.result
    require(call, Permission.check_run, office=table_by_id(call.session, prepared.table_id).office_id)
    run = Run(
        id=computed.id,
        table_id=prepared.table_id,
        version_id=prepared.version_id,
        rulebook_id=prepared.rulebook_id,
        kind=prepared.kind,
        rows=result.rows if result else prepared.data.rows,
        scores=dict(result.scores) if result else {},
        level=result.level if result else None,
        failing=sum(each.level is not None for each in result.rules) if result else 0,
        listed=computed.listed,
        sound=result is not None,
        trouble=dict(computed.trouble),
        actor=(call.actor.name or call.actor.id)[:200],
        started_at=computed.started,
        ended_at=computed.ended,
    )
    call.session.add(run)
    call.session.flush()
    for place, each in enumerate(result.rules if result else ()):
        call.session.add(_finding(run.id, place, each, computed.hints.get(each.rule.id, ())))
    call.session.flush()
    note(
        call,
        "quality.check",
        ("run", run.id),
        table=run.table_id,
        version=run.version_id,
        rulebook=run.rulebook_id,
        kind=run.kind,
        failing=run.failing,
    )
    return run


def importance_of(book: Rulebook | None) -> float:
    """How much a table weighs among others."""
    return book.importance if book is not None else 1.0


def _finding(run_id: str, place: int, each: RuleResult, hints: Sequence[Mapping[str, Any]]) -> Finding:
    rule = each.rule
    return Finding(
        run_id=run_id,
        place=place,
        rule_id=rule.id,
        title=rule.title[:300],
        title_en=rule.title_en[:300],
        check=rule.check.kind,
        dimension=rule.dimension,
        weight=rule.weight,
        level=each.level,
        checked=each.checked,
        failed=each.failed,
        sample=[{name: one.get(name) for name in ("row", "key", "value")} for one in each.sample],
        notes=[_both(said) for said in each.notes],
        measures=dict(each.measures),
        hints=[dict(hint) for hint in hints],
    )


def _both(said: str) -> dict[str, str]:
    return {"zh": str(said), "en": said.en if isinstance(said, Said) else str(said)}


def _newest(call: Call, table_id: str) -> Version:
    for version in versions_of(call.session, table_id):
        if version.dropped_at is None:
            return version
    raise NothingToCheck()


def _chosen(rules: RuleSet, only: Sequence[str]) -> RuleSet:
    from dataclasses import replace

    return replace(rules, rules=tuple(rule for rule in rules.rules if rule.id in only))
