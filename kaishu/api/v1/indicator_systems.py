"""Indicator systems: built in, and in editions of this platform."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from starlette.requests import Request

from kaishu import evaluation
from kaishu.api.v1.evaluation_shapes import SystemDetail, SystemShape, SystemText, system_shape
from kaishu.api.v1.reviews import Reason
from kaishu.api.v1.router import family
from kaishu.evaluation import Chosen
from kaishu.evaluation.models import SystemEdition
from kaishu.http import read_call, write_call

router = family("evaluation")

SystemId = Annotated[str, Path(max_length=200, description="Name of a system or id of an edition.")]


@router.get("/evaluations/systems")
def list_systems(request: Request) -> list[SystemShape]:
    """Built-in systems, then the editions that the caller may see."""
    with read_call(request) as call:
        rows = evaluation.editions_of(call)
        found = [evaluation.built_in_system(name) for name in evaluation.built_in()]
        found += [_chosen(row) for row in rows]
        return [SystemShape(**system_shape(request, each)) for each in found]


@router.post("/evaluations/systems", status_code=201)
def add_system(request: Request, what: SystemText) -> SystemDetail:
    """Keep a system as a draft: the first edition of its name, or the next one."""
    with write_call(request) as call:
        return _detail(request, _chosen(evaluation.add_system(call, what.text)))


@router.get("/evaluations/systems/{id}")
def read_system(request: Request, id: SystemId) -> SystemDetail:
    """A system with its text; by name the newest published edition, else the built-in one."""
    with read_call(request) as call:
        return _detail(request, evaluation.system_chosen(call, id))


@router.put("/evaluations/systems/{id}")
def revise_system(request: Request, id: SystemId, what: SystemText) -> SystemDetail:
    """Change the text of a draft."""
    with write_call(request) as call:
        return _detail(request, _chosen(evaluation.revise_edition(call, id, what.text)))


@router.post("/evaluations/systems/{id}/publish")
def publish_system(request: Request, id: SystemId) -> SystemDetail:
    """Put a draft in force; the edition before it is replaced."""
    with write_call(request) as call:
        return _detail(request, _chosen(evaluation.publish_edition(call, id)))


@router.post("/evaluations/systems/{id}/withdraw")
def withdraw_system(request: Request, id: SystemId, said: Reason) -> SystemDetail:
    """Take an edition out of everybody's sight; its evaluations stay."""
    with write_call(request) as call:
        return _detail(request, _chosen(evaluation.withdraw_edition(call, id, said.reason)))


def _chosen(row: SystemEdition) -> Chosen:
    return Chosen(evaluation.read_system(row.text + "\n"), row.text, row)


def _detail(request: Request, chosen: Chosen) -> SystemDetail:
    return SystemDetail(**system_shape(request, chosen), text=chosen.text)
