"""Work under way."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from starlette.requests import Request

from kaishu.access import Permission, Role, require
from kaishu.api.v1 import shapes, showing
from kaishu.api.v1.router import family
from kaishu.base.errors import NotFound
from kaishu.http import read_call
from kaishu.queue import task_by_id

router = family("tasks")


@router.get("/tasks/{task_id}")
def read_task(request: Request, task_id: Annotated[str, Path(max_length=200)]) -> shapes.TaskShape:
    """How far a task is, for the one who left it."""
    with read_call(request) as call:
        require(call, Permission.person_self)
        task = task_by_id(call.session, task_id)
        if task.actor.get("id") != call.actor.id and call.actor.role is not Role.administrator:
            raise NotFound(kind="任务 task", name=task_id)
        return showing.task(request, task)
