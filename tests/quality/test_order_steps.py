"""What the platform itself says in a step of an order is kept as a code with numbers, also of old rows."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from kaishu import migrations
from kaishu.casework.models import Step
from kaishu.db import database_url, engine, forget_engines
from tests.conftest import BOTH_DATABASES, fresh_database

OLD = [
    ("claim", "清洗后复查"),
    ("fail", "复查：1,234行中仍有56行不合格。"),
    ("fail", "复查：3行中仍有1行不一致。"),
    ("fail", "复查未能进行。"),
    ("claim", "复查：1,234行中仍有56行不合格。"),
    ("refuse", "清洗后复查"),
]


@pytest.mark.parametrize("kind", BOTH_DATABASES)
def test_sentences_kept_before_become_codes_and_what_people_wrote_stays(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAISHU_HOME", str(tmp_path))
    with fresh_database(kind) as url:
        monkeypatch.setenv("KAISHU_DATABASE", url or "")
        forget_engines()
        migrations.upgrade()
        config = Config()
        config.set_main_option("script_location", str(migrations.HERE))
        config.attributes["url"] = database_url()
        command.downgrade(config, "0031")
        with engine().begin() as connection:
            old = sa.Table("casework_step", sa.MetaData(), autoload_with=connection)
            at = {"opened_at": "2026-01-01 00:00:00", "id": "c", "kind": "quality-work-order"}
            connection.execute(sa.text(INSERT_CASE), at)
            for number, (action, reason) in enumerate(OLD):
                connection.execute(sa.text(INSERT_STEP), {"n": number, "action": action, "reason": reason})
            assert "said" not in old.c
        command.upgrade(config, "head")
        with engine().connect() as connection:
            found = connection.execute(sa.select(Step.said, Step.reason).order_by(Step.number)).all()
        forget_engines()
    assert [tuple(row) for row in found] == [
        ({"code": "cleansed"}, ""),
        ({"code": "recheck-failed", "checked": 1234, "failed": 56}, ""),
        ({"code": "recheck-differs", "checked": 3, "failed": 1}, ""),
        ({"code": "recheck-broken"}, ""),
        (None, "复查：1,234行中仍有56行不合格。"),
        (None, "清洗后复查"),
    ]


INSERT_CASE = """
    INSERT INTO casework_case (id, kind, subject_kind, subject_id, state, opened_at)
    VALUES (:id, :kind, 'order', 'o', 'open', :opened_at)
"""
INSERT_STEP = """
    INSERT INTO casework_step
        (id, case_id, number, action, from_state, to_state, actor_id, actor_name, at, reason)
    VALUES (CAST(:n AS VARCHAR), 'c', :n, :action, 'a', 'b', 'p', 'p', '2026-01-01 00:00:00', :reason)
"""
