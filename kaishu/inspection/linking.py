"""Asking addresses whether they answer, through the guarded client; hosts are left in peace."""

from __future__ import annotations

import re
import threading
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice
from urllib.parse import unquote, urlsplit

from sqlalchemy import ColumnElement, Select, delete, func, select
from sqlalchemy.orm import Session

from kaishu import harvest
from kaishu.access import Call, Permission, require
from kaishu.base import clock
from kaishu.base.errors import KaishuError, Said
from kaishu.catalogue import State
from kaishu.catalogue.models import Dataset
from kaishu.harvest.errors import AddressRefused
from kaishu.inspection import scopes
from kaishu.inspection.linkstates import key
from kaishu.inspection.models import LinkState
from kaishu.inspection.runs import last_run
from kaishu.inspection.scopes import ALL

#: An address to the status of its answer; raises ``KaishuError`` or ``OSError``.
Ask = Callable[[str], int]
Report = Callable[[int, int], None]

WORKERS = 8
PAUSE = 0.5
#: An address that answers is asked again after two weeks, one that does not after a day.
LIVES, DIES = timedelta(days=14), timedelta(days=1)
#: The dataset in an address of ours.
OWN_PATH = re.compile(r"/datasets?/([^/?#]+)")
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


def due(
    session: Session,
    now: datetime,
    scope: str = ALL,
    limit: int = 2000,
    site: str = "",
    *,
    rest: timedelta | None = None,
    of_host: int = 0,
) -> list[str]:
    """Addresses to ask: those never asked first, then those whose answer is the oldest.

    ``rest`` is how long an address is left alone whatever it said, ``of_host`` the most of one host (0: any
    number).  Those of this very site are not asked over the network: ``settle_own`` says whether they can
    be read.
    """
    room = _Room(of_host)
    known = {row[0]: (row[1], row[2]) for row in session.execute(_known())}
    never: dict[str, None] = {}
    again: dict[str, datetime] = {}
    for page in scopes.subjects(session, scope):
        for url in (url for subject in page for url in _addresses(subject.links)):
            if site and url.startswith(site + "/"):
                continue
            state = known.get(key(url))
            if state is None:
                if url in never or room.takes(url):
                    never[url] = None
            elif now - state[1] > (rest or (LIVES if state[0] else DIES)):
                again[url] = state[1]
        if len(never) >= limit:
            break
    oldest = (url for url in sorted(again, key=lambda url: again[url]) if room.takes(url))
    return list(islice(chain(never, oldest), limit))


def waiting(session: Session, now: datetime, rest: timedelta) -> bool:
    """May there be an address to ask?  Told from a few rows: whatever was published, or answered, last."""
    last = last_run(session, "links")
    if last is None:
        return session.scalars(select(Dataset.id).where(_published()).limit(1)).first() is not None
    changed = scopes.newest_change(session)
    oldest = session.scalar(select(func.min(LinkState.checked_at)))
    return bool(
        last.result.get("more")
        or (changed and changed >= last.started_at)
        or (oldest and now - oldest > rest)
    )


def forget_links(call: Call, before: datetime) -> int:
    """Forget answers older than this; for when every address there is has been asked since."""
    require(call, Permission.inspection_run)
    gone: int = call.session.execute(  # type: ignore[attr-defined]
        delete(LinkState).where(LinkState.checked_at < before)
    ).rowcount
    return gone


class _Room:
    """How many addresses of a host may still be asked."""

    def __init__(self, most: int) -> None:
        self.most, self.taken = most, Counter[str]()

    def takes(self, url: str) -> bool:
        host = host_of(url)
        self.taken[host] += 1
        return not self.most or self.taken[host] <= self.most


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


def settle_own(session: Session, now: datetime, site: str, scope: str = ALL) -> Iterator[Answer]:
    """Addresses of this very site, answered from the records: can everybody read that dataset?"""
    rows = session.execute(select(Dataset.name, Dataset.open_class).where(_published()))
    readable = {name: open_class for name, open_class in rows}
    for page in scopes.subjects(session, scope):
        for url in (url for subject in page for url in _addresses(subject.links)):
            if not site or not url.startswith(site + "/"):
                continue
            named = OWN_PATH.search(url[len(site) :])
            there = named is None or unquote(named[1]) in readable
            opened = there and (
                named is None or "/rows" not in url or readable[unquote(named[1])] == "unconditional"
            )
            yield Answer(url, 200 if opened else 404, "" if opened else "status", "", now)


def ask_one(url: str, ask: Ask) -> Answer:
    """One address; whatever happens is an answer."""
    try:
        status = ask(url)
    except KaishuError as error:
        return Answer(url, None, _trouble(error), error.sentence("en")[:300], clock.now())
    except OSError as error:
        return Answer(url, None, _trouble(error), (str(error) or type(error).__name__)[:300], clock.now())
    trouble = "" if 200 <= status < 400 else "status"
    return Answer(url, status, trouble, "", clock.now())


def keep_answers(call: Call, answers: Iterable[Answer]) -> None:
    """Write down what addresses said; ``conclude`` says so in the ledger when all have been asked."""
    require(call, Permission.inspection_run)
    for answer in answers:
        _keep(call.session, answer)


def knock(url: str) -> int:
    """HEAD, or the first bytes where HEAD is not understood; redirects are followed, each checked."""
    return harvest.guarded_head(url).status


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


def _published() -> ColumnElement[bool]:
    return Dataset.state == State.published


def _later(url: str, ask: Ask, pause: float, stop: threading.Event) -> Answer:
    stop.wait(pause)
    return ask_one(url, ask)


def _known() -> Select[str, bool, datetime]:
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
    if isinstance(error, AddressRefused):
        return "guarded"
    if isinstance(error, TimeoutError) or "timeout" in text or "timed out" in text:
        return "time"
    if (
        "gaierror" in name
        or "dns" in text
        or "name or service" in text
        or "resolve" in text
        or "no such host" in text
    ):
        return "name"
    if isinstance(error, ConnectionRefusedError) or "refused" in text:
        return "refused"
    if "certificate" in text or "ssl" in text:
        return "certificate"
    return "other"
