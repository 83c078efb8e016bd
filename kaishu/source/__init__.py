"""Where tables come from: files taken in unchanged, sources outside, and what is agreed about both."""

from typing import TYPE_CHECKING

from kaishu.base.doors import front_door

if TYPE_CHECKING:
    from kaishu.source.connectors import (
        KINDS,
        Fetched,
        FoundColumn,
        FoundTable,
        Kind,
        Option,
        Place,
        Wanted,
        opened,
    )
    from kaishu.source.contracting import (
        ContractDraft,
        add_arrival,
        arrival_by_key,
        due_contracts,
        fail_pull,
        kept_periods,
        make_contract,
        pause_contract,
        receive_arrival,
        settle_pull,
        source_to_pull,
    )
    from kaishu.source.leaving import leave_pull, leave_taking, pull_waits
    from kaishu.source.originals import Original, keep_original, original_path, sweep_originals
    from kaishu.source.probing import Drift, compare_columns, look_at
    from kaishu.source.queries import (
        arrivals_of,
        contract_by_name,
        contracts,
        delivery_by_id,
        drift_of,
        source_by_name,
        sources,
    )
    from kaishu.source.querying import VirtualRows, query_to_run, register_query, run_query
    from kaishu.source.receiving import keep_path, receive, receive_original, receive_path
    from kaishu.source.registering import (
        add_source,
        certify_source,
        keep_drift,
        keep_look,
        place_of,
        retire_source,
        revise_source,
    )
    from kaishu.source.timetable import PERIODS, Kept

# Errors of source are used where no database is; nothing else is loaded before it is asked for.
__getattr__ = front_door(
    __name__,
    {
        "connectors": "KINDS Fetched FoundColumn FoundTable Kind Option Place Wanted opened",
        "contracting": "ContractDraft add_arrival arrival_by_key due_contracts fail_pull "
        "kept_periods make_contract pause_contract receive_arrival settle_pull source_to_pull",
        "leaving": "leave_pull leave_taking pull_waits",
        "originals": "Original keep_original original_path sweep_originals",
        "probing": "Drift compare_columns look_at",
        "queries": "arrivals_of contract_by_name contracts delivery_by_id drift_of source_by_name sources",
        "querying": "VirtualRows query_to_run register_query run_query",
        "receiving": "keep_path receive receive_original receive_path",
        "registering": "add_source certify_source keep_drift keep_look place_of retire_source revise_source",
        "timetable": "PERIODS Kept",
    },
)

__all__ = [
    "KINDS",
    "PERIODS",
    "ContractDraft",
    "Drift",
    "Fetched",
    "FoundColumn",
    "FoundTable",
    "Kept",
    "Kind",
    "Option",
    "Original",
    "Place",
    "VirtualRows",
    "Wanted",
    "add_arrival",
    "add_source",
    "arrival_by_key",
    "arrivals_of",
    "certify_source",
    "compare_columns",
    "contract_by_name",
    "contracts",
    "delivery_by_id",
    "drift_of",
    "due_contracts",
    "fail_pull",
    "keep_drift",
    "keep_look",
    "keep_original",
    "keep_path",
    "kept_periods",
    "leave_pull",
    "leave_taking",
    "look_at",
    "make_contract",
    "opened",
    "original_path",
    "pause_contract",
    "place_of",
    "pull_waits",
    "query_to_run",
    "receive",
    "receive_arrival",
    "receive_original",
    "receive_path",
    "register_query",
    "retire_source",
    "revise_source",
    "run_query",
    "settle_pull",
    "source_by_name",
    "source_to_pull",
    "sources",
    "sweep_originals",
]
