"""Offices, people, sessions, applications' tokens, failed sign-ins."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kaishu.db import Model, Text, UTCTime


class Office(Model):
    """A department; ``code`` is its 统一社会信用代码 or local code, ``name`` its address part."""

    __tablename__ = "access_office"

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    name: Mapped[str] = mapped_column(Text(100), unique=True)
    title: Mapped[str] = mapped_column(Text(200))
    title_en: Mapped[str] = mapped_column(Text(200), default="")
    code: Mapped[str] = mapped_column(Text(40), default="")
    description: Mapped[str] = mapped_column(Text(4000), default="")
    description_en: Mapped[str] = mapped_column(Text(4000), default="")
    contact: Mapped[str] = mapped_column(Text(200), default="")
    created_at: Mapped[datetime] = mapped_column(UTCTime)


class Person(Model):
    """Somebody who can sign in; ``account`` is what they type."""

    __tablename__ = "access_person"

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    account: Mapped[str] = mapped_column(Text(100), unique=True)
    name: Mapped[str] = mapped_column(Text(200))
    role: Mapped[str] = mapped_column(Text(20))
    office_id: Mapped[str | None] = mapped_column(ForeignKey("access_office.id"))
    password: Mapped[str] = mapped_column(Text(200))
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime] = mapped_column(UTCTime)

    office: Mapped[Office | None] = relationship(lazy="joined")


class SignedIn(Model):
    """One browser's sign-in; the cookie's value is stored as SHA-256 only."""

    __tablename__ = "access_signed_in"

    key: Mapped[str] = mapped_column(Text(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("access_person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCTime)
    ends_at: Mapped[datetime] = mapped_column(UTCTime)

    person: Mapped[Person] = relationship(lazy="joined")


class Token(Model):
    """A token of one application; shown once, stored as SHA-256."""

    __tablename__ = "access_token"

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("access_person.id"), index=True)
    application: Mapped[str] = mapped_column(Text(200))
    key: Mapped[str] = mapped_column(Text(64), unique=True)
    hint: Mapped[str] = mapped_column(Text(12))
    created_at: Mapped[datetime] = mapped_column(UTCTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UTCTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCTime)

    person: Mapped[Person] = relationship(lazy="joined")


class FailedSignIn(Model):
    """A wrong password, kept while it counts towards a pause."""

    __tablename__ = "access_failed_sign_in"
    __table_args__ = (Index("ix_access_failed_sign_in_who", "account", "address"),)

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    account: Mapped[str] = mapped_column(Text(100))
    address: Mapped[str] = mapped_column(Text(60))
    at: Mapped[datetime] = mapped_column(UTCTime)
