"""Tables come into being empty; versions fill them."""

from __future__ import annotations

from kaishu.access import Call, Permission, note, office_by_name, require
from kaishu.base import ids
from kaishu.lake.models import Table


def add_table(call: Call, office_id: str, id: str | None = None) -> Table:
    """Add an empty table of that office.  Raises ``NotFound`` for an office that is not there.

    ``id`` is given where files were staged for the table before it was recorded.
    """
    require(call, Permission.lake_ingest, office=office_id)
    office = office_by_name(call.session, office_id)
    table = Table(id=id or ids.new_id(), office_id=office.id, created_at=call.now)
    call.session.add(table)
    call.session.flush()
    note(call, "lake.table.add", ("table", table.id), office=office.id)
    return table
