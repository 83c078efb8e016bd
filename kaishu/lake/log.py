"""Delta's log of a table: one commit for a version, and the way back from commits nobody recorded."""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from uuid import uuid4

from kaishu.lake.content import Content, content_at, forget_contents
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
_VECTORS = "delta.enableDeletionVectors"


def put_version(
    table_id: str,
    version_id: str,
    schema: pa.Schema,
    parts: Sequence[Part],
    *,
    after: int = -1,
    base: int | None = None,
    vectors: Mapping[str, dict[str, Any] | None] | None = None,
) -> int:
    """Commit the parts as the table's next state, after Delta's version ``after``; returns its number.

    Without ``vectors`` the parts are the whole content.  With them the files of Delta's version ``base``
    (else ``after``) are there too, but for those that are named (path below the table's folder): with that
    deletion vector, or not at all for None.  Nothing of older versions is touched.
    """
    root = table_folder(table_id)
    before = content_at(root, after)
    files = {} if vectors is None else dict(before.files if base in (None, after) else _at(root, base))
    for path, described in (vectors or {}).items():
        found = files.pop(path)
        if described is not None:
            files[path] = {**found, "modificationTime": _now(), "deletionVector": described}
    files |= {add["path"]: add for add in (_addition(version_id, part) for part in parts)}
    actions: list[dict[str, Any]] = [_information(version_id, vectors)]
    actions += _changed_frame(before, schema, any("deletionVector" in add for add in files.values()))
    actions += [{"remove": _removal(add)} for path, add in before.files.items() if files.get(path) != add]
    actions += [{"add": add} for path, add in files.items() if before.files.get(path) != add]
    number = after + 1
    _write(root / LOG, number, actions)
    return number


def _at(root: Path, base: int | None) -> dict[str, dict[str, Any]]:
    return content_at(root, -1 if base is None else base).files


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
    forget_contents()
    return len({_number(path) for path in late})


def _write(folder: Path, number: int, actions: list[dict[str, Any]]) -> None:
    """All of the commit under its number, or nothing; never over another one."""
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f"_commit_{secrets.token_hex(8)}.tmp"
    try:
        with fresh.open("w", encoding="utf-8") as out:
            for action in actions:
                out.write(json.dumps(action, ensure_ascii=False) + "\n")
            out.flush()
            os.fsync(out.fileno())
        os.link(fresh, folder / f"{number:020d}.json")
    finally:
        fresh.unlink(missing_ok=True)
    sync(folder)
    sync(folder.parent)


def _changed_frame(before: Content, schema: pa.Schema, vectors: bool) -> list[dict[str, Any]]:
    """Protocol and description of the table where they are not what this commit needs."""
    import pyarrow as pa
    from deltalake import Schema

    needs = ["timestampNtz"] if any(pa.types.is_timestamp(one.type) for one in schema) else []
    needs += ["deletionVectors"] if vectors else []
    actions: list[dict[str, Any]] = []
    protocol = _protocol(before.protocol, needs)
    if protocol != before.protocol:
        actions.append({"protocol": protocol})
    known = before.metadata or _new_metadata()
    configuration = dict(known["configuration"])
    if vectors:
        configuration[_VECTORS] = "true"
    metadata = {**known, "configuration": configuration, "schemaString": Schema.from_arrow(schema).to_json()}
    if before.metadata is None or not _same(metadata, before.metadata):
        actions.append({"metaData": metadata})
    return actions


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    same_schema = json.loads(one["schemaString"]) == json.loads(other["schemaString"])
    return bool(same_schema and one["configuration"] == other["configuration"])


def _protocol(before: dict[str, Any] | None, needs: Sequence[str]) -> dict[str, Any]:
    known = before or {"minReaderVersion": 1, "minWriterVersion": 2}
    read, written = known.get("readerFeatures") or [], known.get("writerFeatures") or []
    if all(need in read and need in written for need in needs):
        return known
    # What a table of the old protocol had by itself is named once features are.
    written = written or ["appendOnly", "invariants"]
    return {
        "minReaderVersion": 3,
        "minWriterVersion": 7,
        "readerFeatures": list(dict.fromkeys([*read, *needs])),
        "writerFeatures": list(dict.fromkeys([*written, *needs])),
    }


def _new_metadata() -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "format": {"provider": "parquet", "options": {}},
        "partitionColumns": [],
        "configuration": _CONFIGURATION,
        "createdTime": _now(),
    }


def _information(version_id: str, vectors: Mapping[str, Any] | None) -> dict[str, Any]:
    mode = "Overwrite" if vectors is None else "Append"
    operation = "MERGE" if vectors else "WRITE"
    return {
        "commitInfo": {
            "timestamp": _now(),
            "operation": operation,
            "operationParameters": {"mode": mode},
            "engineInfo": "kaishu",
            "kaishuVersion": version_id,
        }
    }


def _addition(version_id: str, part: Part) -> dict[str, Any]:
    return {
        "path": quote(f"{version_id}/{part.name}"),
        "partitionValues": {},
        "size": part.size,
        "modificationTime": _now(),
        "dataChange": True,
        "stats": part.statistics,
    }


def _removal(add: dict[str, Any]) -> dict[str, Any]:
    gone = {
        "path": add["path"],
        "deletionTimestamp": _now(),
        "dataChange": True,
        "extendedFileMetadata": True,
        "partitionValues": add.get("partitionValues", {}),
        "size": add["size"],
    }
    if add.get("deletionVector"):
        gone["deletionVector"] = add["deletionVector"]
    return gone


def _now() -> int:
    return int(time.time() * 1000)


def _number(path: Path) -> int:
    head = path.name.partition(".")[0]
    return int(head) if head.isdigit() else -1


def _forget_checkpoint(hint: Path, delta_version: int) -> None:
    """The hint only saves a look through the folder; Delta does without it."""
    if hint.exists() and json.loads(hint.read_text()).get("version", 0) > delta_version:
        hint.unlink()
