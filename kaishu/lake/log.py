"""Delta's log of a table: one commit for a version, and the way back from commits nobody recorded."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from kaishu.lake.folders import LOG, sync, table_folder
from kaishu.lake.parts import Part

if TYPE_CHECKING:
    import pyarrow as pa

# Every version stays readable for good, so neither the log nor the files of old versions may expire.
_CONFIGURATION = {
    "delta.logRetentionDuration": "interval 36500 days",
    "delta.deletedFileRetentionDuration": "interval 36500 days",
    "delta.enableExpiredLogCleanup": "false",
}


def put_version(table_id: str, version_id: str, schema: pa.Schema, parts: Sequence[Part]) -> int:
    """Make the parts the table's whole content; returns Delta's number of the new version.

    The older versions' files stay where they are.
    """
    from deltalake import CommitProperties, DeltaTable, PostCommitHookProperties, Schema

    root = table_folder(table_id)
    table = _opened(root, schema)
    table.create_write_transaction(
        [_action(version_id, part) for part in parts],
        mode="overwrite",
        schema=Schema.from_arrow(schema),
        commit_properties=CommitProperties(custom_metadata={"kaishuVersion": version_id}),
        post_commithook_properties=PostCommitHookProperties(cleanup_expired_logs=False),
    )
    number = int(DeltaTable(str(root)).version())
    sync(root / LOG / f"{number:020d}.json")
    sync(root / LOG)
    return number


@lru_cache(maxsize=512)
def files_of(root: Path, delta_version: int, version_id: str) -> tuple[Path, ...]:
    """The Parquet files of one version, in the order of the rows.

    ``version_id`` is asked for because a restored home may reuse Delta's numbers.
    """
    from deltalake import DeltaTable

    table = DeltaTable(str(root), version=delta_version)
    return tuple(sorted(Path(unquote(urlsplit(uri).path)) for uri in table.file_uris()))


def forget_after(table_id: str, delta_version: int) -> int:
    """Take back every commit after that version, newest first so that the log never has a gap.

    -1 forgets all.  Returns the number of commits taken back.
    """
    folder = table_folder(table_id) / LOG
    for stray in (*folder.glob("_commit_*.tmp"), *folder.glob("*#*")):
        stray.unlink(missing_ok=True)  # half-written by a process that died
    late = [path for path in folder.glob("*") if _number(path) > delta_version]
    if not late:
        return 0
    _forget_checkpoint(folder / "_last_checkpoint", delta_version)
    for path in sorted(late, key=_number, reverse=True):
        path.unlink(missing_ok=True)
    sync(folder)
    files_of.cache_clear()
    return len({_number(path) for path in late})


def _opened(root: Path, schema: pa.Schema):  # type: ignore[no-untyped-def]
    """The Delta table, made if there is none, able to hold the schema's types."""
    import pyarrow as pa
    from deltalake import DeltaTable, Schema, TableFeatures

    if not DeltaTable.is_deltatable(str(root)):
        # A first commit without columns of time: their feature has to be there before they are.
        plain = pa.schema([one for one in schema if not pa.types.is_timestamp(one.type)])
        DeltaTable.create(str(root), Schema.from_arrow(plain), configuration=_CONFIGURATION)
    table = DeltaTable(str(root))
    if any(pa.types.is_timestamp(one.type) for one in schema) and "timestampNtz" not in (
        table.protocol().reader_features or []
    ):
        table.alter.add_feature(TableFeatures.TimestampWithoutTimezone, allow_protocol_versions_increase=True)
        table = DeltaTable(str(root))
    return table


def _action(version_id: str, part: Part):  # type: ignore[no-untyped-def]
    from deltalake.transaction import AddAction

    return AddAction(
        path=f"{version_id}/{part.name}",
        size=part.size,
        partition_values={},
        modification_time=int(time.time() * 1000),
        data_change=True,
        stats=part.statistics,
    )


def _number(path: Path) -> int:
    head = path.name.partition(".")[0]
    return int(head) if head.isdigit() else -1


def _forget_checkpoint(hint: Path, delta_version: int) -> None:
    """The hint only saves a look through the folder; Delta does without it."""
    if hint.exists() and json.loads(hint.read_text()).get("version", 0) > delta_version:
        hint.unlink()
