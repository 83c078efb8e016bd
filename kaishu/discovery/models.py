"""What a site has changed about the shipped synonyms."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean
from sqlalchemy.orm import Mapped, mapped_column

from kaishu.db import JSON, Model, Text, UTCTime


class Synonym(Model):
    """One group of words that mean the same, or the word that a shipped group is left out.

    ``key`` of a shipped group is its first term, that of a group of one's own an id.
    """

    __tablename__ = "discovery_synonym"

    key: Mapped[str] = mapped_column(Text(100), primary_key=True)
    terms: Mapped[list[str]] = mapped_column(JSON)
    removed: Mapped[bool] = mapped_column(Boolean, default=False)
    changed_at: Mapped[datetime] = mapped_column(UTCTime)
    changed_by: Mapped[str] = mapped_column(Text(200))
