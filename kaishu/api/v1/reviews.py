"""Reviews: what waits, and the steps from draft to publication and back."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from kaishu import catalogue
from kaishu.api.v1 import shapes, showing
from kaishu.api.v1.datasets import Name
from kaishu.api.v1.router import family
from kaishu.http import read_call, write_call

router = family("review")


class Comment(BaseModel):
    """A word on the decision."""

    model_config = ConfigDict(extra="forbid")

    comment: str = Field(default="", max_length=4000)


class Reason(BaseModel):
    """Why."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(max_length=4000)


@router.get("/reviews")
def list_waiting(request: Request) -> list[shapes.DatasetSummary]:
    """What waits for a reviewer, the oldest first."""
    with read_call(request) as call:
        return [showing.summary(request, row) for row in catalogue.waiting(call)]


@router.post("/datasets/{name}/submit")
def submit(request: Request, name: Name) -> shapes.RevisionShape:
    """Hand the draft to the reviewers."""
    with write_call(request) as call:
        return showing.revision(request, name, catalogue.submit(call, name))


@router.post("/datasets/{name}/take-back")
def take_back(request: Request, name: Name) -> shapes.RevisionShape:
    """Take a submission back before it is decided."""
    with write_call(request) as call:
        return showing.revision(request, name, catalogue.take_back(call, name))


@router.post("/datasets/{name}/publish")
def publish(request: Request, name: Name, said: Comment | None = None) -> shapes.DatasetDetail:
    """Publish what is in review."""
    with write_call(request) as call:
        return showing.detail(request, catalogue.publish(call, name, said.comment if said else ""))


@router.post("/datasets/{name}/send-back")
def send_back(request: Request, name: Name, said: Reason) -> shapes.RevisionShape:
    """Return what is in review, with a reason."""
    with write_call(request) as call:
        return showing.revision(request, name, catalogue.send_back(call, name, said.reason))


@router.post("/datasets/{name}/withdraw")
def withdraw(request: Request, name: Name, said: Reason) -> shapes.DatasetDetail:
    """Take a published dataset out of everybody's sight; data and history stay."""
    with write_call(request) as call:
        return showing.detail(request, catalogue.withdraw(call, name, said.reason))
