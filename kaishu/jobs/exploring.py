"""The task ``explore``: a version is explored, beside its profile."""

from __future__ import annotations

from typing import Any

from kaishu import catalogue, lake, quality
from kaishu.access import VISITOR, Actor, Call
from kaishu.base import clock
from kaishu.base.errors import KaishuError
from kaishu.db import session_scope
from kaishu.jobs.reporting import reporter


def run(task_id: str, actor: Actor, payload: dict[str, Any]) -> dict[str, Any]:
    """Payload: dataset (name), version_id.

    Compared with the other tables that everybody may read, since its findings are shown to all
    who may read the version.
    """
    version_id = payload["version_id"]
    with session_scope(write=False) as session:
        call = Call(session, actor, clock.now(), task_id)
        if quality.profile_of(session, version_id) is None:
            profile = quality.compute_profile(call, version_id)
        else:
            profile = None
    if profile is not None:
        with session_scope() as session:
            quality.keep_profile(Call(session, actor, clock.now(), task_id), version_id, profile)
    with session_scope(write=False) as session:
        call = Call(session, actor, clock.now(), task_id)
        others = _others(call, payload["dataset"], version_id)
        explored = quality.compute_exploration(call, version_id, others, reporter(task_id))
    with session_scope() as session:
        quality.keep_exploration(Call(session, actor, clock.now(), task_id), version_id, explored)
    return {"version": version_id, "look": sum(check["state"] == "look" for check in explored["checks"])}


def _others(call: Call, name: str, version_id: str) -> dict[str, str]:
    """Name to version of the dataset's other published tables."""
    own = lake.version_by_id(call.session, version_id).table_id
    public = Call(call.session, VISITOR, call.now, call.request_id)
    dataset = catalogue.dataset_by_name(call, name)
    found = {}
    for entry in catalogue.resources_of(dataset):
        if entry.table_id and entry.table_id != own:
            try:
                _, _, version = catalogue.readable_version(public, dataset.name, entry.id)
            except KaishuError:
                continue  # not for everybody: nothing is told of it
            found[entry.name] = version.id
    return found
