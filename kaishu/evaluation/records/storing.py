"""Results packed into a record and back, with the last few in memory."""

from __future__ import annotations

import base64
import gzip
import threading
from collections import OrderedDict

from sqlalchemy.orm import Session

from kaishu.evaluation.building.result import Result
from kaishu.evaluation.building.storing import from_json
from kaishu.evaluation.errors import EvaluationInState, ResultTooLarge
from kaishu.evaluation.models import Evaluation, KeptResult

#: A packed result of 2,850 units and 50 indicators takes about a tenth of this.
MOST_BYTES = 64 * 1024 * 1024
_REMEMBERED, _MOST_CELLS = 8, 2_000_000

_memory: OrderedDict[str, Result] = OrderedDict()
_lock = threading.Lock()


def packed(data: bytes) -> str:
    """Bytes, packed, as text.  Raises ``ResultTooLarge``."""
    found = base64.b64encode(gzip.compress(data, 6, mtime=0)).decode()
    if len(found) > MOST_BYTES:
        raise ResultTooLarge(size=len(found), most=MOST_BYTES)
    return found


def unpacked(text: str) -> bytes:
    """The way back."""
    return gzip.decompress(base64.b64decode(text))


def store(session: Session, run: Evaluation, body: str) -> None:
    """Keep what was packed beside the record of an evaluation, instead of what was there."""
    kept = session.get(KeptResult, run.id)
    if kept is None:
        kept = KeptResult(run_id=run.id)
        session.add(kept)
    kept.body = body
    session.flush()
    with _lock:
        _memory.pop(run.id, None)


def result_of(session: Session, run: Evaluation) -> Result:
    """The kept result, to the last bit.  Raises ``EvaluationInState`` while it waits."""
    with _lock:
        if run.id in _memory:
            _memory.move_to_end(run.id)
            return _memory[run.id]
    if run.state == "waiting":
        raise EvaluationInState(state=run.state)
    kept = session.get_one(KeptResult, run.id)
    found = from_json(unpacked(kept.body).decode())
    if found.scores.size <= _MOST_CELLS:
        with _lock:
            _memory[run.id] = found
            while len(_memory) > _REMEMBERED:
                _memory.popitem(last=False)
    return found


def given_file(session: Session, run: Evaluation) -> bytes:
    """The file that was given with an evaluation that waits."""
    return unpacked(session.get_one(KeptResult, run.id).body)
