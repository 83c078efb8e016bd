"""Tokens of applications, and who a request is taken for."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from kaishu.access import Permission, allowed, issue_token, require, revoke_token, tokens_of
from kaishu.access.models import Token
from kaishu.api.v1 import shapes
from kaishu.api.v1.router import family
from kaishu.http import read_call, write_call

router = family("access")


class Application(BaseModel):
    """What the token is for."""

    model_config = ConfigDict(extra="forbid")

    application: str = Field(min_length=1, max_length=200)


@router.get("/me")
def read_me(request: Request) -> shapes.ActorShape:
    """Who the server takes you for, and what you may do."""
    with read_call(request) as call:
        actor = call.actor
        return shapes.ActorShape(
            kind=actor.kind,
            name=actor.name,
            role=str(actor.role),
            office=actor.office,
            permissions=[str(each) for each in Permission if allowed(call, each)],
        )


@router.get("/tokens")
def list_tokens(request: Request) -> list[shapes.TokenShape]:
    """Your applications' tokens, newest first."""
    with read_call(request) as call:
        require(call, Permission.token_issue)
        return [_shape(row) for row in tokens_of(call.session, call.actor.id)]


@router.post("/tokens", status_code=201)
def make_token(request: Request, new: Application) -> shapes.NewToken:
    """Make a token.  Its secret is in this answer and never again.  Needs a sign-in, not a token."""
    with write_call(request) as call:
        token, secret = issue_token(call, application=new.application)
        return shapes.NewToken(**_shape(token).model_dump(), secret=secret)


@router.delete("/tokens/{token_id}", status_code=204, response_class=Response)
def end_token(request: Request, token_id: Annotated[str, Path(max_length=200)]) -> None:
    """Revoke a token; it stops working at once."""
    with write_call(request) as call:
        revoke_token(call, token_id)


def _shape(row: Token) -> shapes.TokenShape:
    return shapes.TokenShape.model_validate(row, from_attributes=True)
