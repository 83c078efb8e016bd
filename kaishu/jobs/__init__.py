"""The clock's entrance: runs what waits in the queue, and what comes round by itself."""

from kaishu.jobs.pulling import pull
from kaishu.jobs.worker import Worker, run_task, run_waiting

__all__ = ["Worker", "pull", "run_task", "run_waiting"]
