"""Evaluations by indicator systems: made, read down to the raw values, made again, tried, compared."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import File, Form, Path, Query, UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kaishu import evaluation, queue
from kaishu.access import Permission, require
from kaishu.api.v1 import shapes, showing
from kaishu.api.v1.evaluation_shapes import (
    AgainShape,
    ComparedShape,
    EvaluationDetail,
    EvaluationShape,
    Scope,
    TriedShape,
    UnitShape,
    Wanted,
    Weights,
    compared_shape,
    evaluation_shape,
    tried_shape,
    unit_shape,
)
from kaishu.api.v1.reviews import Reason
from kaishu.api.v1.router import family
from kaishu.base.errors import Invalid, Said
from kaishu.evaluation import DataChoice, robustness
from kaishu.http import language_of, read_call, write_call
from kaishu.http.files import disposition

router = family("evaluation")

RunId = Annotated[str, Path(max_length=200, description="Id of an evaluation.")]
MADE: dict[int | str, dict[str, Any]] = {
    201: {"model": EvaluationShape, "description": "Evaluated and kept"},
    202: {"model": shapes.TaskShape, "description": "Left to the worker; follow the task"},
}
TEXT: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {}}, "description": "One row a unit"}}


@router.get("/evaluations")
def list_evaluations(
    request: Request,
    system: Annotated[str, Query(max_length=200)] = "",
    state: Annotated[str, Query(max_length=20, description="waiting, kept, published, withdrawn.")] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> list[EvaluationShape]:
    """Published evaluations, and those that the caller made; newest first."""
    with read_call(request) as call:
        found = evaluation.evaluations(call, system=system, state=state, limit=limit, offset=offset)
        return [EvaluationShape(**evaluation_shape(request, run)) for run in found]


@router.post("/evaluations", status_code=201, response_model=EvaluationShape, responses=MADE)
def make_evaluation(request: Request, what: Wanted) -> Response:
    """Evaluate by a system and keep it.

    Values come from a table, from columns sent along or from the system's own data; beside them, or alone,
    from facts counted now and from the settled scores of a round of judging, joined by the id of the unit.
    """
    if (what.columns is not None) + bool(what.dataset) + what.own > 1:
        said = Said(
            "dataset、columns、own 只能给一个。", "Give one of dataset, columns and own, not several."
        )
        raise Invalid({"columns": [said]})
    return _made(
        request,
        what.system,
        DataChoice(
            dataset=what.dataset,
            resource=what.resource,
            version=what.version,
            columns=None if what.columns is None else dict(what.columns),
            facts=what.facts,
            round=what.round,
            own=what.own,
            absent=what.absent,
        ),
    )


@router.post("/evaluations/files", status_code=201, response_model=EvaluationShape, responses=MADE)
def evaluate_file(
    request: Request,
    file: Annotated[UploadFile, File(description="CSV, XLSX, JSON, Parquet and so on; at most 32 MiB.")],
    system: Annotated[str, Form(max_length=200)],
    facts: Annotated[Scope, Form(description="Count the facts of the system for these units.")] = "",
    round: Annotated[str, Form(max_length=200, description="Id of a round of judging.")] = "",
    absent: Annotated[bool, Form()] = False,
) -> Response:
    """Evaluate a file by a system, with facts and judgements if they are named, and keep the result."""
    content = file.file.read(evaluation.MOST_FILE + 1)
    name = file.filename or "data"
    data = DataChoice(file_name=name, content=content, facts=facts, round=round, absent=absent)
    return _made(request, system, data)


@router.get("/evaluations/{id}")
def read_evaluation(request: Request, id: RunId) -> EvaluationDetail:
    """The whole result."""
    with read_call(request) as call:
        run = evaluation.evaluation_by_id(call, id)
        result = evaluation.result_of(call.session, run)
        shape = evaluation_shape(request, run)
    return EvaluationDetail(**shape, result=robustness.told_with_climbs(result, language_of(request)))


@router.get("/evaluations/{id}/result.csv", response_class=Response, responses=TEXT)
def read_evaluation_csv(request: Request, id: RunId) -> Response:
    """Score, rank, grade or stage and the score of every node, one row a unit."""
    with read_call(request) as call:
        run = evaluation.evaluation_by_id(call, id)
        text = evaluation.result_of(call.session, run).as_csv()
    headers = {"content-disposition": disposition(f"{run.system}-{run.id}.csv")}
    return Response("\ufeff" + text, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/evaluations/{id}/units/{unit}")
def read_evaluated_unit(
    request: Request,
    id: RunId,
    unit: Annotated[str, Path(max_length=500, description="Id or name of a unit.")],
    period: Annotated[str | None, Query(max_length=100)] = None,
) -> UnitShape:
    """One unit, opened down to raw values, ranges used, effective weights and contributions."""
    with read_call(request) as call:
        result = evaluation.result_of(call.session, evaluation.evaluation_by_id(call, id))
    return unit_shape(result, result.row_of(unit, period), language_of(request))


@router.post("/evaluations/{id}/again")
def evaluate_again(request: Request, id: RunId) -> AgainShape:
    """Make the evaluation again from what was kept, and say whether every number is the same."""
    with read_call(request) as call:
        found = evaluation.evaluation_again(call, id)
    return AgainShape(
        same=found.same,
        difference=found.difference,
        fingerprint=found.result.fingerprint,
        data_digest=found.result.data_digest,
    )


@router.post("/evaluations/{id}/what-if")
def try_weights(request: Request, id: RunId, what: Weights) -> TriedShape:
    """Scores and ranks with other weights; nothing is kept."""
    with read_call(request) as call:
        result = evaluation.result_of(call.session, evaluation.evaluation_by_id(call, id))
    weights = {
        code: float(share) for code, share in evaluation.relative_weights(result, what.weights).items()
    }
    return tried_shape(result, evaluation.what_if(result, what.weights), weights)


@router.get("/evaluations/{id}/compare")
def compare_evaluations(
    request: Request,
    id: RunId,
    other: Annotated[str, Query(alias="with", max_length=200, description="Id of the earlier evaluation.")],
) -> ComparedShape:
    """This evaluation against an earlier one: ranks, scores, and what made them change."""
    with read_call(request) as call:
        before, after = (
            evaluation.result_of(call.session, evaluation.evaluation_by_id(call, each))
            for each in (other, id)
        )
    return compared_shape(evaluation.compare_results(before, after))


@router.post("/evaluations/{id}/publish")
def publish_evaluation(request: Request, id: RunId) -> EvaluationShape:
    """Show the result to everybody."""
    with write_call(request) as call:
        return EvaluationShape(**evaluation_shape(request, evaluation.publish_evaluation(call, id)))


@router.post("/evaluations/{id}/withdraw")
def withdraw_evaluation(request: Request, id: RunId, said: Reason) -> EvaluationShape:
    """Take a published result out of everybody's sight; it stays in the history."""
    with write_call(request) as call:
        run = evaluation.withdraw_evaluation(call, id, said.reason)
        return EvaluationShape(**evaluation_shape(request, run))


def _made(request: Request, system: str, data: DataChoice) -> Response:
    with read_call(request) as call:
        require(call, Permission.evaluation_run)
        soon = evaluation.at_once(call, data)
        loaded = evaluation.load_evaluation(call, system, data) if soon else None
    if loaded is not None:
        result = evaluation.compute(loaded)
        with write_call(request) as call:
            shape = EvaluationShape(
                **evaluation_shape(request, evaluation.keep_evaluation(call, loaded, result))
            )
        body, url, status = orjson.dumps(shape.model_dump(mode="json")), shape.url, 201
        headers = {"location": url}
        return Response(body, status_code=status, media_type="application/json", headers=headers)
    with write_call(request) as call:
        run = evaluation.leave_evaluation(call, system, data)
        task = showing.task(request, queue.tasks_about(call.session, "evaluation", run.id, 1)[0])
    return JSONResponse(task.model_dump(mode="json"), status_code=202, headers={"location": task.url})
