"""The demo city's accounts, shown on the sign-in page while they are here.

The demo city leaves them in ``home/demo-accounts.json``: a list of ``{account, password, role}``.
"""

from __future__ import annotations

import json

from sqlalchemy.orm import Session

from kaishu.access import people
from kaishu.base import settings

FILE = "demo-accounts.json"


def accounts(session: Session) -> list[tuple[str, str, str]]:
    """Account, password and role of every demo account that still exists and may sign in."""
    path = settings.home() / FILE
    if not path.is_file():
        return []
    active = {person.account: person for person in people(session) if person.active}
    return [
        (entry["account"], entry["password"], active[entry["account"]].role)
        for entry in json.loads(path.read_text(encoding="utf-8"))
        if entry.get("account") in active
    ]
