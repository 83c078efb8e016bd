"""Who follows what."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kaishu.db import Model, UTCTime


class Follow(Model):
    """A person who wants to know when a dataset changes."""

    __tablename__ = "engagement_follow"

    person_id: Mapped[str] = mapped_column(ForeignKey("access_person.id"), primary_key=True)
    dataset_id: Mapped[str] = mapped_column(ForeignKey("catalogue_dataset.id"), primary_key=True, index=True)
    created_at: Mapped[datetime] = mapped_column(UTCTime)
