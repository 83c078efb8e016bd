"""Applications made here answer errors by themselves, whatever was mounted elsewhere in this process."""

from __future__ import annotations

import pytest

from kaishu.http import problems


@pytest.fixture(autouse=True)
def no_renderers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has said yet how errors of some paths look."""
    monkeypatch.setattr(problems, "_renderers", {})
