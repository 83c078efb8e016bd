"""What another catalogue calls secret is not taken into ours."""

from __future__ import annotations

from kaishu.base import clock
from kaishu.crosswalk import Agent, Entry, Reading
from kaishu.harvest.kinds import Found
from kaishu.harvest.staging import _read
from kaishu.harvest.themes import Themes


def test_a_secret_dataset_of_another_catalogue_is_refused_with_the_field_named() -> None:
    for secrecy, taken in (("secret", False), ("work-secret", False), ("not-secret", True), ("", True)):
        entry = Entry(
            identifier="x",
            name="x",
            record={"title": "甲", "secrecy": secrecy},
            resources=[],
            publisher=Agent(title="甲局"),
            created=clock.now(),
            modified=clock.now(),
        )
        found = Found("x", "digest", "甲", lambda entry=entry: Reading(entry, ()))  # type: ignore[misc]
        reading, staged = _read(found, Themes())
        assert (staged is not None) is taken
        if not taken:
            assert reading.notes[0].where == "secrecy"
            assert reading.notes[0].fatal
