"""Work that waits: a task table with leases and progress.  ``jobs`` runs what is in it."""

from kaishu.queue.queries import task_by_id, tasks_about
from kaishu.queue.waiting import anything_waiting, enqueue, fail, finish, lease, progress

__all__ = ["anything_waiting", "enqueue", "fail", "finish", "lease", "progress", "task_by_id", "tasks_about"]
