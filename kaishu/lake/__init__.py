"""Tables as received and as kept: reading files, storing versions, opening them again."""

from typing import TYPE_CHECKING

from kaishu.base.doors import front_door

if TYPE_CHECKING:
    from kaishu.lake.deriving import beside, record_derived, stage_derived
    from kaishu.lake.differing import Difference, difference
    from kaishu.lake.direct import reading_file
    from kaishu.lake.disposing import (
        confirm_disposal,
        decline_disposal,
        disposals_of,
        open_disposals,
        propose_disposal,
        tables_with_rule,
    )
    from kaishu.lake.engine import make_view, named, open_files, out_of_memory, quoted, spilling_views
    from kaishu.lake.ingesting import ingest, record_staged
    from kaishu.lake.layers import Layer
    from kaishu.lake.lightness import leave_pandas_out
    from kaishu.lake.opening import VersionData, open_version, set_aside_path
    from kaishu.lake.passage import passing
    from kaishu.lake.queries import last_numbers, newest_version, table_by_id, version_by_id, versions_of
    from kaishu.lake.reading import Column, Note, Plan, Reading, ReadOptions, arrow_type, make_plan, text_rows
    from kaishu.lake.retention import (
        Proposal,
        Retention,
        clear_dropped,
        drop_versions,
        propose,
        set_retention,
    )
    from kaishu.lake.staged import Staged
    from kaishu.lake.staging import stage
    from kaishu.lake.sweeping import sweep
    from kaishu.lake.table_data import TableData
    from kaishu.lake.tables import add_table
    from kaishu.lake.update import Update

# A file can be looked at without the database, whose library takes longer to load than the file.
__getattr__ = front_door(
    __name__,
    {
        "deriving": "beside record_derived stage_derived",
        "differing": "Difference difference",
        "direct": "reading_file",
        "disposing": "confirm_disposal decline_disposal disposals_of open_disposals propose_disposal "
        "tables_with_rule",
        "engine": "make_view named open_files out_of_memory quoted spilling_views",
        "ingesting": "ingest record_staged",
        "lightness": "leave_pandas_out",
        "layers": "Layer",
        "opening": "VersionData open_version set_aside_path",
        "passage": "passing",
        "queries": "last_numbers newest_version table_by_id version_by_id versions_of",
        "reading": "Column Note Plan Reading ReadOptions arrow_type make_plan text_rows",
        "retention": "Proposal Retention clear_dropped drop_versions propose set_retention",
        "staged": "Staged",
        "staging": "stage",
        "sweeping": "sweep",
        "table_data": "TableData",
        "tables": "add_table",
        "update": "Update",
    },
)

__all__ = [
    "Column",
    "Difference",
    "Layer",
    "Note",
    "Plan",
    "Proposal",
    "ReadOptions",
    "Reading",
    "Retention",
    "Staged",
    "TableData",
    "Update",
    "VersionData",
    "add_table",
    "arrow_type",
    "beside",
    "clear_dropped",
    "confirm_disposal",
    "decline_disposal",
    "difference",
    "disposals_of",
    "drop_versions",
    "ingest",
    "last_numbers",
    "leave_pandas_out",
    "make_plan",
    "make_view",
    "named",
    "newest_version",
    "open_disposals",
    "open_files",
    "open_version",
    "out_of_memory",
    "passing",
    "propose",
    "propose_disposal",
    "quoted",
    "reading_file",
    "record_derived",
    "record_staged",
    "set_aside_path",
    "set_retention",
    "spilling_views",
    "stage",
    "stage_derived",
    "sweep",
    "table_by_id",
    "tables_with_rule",
    "text_rows",
    "version_by_id",
    "versions_of",
]
