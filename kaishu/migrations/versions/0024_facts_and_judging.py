"""Facts with the rows they came from; rounds of judging, evidence, settled scores, appeals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kaishu.db import JSON, UTCTime

revision = "0024"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    _facts()
    _rounds()
    _scores()
    _appeals()


def _facts() -> None:
    op.create_table(
        "evaluation_facts",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("scope", sa.String(length=20), nullable=False),
        sa.Column("at", UTCTime(), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("sheet", JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_facts")),
    )
    op.create_index("ix_evaluation_facts_scope", "evaluation_facts", ["scope", "id"], unique=False)
    op.create_table(
        "evaluation_fact_frame",
        sa.Column("collection_id", sa.String(length=26), nullable=False),
        sa.Column("frame", sa.String(length=20), nullable=False),
        sa.Column("body", JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collection_id"],
            ["evaluation_facts.id"],
            name=op.f("fk_evaluation_fact_frame_collection_id_evaluation_facts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("collection_id", "frame", name=op.f("pk_evaluation_fact_frame")),
    )


def _rounds() -> None:
    people = ("first_id", "second_id", "reviewer_id")
    op.create_table(
        "evaluation_round",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("system", sa.String(length=80), nullable=False),
        sa.Column("edition", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.String(length=80), nullable=False),
        sa.Column("text", sa.String(length=400_000), nullable=False),
        sa.Column("units", JSON(), nullable=False),
        *(sa.Column(name, sa.String(length=26), nullable=False) for name in people),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("opened_by", sa.String(length=200), nullable=False),
        sa.Column("opened_at", UTCTime(), nullable=False),
        sa.Column("appeal_days", sa.Integer(), nullable=False),
        sa.Column("appeal_until", sa.Date(), nullable=True),
        sa.Column("closed_at", UTCTime(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [name], ["access_person.id"], name=op.f(f"fk_evaluation_round_{name}_access_person")
            )
            for name in people
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_round")),
    )
    op.create_index(op.f("ix_evaluation_round_state"), "evaluation_round", ["state"], unique=False)


def _place(table: str) -> tuple[sa.Column[str], sa.Column[str], sa.Column[str], sa.ForeignKeyConstraint]:
    return (
        sa.Column("round_id", sa.String(length=26), nullable=False),
        sa.Column("unit_id", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["evaluation_round.id"], name=op.f(f"fk_{table}_round_id_evaluation_round")
        ),
    )


def _scores() -> None:
    op.create_table(
        "evaluation_judgement",
        *_place("evaluation_judgement"),
        sa.Column("assessor_id", sa.String(length=26), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("remark", sa.String(length=4000), nullable=False),
        sa.Column("at", UTCTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessor_id"],
            ["access_person.id"],
            name=op.f("fk_evaluation_judgement_assessor_id_access_person"),
        ),
        sa.PrimaryKeyConstraint(
            "round_id", "unit_id", "code", "assessor_id", name=op.f("pk_evaluation_judgement")
        ),
    )
    op.create_table(
        "evaluation_evidence",
        sa.Column("id", sa.String(length=26), nullable=False),
        *_place("evaluation_evidence"),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=2000), nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("at", UTCTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_evidence")),
    )
    op.create_index(
        "ix_evaluation_evidence_place", "evaluation_evidence", ["round_id", "unit_id", "code"], unique=False
    )
    op.create_table(
        "evaluation_settled",
        *_place("evaluation_settled"),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=4000), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", UTCTime(), nullable=False),
        sa.PrimaryKeyConstraint("round_id", "unit_id", "code", "number", name=op.f("pk_evaluation_settled")),
    )


def _appeals() -> None:
    op.create_table(
        "evaluation_appeal",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("case_id", sa.String(length=26), nullable=False),
        *_place("evaluation_appeal"),
        sa.Column("office_id", sa.String(length=26), nullable=False),
        sa.Column("reason", sa.String(length=4000), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", UTCTime(), nullable=False),
        sa.Column("answer", sa.String(length=4000), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["casework_case.id"], name=op.f("fk_evaluation_appeal_case_id_casework_case")
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["access_office.id"], name=op.f("fk_evaluation_appeal_office_id_access_office")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_appeal")),
        sa.UniqueConstraint("case_id", name=op.f("uq_evaluation_appeal_case_id")),
    )
    op.create_index(
        "ix_evaluation_appeal_place", "evaluation_appeal", ["round_id", "unit_id", "code"], unique=False
    )


def downgrade() -> None:
    """Back."""
    for name in ("appeal", "settled", "evidence", "judgement", "round", "fact_frame", "facts"):
        op.drop_table(f"evaluation_{name}")
