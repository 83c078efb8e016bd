"""The standard layer: many registers become one golden record for each person, enterprise, place, licence."""

from typing import TYPE_CHECKING

from kaishu.base.doors import front_door

if TYPE_CHECKING:
    from kaishu.standardisation.agreeing import (
        KIND,
        Stand,
        answer_mapping,
        put_in_force,
        standing_of,
        submit_mapping,
        take_mapping_back,
    )
    from kaishu.standardisation.concerned import givers
    from kaishu.standardisation.differences import Difference, differing_rows
    from kaishu.standardisation.entity import TEMPLATES, Entity
    from kaishu.standardisation.explaining import Explanation, explain
    from kaishu.standardisation.fusing import Fused, companions, fuse
    from kaishu.standardisation.mapping import Mapping, Survivorship
    from kaishu.standardisation.ordering import (
        ORIGIN,
        entity_of_order,
        leave_recheck,
        order_differences,
        recheck_under_way,
        rule_of,
        runs_that_orders_need,
    )
    from kaishu.standardisation.parsing import parse_mapping, shipped
    from kaishu.standardisation.probable import splink_is_there
    from kaishu.standardisation.queries import (
        count_waiting,
        decisions_of,
        fields_made_of,
        last_run,
        mapping_of,
        mappings_of,
        objections_of,
        read_mapping,
        run_of_version,
        runs_of,
        standard_by_name,
        standards,
        waiting_pairs,
    )
    from kaishu.standardisation.registering import (
        Find,
        Register,
        add_standard,
        check_mapping,
        keep_mapping,
        set_renewing,
    )
    from kaishu.standardisation.reviewing import (
        PairSides,
        change_decision,
        decide_pair,
        put_pair_off,
        sides_of,
    )
    from kaishu.standardisation.running import (
        ComputedRun,
        PreparedRun,
        compute_run,
        differences_in,
        drop_files,
        due_standards,
        keep_run,
        last_task,
        leave_run,
        prepare_run,
        run_file,
        runs_under_way,
        tidy_runs,
    )
    from kaishu.standardisation.sight import explain_entity, read_differences, sources_seen
    from kaishu.standardisation.starting import start_mapping

# A fusion of files needs no database, an entity of the platform does.
__getattr__ = front_door(
    __name__,
    {
        "agreeing": "KIND Stand answer_mapping put_in_force standing_of submit_mapping take_mapping_back",
        "concerned": "givers",
        "differences": "Difference differing_rows",
        "entity": "TEMPLATES Entity",
        "explaining": "Explanation explain",
        "fusing": "Fused companions fuse",
        "mapping": "Mapping Survivorship",
        "ordering": "ORIGIN entity_of_order leave_recheck order_differences recheck_under_way rule_of "
        "runs_that_orders_need",
        "parsing": "parse_mapping shipped",
        "probable": "splink_is_there",
        "queries": "count_waiting decisions_of fields_made_of last_run mapping_of mappings_of "
        "objections_of read_mapping run_of_version runs_of standard_by_name standards waiting_pairs",
        "registering": "Find Register add_standard check_mapping keep_mapping set_renewing",
        "reviewing": "PairSides change_decision decide_pair put_pair_off sides_of",
        "running": "ComputedRun PreparedRun compute_run differences_in drop_files due_standards keep_run "
        "last_task leave_run prepare_run run_file runs_under_way tidy_runs",
        "sight": "explain_entity read_differences sources_seen",
        "starting": "start_mapping",
    },
)

__all__ = [
    "KIND",
    "ORIGIN",
    "TEMPLATES",
    "ComputedRun",
    "Difference",
    "Entity",
    "Explanation",
    "Find",
    "Fused",
    "Mapping",
    "PairSides",
    "PreparedRun",
    "Register",
    "Stand",
    "Survivorship",
    "add_standard",
    "answer_mapping",
    "change_decision",
    "check_mapping",
    "companions",
    "compute_run",
    "count_waiting",
    "decide_pair",
    "decisions_of",
    "differences_in",
    "differing_rows",
    "drop_files",
    "due_standards",
    "entity_of_order",
    "explain",
    "explain_entity",
    "fields_made_of",
    "fuse",
    "givers",
    "keep_mapping",
    "keep_run",
    "last_run",
    "last_task",
    "leave_recheck",
    "leave_run",
    "mapping_of",
    "mappings_of",
    "objections_of",
    "order_differences",
    "parse_mapping",
    "prepare_run",
    "put_in_force",
    "put_pair_off",
    "read_differences",
    "read_mapping",
    "recheck_under_way",
    "rule_of",
    "run_file",
    "run_of_version",
    "runs_of",
    "runs_that_orders_need",
    "runs_under_way",
    "set_renewing",
    "shipped",
    "sides_of",
    "sources_seen",
    "splink_is_there",
    "standard_by_name",
    "standards",
    "standing_of",
    "start_mapping",
    "submit_mapping",
    "take_mapping_back",
    "tidy_runs",
    "waiting_pairs",
]
