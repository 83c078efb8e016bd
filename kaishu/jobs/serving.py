"""The task ``serve``: serving copies and profiles of what has just been published."""

from __future__ import annotations

from typing import Any

from kaishu import delivery, quality, queue
from kaishu.access import SYSTEM, Actor, Call
from kaishu.base import clock
from kaishu.db import session_scope


def run(task_id: str, actor: Actor, payload: dict[str, Any]) -> dict[str, Any]:
    """Payload: versions (ids of lake versions)."""
    versions = payload["versions"]
    for number, version_id in enumerate(versions):
        with session_scope(write=False) as session:
            call = Call(session, SYSTEM, clock.now(), task_id)
            delivery.build_serving_copy(call, version_id)
            profile = quality.compute_profile(call, version_id)
        with session_scope() as session:
            quality.keep_profile(Call(session, SYSTEM, clock.now(), task_id), version_id, profile)
        queue.progress(task_id, number + 1, len(versions))
    return {"versions": versions}
