"""The spine's tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kaishu.db import JSON, CanonicalJSON, Stamp, UTCTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "access_failed_sign_in",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("account", sa.String(length=100), nullable=False),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.Column("at", UTCTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_failed_sign_in")),
    )
    with op.batch_alter_table("access_failed_sign_in", schema=None) as batch_op:
        batch_op.create_index("ix_access_failed_sign_in_who", ["account", "address"], unique=False)

    op.create_table(
        "access_office",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("description", sa.String(length=4000), nullable=False),
        sa.Column("description_en", sa.String(length=4000), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("created_at", UTCTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_office")),
        sa.UniqueConstraint("name", name=op.f("uq_access_office_name")),
    )
    op.create_table(
        "ledger_entry",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("at", Stamp(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.String(length=40), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=200), nullable=False),
        sa.Column("request_id", sa.String(length=40), nullable=False),
        sa.Column("facts", CanonicalJSON(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_ledger_entry")),
    )
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_entry_action"), ["action"], unique=False)
        batch_op.create_index("ix_ledger_entry_at", ["at"], unique=False)
        batch_op.create_index("ix_ledger_entry_subject", ["subject_kind", "subject_id"], unique=False)

    op.create_table(
        "queue_task",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("payload", JSON(), nullable=False),
        sa.Column("actor", JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("result", JSON(), nullable=True),
        sa.Column("error", JSON(), nullable=True),
        sa.Column("created_at", UTCTime(), nullable=False),
        sa.Column("started_at", UTCTime(), nullable=True),
        sa.Column("ended_at", UTCTime(), nullable=True),
        sa.Column("leased_until", UTCTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_task")),
    )
    with op.batch_alter_table("queue_task", schema=None) as batch_op:
        batch_op.create_index("ix_queue_task_state", ["state", "id"], unique=False)
        batch_op.create_index("ix_queue_task_subject", ["subject_kind", "subject_id"], unique=False)

    op.create_table(
        "source_delivery",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received_at", UTCTime(), nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_delivery")),
    )
    with op.batch_alter_table("source_delivery", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_delivery_sha256"), ["sha256"], unique=False)

    op.create_table(
        "usage_day",
        sa.Column("dataset_id", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.Column("count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("dataset_id", "day", "kind", "detail", name=op.f("pk_usage_day")),
    )
    with op.batch_alter_table("usage_day", schema=None) as batch_op:
        batch_op.create_index("ix_usage_day_day_kind", ["day", "kind"], unique=False)

    op.create_table(
        "usage_position",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_usage_position")),
    )
    op.create_table(
        "usage_total",
        sa.Column("dataset_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("dataset_id", "kind", name=op.f("pk_usage_total")),
    )
    with op.batch_alter_table("usage_total", schema=None) as batch_op:
        batch_op.create_index("ix_usage_total_rank", ["kind", "count"], unique=False)

    op.create_table(
        "access_person",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("account", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("office_id", sa.String(length=26), nullable=True),
        sa.Column("password", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTCTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["access_office.id"], name=op.f("fk_access_person_office_id_access_office")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_person")),
        sa.UniqueConstraint("account", name=op.f("uq_access_person_account")),
    )
    op.create_table(
        "casework_case",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("office_id", sa.String(length=26), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("opened_at", UTCTime(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("closed_at", UTCTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["office_id"], ["access_office.id"], name=op.f("fk_casework_case_office_id_access_office")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_casework_case")),
    )
    with op.batch_alter_table("casework_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_casework_case_kind"), ["kind"], unique=False)
        batch_op.create_index("ix_casework_case_subject", ["subject_kind", "subject_id"], unique=False)

    op.create_table(
        "catalogue_dataset",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("serial", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("office_id", sa.String(length=26), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("draft_state", sa.String(length=20), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("title_en", sa.String(length=300), nullable=False),
        sa.Column("open_class", sa.String(length=20), nullable=False),
        sa.Column("record", JSON(), nullable=False),
        sa.Column("resources", JSON(), nullable=False),
        sa.Column("published_revision_id", sa.String(length=26), nullable=True),
        sa.Column("draft_revision_id", sa.String(length=26), nullable=True),
        sa.Column("created_at", UTCTime(), nullable=False),
        sa.Column("updated_at", UTCTime(), nullable=False),
        sa.Column("published_at", UTCTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["office_id"], ["access_office.id"], name=op.f("fk_catalogue_dataset_office_id_access_office")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_dataset")),
        sa.UniqueConstraint("name", name=op.f("uq_catalogue_dataset_name")),
        sa.UniqueConstraint("serial", name=op.f("uq_catalogue_dataset_serial")),
    )
    with op.batch_alter_table("catalogue_dataset", schema=None) as batch_op:
        batch_op.create_index("ix_catalogue_dataset_draft_state", ["draft_state"], unique=False)
        batch_op.create_index("ix_catalogue_dataset_office", ["office_id", "state", "name"], unique=False)
        batch_op.create_index("ix_catalogue_dataset_state_id", ["state", "id"], unique=False)
        batch_op.create_index("ix_catalogue_dataset_state_name", ["state", "name"], unique=False)
        batch_op.create_index("ix_catalogue_dataset_state_published", ["state", "published_at"], unique=False)

    op.create_table(
        "lake_table",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("office_id", sa.String(length=26), nullable=False),
        sa.Column("created_at", UTCTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["access_office.id"], name=op.f("fk_lake_table_office_id_access_office")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lake_table")),
    )
    with op.batch_alter_table("lake_table", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lake_table_office_id"), ["office_id"], unique=False)

    op.create_table(
        "access_signed_in",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("created_at", UTCTime(), nullable=False),
        sa.Column("ends_at", UTCTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["access_person.id"], name=op.f("fk_access_signed_in_person_id_access_person")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_access_signed_in")),
    )
    with op.batch_alter_table("access_signed_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_signed_in_person_id"), ["person_id"], unique=False)

    op.create_table(
        "access_token",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("application", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("hint", sa.String(length=12), nullable=False),
        sa.Column("created_at", UTCTime(), nullable=False),
        sa.Column("last_used_at", UTCTime(), nullable=True),
        sa.Column("revoked_at", UTCTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["access_person.id"], name=op.f("fk_access_token_person_id_access_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_token")),
        sa.UniqueConstraint("key", name=op.f("uq_access_token_key")),
    )
    with op.batch_alter_table("access_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_token_person_id"), ["person_id"], unique=False)

    op.create_table(
        "casework_step",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("case_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("from_state", sa.String(length=20), nullable=False),
        sa.Column("to_state", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.String(length=40), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("at", UTCTime(), nullable=False),
        sa.Column("reason", sa.String(length=4000), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["casework_case.id"], name=op.f("fk_casework_step_case_id_casework_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_casework_step")),
    )
    with op.batch_alter_table("casework_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_casework_step_case_id"), ["case_id"], unique=False)

    op.create_table(
        "catalogue_former_name",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("dataset_id", sa.String(length=26), nullable=False),
        sa.Column("created_at", UTCTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dataset_id"],
            ["catalogue_dataset.id"],
            name=op.f("fk_catalogue_former_name_dataset_id_catalogue_dataset"),
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_catalogue_former_name")),
    )
    with op.batch_alter_table("catalogue_former_name", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_catalogue_former_name_dataset_id"), ["dataset_id"], unique=False)

    op.create_table(
        "catalogue_resource",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("dataset_id", sa.String(length=26), nullable=False),
        sa.Column("table_id", sa.String(length=26), nullable=True),
        sa.Column("created_at", UTCTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dataset_id"],
            ["catalogue_dataset.id"],
            name=op.f("fk_catalogue_resource_dataset_id_catalogue_dataset"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_resource")),
    )
    with op.batch_alter_table("catalogue_resource", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_catalogue_resource_dataset_id"), ["dataset_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_catalogue_resource_table_id"), ["table_id"], unique=False)

    op.create_table(
        "catalogue_revision",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("dataset_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("record", JSON(), nullable=False),
        sa.Column("resources", JSON(), nullable=False),
        sa.Column("case_id", sa.String(length=26), nullable=True),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=4000), nullable=False),
        sa.Column("created_at", UTCTime(), nullable=False),
        sa.Column("submitted_at", UTCTime(), nullable=True),
        sa.Column("decided_at", UTCTime(), nullable=True),
        sa.Column("published_at", UTCTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["casework_case.id"], name=op.f("fk_catalogue_revision_case_id_casework_case")
        ),
        sa.ForeignKeyConstraint(
            ["dataset_id"],
            ["catalogue_dataset.id"],
            name=op.f("fk_catalogue_revision_dataset_id_catalogue_dataset"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_revision")),
        sa.UniqueConstraint("dataset_id", "number", name=op.f("uq_catalogue_revision_dataset_id_number")),
    )
    op.create_table(
        "lake_version",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("table_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("delta_version", sa.BigInteger(), nullable=False),
        sa.Column("delivery_id", sa.String(length=26), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("set_aside", sa.BigInteger(), nullable=False),
        sa.Column("encoding", sa.String(length=40), nullable=True),
        sa.Column("columns", JSON(), nullable=False),
        sa.Column("notes", JSON(), nullable=False),
        sa.Column("plan", JSON(), nullable=False),
        sa.Column("received_bytes", sa.BigInteger(), nullable=False),
        sa.Column("stored_bytes", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UTCTime(), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["source_delivery.id"], name=op.f("fk_lake_version_delivery_id_source_delivery")
        ),
        sa.ForeignKeyConstraint(
            ["table_id"], ["lake_table.id"], name=op.f("fk_lake_version_table_id_lake_table")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lake_version")),
        sa.UniqueConstraint("table_id", "number", name=op.f("uq_lake_version_table_id_number")),
    )
    with op.batch_alter_table("lake_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lake_version_delivery_id"), ["delivery_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lake_version_table_id"), ["table_id"], unique=False)

    op.create_table(
        "quality_profile",
        sa.Column("version_id", sa.String(length=26), nullable=False),
        sa.Column("profile", JSON(), nullable=False),
        sa.Column("made_at", UTCTime(), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["lake_version.id"], name=op.f("fk_quality_profile_version_id_lake_version")
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_quality_profile")),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("quality_profile")
    with op.batch_alter_table("lake_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lake_version_table_id"))
        batch_op.drop_index(batch_op.f("ix_lake_version_delivery_id"))

    op.drop_table("lake_version")
    op.drop_table("catalogue_revision")
    with op.batch_alter_table("catalogue_resource", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_catalogue_resource_table_id"))
        batch_op.drop_index(batch_op.f("ix_catalogue_resource_dataset_id"))

    op.drop_table("catalogue_resource")
    with op.batch_alter_table("catalogue_former_name", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_catalogue_former_name_dataset_id"))

    op.drop_table("catalogue_former_name")
    with op.batch_alter_table("casework_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_casework_step_case_id"))

    op.drop_table("casework_step")
    with op.batch_alter_table("access_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_token_person_id"))

    op.drop_table("access_token")
    with op.batch_alter_table("access_signed_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_signed_in_person_id"))

    op.drop_table("access_signed_in")
    with op.batch_alter_table("lake_table", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lake_table_office_id"))

    op.drop_table("lake_table")
    with op.batch_alter_table("catalogue_dataset", schema=None) as batch_op:
        batch_op.drop_index("ix_catalogue_dataset_state_published")
        batch_op.drop_index("ix_catalogue_dataset_state_name")
        batch_op.drop_index("ix_catalogue_dataset_state_id")
        batch_op.drop_index("ix_catalogue_dataset_office")
        batch_op.drop_index("ix_catalogue_dataset_draft_state")

    op.drop_table("catalogue_dataset")
    with op.batch_alter_table("casework_case", schema=None) as batch_op:
        batch_op.drop_index("ix_casework_case_subject")
        batch_op.drop_index(batch_op.f("ix_casework_case_kind"))

    op.drop_table("casework_case")
    op.drop_table("access_person")
    with op.batch_alter_table("usage_total", schema=None) as batch_op:
        batch_op.drop_index("ix_usage_total_rank")

    op.drop_table("usage_total")
    op.drop_table("usage_position")
    with op.batch_alter_table("usage_day", schema=None) as batch_op:
        batch_op.drop_index("ix_usage_day_day_kind")

    op.drop_table("usage_day")
    with op.batch_alter_table("source_delivery", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_source_delivery_sha256"))

    op.drop_table("source_delivery")
    with op.batch_alter_table("queue_task", schema=None) as batch_op:
        batch_op.drop_index("ix_queue_task_subject")
        batch_op.drop_index("ix_queue_task_state")

    op.drop_table("queue_task")
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_ledger_entry_subject")
        batch_op.drop_index("ix_ledger_entry_at")
        batch_op.drop_index(batch_op.f("ix_ledger_entry_action"))

    op.drop_table("ledger_entry")
    op.drop_table("access_office")
    with op.batch_alter_table("access_failed_sign_in", schema=None) as batch_op:
        batch_op.drop_index("ix_access_failed_sign_in_who")

    op.drop_table("access_failed_sign_in")
