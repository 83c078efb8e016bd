"""Small memories: short, emptied by every write, asked again by one caller at a time."""

from __future__ import annotations

import pytest

from kaishu.http import Remembered, forget, freshness


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(freshness, "time", made)
    return made


def test_an_answer_is_kept_for_its_time(clock: Clock) -> None:
    memory: Remembered[str] = Remembered(seconds=1)
    assert memory.get("a") is None
    memory.keep("a", "x", memory.epoch)
    clock.now += 0.9
    assert memory.get("a") == "x"
    clock.now += 5
    assert memory.get("a") is None and memory.get("a") is None


def test_one_caller_asks_again_while_the_others_go_on(clock: Clock) -> None:
    memory: Remembered[str] = Remembered(seconds=1)
    memory.keep("a", "old", memory.epoch)
    clock.now += 1.1
    assert [memory.get("a") for _ in range(3)] == [None, "old", "old"]
    memory.keep("a", "new", memory.epoch)
    assert memory.get("a") == "new"
    clock.now += 1.1
    assert memory.get("a") is None
    memory.drop("a")
    assert memory.get("a") is None


def test_every_write_empties_every_memory(clock: Clock) -> None:
    one: Remembered[str] = Remembered(seconds=100)
    two: Remembered[str] = Remembered(seconds=100)
    one.keep("a", "x", one.epoch)
    two.keep("a", "x", two.epoch)
    forget()
    assert one.get("a") is None and two.get("a") is None


def test_what_was_read_before_a_write_is_not_kept_after_it(clock: Clock) -> None:
    memory: Remembered[str] = Remembered(seconds=100)
    before = memory.epoch
    forget()
    assert memory.keep("a", "stale", before) == "stale"
    assert memory.get("a") is None


def test_a_memory_has_a_size(clock: Clock) -> None:
    memory: Remembered[int] = Remembered(seconds=100, size=10)
    for number in range(100):
        memory.keep(number, number, memory.epoch)
    assert sum(memory.get(number) is not None for number in range(100)) <= 10
