"""The examples in the descriptions of the methods are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from pathlib import Path
from types import FunctionType

import pytest

from kaishu.evaluation import methods

MODULES = [each.name for each in pkgutil.iter_modules(methods.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_are_true(name: str) -> None:
    module = importlib.import_module(f"{methods.__name__}.{name}")
    assert doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE).failed == 0


def test_the_page_of_methods_names_each_of_them() -> None:
    page = (Path(__file__).parents[3] / "docs" / "evaluation-methods.md").read_text(encoding="utf-8")
    functions = [name for name in methods.__all__ if isinstance(getattr(methods, name), FunctionType)]
    assert len(functions) > 50
    assert [name for name in functions if f"`{name}`" not in page] == []
