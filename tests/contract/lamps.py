"""A table of street lamps for which all has been done that entry gates ask, and what one does to lose one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kaishu import access, catalogue, discovery, elements, jobs, quality, source
from kaishu.access import TERMINAL, Actor, Call, Role
from kaishu.base import clock, ids
from kaishu.catalogue.drafts import DatasetRecord
from kaishu.db import session_scope
from kaishu.source import ContractDraft

#: The first stands in cells only, the other in titles only.
SECRET, TITLE = "灯花巷道七号", "路灯密档"
ROWS = [(n, f"{SECRET}{n}", 3.5 + n) for n in range(1, 30)]
PASSWORD = "a-long-password"


def record(title: str) -> DatasetRecord:
    """A record that lacks nothing."""
    return DatasetRecord(
        title=title,
        description="全市路灯的编号、位置和高度。",
        resource_class="department",
        format_category="database",
        share_class="unconditional",
        open_class="unconditional",
        update_frequency="daily",
        themes=["transport"],
        tags=["路灯"],
        licence="cc-by-4.0",
        contact_name="照明科",
        contact_email="lamps@example.org",
    )


class Lamps:
    """A table of a certified source, pulled by contract, with an office and a source of its own."""

    def __init__(
        self, kind: str, options: dict[str, str], remote: str, name: str = "lamps", title: str = TITLE
    ) -> None:
        self.name, self.title = name, title
        self.other = {**options, "path": options.get("path", "") + "x"}
        office = {"name": name, "title": f"{name}处", "code": f"{1 + sum(name.encode()):08d}"}
        self.act(lambda call: access.add_office(call, **office))
        self.steward = self.person(f"{name}-steward", Role.steward, name)
        self.act(lambda call: catalogue.add_dataset(call, record=record(title), office=name, name=name))
        given: dict[str, Any] = {"name": f"{name}-db", "kind": kind, "office": name}
        self.act(lambda call: source.add_source(call, options=options, **given), self.steward)
        self.act(lambda call: source.certify_source(call, f"{name}-db"))
        draft = ContractDraft(name=name, source=f"{name}-db", table=remote, dataset=name, period="daily")
        self.act(lambda call: source.make_contract(call, draft, str(self.steward.office)), self.steward)
        self.pull()
        (table,) = self.tables()
        self.table, self.version = str(table.entry.table_id), str(table.entry.version_id)
        self.resource = table.entry.id
        code = next(iter(elements.shipped_elements()))
        assigned = {"dataset_id": table.dataset.id, "office": table.dataset.office_id}
        self.act(lambda call: elements.assign(call, self.table, "id", code, **assigned), self.steward)
        self.act(
            lambda call: catalogue.declare_no_elements(call, name, "", ["place", "height"], "本地用语"),
            self.steward,
        )
        self.assess()

    def act(self, done: Callable[[Call], Any], actor: Actor = TERMINAL) -> Any:
        """One act in a transaction of its own."""
        with session_scope() as session:
            return done(Call(session, actor, clock.now(), ids.new_id()))

    def person(self, account: str, role: Role, office: str | None) -> Actor:
        """Somebody new."""

        def add(call: Call) -> Actor:
            made = access.add_person(call, account=account, password=PASSWORD, role=role, office=office)
            return Actor("person", made.id, account, role, made.office_id)

        found: Actor = self.act(add)
        return found

    def pull(self) -> None:
        """Bring what the source holds now."""
        jobs.pull(self.steward, self.name)

    def assess(self) -> None:
        """Look at the newest version."""
        version = str(self.tables()[0].entry.version_id)
        self.act(lambda call: quality.profile_version(call, version), self.steward)
        self.act(lambda call: catalogue.confirm_assessment(call, self.name, "", "逐列看过"), self.steward)

    def tables(self) -> list[catalogue.TableGates]:
        """Its gates."""
        found: list[catalogue.TableGates] = self.act(lambda call: catalogue.gates_of(call, self.name))
        return found

    def missing(self) -> list[str]:
        """Gates that it has not passed."""
        return [each.gate for each in self.tables()[0].missing]

    def staged(self) -> bool:
        """暂存?"""
        return self.tables()[0].staged

    def revise(self, **changes: Any) -> None:
        """Change the record of the draft."""

        def do(call: Call) -> None:
            dataset = catalogue.dataset_by_name(call, self.name)
            draft = catalogue.draft_of(call, dataset)
            now = draft.record if draft else dataset.record
            catalogue.revise(call, self.name, catalogue.record_from({**now, **changes}))

        self.act(do, self.steward)

    def take_back(self, subject: str, kind: str) -> None:
        """Take back what was said."""
        statements = self.tables()[0].statements
        said = next(each.id for each in statements if (each.kind, each.subject) == (kind, subject))
        self.act(lambda call: catalogue.take_back_statement(call, self.name, "", said), self.steward)

    def lose(self, gate: str) -> None:
        """Undo what one gate asks."""
        if gate == "owner":
            self.act(lambda call: access.revise_person(call, self.steward.name, active=False))
        elif gate == "standard":
            self.take_back("height", "no-element")
        elif gate == "source":
            self.act(
                lambda call: source.revise_source(call, f"{self.name}-db", options=self.other), self.steward
            )
        elif gate == "sharing":
            self.revise(share_class="conditional")
        elif gate == "quality":
            self.take_back(str(self.tables()[0].entry.version_id), "assessment")
        else:
            self.revise(themes=[])

    def submit(self) -> None:
        """Put the draft before the reviewer."""
        self.act(lambda call: catalogue.submit(call, self.name))

    def publish(self) -> None:
        """Submit unless that was done, and publish."""

        def done(call: Call) -> None:
            if catalogue.dataset_by_name(call, self.name).draft_state != "in-review":
                catalogue.submit(call, self.name)
            catalogue.publish(call, self.name)

        self.act(done)


def settle() -> None:
    """Let the worker and the search index come after."""
    jobs.run_waiting()
    discovery.refresh()
