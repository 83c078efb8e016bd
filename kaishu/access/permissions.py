"""Permissions, ``capability:thing:act``, and the roles that hold them."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """Everything that can be asked for.  Each has a heading in docs/permissions.md."""

    office_manage = "access:office:manage"
    person_manage = "access:person:manage"
    person_self = "access:person:self"
    token_issue = "access:token:issue"
    source_receive = "source:delivery:receive"
    source_read = "source:register:read"
    source_manage = "source:register:manage"
    source_certify = "source:register:certify"
    lake_ingest = "lake:version:ingest"
    lake_read_any = "lake:version:read-any"
    quality_profile = "quality:profile:make"
    rules_draft = "quality:rules:draft"
    rules_business = "quality:rules:approve-business"
    rules_technical = "quality:rules:approve-technical"
    cleansing_draft = "quality:cleansing:draft"
    cleansing_business = "quality:cleansing:approve-business"
    cleansing_technical = "quality:cleansing:approve-technical"
    cleansing_run = "quality:cleansing:run"
    check_run = "quality:check:run"
    failing_read = "quality:failing-rows:read"
    order_open = "quality:order:open"
    order_handle = "quality:order:handle"
    order_decide = "quality:order:decide"
    correction_send = "quality:correction:send"
    standard_read = "standardisation:entity:read"
    standard_propose = "standardisation:mapping:propose"
    standard_answer = "standardisation:mapping:answer"
    standard_run = "standardisation:entity:run"
    standard_rows = "standardisation:rows:read"
    standard_decide = "standardisation:pair:decide"
    dataset_read = "catalogue:dataset:read"
    dataset_read_draft = "catalogue:dataset:read-draft"
    dataset_draft = "catalogue:dataset:draft"
    dataset_submit = "catalogue:dataset:submit"
    dataset_review = "catalogue:dataset:review"
    dataset_withdraw = "catalogue:dataset:withdraw"
    delivery_download = "delivery:file:download"
    delivery_rows = "delivery:rows:read"
    delivery_sql = "delivery:sql:read"
    harvest_read = "harvest:source:read"
    harvest_manage = "harvest:source:manage"
    harvest_apply = "harvest:plan:apply"
    elements_read = "elements:entry:read"
    elements_propose = "elements:entry:propose"
    elements_answer = "elements:entry:answer"
    elements_review = "elements:entry:review"
    elements_assign = "elements:column:assign"
    duty_manage = "compilation:duty:manage"
    bulk_edit = "compilation:sheet:edit"
    inspection_read = "inspection:result:read"
    inspection_run = "inspection:check:run"
    synonym_manage = "discovery:synonym:manage"
    dataset_follow = "engagement:dataset:follow"
    dataset_rate = "engagement:dataset:rate"
    letter_leave = "engagement:letter:leave"
    letter_read = "engagement:letter:read"
    ledger_verify = "ledger:chain:verify"
    ledger_read = "ledger:entry:read"
    home_backup = "home:backup:make"
    index_rebuild = "discovery:index:rebuild"
    usage_read = "usage:counts:read"
    evaluation_read = "evaluation:result:read"
    evaluation_draft = "evaluation:system:draft"
    evaluation_run = "evaluation:result:make"
    evaluation_publish = "evaluation:result:publish"
    evaluation_template = "evaluation:template:write"
    judging_manage = "evaluation:judging:manage"
    judging_judge = "evaluation:judging:judge"
    judging_decide = "evaluation:judging:decide"
    judging_appeal = "evaluation:judging:appeal"


class Role(StrEnum):
    """Roles of the spine; a person has one, in one office."""

    visitor = "visitor"
    member = "member"
    steward = "steward"
    reviewer = "reviewer"
    administrator = "administrator"


PUBLIC = frozenset(
    {
        Permission.dataset_read,
        Permission.delivery_download,
        Permission.delivery_rows,
        Permission.delivery_sql,
        Permission.usage_read,
        Permission.inspection_read,
        Permission.elements_read,
        Permission.evaluation_read,
        Permission.correction_send,
    }
)
MEMBER = PUBLIC | {
    Permission.person_self,
    Permission.token_issue,
    Permission.dataset_follow,
    Permission.dataset_rate,
    Permission.judging_judge,
}
STEWARD = MEMBER | {
    Permission.judging_appeal,
    Permission.letter_read,
    Permission.evaluation_draft,
    Permission.evaluation_run,
    Permission.evaluation_template,
    Permission.source_read,
    Permission.source_manage,
    Permission.source_receive,
    Permission.lake_ingest,
    Permission.quality_profile,
    Permission.rules_draft,
    Permission.rules_business,
    Permission.cleansing_draft,
    Permission.cleansing_business,
    Permission.cleansing_run,
    Permission.check_run,
    Permission.failing_read,
    Permission.order_open,
    Permission.order_handle,
    Permission.dataset_read_draft,
    Permission.dataset_draft,
    Permission.dataset_submit,
    Permission.dataset_withdraw,
    Permission.duty_manage,
    Permission.bulk_edit,
    Permission.inspection_run,
    Permission.elements_propose,
    Permission.elements_answer,
    Permission.elements_assign,
    Permission.standard_read,
    Permission.standard_propose,
    Permission.standard_answer,
    Permission.standard_run,
    Permission.standard_rows,
    Permission.standard_decide,
}
REVIEWER = MEMBER | {
    Permission.judging_manage,
    Permission.judging_decide,
    Permission.letter_leave,
    Permission.letter_read,
    Permission.evaluation_draft,
    Permission.evaluation_run,
    Permission.evaluation_publish,
    Permission.evaluation_template,
    Permission.source_read,
    Permission.source_certify,
    Permission.harvest_read,
    Permission.harvest_manage,
    Permission.harvest_apply,
    Permission.inspection_run,
    Permission.synonym_manage,
    Permission.duty_manage,
    Permission.lake_read_any,
    Permission.quality_profile,
    Permission.rules_draft,
    Permission.rules_technical,
    Permission.cleansing_draft,
    Permission.cleansing_technical,
    Permission.check_run,
    Permission.failing_read,
    Permission.order_open,
    Permission.order_decide,
    Permission.dataset_read_draft,
    Permission.dataset_review,
    Permission.dataset_withdraw,
    Permission.ledger_read,
    Permission.ledger_verify,
    Permission.elements_review,
    Permission.standard_read,
    Permission.standard_propose,
    Permission.standard_run,
    Permission.standard_rows,
    Permission.standard_decide,
}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.visitor: PUBLIC,
    Role.member: frozenset(MEMBER),
    Role.steward: frozenset(STEWARD),
    Role.reviewer: frozenset(REVIEWER),
    Role.administrator: frozenset(Permission),
}

#: Held by a steward only for things of the steward's own office.
OWN_OFFICE_ONLY = frozenset(
    {
        Permission.judging_appeal,
        Permission.letter_read,
        Permission.source_read,
        Permission.source_manage,
        Permission.rules_draft,
        Permission.rules_business,
        Permission.cleansing_draft,
        Permission.cleansing_business,
        Permission.cleansing_run,
        Permission.check_run,
        Permission.failing_read,
        Permission.order_open,
        Permission.order_handle,
        Permission.lake_ingest,
        Permission.dataset_read_draft,
        Permission.dataset_draft,
        Permission.dataset_submit,
        Permission.dataset_withdraw,
        Permission.duty_manage,
        Permission.bulk_edit,
        Permission.elements_propose,
        Permission.elements_answer,
        Permission.elements_assign,
        Permission.standard_propose,
        Permission.standard_answer,
        Permission.standard_run,
        Permission.standard_rows,
        Permission.standard_decide,
    }
)
