"""Following datasets."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from kaishu.access import Call, Permission, note, require
from kaishu.access.errors import NotAllowed
from kaishu.catalogue import dataset_by_name, datasets_by_ids
from kaishu.catalogue.models import Dataset
from kaishu.engagement.models import Follow


def follow(call: Call, name: str) -> Follow:
    """Follow a dataset that one may see; to follow twice is to follow once.  Raises ``NoSuchDataset``."""
    require(call, Permission.dataset_follow)
    person_id = _person(call)
    dataset = dataset_by_name(call, name)
    known = call.session.get(Follow, (person_id, dataset.id))
    if known is not None:
        return known
    made = Follow(person_id=person_id, dataset_id=dataset.id, created_at=call.now)
    call.session.add(made)
    call.session.flush()
    note(call, "engagement.follow", ("dataset", dataset.id))
    return made


def unfollow(call: Call, name: str) -> None:
    """Follow no longer; nothing happens if one did not.  Raises ``NoSuchDataset``."""
    require(call, Permission.dataset_follow)
    dataset = dataset_by_name(call, name)
    known = call.session.get(Follow, (_person(call), dataset.id))
    if known is not None:
        call.session.delete(known)
        call.session.flush()
        note(call, "engagement.unfollow", ("dataset", dataset.id))


def is_following(call: Call, name: str) -> bool:
    """Does the actor follow this dataset?  Raises ``NoSuchDataset``."""
    require(call, Permission.dataset_follow)
    dataset = dataset_by_name(call, name)
    return call.session.get(Follow, (_person(call), dataset.id)) is not None


def followed(call: Call) -> list[Dataset]:
    """The datasets that the actor follows and may still see, the newest choice first."""
    require(call, Permission.dataset_follow)
    wanted = select(Follow.dataset_id).where(Follow.person_id == _person(call))
    ids: Sequence[str] = call.session.scalars(wanted.order_by(Follow.created_at.desc())).all()
    return datasets_by_ids(call, ids)


def followers(call: Call, name: str) -> int:
    """How many follow a dataset.  Raises ``NoSuchDataset``."""
    require(call, Permission.dataset_read)
    dataset = dataset_by_name(call, name)
    return int(call.session.scalar(select(func.count()).where(Follow.dataset_id == dataset.id)) or 0)


def _person(call: Call) -> str:
    """A token follows for the person it belongs to.  Raises ``NotAllowed`` for whoever is no person."""
    if call.actor.kind not in ("person", "application"):
        raise NotAllowed(actor=call.actor.name, role=call.actor.role, permission=Permission.dataset_follow)
    return call.actor.id
