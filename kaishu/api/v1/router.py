"""What every family of routes of this interface has in common."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

PREFIX = "/api/v1"
PROBLEM: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "description": "What is wrong, where, and what to do",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}


def family(tag: str) -> APIRouter:
    """A router for one family of routes, under one heading of the OpenAPI document."""
    return APIRouter(prefix=PREFIX, tags=[tag], responses=PROBLEM)
