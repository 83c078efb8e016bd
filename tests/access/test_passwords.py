"""How passwords are kept, with the work that the product asks for."""

from __future__ import annotations

from argon2 import extract_parameters
from argon2.low_level import Type

from tests.conftest import REAL_HASHER


def test_a_hash_costs_what_the_standard_recommends() -> None:
    """RFC 9106, section 4, second choice: 64 MiB of memory, three passes, four lanes."""
    hasher = REAL_HASHER()
    stored = hasher.hash("正确的密码 2026")
    cost = extract_parameters(stored)
    assert cost.type is Type.ID and cost.memory_cost >= 64 * 1024
    assert cost.time_cost >= 3 and cost.parallelism >= 4 and cost.salt_len >= 16
    assert hasher.verify(stored, "正确的密码 2026")
