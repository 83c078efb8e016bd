"""The canonical form of a passport and its fingerprint: same rules, same print."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from kaishu.evaluation.system.model import Passport

#: Version of the grammar; it changes when a default does, so that no print stands for two meanings.
GRAMMAR = 1


def canonical(passport: Passport) -> dict[str, Any]:
    """As JSON, without what is left at its default; ``read_system`` takes it back."""
    return passport.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def fingerprint(passport: Passport) -> str:
    """SHA-256 over the canonical form, as ``sha256:…``."""
    text = json.dumps(
        [GRAMMAR, canonical(passport)], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()
