"""Errors of the queue."""

from __future__ import annotations

from kaishu.base.errors import Terminal


class WorkerDied(Terminal):
    """Every worker that took the task ended before it was done: out of memory, or killed."""

    code = "queue.worker-died"
    status = 500
    zh = "任务执行{tries}次都中途中断，已停止重试。"
    en = "The task was interrupted {tries} times and is not tried again."
    next_zh = "请查看服务器日志和内存；文件仍保存着，可重新提交。"
    next_en = "Look at the server's log and memory; the file is kept and can be sent again."
