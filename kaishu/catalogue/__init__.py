"""Datasets and their records: draft, review, publication, versions, withdrawal."""

from kaishu.catalogue import categories, codes
from kaishu.catalogue.category_choice import category_choices, category_meant, category_words
from kaishu.catalogue.classification import CLASSIFICATIONS, class_counts, in_order, of_class
from kaishu.catalogue.code_parts import Part, parts_of
from kaishu.catalogue.comparison import Difference, compare
from kaishu.catalogue.drafting import add_dataset, rename, revise
from kaishu.catalogue.drafts import DatasetRecord, Item, Link, items_from_columns, link_from, record_from
from kaishu.catalogue.entering import (
    certify_hand_delivery,
    confirm_assessment,
    declare_no_element,
    declare_no_elements,
    enter,
    gate_mode,
    gates_of,
    gates_of_all,
    take_back_statement,
)
from kaishu.catalogue.gate_facts import TableGates, gates_told
from kaishu.catalogue.gates import GATE_WORDS, GATES, GateFacts, Verdict, verdicts
from kaishu.catalogue.keeping import held_versions
from kaishu.catalogue.linking import (
    MEASURED,
    arrange_resources,
    remove_resource,
    replace_resources,
    revise_resource,
)
from kaishu.catalogue.naming import find_registers, table_named
from kaishu.catalogue.policy import is_secret
from kaishu.catalogue.publication import discard, publish, send_back, submit, take_back, withdraw
from kaishu.catalogue.queries import (
    dataset_by_id,
    dataset_by_name,
    dataset_of_resource,
    datasets,
    datasets_by_ids,
    draft_of,
    history,
    names_by_ids,
    own_ids,
    published_after,
    published_count,
    published_ids,
    published_revisions,
    published_versions,
    resources_saying,
    revisions,
    shown_versions,
    stamps_of,
    unpublished,
    waiting,
    was_renamed,
)
from kaishu.catalogue.reading import readable_version, rows_refused
from kaishu.catalogue.resources import ResourceEntry, add_resource, draft_resources, resources_of, set_version
from kaishu.catalogue.revising import revise_all
from kaishu.catalogue.states import State
from kaishu.catalogue.taking_in import Arrival, take_in, withdraw_gone
from kaishu.catalogue.withdrawal import Withdrawal, restore, withdrawal_of

__all__ = [
    "CLASSIFICATIONS",
    "GATES",
    "GATE_WORDS",
    "MEASURED",
    "Arrival",
    "DatasetRecord",
    "Difference",
    "GateFacts",
    "Item",
    "Link",
    "Part",
    "ResourceEntry",
    "State",
    "TableGates",
    "Verdict",
    "Withdrawal",
    "add_dataset",
    "add_resource",
    "arrange_resources",
    "categories",
    "category_choices",
    "category_meant",
    "category_words",
    "certify_hand_delivery",
    "class_counts",
    "codes",
    "compare",
    "confirm_assessment",
    "dataset_by_id",
    "dataset_by_name",
    "dataset_of_resource",
    "datasets",
    "datasets_by_ids",
    "declare_no_element",
    "declare_no_elements",
    "discard",
    "draft_of",
    "draft_resources",
    "enter",
    "find_registers",
    "gate_mode",
    "gates_of",
    "gates_of_all",
    "gates_told",
    "held_versions",
    "history",
    "in_order",
    "is_secret",
    "items_from_columns",
    "link_from",
    "names_by_ids",
    "of_class",
    "own_ids",
    "parts_of",
    "publish",
    "published_after",
    "published_count",
    "published_ids",
    "published_revisions",
    "published_versions",
    "readable_version",
    "record_from",
    "remove_resource",
    "rename",
    "replace_resources",
    "resources_of",
    "resources_saying",
    "restore",
    "revise",
    "revise_all",
    "revise_resource",
    "revisions",
    "rows_refused",
    "send_back",
    "set_version",
    "shown_versions",
    "stamps_of",
    "submit",
    "table_named",
    "take_back",
    "take_back_statement",
    "take_in",
    "unpublished",
    "verdicts",
    "waiting",
    "was_renamed",
    "withdraw",
    "withdraw_gone",
    "withdrawal_of",
]
