"""Evaluation: indicator systems as readable files, results that explain themselves and can be run again."""

from typing import TYPE_CHECKING

from kaishu.base.doors import front_door

if TYPE_CHECKING:
    from kaishu.evaluation import analysis, census, methods, robustness
    from kaishu.evaluation.auditing.auditing import VERDICT_BASES, Audit
    from kaishu.evaluation.auditing.opening import audit_figures
    from kaishu.evaluation.auditing.report import VERDICT_WORDS, audit_document
    from kaishu.evaluation.building.aggregating import Aggregated, aggregate
    from kaishu.evaluation.building.data import make_units, read_units, units_of_frame
    from kaishu.evaluation.building.evaluating import (
        again,
        build,
        evaluate,
        finish,
        frozen,
        units_for,
        with_weights,
    )
    from kaishu.evaluation.building.joining import completed, joined
    from kaishu.evaluation.building.normalising import Scored, normalise
    from kaishu.evaluation.building.notes import Notice, number
    from kaishu.evaluation.building.plan import Plan, compile_plan
    from kaishu.evaluation.building.preparing import Prepared, prepare
    from kaishu.evaluation.building.result import NodeResult, Result, UnitResult, Used
    from kaishu.evaluation.building.storing import from_dict, from_json
    from kaishu.evaluation.building.table import Remark, UnitTable
    from kaishu.evaluation.facts.keeping import (
        EVERY,
        collect_facts,
        collected_facts,
        counting,
        fact_collections,
        fact_course,
        keep_facts,
        leave_all_facts,
        leave_facts,
    )
    from kaishu.evaluation.facts.measuring import (
        fact_shares,
        facts_table,
        measure_facts,
        measure_scopes,
        rows_behind,
        units_of_facts,
    )
    from kaishu.evaluation.facts.model import SCOPES, Fact, FactGroup, FactRow, FactSheet, FactUnit, Measured
    from kaishu.evaluation.facts.registry import all_facts, fact_groups, facts_called
    from kaishu.evaluation.facts.rights import RIGHTS, Rights, rights_of
    from kaishu.evaluation.facts.showing import (
        KINDS,
        ShownRow,
        fact_shown,
        facts_shown,
        is_public,
        kept_collection,
        newest_collection,
        rows_shown,
        sheet_shown,
        take_rows,
    )
    from kaishu.evaluation.facts.timing import facts_due
    from kaishu.evaluation.judging.agreement import Agreement, agreement
    from kaishu.evaluation.judging.appealing import (
        MOST_EVIDENCE,
        add_evidence,
        answer_appeal,
        appeal,
        take_appeal_back,
    )
    from kaishu.evaluation.judging.places import (
        JudgedIndicator,
        judged_of,
        judging_place,
        passport_of,
        places_of,
    )
    from kaishu.evaluation.judging.reading import (
        Board,
        Scores,
        Waiting,
        agreements,
        board,
        evidence_at,
        evidence_by_id,
        history_of,
        round_by_id,
        rounds,
        seats_of,
        waiting_for,
    )
    from kaishu.evaluation.judging.recusal import Recusal, name_stand_in, recusals, stand_ins_for
    from kaishu.evaluation.judging.rounds import close_round, decide, disclose, judge, open_round
    from kaishu.evaluation.judging.seating import may_sit
    from kaishu.evaluation.judging.tabling import judgements_for, judgements_table, rounds_for
    from kaishu.evaluation.records.comparing import (
        Changes,
        Difference,
        Moved,
        compare_results,
        compare_systems,
    )
    from kaishu.evaluation.records.editions import (
        add_system,
        draft_edition,
        publish_edition,
        revise_edition,
        withdraw_edition,
    )
    from kaishu.evaluation.records.form_fields import FormField, form_fields, with_form
    from kaishu.evaluation.records.gathering import (
        MOST_FILE,
        DataChoice,
        Loaded,
        at_once,
        choose_system,
        gathered,
        load_evaluation,
    )
    from kaishu.evaluation.records.queries import edition_by_id, editions_of, evaluation_by_id, evaluations
    from kaishu.evaluation.records.retrying import evaluation_task, retry_evaluation
    from kaishu.evaluation.records.rewriting import with_values
    from kaishu.evaluation.records.running import (
        Again,
        compute,
        evaluate_round,
        evaluation_again,
        keep_evaluation,
        leave_evaluation,
        load_waiting,
        publish_evaluation,
        withdraw_evaluation,
    )
    from kaishu.evaluation.records.storing import result_of
    from kaishu.evaluation.records.trying import relative_weights, shares_now, what_if
    from kaishu.evaluation.records.wording import choice_said, normalisation_said, policies_said
    from kaishu.evaluation.report_asking import ReportAsked, report_asked
    from kaishu.evaluation.reports.document import evaluation_document
    from kaishu.evaluation.reports.errors import BadTemplate, NoAddressee
    from kaishu.evaluation.reports.keeping import (
        add_template,
        remove_template,
        report_template,
        report_templates,
        revise_template,
    )
    from kaishu.evaluation.reports.template import Template, read_template, template_text
    from kaishu.evaluation.reports.words import UNIT_WORDS, WHOLE_WORDS
    from kaishu.evaluation.sending import (
        Addressee,
        Parcel,
        ReportOrder,
        addressees,
        make_parcel,
        post_parcel,
        record_parcel,
        send_reports,
        sendings,
    )
    from kaishu.evaluation.system.authorship import ours_said
    from kaishu.evaluation.system.built_in import built_in, shipped_file
    from kaishu.evaluation.system.choosing import Chosen, built_in_system, system_chosen
    from kaishu.evaluation.system.fingerprint import canonical, fingerprint
    from kaishu.evaluation.system.model import Node, Passport, column_of, facts_of
    from kaishu.evaluation.system.reading import read_system
    from kaishu.evaluation.system.schema import schema_text
    from kaishu.evaluation.systems.comparing import compare
    from kaishu.evaluation.systems.rows import AGREEMENTS, Compared, Comparison

