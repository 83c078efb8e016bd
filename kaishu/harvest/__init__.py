"""Other portals taken in: always a plan first, then applied; local edits are never overwritten."""

from kaishu.harvest.applying import apply, run
from kaishu.harvest.guard import Answer, Bounds, check_address, guarded_get, guarded_head
from kaishu.harvest.kinds import KINDS, Kind
from kaishu.harvest.leaving import leave
from kaishu.harvest.merging import decline, merge
from kaishu.harvest.planning import drop_plan, plan
from kaishu.harvest.queries import (
    conflicts,
    counts_by_source,
    due_sources,
    duplicate_count,
    duplicates,
    foreign_offices,
    harvested_ids,
    item_by_id,
    items_of,
    kept_fields,
    open_run,
    origin_of,
    providers,
    run_by_id,
    runs_of,
    source_by_name,
    sources,
)
from kaishu.harvest.registering import add_source, pause_source, remove_source, renew_file
from kaishu.harvest.settling import THEIRS, Difference, differences, settle
from kaishu.harvest.themes import Share, read_rules, set_themes, theme_share

__all__ = [
    "KINDS",
    "THEIRS",
    "Answer",
    "Bounds",
    "Difference",
    "Kind",
    "Share",
    "add_source",
    "apply",
    "check_address",
    "conflicts",
    "counts_by_source",
    "decline",
    "differences",
    "drop_plan",
    "due_sources",
    "duplicate_count",
    "duplicates",
    "foreign_offices",
    "guarded_get",
    "guarded_head",
    "harvested_ids",
    "item_by_id",
    "items_of",
    "kept_fields",
    "leave",
    "merge",
    "open_run",
    "origin_of",
    "pause_source",
    "plan",
    "providers",
    "read_rules",
    "remove_source",
    "renew_file",
    "run",
    "run_by_id",
    "runs_of",
    "set_themes",
    "settle",
    "source_by_name",
    "sources",
    "theme_share",
]
