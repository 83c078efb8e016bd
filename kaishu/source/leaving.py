"""Leave work about contracts to the worker."""

from __future__ import annotations

from kaishu import queue
from kaishu.access import Call, Permission, require
from kaishu.queue.models import Task
from kaishu.source.models import Arrival, Contract

OPEN = ("waiting", "running")


def leave_pull(call: Call, contract: Contract) -> Task | None:
    """A pull of this contract, unless one waits already."""
    require(call, Permission.source_manage, office=contract.office_id)
    if pull_waits(call, contract):
        return None
    return queue.enqueue(call, "pull", {"contract": contract.id}, ("contract", contract.id))


def pull_waits(call: Call, contract: Contract) -> bool:
    """Was a pull of it left that is not done?"""
    left = queue.tasks_about(call.session, "contract", contract.id, 20)
    return any(task.kind == "pull" and task.state in OPEN for task in left)


def leave_taking(call: Call, contract: Contract, arrival: Arrival) -> Task:
    """A file that was pushed is to be read and recorded."""
    require(call, Permission.source_manage, office=contract.office_id)
    return queue.enqueue(call, "take", {"arrival": arrival.id}, ("contract", contract.id))