# Each room is opened when it is first needed: numbers can be computed without the database or the web.
__getattr__ = front_door(
    __name__,
    {
        "auditing.auditing": "VERDICT_BASES Audit",
        "auditing.opening": "audit_figures",
        "auditing.report": "VERDICT_WORDS audit_document",
        "building.aggregating": "Aggregated aggregate",
        "building.data": "make_units read_units units_of_frame",
        "building.evaluating": "again build evaluate finish frozen units_for with_weights",
        "building.joining": "completed joined",
        "building.normalising": "Scored normalise",
        "building.notes": "Notice number",
        "building.plan": "Plan compile_plan",
        "building.preparing": "Prepared prepare",
        "building.result": "NodeResult Result UnitResult Used",
        "building.storing": "from_dict from_json",
        "building.table": "Remark UnitTable",
        "facts.keeping": "EVERY collect_facts collected_facts counting fact_collections fact_course "
        "keep_facts leave_all_facts leave_facts",
        "facts.measuring": "fact_shares facts_table measure_facts measure_scopes rows_behind units_of_facts",
        "facts.model": "SCOPES Fact FactGroup FactRow FactSheet FactUnit Measured",
        "facts.registry": "all_facts fact_groups facts_called",
        "facts.rights": "RIGHTS Rights rights_of",
        "facts.showing": "KINDS ShownRow fact_shown facts_shown is_public kept_collection newest_collection "
        "rows_shown sheet_shown take_rows",
        "facts.timing": "facts_due",
        "judging.agreement": "Agreement agreement",
        "judging.appealing": "MOST_EVIDENCE add_evidence answer_appeal appeal take_appeal_back",
        "judging.places": "JudgedIndicator judged_of judging_place passport_of places_of",
        "judging.reading": "Board Scores Waiting agreements board evidence_at evidence_by_id "
        "history_of round_by_id rounds seats_of waiting_for",
        "judging.recusal": "Recusal name_stand_in recusals stand_ins_for",
        "judging.seating": "may_sit",
        "judging.rounds": "close_round decide disclose judge open_round",
        "judging.tabling": "judgements_for judgements_table rounds_for",
        "records.comparing": "Changes Difference Moved compare_results compare_systems",
        "records.editions": "add_system draft_edition publish_edition revise_edition withdraw_edition",
        "records.form_fields": "FormField form_fields with_form",
        "records.queries": "edition_by_id editions_of evaluation_by_id evaluations",
        "system.choosing": "Chosen built_in_system system_chosen",
        "records.retrying": "evaluation_task retry_evaluation",
        "records.rewriting": "with_values",
        "records.gathering": "MOST_FILE DataChoice Loaded at_once choose_system gathered load_evaluation",
        "records.running": "Again compute evaluate_round evaluation_again keep_evaluation leave_evaluation "
        "load_waiting publish_evaluation withdraw_evaluation",
        "records.storing": "result_of",
        "records.wording": "choice_said normalisation_said policies_said",
        "records.trying": "relative_weights shares_now what_if",
        "report_asking": "ReportAsked report_asked",
        "reports.document": "evaluation_document",
        "reports.keeping": "add_template remove_template report_template report_templates revise_template",
        "reports.words": "UNIT_WORDS WHOLE_WORDS",
        "sending": "Addressee Parcel ReportOrder addressees make_parcel post_parcel record_parcel "
        "send_reports sendings",
        "reports.errors": "BadTemplate NoAddressee",
        "reports.template": "Template read_template template_text",
        "system.authorship": "ours_said",
        "system.built_in": "built_in shipped_file",
        "system.fingerprint": "canonical fingerprint",
        "system.model": "Node Passport column_of facts_of",
        "system.reading": "read_system",
        "system.schema": "schema_text",
        "systems.comparing": "compare",
        "systems.rows": "AGREEMENTS Compared Comparison",
    },
)

