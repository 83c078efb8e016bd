"""Which calls there are.  Only what is registered here can be called from outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kaishu.api.ckan.arguments import Asked

Function = Callable[[Asked], Any]


@dataclass(frozen=True, slots=True)
class Action:
    """One call; those that write take no GET."""

    name: str
    function: Function
    writes: bool


ACTIONS: dict[str, Action] = {}


def action(name: str, *, writes: bool = False) -> Callable[[Function], Function]:
    """Make a function callable as ``/api/3/action/<name>``."""

    def register(function: Function) -> Function:
        assert name not in ACTIONS
        ACTIONS[name] = Action(name, function, writes)
        return function

    return register
