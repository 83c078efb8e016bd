"""After a publication: what a running server's worker would do, done now."""

from __future__ import annotations

from kaishu.cli.output import step
from kaishu.cli.words import say


def make_ready() -> None:
    """Serving copies, profiles and the search index."""
    from kaishu import discovery, jobs

    step(say("正在准备下载、接口和统计……", "making downloads, API and statistics ready ..."))
    jobs.run_waiting()
    discovery.refresh(at_once=True)
