"""``kaishu diff``, and ``kaishu ingest`` of batches that change a table."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

FIRST = "码,名,址\n1,甲,东\n2,乙,西\n3,丙,南\n"
SECOND = "码,名,址\n1,甲,东\n2,乙,北\n4,丁,南\n"


@pytest.fixture
def deliveries(tmp_path: Path) -> tuple[str, str]:
    """Two deliveries of one table."""
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_text(FIRST, encoding="utf-8")
    two.write_text(SECOND, encoding="utf-8")
    return str(one), str(two)


def test_files_are_compared_without_a_home(
    run: Any, deliveries: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KAISHU_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    found = run("--lang", "zh", "diff", *deliveries, "--key", "码", "--out", tmp_path / "d.parquet")
    assert found.code == 1, found.err
    assert "two.csv比one.csv：新增1行，删除1行，修改1行（其中 址 1 处），未变1行。" in found.out
    assert run("diff", deliveries[0], deliveries[0]).code == 0
    assert run("diff", *deliveries, "--key", "无").code == 2
    assert run("diff", *deliveries, "--key", "码", "--out", tmp_path / "d.parquet").code == 2
    told = run("diff", *deliveries, "--key", "码", "--json").json
    assert told["sample"]["changed"] == [{"key": {"码": 2}, "values": {"址": ["西", "北"]}}]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["d.parquet", "one.csv", "two.csv"]
    assert "KAISHU_HOME" not in os.environ


def test_a_batch_is_merged_and_its_versions_compared(run: Any, deliveries: tuple[str, str]) -> None:
    first = run("ingest", deliveries[0], "--dataset", "tt", "--new", "--title", "表")
    assert first.code == 0, first.err
    by_key = ("--mode", "merge", "--key", "码")
    told = run("ingest", deliveries[1], "--dataset", "tt", *by_key, "--full", "--json").json
    assert [told[name] for name in ("inserted", "updated", "deleted", "unchanged")] == [1, 1, 1, 1]
    found = run("diff", "tt@1", "tt@2", "--key", "码")
    assert (found.code, "1 rows added, 1 removed, 1 changed" in found.out) == (1, True)
    assert run("diff", "tt@1", "tt@7").code == 2
    refused = run("ingest", deliveries[1], "--dataset", "tt", "--mode", "merge")
    assert (refused.code, "key" in refused.err) == (1, True)
