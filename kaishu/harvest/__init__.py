"""Other portals taken in: always a plan first, then applied; local edits are never overwritten."""

from kaishu.harvest.guard import Answer, Bounds, check_address, guarded_get, guarded_head

__all__ = ["Answer", "Bounds", "check_address", "guarded_get", "guarded_head"]
