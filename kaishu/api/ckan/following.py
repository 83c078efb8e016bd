"""Following datasets."""

from __future__ import annotations

from typing import Any

from kaishu import engagement
from kaishu.access import Permission, require
from kaishu.api.ckan import shapes
from kaishu.api.ckan.arguments import Asked
from kaishu.api.ckan.registry import action
from kaishu.catalogue import resources_of


@action("follow_dataset", writes=True)
def follow_dataset(asked: Asked) -> dict[str, Any]:
    """Follow the dataset ``id``."""
    name = asked.needed("id")
    with asked.writing() as call:
        made = engagement.follow(call, name)
        return {
            "follower_id": made.person_id,
            "object_id": made.dataset_id,
            "datetime": shapes.stamp(made.created_at),
        }


@action("unfollow_dataset", writes=True)
def unfollow_dataset(asked: Asked) -> None:
    """Follow the dataset ``id`` no longer."""
    name = asked.needed("id")
    with asked.writing() as call:
        engagement.unfollow(call, name)


@action("am_following_dataset")
def am_following_dataset(asked: Asked) -> bool:
    """Does the caller follow the dataset ``id``?"""
    name = asked.needed("id")
    with asked.reading() as call:
        return engagement.is_following(call, name)


@action("dataset_follower_count")
def dataset_follower_count(asked: Asked) -> int:
    """How many people follow the dataset ``id``."""
    name = asked.needed("id")
    with asked.reading() as call:
        return engagement.followers(call, name)


@action("dataset_followee_list")
def dataset_followee_list(asked: Asked) -> list[dict[str, Any]]:
    """The datasets that the caller follows; everybody may ask only for their own."""
    with asked.reading() as call:
        require(call, Permission.dataset_follow)
        found = engagement.followed(call)
        return [shapes.package(dataset, resources_of(dataset), asked.site) for dataset in found]


@action("dataset_followee_count")
def dataset_followee_count(asked: Asked) -> int:
    """How many datasets the caller follows."""
    with asked.reading() as call:
        return len(engagement.followed(call))
