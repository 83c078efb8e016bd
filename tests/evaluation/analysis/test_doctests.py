"""The examples in the descriptions of the analyses are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

from kaishu.evaluation import analysis

MODULES = [each.name for each in pkgutil.iter_modules(analysis.__path__) if not each.ispkg]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_are_true(name: str) -> None:
    module = importlib.import_module(f"{analysis.__name__}.{name}")
    assert doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE).failed == 0
