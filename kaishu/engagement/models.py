"""Who follows what and rates it how; letters to offices."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from kaishu.db import JSON, Model, Text, UTCTime


class Follow(Model):
    """A person who wants to know when a dataset changes."""

    __tablename__ = "engagement_follow"

    person_id: Mapped[str] = mapped_column(ForeignKey("access_person.id"), primary_key=True)
    dataset_id: Mapped[str] = mapped_column(ForeignKey("catalogue_dataset.id"), primary_key=True, index=True)
    created_at: Mapped[datetime] = mapped_column(UTCTime)


class Rating(Model):
    """How a person rates a dataset: four aspects, from 1 to 5 each."""

    __tablename__ = "engagement_rating"

    person_id: Mapped[str] = mapped_column(ForeignKey("access_person.id"), primary_key=True)
    dataset_id: Mapped[str] = mapped_column(ForeignKey("catalogue_dataset.id"), primary_key=True, index=True)
    usable: Mapped[int] = mapped_column(Integer)
    timely: Mapped[int] = mapped_column(Integer)
    accurate: Mapped[int] = mapped_column(Integer)
    satisfied: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(UTCTime)
    changed_at: Mapped[datetime] = mapped_column(UTCTime)


class Letter(Model):
    """A letter to an office; ``about`` names what it is about, such as an evaluation."""

    __tablename__ = "engagement_letter"

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    office_id: Mapped[str] = mapped_column(ForeignKey("access_office.id"), index=True)
    subject: Mapped[str] = mapped_column(Text(500))
    body: Mapped[str] = mapped_column(Text(8000))
    about_kind: Mapped[str] = mapped_column(Text(40), default="")
    about_id: Mapped[str] = mapped_column(Text(40), default="")
    file_name: Mapped[str] = mapped_column(Text(300), default="")
    sender_id: Mapped[str] = mapped_column(Text(40))
    sender: Mapped[str] = mapped_column(Text(200))
    created_at: Mapped[datetime] = mapped_column(UTCTime)
    read_at: Mapped[datetime | None] = mapped_column(UTCTime)
    read_by: Mapped[str] = mapped_column(Text(200), default="")


class LetterEnclosure(Model):
    """The file that goes with a letter: packed, as base64."""

    __tablename__ = "engagement_letter_enclosure"

    letter_id: Mapped[str] = mapped_column(
        ForeignKey("engagement_letter.id", ondelete="CASCADE"), primary_key=True
    )
    media_type: Mapped[str] = mapped_column(Text(200))
    body: Mapped[str] = mapped_column(JSON)
