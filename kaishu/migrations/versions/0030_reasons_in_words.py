"""Reading notes written before reasons were told in words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kaishu.db import JSON

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

#: The words as they were when this was written.
WORDS = {
    "ragged-row": ("列数与表头不同", "other number of fields than the header"),
    "unclosed-quote": ("双引号没有闭合", "a double quote is not closed"),
    "section-row": ("分节标题", "section titles"),
    "note-row": ("表尾注释", "notes below the table"),
    "not-integer": ("值不是整数", "a value is not an integer"),
    "not-number": ("值不是数值", "a value is not a number"),
    "not-boolean": ("值不是是否值", "a value is not a boolean"),
    "not-date": ("值不是日期", "a value is not a date"),
    "not-datetime": ("值不是日期时间", "a value is not a datetime"),
    "broken-json": ("不是有效的 JSON", "not valid JSON"),
    "not-record": ("不是记录", "not a record"),
    "key-twice": ("主键在本批出现不止一次", "the key is in the batch more than once"),
    "key-missing": ("主键是空的", "no key"),
    "key-twice-in-table": ("主键在数据表中不止一行", "the key is in several rows of the table"),
    "operation-unknown": ("操作不是 I、U、D", "an operation that is none of I, U and D"),
}
VERSIONS = sa.table("lake_version", sa.column("id", sa.String), sa.column("notes", JSON))


def upgrade() -> None:
    """Forward: the sentences name the reason in words; the code stays among the facts."""
    connection = op.get_bind()
    for id, notes in connection.execute(sa.select(VERSIONS.c.id, VERSIONS.c.notes)).all():
        told = [_in_words(note) for note in notes or ()]
        if told != (notes or []):
            connection.execute(sa.update(VERSIONS).where(VERSIONS.c.id == id).values(notes=told))


def downgrade() -> None:
    """Back: words do no harm there."""


def _in_words(note: dict[str, object]) -> dict[str, object]:
    if note.get("code") != "set-aside" or note.get("reason") not in WORDS:
        return note
    code = str(note["reason"])
    zh, en = WORDS[code]
    return {**note, "zh": str(note["zh"]).replace(code, zh), "en": str(note["en"]).replace(code, en)}
