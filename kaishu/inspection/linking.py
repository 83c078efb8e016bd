"""Asking addresses whether they answer: HEAD first, GET where HEAD is not understood, hosts left in peace."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from kaishu.access import Call, Permission, note, require
from kaishu.base import clock, ids
from kaishu.base.errors import KaishuError, Said
from kaishu.inspection import scopes
from kaishu.inspection.linkstates import key
from kaishu.inspection.models import LinkState, Run
from kaishu.inspection.scopes import ALL

#: Method and address to the status of the answer; raises ``KaishuError`` or ``OSError``.
Ask = Callable[[str, str], int]
Report = Callable[[int, int], None]

AGAIN_WITH_GET = frozenset({400, 403, 404, 405, 406, 429, 500, 501, 503})
WORKERS = 8
PAUSE = 0.5
#: An address that answers is asked again after two weeks, one that does not after a day.
LIVES, DIES = timedelta(days=14), timedelta(days=1)
WORDS: dict[str, Said] = {
    "status": Said("服务器回答{status}", "the server answers {status}"),
    "time": Said("超时没有回答", "no answer in time"),
    "name": Said("域名不存在", "there is no such host"),
    "refused": Said("连接被拒绝", "the connection was refused"),
    "certificate": Said("证书无效", "the certificate is not valid"),
    "guarded": Said("地址不允许访问（{detail}）", "the address may not be asked ({detail})"),
    "other": Said("连接失败（{detail}）", "the connection failed ({detail})"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address said; ``trouble`` is one of ``WORDS``, empty if it answered well."""

    url: str
    status: int | None
    trouble: str
    detail: str
    at: datetime

    @property
    def reachable(self) -> bool:
        """2xx or 3xx."""
        return not self.trouble


def words_for(trouble: str, status: int | None, detail: str) -> Said:
    """The sentence for a state."""
    said = WORDS.get(trouble, WORDS["other"])
    facts = {"status": status or "", "detail": detail}
    return Said(said.format(**facts), said.en.format(**facts))


def due(session: Session, now: datetime, scope: str = ALL, limit: int = 2000) -> list[str]:
    """Addresses to ask: those never asked first, then those whose answer is the oldest."""
    known = {row[0]: (row[1], row[2]) for row in session.execute(_known())}
    never: dict[str, None] = {}
    again: dict[str, datetime] = {}
    for page in scopes.subjects(session, scope):
        for url in (url for subject in page for url in _addresses(subject.links)):
            state = known.get(key(url))
            if state is None:
                never[url] = None
            elif now - state[1] > (LIVES if state[0] else DIES):
                again[url] = state[1]
        if len(never) >= limit:
            break
    return [*never, *sorted(again, key=lambda url: again[url])][:limit]


def ask_all(
    urls: Iterable[str], ask: Ask, *, workers: int = WORKERS, pause: float = PAUSE
) -> Iterator[Answer]:
    """Ask every address; of one host only one at a time, with a pause in between."""
    hosts: dict[str, deque[str]] = defaultdict(deque)
    for url in urls:
        hosts[host_of(url)].append(url)
    stop = threading.Event()
    with ThreadPoolExecutor(workers, thread_name_prefix="kaishu-links") as pool:
        waiting = {pool.submit(ask_one, queue.popleft(), ask): queue for queue in hosts.values() if queue}
        try:
            while waiting:
                done = next(as_completed(waiting))
                queue = waiting.pop(done)
                if queue:
                    waiting[pool.submit(_later, queue.popleft(), ask, pause, stop)] = queue
                yield done.result()
        finally:
            stop.set()
            for each in waiting:
                each.cancel()


def ask_one(url: str, ask: Ask) -> Answer:
    """HEAD; where that is not understood, GET."""
    status: int | None = None
    try:
        status = ask("HEAD", url)
        if status in AGAIN_WITH_GET:
            status = ask("GET", url)
    except KaishuError as error:
        return Answer(url, None, _trouble(error), error.sentence("en")[:300], clock.now())
    except OSError as error:
        return Answer(url, None, _trouble(error), (str(error) or type(error).__name__)[:300], clock.now())
    trouble = "" if status is not None and 200 <= status < 400 else "status"
    return Answer(url, status, trouble, "", clock.now())


def keep_answers(call: Call, answers: Iterable[Answer], scope: str = ALL) -> Run:
    """Write down what addresses said."""
    require(call, Permission.inspection_run)
    counted = good = 0
    for answer in answers:
        counted += 1
        good += answer.reachable
        _keep(call.session, answer)
    run = Run(
        id=ids.new_id(),
        kind="links",
        scope=scope,
        datasets=counted,
        result={"asked": counted, "reachable": good},
        actor=call.actor.name,
        started_at=call.now,
        ended_at=clock.now(),
    )
    call.session.add(run)
    call.session.flush()
    note(call, "inspection.links", ("inspection", run.id), asked=counted, reachable=good)
    return run


def host_of(url: str) -> str:
    """The host that is left in peace."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _keep(session: Session, answer: Answer) -> None:
    state = session.get(LinkState, key(answer.url))
    if state is None:
        state = LinkState(key=key(answer.url), url=answer.url, host=host_of(answer.url)[:255], failures=0)
        session.add(state)
    state.reachable, state.status = answer.reachable, answer.status
    state.trouble, state.detail, state.checked_at = answer.trouble, answer.detail, answer.at
    state.failures = 0 if answer.reachable else state.failures + 1


def _later(url: str, ask: Ask, pause: float, stop: threading.Event) -> Answer:
    stop.wait(pause)
    return ask_one(url, ask)


def _known() -> object:
    return select(LinkState.key, LinkState.reachable, LinkState.checked_at)


def _addresses(links: Iterable[object]) -> Iterator[str]:
    for link in links:
        assert isinstance(link, dict)
        for name in ("url", "access_url"):
            url = link.get(name)
            if url and url.startswith(("http://", "https://")):
                yield url


def _trouble(error: BaseException) -> str:
    name = type(error).__name__.lower()
    text = f"{name} {error}".lower()
    if isinstance(error, TimeoutError) or "timeout" in text or "timed out" in text:
        return "time"
    if "gaierror" in name or "name or service" in text or "resolve" in text or "no such host" in text:
        return "name"
    if isinstance(error, ConnectionRefusedError) or "refused" in text:
        return "refused"
    if "certificate" in text or "ssl" in text:
        return "certificate"
    return "guarded" if isinstance(error, KaishuError) and error.status in (403, 422) else "other"
