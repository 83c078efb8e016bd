"""One Spark session for all tests; without PySpark or Java they are skipped, and say so."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    pytest.importorskip("pyspark", reason="PySpark is not installed; make test-spark installs and tests it")
    pytest.importorskip("pandas", reason="pandas is not installed; make test-spark installs and tests it")
    if shutil.which("java") is None:
        pytest.skip("there is no Java")
    from kaishu.quality.engines import spark_session

    with spark_session("local[2]") as session:
        yield session
