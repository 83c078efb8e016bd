"""数据元 and 代码集: what a column means, said once, agreed by the offices, with the checks it brings."""

from typing import TYPE_CHECKING

from kaishu.base.doors import front_door

if TYPE_CHECKING:
    from kaishu.elements.assigning import assign, unassign
    from kaishu.elements.checks_of import rules_for, unique_ids
    from kaishu.elements.column_facts import ColumnFacts, facts_of_rows
    from kaishu.elements.definition import (
        CHECKS,
        LETTERS,
        Code,
        CodeSetText,
        Element,
        code_set_from,
        element_from,
    )
    from kaishu.elements.duplicates import Duplicate, duplicates
    from kaishu.elements.proposing import (
        KIND,
        propose_all,
        propose_code_set,
        propose_element,
        take_back,
        withdraw,
    )
    from kaishu.elements.queries import (
        CODE_SET,
        ELEMENT,
        NATIONAL,
        OPEN,
        REGIONAL,
        Known,
        KnownSet,
        assignments_of,
        code_set_by_code,
        code_set_names,
        code_sets,
        element_by_code,
        elements_with,
        entry_by_code,
        labels_in,
        library,
        use_counts,
        uses_of,
        version_by_id,
        version_of_case,
        versions_in,
        versions_of,
    )
    from kaishu.elements.representation import Representation, parse
    from kaishu.elements.reviewing import answer, concerned, pass_technical, release, send_back, standing
    from kaishu.elements.scoring import PROPOSED, Suggestion, suggest
    from kaishu.elements.sheets import (
        SheetProblem,
        code_template,
        read_codes,
        read_elements,
        refuse_wrong,
        sheet_template,
    )
    from kaishu.elements.shipped import shipped_code_set, shipped_code_sets, shipped_elements, shipped_labels

# Columns of a file are matched without the database, whose library takes longer to load than the file.
__getattr__ = front_door(
    __name__,
    {
        "assigning": "assign unassign",
        "checks_of": "rules_for unique_ids",
        "column_facts": "ColumnFacts facts_of_rows",
        "definition": "CHECKS LETTERS Code CodeSetText Element code_set_from element_from",
        "duplicates": "Duplicate duplicates",
        "proposing": "KIND propose_all propose_code_set propose_element take_back withdraw",
        "queries": "CODE_SET ELEMENT NATIONAL OPEN REGIONAL Known KnownSet assignments_of code_set_by_code "
        "code_set_names code_sets element_by_code elements_with entry_by_code labels_in library use_counts "
        "uses_of version_by_id version_of_case versions_in versions_of",
        "representation": "Representation parse",
        "reviewing": "answer concerned pass_technical release send_back standing",
        "scoring": "PROPOSED Suggestion suggest",
        "sheets": "SheetProblem code_template read_codes read_elements refuse_wrong sheet_template",
        "shipped": "shipped_code_set shipped_code_sets shipped_elements shipped_labels",
    },
)

__all__ = [
    "CHECKS",
    "CODE_SET",
    "ELEMENT",
    "KIND",
    "LETTERS",
    "NATIONAL",
    "OPEN",
    "PROPOSED",
    "REGIONAL",
    "Code",
    "CodeSetText",
    "ColumnFacts",
    "Duplicate",
    "Element",
    "Known",
    "KnownSet",
    "Representation",
    "SheetProblem",
    "Suggestion",
    "answer",
    "assign",
    "assignments_of",
    "code_set_by_code",
    "code_set_from",
    "code_set_names",
    "code_sets",
    "code_template",
    "concerned",
    "duplicates",
    "element_by_code",
    "element_from",
    "elements_with",
    "entry_by_code",
    "facts_of_rows",
    "labels_in",
    "library",
    "parse",
    "pass_technical",
    "propose_all",
    "propose_code_set",
    "propose_element",
    "read_codes",
    "read_elements",
    "refuse_wrong",
    "release",
    "rules_for",
    "send_back",
    "sheet_template",
    "shipped_code_set",
    "shipped_code_sets",
    "shipped_elements",
    "shipped_labels",
    "standing",
    "suggest",
    "take_back",
    "unassign",
    "unique_ids",
    "use_counts",
    "uses_of",
    "version_by_id",
    "version_of_case",
    "versions_in",
    "versions_of",
    "withdraw",
]
