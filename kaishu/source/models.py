"""What was received: one row for each delivery, whoever sent it and however often."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from kaishu.db import Model, Text, UTCTime
from kaishu.source.originals import original_path


class Delivery(Model):
    """A file as it arrived; ``size`` in bytes, ``person_id`` the id of the actor who sent it.

    The bytes stand once in the home folder under their SHA-256, however many deliveries brought them.
    """

    __tablename__ = "source_delivery"

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    name: Mapped[str] = mapped_column(Text(255))
    sha256: Mapped[str] = mapped_column(Text(64), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    received_at: Mapped[datetime] = mapped_column(UTCTime)
    person_id: Mapped[str] = mapped_column(Text(40))

    @property
    def path(self) -> Path:
        """Where the received bytes are, unchanged."""
        return original_path(self.sha256)
