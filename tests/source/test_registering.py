"""Sources are certified by a second person; their secrets are nowhere to be read."""

from __future__ import annotations

import json
import logging
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from kaishu import ledger, source
from kaishu.access import Actor, Call, Role, add_office
from kaishu.base import ids
from kaishu.base.errors import Invalid
from kaishu.source.connectors import FoundColumn, FoundTable
from kaishu.source.errors import BadSecretKey, OwnCertification, RetiredSource, SecretLost, SourceNameTaken
from kaishu.source.probing import compare_columns, compute_drift

SECRET = "Tr0ub4dor-绝密"
OPTIONS = {"host": "db.example", "database": "d", "user": "reader"}


def register(call: Call, name: str = "registry") -> source.Place:
    add_office(call, name="edu", title="教育局")
    made = source.add_source(
        call, name=name, kind="mysql", office="edu", options=OPTIONS, secret={"password": SECRET}
    )
    return source.place_of(made)


def test_a_secret_is_in_no_file_no_log_no_ledger_and_no_text(
    call: Call, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    place = register(call)
    assert place.secret == {"password": SECRET}
    source.keep_look(call, "registry", [FoundTable("t")])
    source.certify_source(call, "registry")
    assert SECRET not in repr(place) + str(vars(source.sources(call)[0])) + caplog.text
    for table in ("source_source", "ledger_entry"):
        rows = [list(row) for row in call.session.execute(text(f"SELECT * FROM {table}"))]
        assert rows
        assert SECRET not in json.dumps(rows, default=str, ensure_ascii=False)
    call.session.commit()
    for path in home.rglob("*"):
        if path.is_file():
            assert SECRET.encode() not in path.read_bytes(), path
    assert stat.S_IMODE((home / "secret.key").stat().st_mode) == 0o600
    assert SECRET not in place.plain(f"Access denied ({SECRET})")


def test_another_key_does_not_open_a_secret(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    register(call)
    monkeypatch.setenv("KAISHU_SECRET_KEY", "A" * 43 + "=")
    with pytest.raises(SecretLost):
        source.place_of(source.source_by_name(call, "registry"))
    monkeypatch.setenv("KAISHU_SECRET_KEY", "password")
    with pytest.raises(BadSecretKey):
        source.place_of(source.source_by_name(call, "registry"))


def test_the_backup_holds_no_key(call: Call, tmp_path: Path) -> None:
    from kaishu import backup

    register(call)
    call.session.commit()
    backup.make_backup(call, tmp_path / "copy")
    names = {path.name for path in (tmp_path / "copy").rglob("*")}
    assert "secret.key" not in names
    for path in (tmp_path / "copy").rglob("*"):
        assert path.is_dir() or SECRET.encode() not in path.read_bytes()


def test_who_registers_does_not_certify_and_a_change_asks_again(
    call: Call, make_call: Callable[[Actor], Call]
) -> None:
    office = add_office(call, name="edu", title="教育局").id
    steward = make_call(Actor("person", ids.new_id(), "甲", Role.steward, office))
    chief = make_call(Actor("person", ids.new_id(), "乙", Role.administrator, office))
    other = make_call(Actor("person", ids.new_id(), "丙", Role.reviewer, office))
    said = {"kind": "mysql", "office": "edu", "options": OPTIONS}
    source.add_source(steward, name="one", **said)
    source.add_source(chief, name="two", **said)
    with pytest.raises(OwnCertification):
        source.certify_source(chief, "two")
    with pytest.raises(Exception, match="source:register:certify"):
        source.certify_source(steward, "one")
    assert source.certify_source(other, "one").state == "certified"
    assert source.revise_source(steward, "one", options={**OPTIONS, "port": "3307"}).state == "draft"
    with pytest.raises(SourceNameTaken):
        source.add_source(steward, name="one", **said)


def test_what_is_sent_twice_is_certified_and_retired_once(call: Call) -> None:
    register(call)
    for _ in range(2):
        made = source.certify_source(call, "registry")
    for _ in range(2):
        source.retire_source(call, "registry")
    told = [each.action for each in ledger.entries(call.session, "source", made.id)]
    assert told.count("source.register.certify") == 1
    assert told.count("source.register.retire") == 1


def test_a_retired_source_whose_secret_is_forgotten_is_not_certified_again(call: Call) -> None:
    register(call)
    source.certify_source(call, "registry")
    source.retire_source(call, "registry")
    with pytest.raises(RetiredSource) as refused:
        source.certify_source(call, "registry")
    assert "停用" in str(refused.value.as_dict("zh")["message"])
    assert source.source_by_name(call, "registry").state == "retired"


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Not a name"},
        {"kind": "nosuch"},
        {"options": {"host": "x"}},
        {"options": {**OPTIONS, "password": "x"}},
        {"options": {**OPTIONS, "init_command": "x"}},
    ],
)
def test_a_source_must_be_told_whole(call: Call, changes: dict[str, object]) -> None:
    add_office(call, name="edu", title="教育局")
    said = {"name": "one", "kind": "mysql", "office": "edu", "options": OPTIONS, **changes}
    with pytest.raises(Invalid):
        source.add_source(call, **said)  # type: ignore[arg-type]


def test_what_came_went_changed_and_was_renamed_is_told_apart() -> None:
    before = [{"name": n, "type": t} for n, t in (("a", "int"), ("b", "text"), ("c", "date"), ("d", "int"))]
    now = [FoundColumn(n, t) for n, t in (("a", "bigint"), ("B2", "text"), ("c", "date"), ("e", "text"))]
    assert [(d.kind, d.column, d.was, d.now) for d in compare_columns("t", before, now)] == [
        ("retyped", "a", "int", "bigint"),
        ("renamed", "b", "b", "B2"),
        ("went", "d", "int", ""),
        ("came", "e", "", "text"),
    ]
    seen = [{"name": "t", "columns": before}, {"name": "gone", "columns": before}]
    kinds = [(d.kind, d.table) for d in compute_drift(seen, [FoundTable("new", tuple(now))])]
    assert kinds == [("came", "new"), ("went", "t"), ("went", "gone")]
