"""Publishers of other catalogues as offices of ours."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from kaishu.access import SYSTEM, Call, add_office
from kaishu.access.models import Office
from kaishu.base import ids
from kaishu.harvest.models import Source


class Offices:
    """The office for each publisher of a source: the fixed one, or one of its own, made when first met.

    Its name begins with the source's, so that publishers of two sources never become one unseen.
    """

    def __init__(self, call: Call, source: Source) -> None:
        self.call, self.source = call, source
        self.known: dict[str, str] = {}

    def of(self, publisher: Mapping[str, Any]) -> str:
        """The office's id."""
        if self.source.office_id:
            return self.source.office_id
        name = self._name(publisher)
        if name not in self.known:
            found = self.call.session.scalars(select(Office).where(Office.name == name)).first()
            self.known[name] = (found or self._make(name, publisher)).id
        return self.known[name]

    def _name(self, publisher: Mapping[str, Any]) -> str:
        said = str(publisher.get("name") or "").lower()
        if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", said):
            said = str(publisher.get("title") or "")
            if not said:
                return self.source.name
            slug = ids.slug(said, 40)
            if slug == "dataset" or len(slug) >= 38:
                slug = f"{slug[:30].rstrip('-')}-{hashlib.sha256(said.encode()).hexdigest()[:8]}"
            said = slug
        return f"{self.source.name}-{said}"[:100]

    def _make(self, name: str, publisher: Mapping[str, Any]) -> Office:
        """By the system itself: whoever may apply a plan need not be one who manages offices."""
        call = Call(self.call.session, SYSTEM, self.call.now, self.call.request_id)
        title = str(publisher.get("title") or self.source.title)[:200]
        title_en = str(publisher.get("title_en") or ("" if publisher.get("title") else self.source.title_en))
        return add_office(call, name=name, title=title, title_en=title_en[:200])
