"""What is in a table: profiles of fields, tables and datasets; rules, and which rows break them."""

from typing import TYPE_CHECKING

from kaishu.base.doors import front_door

if TYPE_CHECKING:
    from kaishu.quality.checking import RowSource, check_data
    from kaishu.quality.checks import CHECKS, DIMENSION_WORDS, DIMENSIONS, register
    from kaishu.quality.plan import Plan, make_plan
    from kaishu.quality.profiling import (
        compute_profile,
        keep_profile,
        profile_data,
        profile_path,
        profile_tables,
        profile_version,
    )
    from kaishu.quality.queries import profile_of
    from kaishu.quality.reporting import write_report
    from kaishu.quality.results import RuleResult, TableResult
    from kaishu.quality.rules import LEVELS, Limits, Rule, RuleSet, bind, parse_rules

# Checks of a file need no database, profiles of versions do.
__getattr__ = front_door(
    __name__,
    {
        "checking": "RowSource check_data",
        "checks": "CHECKS DIMENSION_WORDS DIMENSIONS register",
        "plan": "Plan make_plan",
        "profiling": "compute_profile keep_profile profile_data profile_path profile_tables profile_version",
        "queries": "profile_of",
        "reporting": "write_report",
        "results": "RuleResult TableResult",
        "rules": "LEVELS Limits Rule RuleSet bind parse_rules",
    },
)

__all__ = [
    "CHECKS",
    "DIMENSIONS",
    "DIMENSION_WORDS",
    "LEVELS",
    "Limits",
    "Plan",
    "RowSource",
    "Rule",
    "RuleResult",
    "RuleSet",
    "TableResult",
    "bind",
    "check_data",
    "compute_profile",
    "keep_profile",
    "make_plan",
    "parse_rules",
    "profile_data",
    "profile_of",
    "profile_path",
    "profile_tables",
    "profile_version",
    "register",
    "write_report",
]
