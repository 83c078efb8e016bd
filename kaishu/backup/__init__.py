"""A copy of everything that cannot be made again, the same for SQLite and PostgreSQL, and the way back."""

from kaishu.backup.making import Made, make_backup, note_backup
from kaishu.backup.manifest import Manifest, read_manifest
from kaishu.backup.restoring import Restored, restore_backup

__all__ = [
    "Made",
    "Manifest",
    "Restored",
    "make_backup",
    "note_backup",
    "read_manifest",
    "restore_backup",
]
