"""Kinds of case: YAML files in ``data/``, each a small state machine with permissions and a clock."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from kaishu.access import Permission


class StepRule(BaseModel):
    """Who may move a case from where to where."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    from_: frozenset[str] = Field(alias="from")
    to: str
    permission: Permission
    reason_needed: bool = False
    closes: bool = False


class VoiceRule(BaseModel):
    """Several offices are asked while a case is in ``state``; ``silence`` is what no answer counts as.

    ``asks`` is the permission of who asks them, ``permission`` that of who answers for an office.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    state: str
    asks: Permission
    permission: Permission
    working_days: int
    silence: Literal["agrees", "objects", "waits"]


class Kind(BaseModel):
    """One kind of case."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    zh: str
    en: str
    permission: Permission
    start: str
    working_days: int | None = None
    voices: VoiceRule | None = None
    steps: dict[str, StepRule]


@cache
def kind(name: str) -> Kind:
    """The kind of that name; FileNotFoundError if we ship none."""
    import yaml

    path = Path(__file__).parent / "data" / f"{name}.yaml"
    return Kind.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
