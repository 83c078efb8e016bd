"""Rows into entities: links are followed from the surest down, and never across what keeps rows apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]


class Clusters:
    """Disjoint sets of the rows 0 … n-1, with what may not come together.

    ``keys``: for each key an array of n numbers, the same for rows with the same value, -1 for rows without;
    ``registers``: for each row a bit mask, one bit for each register in which nobody is twice.
    """

    def __init__(self, keys: Sequence[Numbers], registers: Numbers) -> None:
        self.parent: list[int] = list(range(len(registers)))
        self._keys = [key.tolist() for key in keys]
        self._masks: list[int] = registers.tolist()
        self._apart: dict[int, set[int]] = {}

    def root(self, row: int) -> int:
        """The row that stands for the cluster."""
        parent = self.parent
        while parent[row] != row:
            parent[row] = parent[parent[row]]
            row = parent[row]
        return row

    def keep_apart(self, left: int, right: int) -> bool:
        """Let these two rows never come together; False if they are together already."""
        one, other = self.root(left), self.root(right)
        if one == other:
            return False
        self._apart.setdefault(one, set()).add(other)
        self._apart.setdefault(other, set()).add(one)
        return True

    def hindered(self, left: int, right: int) -> str:
        """What keeps two clusters apart: ``decision``, ``key``, ``register``, or nothing."""
        one, other = self.root(left), self.root(right)
        if other in self._apart.get(one, ()):
            return "decision"
        for key in self._keys:
            if key[one] != key[other] and key[one] >= 0 and key[other] >= 0:
                return "key"
        return "register" if self._masks[one] & self._masks[other] else ""

    def join(self, left: int, right: int) -> None:
        """Make one cluster of two, whatever hinders."""
        one, other = sorted((self.root(left), self.root(right)))
        if one == other:
            return
        self.parent[other] = one
        self._masks[one] |= self._masks[other]
        for key in self._keys:
            if key[one] < 0:
                key[one] = key[other]
        for far in self._apart.pop(other, ()):
            self._apart[far].discard(other)
            self._apart[far].add(one)
            self._apart.setdefault(one, set()).add(far)

    def join_same_key(self, place: int, first: Sequence[int]) -> list[tuple[int, int]]:
        """Join rows with the same value of a key to the first that has it, unless a decision or a key
        before it keeps them apart.  Returns the links made.
        """
        made = []
        for row, head in enumerate(first):
            if head < 0 or head == row or self.root(row) == self.root(head):
                continue
            if not self._differ_before(place, row, head):
                self.join(row, head)
                made.append((head, row))
        return made

    def _differ_before(self, place: int, left: int, right: int) -> bool:
        one, other = self.root(left), self.root(right)
        if other in self._apart.get(one, ()):
            return True
        return any(key[one] != key[other] and min(key[one], key[other]) >= 0 for key in self._keys[:place])

    def join_surest(self, pairs: Iterable[tuple[int, int]]) -> tuple[list[int], list[int]]:
        """Follow pairs in their order.  Returns the places of those that joined, and of those hindered."""
        joined, hindered = [], []
        for place, (left, right) in enumerate(pairs):
            if self.root(left) == self.root(right):
                continue
            if self.hindered(left, right):
                hindered.append(place)
            else:
                self.join(left, right)
                joined.append(place)
        return joined, hindered

    def complete(self, all_registers: int) -> list[bool]:
        """For each row, whether its cluster has a row of every register."""
        masks, root = self._masks, self.root
        return [masks[root(row)] == all_registers for row in range(len(self.parent))]

    def roots(self) -> list[int]:
        """For each row the row that stands for its cluster."""
        root = self.root
        return [root(row) for row in range(len(self.parent))]
