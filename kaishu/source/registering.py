"""Sources are registered for an office, looked at, certified by a second person, retired."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from sqlalchemy import select

from kaishu.access import Call, Permission, note, office_by_name, require
from kaishu.base import ids
from kaishu.base.errors import Invalid, KaishuError, Said
from kaishu.source.connectors import KINDS, FoundTable, Kind, Place
from kaishu.source.errors import OwnCertification, RetiredSource, SourceNameTaken
from kaishu.source.models import DriftFinding, Source
from kaishu.source.probing import Drift, as_data, compute_drift
from kaishu.source.queries import source_by_name
from kaishu.source.secrets import seal, unseal

NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,59}")


def add_source(
    call: Call,
    *,
    name: str,
    kind: str,
    office: str,
    title: str = "",
    options: Mapping[str, str],
    secret: Mapping[str, str] | None = None,
) -> Source:
    """Register a source as a draft.  Raises ``Invalid``, ``SourceNameTaken``."""
    owner = office_by_name(call.session, office)
    require(call, Permission.source_manage, office=owner.id)
    problems: dict[str, list[str]] = {}
    if not NAME.fullmatch(name):
        problems["name"] = [
            Said(
                "用小写字母、数字和连字符，2至60个字符。", "Use 2 to 60 lower-case letters, digits, hyphens."
            )
        ]
    if kind not in KINDS:
        problems["kind"] = [Said(f"应是其中之一：{', '.join(KINDS)}。", f"One of: {', '.join(KINDS)}.")]
    else:
        problems |= _problems(KINDS[kind], options, secret or {})
    if problems:
        raise Invalid(problems)
    if call.session.scalars(select(Source.id).where(Source.name == name)).first():
        raise SourceNameTaken(name=name)
    made = Source(
        id=ids.new_id(),
        name=name,
        title=title.strip()[:200] or name,
        kind=kind,
        office_id=owner.id,
        options={key: value.strip() for key, value in options.items() if value.strip()},
        secret=seal(secret or {}),
        created_at=call.now,
        created_by=call.actor.id,
    )
    call.session.add(made)
    call.session.flush()
    note(call, "source.register.add", ("source", made.id), name=name, kind=kind, office=owner.id)
    return made


def revise_source(
    call: Call, name: str, *, options: Mapping[str, str], secret: Mapping[str, str] | None = None
) -> Source:
    """Other options, another secret (None leaves it as it is); it must be certified again."""
    source = source_by_name(call, name)
    require(call, Permission.source_manage, office=source.office_id)
    kind = KINDS[source.kind]
    kept = unseal(name, source.secret) if secret is None else dict(secret)
    problems = _problems(kind, options, kept)
    if problems:
        raise Invalid(problems)
    source.options = {key: value.strip() for key, value in options.items() if value.strip()}
    if secret is not None:
        source.secret = seal(secret)
    source.state, source.certified_at, source.certified_by = "draft", None, ""
    source.created_by = call.actor.id
    call.session.flush()
    note(call, "source.register.revise", ("source", source.id), name=name, new_secret=secret is not None)
    return source


def certify_source(call: Call, name: str) -> Source:
    """A second person says that this is the right source.  Raises ``OwnCertification``, ``RetiredSource``."""
    source = source_by_name(call, name)
    require(call, Permission.source_certify, office=source.office_id)
    if source.state == "retired":
        raise RetiredSource(name=name)
    if call.actor.kind == "person" and source.created_by == call.actor.id:
        raise OwnCertification(name=name)
    if source.state == "certified":  # sent twice
        return source
    source.state, source.certified_at = "certified", call.now
    source.certified_by = call.actor.name or call.actor.id
    call.session.flush()
    note(call, "source.register.certify", ("source", source.id), name=name)
    return source


def retire_source(call: Call, name: str) -> Source:
    """Nothing is taken from it any more; its secret is forgotten."""
    source = source_by_name(call, name)
    require(call, Permission.source_manage, office=source.office_id)
    if source.state == "retired":  # sent twice
        return source
    source.state, source.secret = "retired", ""
    call.session.flush()
    note(call, "source.register.retire", ("source", source.id), name=name)
    return source


def place_of(source: Source) -> Place:
    """Where to read, with its secrets.  Raises ``SecretLost``."""
    return Place(source.kind, dict(source.options), unseal(source.name, source.secret))


def keep_look(call: Call, name: str, found: Iterable[FoundTable] | KaishuError) -> list[Drift]:
    """Write down what a look saw, or why it failed; what differs from the last one is kept with its time."""
    source = source_by_name(call, name)
    require(call, Permission.source_manage, office=source.office_id)
    source.probed_at = call.now
    if isinstance(found, KaishuError):
        source.trouble = {"zh": found.as_dict("zh"), "en": found.as_dict("en")}
        call.session.flush()
        note(call, "source.register.probe", ("source", source.id), name=name, error=found.code)
        return []
    tables = list(found)
    drifts = compute_drift(source.found, tables) if source.found is not None else []
    source.found, source.trouble = as_data(tables), None
    keep_drift(call, source, drifts)
    note(call, "source.register.probe", ("source", source.id), name=name, tables=len(tables))
    return drifts


def keep_drift(call: Call, source: Source, drifts: Iterable[Drift]) -> None:
    """Write differences down as findings."""
    require(call, Permission.source_manage, office=source.office_id)
    for each in drifts:
        call.session.add(
            DriftFinding(
                id=ids.new_id(),
                source_id=source.id,
                kind=each.kind,
                table_name=each.table[:300],
                column_name=each.column[:300],
                was=each.was[:300],
                now=each.now[:300],
                found_at=call.now,
            )
        )
    call.session.flush()


def _problems(kind: Kind, options: Mapping[str, str], secret: Mapping[str, str]) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    known = {option.name: option for option in kind.options}
    for name in (*options, *secret):
        if name not in known:
            problems[name[:60]] = [Said("这种来源没有这一项。", "This kind of source has no such option.")]
    for option in kind.options:
        value = (secret if option.secret else options).get(option.name, "").strip()
        if option.needed and not value:
            problems[option.name] = [Said("必填。", "This is needed.")]
        elif len(value) > 4000:
            problems[option.name] = [Said("太长，最多4000。", "Too long; at most 4000.")]
        elif option.secret and options.get(option.name):
            problems[option.name] = [Said("请作为口令填写。", "Give it as a secret.")]
    return problems
