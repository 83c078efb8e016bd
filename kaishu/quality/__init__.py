"""What is in a table: the profile of every field, table and dataset."""

from kaishu.quality.profiling import (
    compute_profile,
    keep_profile,
    profile_data,
    profile_path,
    profile_tables,
    profile_version,
)
from kaishu.quality.queries import profile_of

__all__ = [
    "compute_profile",
    "keep_profile",
    "profile_data",
    "profile_of",
    "profile_path",
    "profile_tables",
    "profile_version",
]
