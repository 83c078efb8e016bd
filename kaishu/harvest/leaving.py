"""Work about a source is left for the worker, once."""

from __future__ import annotations

from typing import Any

from kaishu import queue
from kaishu.access import Call
from kaishu.harvest.queries import source_by_name


def leave(call: Call, source_name: str, do: str, **more: Any) -> str:
    """Leave the task for a source; the id of one that waits or runs already, empty if it may not be left."""
    source = source_by_name(call, source_name)
    for task in queue.tasks_about(call.session, "harvest", source.id, 5):
        if task.state in ("waiting", "running"):
            return ""
    payload = {"source": source.name, "title": source.title, "do": do, **more}
    return queue.enqueue(call, "harvest", payload, ("harvest", source.id)).id
