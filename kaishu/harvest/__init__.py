"""Other portals taken in: always a plan first, then applied; local edits are never overwritten."""
