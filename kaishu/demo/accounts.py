"""Who may sign in to the demo city.  The passwords are public: the city is for trying out."""

from __future__ import annotations

from dataclasses import dataclass

from kaishu.demo.plans import city


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account of the demo city."""

    account: str
    password: str
    role: str
    name: str
    name_en: str
    office: str | None = None


ACCOUNTS = [Account(**each) for each in city()["people"]]