__all__ = [
    "AGREEMENTS", "EVERY", "KINDS", "MOST_EVIDENCE", "MOST_FILE", "RIGHTS", "SCOPES", "UNIT_WORDS",
    "VERDICT_BASES", "VERDICT_WORDS", "WHOLE_WORDS", "Addressee", "Again", "Aggregated", "Agreement",
    "Audit", "BadTemplate", "Board", "Changes", "Chosen", "Compared", "Comparison", "DataChoice",
    "Difference", "Fact", "FactGroup", "FactRow", "FactSheet", "FactUnit", "FormField", "JudgedIndicator",
    "Loaded", "Measured", "Moved", "NoAddressee", "Node", "NodeResult", "Notice", "Parcel", "Passport",
    "Plan", "Prepared", "Recusal", "Remark", "ReportAsked", "ReportOrder", "Result", "Rights", "Scored",
    "Scores", "ShownRow", "Template", "UnitResult", "UnitTable", "Used", "Waiting", "add_evidence",
    "add_system", "add_template", "addressees", "again", "aggregate", "agreement", "agreements",
    "all_facts", "analysis", "answer_appeal", "appeal", "at_once", "audit_document", "audit_figures",
    "board", "build", "built_in", "built_in_system", "canonical", "census", "choice_said", "choose_system",
    "close_round", "collect_facts", "collected_facts", "column_of", "compare", "compare_results",
    "compare_systems", "compile_plan", "completed", "compute", "counting", "decide", "disclose",
    "draft_edition", "edition_by_id", "editions_of", "evaluate", "evaluate_round", "evaluation_again",
    "evaluation_by_id", "evaluation_document", "evaluation_task", "evaluations", "evidence_at",
    "evidence_by_id", "fact_collections", "fact_course", "fact_groups", "fact_shares", "fact_shown",
    "facts_called", "facts_due", "facts_of", "facts_shown", "facts_table", "fingerprint", "finish",
    "form_fields", "from_dict", "from_json", "frozen", "gathered", "history_of", "is_public", "joined",
    "judge", "judged_of", "judgements_for", "judgements_table", "judging_place", "keep_evaluation",
    "keep_facts", "kept_collection", "leave_all_facts", "leave_evaluation", "leave_facts",
    "load_evaluation", "load_waiting", "make_parcel", "make_units", "may_sit", "measure_facts",
    "measure_scopes", "methods", "name_stand_in", "newest_collection", "normalisation_said", "normalise",
    "number", "open_round", "ours_said", "passport_of", "places_of", "policies_said", "post_parcel",
    "prepare", "publish_edition", "publish_evaluation", "read_system", "read_template", "read_units",
    "record_parcel", "recusals", "relative_weights", "remove_template", "report_asked", "report_template",
    "report_templates", "result_of", "retry_evaluation", "revise_edition", "revise_template", "rights_of",
    "robustness", "round_by_id", "rounds", "rounds_for", "rows_behind", "rows_shown", "schema_text",
    "seats_of", "send_reports", "sendings", "shares_now", "sheet_shown", "shipped_file", "stand_ins_for",
    "system_chosen", "take_appeal_back", "take_rows", "template_text", "units_for", "units_of_facts",
    "units_of_frame", "waiting_for", "what_if", "with_form", "with_values", "with_weights",
    "withdraw_edition", "withdraw_evaluation",
]  # fmt: skip
