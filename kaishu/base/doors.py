"""Front doors of packages whose rooms are costly: a name is fetched when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def front_door(package: str, rooms: Mapping[str, str]) -> Callable[[str], Any]:
    """A ``__getattr__`` for the package: module to the names it offers, separated by blanks.

    The package also imports them for type checkers and for readers, where nothing runs.
    """
    homes = {name: module for module, names in rooms.items() for name in names.split()}

    def fetch(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{homes[name]}"), name)

    return fetch
