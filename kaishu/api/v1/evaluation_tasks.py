"""Evaluations left to the worker: how far they are, and another try for those that failed."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kaishu import evaluation
from kaishu.access import Call
from kaishu.api.v1 import shapes, showing
from kaishu.api.v1.router import family
from kaishu.base.errors import NotFound
from kaishu.http import read_call, write_call
from kaishu.queue.models import Task

router = family("evaluation")

RunId = Annotated[str, Path(max_length=200, description="Id of an evaluation.")]


class Retry(BaseModel):
    """How to try again; by the same system, as it reads now, unless another is named."""

    model_config = ConfigDict(extra="forbid")

    system: str = Field(default="", max_length=200, description="Name of a system or id of an edition.")


@router.get("/evaluations/{id}/task")
def read_evaluation_task(request: Request, id: RunId) -> shapes.TaskShape:
    """The task of an evaluation that was left to the worker; its error names rows and columns."""
    with read_call(request) as call:
        return showing.task(request, _task(call, id))


@router.post("/evaluations/{id}/retry", status_code=202, response_model=shapes.TaskShape)
def retry_evaluation(request: Request, id: RunId, what: Retry | None = None) -> Response:
    """Try an evaluation that failed once more, with the data that it was given."""
    with write_call(request) as call:
        evaluation.retry_evaluation(call, id, system=what.system if what else "")
        shape = showing.task(request, _task(call, id))
    return JSONResponse(shape.model_dump(mode="json"), status_code=202, headers={"location": shape.url})


def _task(call: Call, id: str) -> Task:
    found = evaluation.evaluation_task(call, id)
    if found is None:
        raise NotFound(kind="任务 task", name=id)
    return found
