"""A received file becomes the next version of a table, or nothing has happened."""

from __future__ import annotations

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session

from kaishu.access import Call, Permission, note, require
from kaishu.lake.arrival import Progress
from kaishu.lake.errors import VersionMoved
from kaishu.lake.log import forget_after, put_version
from kaishu.lake.models import Table, Version
from kaishu.lake.queries import last_numbers, newest_version
from kaishu.lake.reading import Plan, ReadOptions
from kaishu.lake.staged import Staged
from kaishu.lake.staging import stage
from kaishu.lake.update import Update
from kaishu.source.models import Delivery


def ingest(
    call: Call,
    delivery: Delivery,
    *,
    table: Table,
    plan: Plan | None = None,
    options: ReadOptions | None = None,
    progress: Progress | None = None,
    update: Update = Update(),  # noqa: B008
) -> Version:
    """Read a delivery into the table as its next version; ``progress`` gets (done, total) bytes.

    On SQLite the call holds the only write lock while it reads; for a long file call ``stage`` before the
    session is opened, and ``record_staged`` in it.
    """
    require(call, Permission.lake_ingest, office=table.office_id)
    staged = stage(
        delivery.path,
        delivery.name,
        table_id=table.id,
        plan=plan,
        options=options,
        progress=progress,
        update=update,
        base=newest_version(call.session, table.id),
    )
    return record_staged(call, staged, delivery=delivery, table=table)


def record_staged(
    call: Call, staged: Staged, *, delivery: Delivery, table: Table, after: int | None = None
) -> Version:
    """Make what was staged the next version of its table.

    ``after`` is the number of the last version that whoever made this one has seen, and a batch that was
    made from a version knows it by itself: raises ``VersionMoved`` if there is another by now.

    Delta's commit comes first, the row after it; the row decides.  If the transaction does not end well,
    the commit and the files are taken back here, or by ``sweep`` if the process died.
    """
    try:
        require(call, Permission.lake_ingest, office=table.office_id)
        # On PostgreSQL this lock keeps a sweep and other ingests of this table out; SQLite has one writer.
        call.session.scalars(select(Table.id).where(Table.id == table.id).with_for_update()).one()
        number, delta_version = last_numbers(call.session, table.id)
        for seen in (after, staged.after):
            if seen is not None and number != seen:
                raise VersionMoved(number=number, after=seen)
        if staged.base is not None and _dropped(call, table.id, staged.base):
            raise VersionMoved(number=number, after=staged.after)
        forget_after(table.id, delta_version)
    except BaseException:
        staged.drop()
        raise
    _settle_with(call.session, staged)
    delta_version = put_version(
        table.id,
        staged.mark.version_id,
        staged.schema,
        staged.parts,
        after=delta_version,
        base=staged.base,
        vectors=staged.vectors,
    )
    version = _row(call, staged, delivery, table, (number + 1, delta_version))
    call.session.add(version)
    if not staged.made_of:
        table.update = staged.update.to_dict()
    call.session.flush()
    staged.version = version
    facts = {name: getattr(version, name) for name in ("number", "rows", "set_aside", "sha256")}
    if staged.update.mode != "replace":
        facts |= {"mode": staged.update.mode, **staged.counts}
    if staged.made_of:
        facts["of"] = staged.made_of
    action = "lake.derive" if staged.made_of else "lake.ingest"
    note(call, action, ("version", version.id), table=table.id, **facts)
    return version


def _dropped(call: Call, table_id: str, delta_version: int) -> bool:
    """Whether the version that a batch was made from has been given up meanwhile."""
    asked = select(Version.dropped_at).where(
        Version.table_id == table_id, Version.delta_version == delta_version
    )
    return call.session.scalar(asked) is not None


def _row(call: Call, staged: Staged, delivery: Delivery, table: Table, numbers: tuple[int, int]) -> Version:
    number, delta_version = numbers
    return Version(
        id=staged.mark.version_id,
        table_id=table.id,
        number=number,
        delta_version=delta_version,
        delivery_id=delivery.id,
        file_name=delivery.name,
        sha256=delivery.sha256,
        rows=staged.rows,
        set_aside=staged.set_aside,
        encoding=staged.plan.encoding,
        columns=staged.columns,
        notes=staged.notes,
        plan=staged.plan.to_dict(),
        received_bytes=delivery.size,
        stored_bytes=staged.stored_bytes,
        created_at=call.now,
        created_by=call.actor.name or call.actor.id,
        mode=staged.update.mode,
        next_id=staged.next_id,
        **staged.counts,
    )


def _settle_with(session: Session, staged: Staged) -> None:
    """Tie the staged files to the transaction: kept if it commits with their version in it."""

    def end(_: Session, committed: bool) -> None:
        if session.in_nested_transaction() or not staged.mark.held:
            return
        # A savepoint around the ingest that was rolled back leaves its version behind as transient.
        if committed and staged.version is not None and inspect(staged.version).persistent:
            staged.mark.end(keep_files=True)
        else:
            # Delta's commit is taken back by the next ingest or sweep, which hold the lock that we lost.
            staged.mark.end(keep_files=False, keep_mark=True)

    event.listen(session, "after_commit", lambda ended: end(ended, True))
    event.listen(session, "after_rollback", lambda ended: end(ended, False))
