"""Finished downloads do not fill the disk."""

from __future__ import annotations

import os
import time
from pathlib import Path

from kaishu.delivery.keeping import prune, touch


def kept(folder: Path, name: str, size: int, asked: float) -> Path:
    path = folder / name
    path.write_bytes(b"x" * size)
    os.utime(path, (time.time() - asked, time.time() - asked))
    return path


def test_what_was_not_asked_for_the_longest_goes_first(tmp_path: Path) -> None:
    old, middle, new = (kept(tmp_path, n, 100, age) for n, age in (("a", 9000), ("b", 6000), ("c", 3000)))
    assert prune(tmp_path, 250) == 100
    assert [path.exists() for path in (old, middle, new)] == [False, True, True]


def test_a_file_asked_for_again_outlives_a_newer_one(tmp_path: Path) -> None:
    old, newer = kept(tmp_path, "a", 100, 9000), kept(tmp_path, "b", 100, 3000)
    made = old.stat().st_mtime_ns
    touch(old)
    prune(tmp_path, 100)
    assert old.exists()
    assert old.stat().st_mtime_ns == made
    assert not newer.exists()


def test_what_was_just_handed_out_stays_even_over_the_limit(tmp_path: Path) -> None:
    path = kept(tmp_path, "a", 100, 0)
    assert prune(tmp_path, 10) == 0
    assert path.exists()


def test_within_the_limit_nothing_is_removed(tmp_path: Path) -> None:
    kept(tmp_path, "a", 100, 9000)
    assert prune(tmp_path, 100) == 0
