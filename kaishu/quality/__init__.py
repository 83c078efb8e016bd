"""What is in a table: profiles of fields, tables and datasets; rules, and which rows break them."""

from typing import TYPE_CHECKING

from kaishu.base.doors import front_door

if TYPE_CHECKING:
    from kaishu.quality.brought import BroughtRule, bring_rules, brought_rules, rules_of_elements
    from kaishu.quality.checking import RowSource, check_data
    from kaishu.quality.checks import CHECKS, DIMENSION_WORDS, DIMENSIONS, Given, Wrong, register
    from kaishu.quality.cleansing import (
        CHANGE_WORDS,
        MATRIX,
        STRATEGIES,
        TREATMENTS,
        Cleansed,
        Cleansing,
        StepList,
        about_changes,
        bind_steps,
        parse_steps,
        propose,
        register_treatment,
        steps_text,
        undo,
        write_cleansing_report,
    )
    from kaishu.quality.engines import check_on_spark, spark_session
    from kaishu.quality.exploration.drawing import field_drawing, missing_drawing
    from kaishu.quality.exploration.exploring import (
        compute_exploration,
        explore_data,
        explore_path,
        keep_exploration,
    )
    from kaishu.quality.exploration.references import Related
    from kaishu.quality.exploration.report import write_exploration_report
    from kaishu.quality.exploration.sheets import (
        exploration_sheets,
        write_exploration_csv,
        write_exploration_workbook,
    )
    from kaishu.quality.expressions import columns_of
    from kaishu.quality.failures import (
        failing_file,
        failing_page,
        failing_rows,
        masked,
        may_read_rows,
        tidy_failing_rows,
    )
    from kaishu.quality.leaving import checks_about, leave_check
    from kaishu.quality.marked import Marked, mark, read_marked
    from kaishu.quality.ordering import (
        DAYS,
        accept_order,
        claim_mended,
        conclude_recheck,
        exempt_order,
        insist_on_order,
        open_orders,
        open_orders_by_level,
        refuse_order,
        remind_and_escalate,
    )
    from kaishu.quality.plan import Plan, make_plan
    from kaishu.quality.profiling import (
        compute_profile,
        keep_profile,
        profile_data,
        profile_path,
        profile_tables,
        profile_version,
    )
    from kaishu.quality.queries import (
        book_in_force,
        books_in_force,
        books_waiting,
        checks_of,
        courses,
        exempt_rules,
        findings_of_run,
        last_check,
        last_checks,
        open_book,
        order_by_id,
        orders,
        profile_of,
        rulebooks_of,
        run_by_id,
        unchecked_tables,
    )
    from kaishu.quality.reporting import write_report
    from kaishu.quality.results import RuleResult, TableResult
    from kaishu.quality.rulebooks import (
        approve_rules,
        keep_rules,
        read_rules,
        return_rules,
        submit_rules,
        take_rules_back,
    )
    from kaishu.quality.ruleforms import add_rule, add_rules, kinds_of_rules
    from kaishu.quality.rules import LEVELS, Limits, Rule, RuleSet, bind, parse_rules
    from kaishu.quality.scoring import scores
    from kaishu.quality.table_checks import Computed, Prepared, compute_check, keep_check, prepare_check

