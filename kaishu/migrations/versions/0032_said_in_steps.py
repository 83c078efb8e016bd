"""What the platform says in a step of a case: a code with numbers instead of a sentence in one language."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from alembic import op

from kaishu.db import JSON

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

#: The sentences as they were written until now, by the step that they stand in.
FIXED = {("claim", "清洗后复查"): "cleansed", ("fail", "复查未能进行。"): "recheck-broken"}
COUNTED = re.compile(r"复查：(?P<checked>[\d,]+)行中仍有(?P<failed>[\d,]+)行(?P<how>不合格|不一致)。")
CODES = {"不合格": "recheck-failed", "不一致": "recheck-differs"}
STEPS = sa.table(
    "casework_step",
    sa.column("id", sa.String),
    sa.column("case_id", sa.String),
    sa.column("action", sa.String),
    sa.column("reason", sa.String),
    sa.column("said", JSON),
)
CASES = sa.table("casework_case", sa.column("id", sa.String), sa.column("kind", sa.String))


def upgrade() -> None:
    """Forward."""
    op.add_column("casework_step", sa.Column("said", JSON(), nullable=True))
    connection = op.get_bind()
    query = (
        sa.select(STEPS.c.id, STEPS.c.action, STEPS.c.reason)
        .join(CASES, CASES.c.id == STEPS.c.case_id)
        .where(CASES.c.kind == "quality-work-order", STEPS.c.action.in_(("claim", "fail")))
    )
    for id, action, reason in connection.execute(query).all():
        said = _said(action, reason)
        if said:
            connection.execute(sa.update(STEPS).where(STEPS.c.id == id).values(said=said, reason=""))


def downgrade() -> None:
    """Back: the sentences are written again."""
    connection = op.get_bind()
    rows = connection.execute(sa.select(STEPS.c.id, STEPS.c.said).where(STEPS.c.reason == "")).all()
    for id, said in rows:
        if said:
            connection.execute(sa.update(STEPS).where(STEPS.c.id == id).values(reason=_sentence(said)))
    with op.batch_alter_table("casework_step", schema=None) as batch_op:
        batch_op.drop_column("said")


def _said(action: str, reason: str) -> dict[str, Any] | None:
    if (action, reason) in FIXED:
        return {"code": FIXED[action, reason]}
    found = COUNTED.fullmatch(reason) if action == "fail" else None
    if found is None:
        return None
    counts = {name: int(found[name].replace(",", "")) for name in ("checked", "failed")}
    return {"code": CODES[found["how"]], **counts}


def _sentence(said: dict[str, Any]) -> str:
    for how, code in CODES.items():
        if code == said["code"]:
            return f"复查：{said['checked']:,}行中仍有{said['failed']:,}行{how}。"
    fixed = {code: sentence for (_action, sentence), code in FIXED.items()}
    return str(said.get("zh") or fixed.get(said["code"], ""))
