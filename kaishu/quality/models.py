"""Profiles that were made, one for each version of a table."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kaishu.db import JSON, Model, Text, UTCTime


class Profile(Model):
    """The profile of one version: ``{"table": {...}, "fields": [{...}, ...]}``."""

    __tablename__ = "quality_profile"

    version_id: Mapped[str] = mapped_column(ForeignKey("lake_version.id"), primary_key=True)
    profile: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(UTCTime)
    made_by: Mapped[str] = mapped_column(Text(200))
