"""The way to the database; it has no tables of its own."""

from kaishu.db.columns import JSON, CanonicalJSON, Stamp, Text, UTCTime, canonical
from kaishu.db.model import Model
from kaishu.db.session import database_url, engine, forget_engines, session_scope

__all__ = [
    "JSON",
    "CanonicalJSON",
    "Model",
    "Stamp",
    "Text",
    "UTCTime",
    "canonical",
    "database_url",
    "engine",
    "forget_engines",
    "session_scope",
]