# Checks of a file need no database, profiles of versions do.
__getattr__ = front_door(
    __name__,
    {
        "cleansing": "CHANGE_WORDS MATRIX STRATEGIES TREATMENTS Cleansed Cleansing StepList about_changes "
        "bind_steps parse_steps propose register_treatment steps_text undo write_cleansing_report",
        "exploration.sheets": "exploration_sheets write_exploration_csv write_exploration_workbook",
        "exploration.report": "write_exploration_report",
        "exploration.references": "Related",
        "exploration.drawing": "field_drawing missing_drawing",
        "exploration.exploring": "compute_exploration explore_data explore_path keep_exploration",
        "brought": "BroughtRule bring_rules brought_rules rules_of_elements",
        "checking": "RowSource check_data",
        "expressions": "columns_of",
        "checks": "CHECKS DIMENSION_WORDS DIMENSIONS Given Wrong register",
        "failures": "failing_file failing_page failing_rows masked may_read_rows tidy_failing_rows",
        "ordering": "DAYS accept_order claim_mended conclude_recheck exempt_order insist_on_order "
        "open_orders open_orders_by_level refuse_order remind_and_escalate",
        "marked": "Marked mark read_marked",
        "leaving": "leave_check checks_about",
        "ruleforms": "kinds_of_rules add_rule add_rules",
        "engines": "check_on_spark spark_session",
        "plan": "Plan make_plan",
        "profiling": "compute_profile keep_profile profile_data profile_path profile_tables profile_version",
        "queries": "book_in_force books_in_force books_waiting checks_of courses exempt_rules "
        "findings_of_run last_check last_checks open_book order_by_id orders profile_of "
        "rulebooks_of run_by_id unchecked_tables",
        "reporting": "write_report",
        "results": "RuleResult TableResult",
        "rulebooks": "approve_rules keep_rules read_rules return_rules submit_rules take_rules_back",
        "rules": "LEVELS Limits Rule RuleSet bind parse_rules",
        "scoring": "scores",
        "table_checks": "Computed Prepared compute_check keep_check prepare_check",
    },
)

__all__ = [
    "CHANGE_WORDS",
    "CHECKS",
    "DAYS",
    "DIMENSIONS",
    "DIMENSION_WORDS",
    "LEVELS",
    "MATRIX",
    "STRATEGIES",
    "TREATMENTS",
    "BroughtRule",
    "Cleansed",
    "Cleansing",
    "Computed",
    "Given",
    "Limits",
    "Marked",
    "Plan",
    "Prepared",
    "Related",
    "RowSource",
    "Rule",
    "RuleResult",
    "RuleSet",
    "StepList",
    "TableResult",
    "Wrong",
    "about_changes",
    "accept_order",
    "add_rule",
    "add_rules",
    "approve_rules",
    "bind",
    "bind_steps",
    "book_in_force",
    "books_in_force",
    "books_waiting",
    "bring_rules",
    "brought_rules",
    "check_data",
    "check_on_spark",
    "checks_about",
    "checks_of",
    "claim_mended",
    "columns_of",
    "compute_check",
    "compute_exploration",
    "compute_profile",
    "conclude_recheck",
    "courses",
    "exempt_order",
    "exempt_rules",
    "exploration_sheets",
    "explore_data",
    "explore_path",
    "failing_file",
    "failing_page",
    "failing_rows",
    "field_drawing",
    "findings_of_run",
    "insist_on_order",
    "keep_check",
    "keep_exploration",
    "keep_profile",
    "keep_rules",
    "kinds_of_rules",
    "last_check",
    "last_checks",
    "leave_check",
    "make_plan",
    "mark",
    "masked",
    "may_read_rows",
    "missing_drawing",
    "open_book",
    "open_orders",
    "open_orders_by_level",
    "order_by_id",
    "orders",
    "parse_rules",
    "parse_steps",
    "prepare_check",
    "profile_data",
    "profile_of",
    "profile_path",
    "profile_tables",
    "profile_version",
    "propose",
    "read_marked",
    "read_rules",
    "refuse_order",
    "register",
    "register_treatment",
    "remind_and_escalate",
    "return_rules",
    "rulebooks_of",
    "rules_of_elements",
    "run_by_id",
    "scores",
    "spark_session",
    "steps_text",
    "submit_rules",
    "take_rules_back",
    "tidy_failing_rows",
    "unchecked_tables",
    "undo",
    "write_cleansing_report",
    "write_exploration_csv",
    "write_exploration_report",
    "write_exploration_workbook",
    "write_report",
]
