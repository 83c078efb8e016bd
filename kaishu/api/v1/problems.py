"""Kinds of error: what a problem's ``type`` leads to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import Path

from kaishu.api.v1 import shapes
from kaishu.api.v1.router import family
from kaishu.base.errors import KaishuError, NotFound

router = family("problems")


@router.get("/problems")
def list_problems() -> list[shapes.KindOfProblem]:
    """Every kind of error that this interface may answer with."""
    return sorted(_kinds().values(), key=lambda kind: kind.code)


@router.get("/problems/{code}")
def read_problem(code: Annotated[str, Path(max_length=200)]) -> shapes.KindOfProblem:
    """One kind of error, in words; places in braces are filled in when it happens."""
    kinds = _kinds()
    if code not in kinds:
        raise NotFound(kind="错误 error", name=code)
    return kinds[code]


def _kinds() -> dict[str, shapes.KindOfProblem]:
    return {
        kind.code: shapes.KindOfProblem(
            code=kind.code,
            status=kind.status,
            zh=kind.zh,
            en=kind.en,
            next_zh=kind.next_zh,
            next_en=kind.next_en,
            about=" ".join((kind.__doc__ or "").split()),
        )
        for kind in _below(KaishuError)
    }


def _below(kind: type[KaishuError]) -> Iterator[type[KaishuError]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)
