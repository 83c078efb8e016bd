"""Build the city through the acts that everybody uses.  Each step is one transaction, so that a build
that was interrupted goes on where it stopped."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from kaishu import access, catalogue, discovery, jobs
from kaishu.access import TERMINAL, Actor, Call
from kaishu.base import clock, ids, settings
from kaishu.base.errors import NotFound
from kaishu.catalogue import State
from kaishu.db import session_scope
from kaishu.demo.accounts import ACCOUNTS
from kaishu.demo.centre import put_centre
from kaishu.demo.evaluating import put_evaluations
from kaishu.demo.judging import put_judging
from kaishu.demo.loading import load_version
from kaishu.demo.mending import put_shelters
from kaishu.demo.plans import DatasetPlan, dataset_plans, office_plans
from kaishu.demo.registers import put_standard
from kaishu.demo.ruling import put_rules
from kaishu.demo.taking_part import put_facts, put_ratings

Report = Callable[[int, int, str], None]
#: Written when the city is finished; where it is, nothing is built again.
MARK = "demo.json"
#: For the sign-in page, which shows them while the accounts are there.
ACCOUNTS_FILE = "demo-accounts.json"


@dataclass(frozen=True, slots=True)
class Built:
    """How many datasets were made or continued now, and how many the city has."""

    made: int
    datasets: int


def stands() -> bool:
    """Is this home the demo city's?"""
    return (settings.home() / MARK).exists()


def build_city(report: Report | None = None) -> Built:
    """Make what is missing.  A city once finished is left as people changed it."""
    mark = settings.folder(".") / MARK
    if mark.exists():
        return Built(0, int(json.loads(mark.read_text(encoding="utf-8"))["datasets"]))
    plans = dataset_plans()
    cast = _cast()
    made = 0
    for done, plan in enumerate(plans, start=1):
        if report:
            report(done, len(plans), plan.record["title"])
        made += _build(plan, cast)
    jobs.run_waiting()
    put_rules(cast.stewards, cast.reviewer)
    put_shelters(cast.people["jiaotong"], cast.reviewer)
    put_standard(cast.stewards, cast.reviewer)
    put_centre(cast.people, cast.reviewer)
    put_evaluations(cast.reviewer)
    put_judging(cast.people)
    put_ratings(cast.people)
    put_facts(cast.reviewer)
    discovery.refresh(at_once=True)
    finished = {"finished": clock.now().isoformat(), "datasets": len(plans)}
    mark.write_text(json.dumps(finished) + "\n", encoding="utf-8")
    return Built(made, len(plans))


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays whom: the reviewer, by office the one who hands its tables in, and everybody by account."""

    reviewer: Actor
    stewards: dict[str, Actor]
    people: dict[str, Actor]


def _cast() -> Cast:
    """Make the offices and accounts that are missing."""
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        known = {office.name for office in access.offices(session)}
        for office in office_plans():
            if office.name not in known:
                access.add_office(
                    call,
                    name=office.name,
                    title=office.title,
                    title_en=office.title_en,
                    code=office.code,
                    contact=office.contact,
                    description=office.description,
                    description_en=office.description_en,
                )
        accounts = {person.account for person in access.people(session)}
        for each in ACCOUNTS:
            if each.account not in accounts:
                access.add_person(
                    call,
                    account=each.account,
                    password=each.password,
                    role=access.Role(each.role),
                    name=each.name,
                    office=each.office,
                )
        actors = {
            person.account: Actor(
                "person", person.id, person.name, access.Role(person.role), person.office_id
            )
            for person in access.people(session)
        }
    shown = [{"account": e.account, "password": e.password, "role": e.role} for e in ACCOUNTS]
    (settings.folder(".") / ACCOUNTS_FILE).write_text(json.dumps(shown) + "\n", encoding="utf-8")
    others = actors["admin"]
    stewards = {
        each.office: actors[each.account] for each in ACCOUNTS if each.role == "steward" and each.office
    }
    return Cast(actors["shenhe"], {o.name: stewards.get(o.name, others) for o in office_plans()}, actors)


def _build(plan: DatasetPlan, cast: Cast) -> int:
    """Bring one dataset from where it is to where it shall be; 1 if there was anything to do."""
    there = _versions_there(plan)
    for number, path in enumerate(plan.paths, start=1):
        if number <= there:
            continue
        last = number == len(plan.paths)
        with load_version(plan, path) as loaded, session_scope() as session:
            call = _call(session, cast.stewards[plan.office])
            loaded.record(call)
            if not last or plan.state != State.draft:
                catalogue.submit(call, plan.name)
            reviewer = Call(session, cast.reviewer, call.now, call.request_id)
            if not last or plan.state in (State.published, State.withdrawn):
                catalogue.publish(reviewer, plan.name)
            if last and plan.state == State.returned:
                catalogue.send_back(reviewer, plan.name, plan.reason)
            if last and plan.state == State.withdrawn:
                catalogue.withdraw(call, plan.name, plan.reason)
    return int(there < len(plan.paths))


def _versions_there(plan: DatasetPlan) -> int:
    with session_scope(write=False) as session:
        call = _call(session, TERMINAL)
        try:
            dataset = catalogue.dataset_by_name(call, plan.name)
        except NotFound:
            return 0
        entries = catalogue.draft_resources(call, dataset)
        return max((entry.version or 0 for entry in entries), default=0)


def _call(session: Session, actor: Actor) -> Call:
    return Call(session, actor, clock.now(), ids.new_id())
