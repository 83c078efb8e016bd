"""Every draw in one compact file (a compressed NumPy archive), and back from it."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import numpy as np

from kaishu.base.errors import Invalid, Said
from kaishu.evaluation.robustness.errors import NotRuns
from kaishu.evaluation.robustness.running import MOST, Runs
from kaishu.evaluation.robustness.sensitivity import Effect, SensitivityAnalysis
from kaishu.evaluation.robustness.uncertain import UncertaintyAnalysis
from kaishu.evaluation.robustness.uncertainty import uncertainty_from

_FORMAT = 1
_HEAD = "head"
_LISTS = ("ids", "names", "periods", "within", "grade", "grades", "removable")
#: An archive that unpacks to more than this is refused.
_MOST_BYTES = 24 * MOST


def as_bytes(found: UncertaintyAnalysis | SensitivityAnalysis) -> bytes:
    """The content of an ``.npz`` file."""
    head: dict[str, Any] = {
        "format": _FORMAT,
        "fingerprint": found.fingerprint,
        "data_digest": found.data_digest,
        "uncertainty": found.uncertainty.as_dict(),
        "seed": found.seed,
    }
    arrays: dict[str, Any]
    if isinstance(found, UncertaintyAnalysis):
        head |= {"kind": "uncertainty"} | {name: list(getattr(found, name)) for name in _LISTS}
        runs = found.runs
        arrays = {
            "points": found.points,
            "choices": found.choices.astype(np.int32),
            "scores": runs.scores,
            "ranks": runs.ranks.astype(np.float32),
            "comparable": runs.comparable,
            "rank": found.rank,
            "score": found.score,
            "grade_shares": found.grade_shares,
        }
        if runs.stages is not None:
            arrays["stages"] = runs.stages
    else:
        head |= {
            "kind": "sensitivity",
            "of": found.of,
            "ids": list(found.ids),
            "names": list(found.names),
            "mean_shift": found.mean_shift,
            "effects": [[getattr(each, name) for name in Effect.__slots__] for each in found.effects],
            "warnings": [[str(each), each.en] for each in found.warnings],
        }
        arrays = {name: getattr(found, name) for name in ("sample", "shifts", "first", "total")}
    arrays[_HEAD] = np.frombuffer(json.dumps(head, ensure_ascii=False).encode(), dtype=np.uint8)
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)
    return out.getvalue()


def from_bytes(content: bytes) -> UncertaintyAnalysis | SensitivityAnalysis:
    """What ``as_bytes`` wrote.  Raises ``NotRuns``."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(each.file_size for each in archive.infolist())
        if size > _MOST_BYTES:
            raise NotRuns(reason=f"{size:,} > {_MOST_BYTES:,} bytes")
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        head = json.loads(arrays.pop(_HEAD).tobytes())
        if head["format"] != _FORMAT:
            raise NotRuns(reason=f"format {head['format']}")
        return _uncertainty(head, arrays) if head["kind"] == "uncertainty" else _sensitivity(head, arrays)
    except (zipfile.BadZipFile, OSError, ValueError, KeyError, TypeError, EOFError, Invalid) as error:
        raise NotRuns(reason=f"{type(error).__name__}: {error}"[:200]) from error


def _uncertainty(head: dict[str, Any], arrays: dict[str, Any]) -> UncertaintyAnalysis:
    runs = Runs(
        arrays["scores"], arrays["ranks"].astype(np.float64), arrays["comparable"], arrays.get("stages")
    )
    units = len(head["ids"])
    if runs.scores.shape != (len(arrays["points"]), units) or runs.ranks.shape != runs.scores.shape:
        raise ValueError("shape")
    return UncertaintyAnalysis(
        fingerprint=head["fingerprint"],
        data_digest=head["data_digest"],
        uncertainty=uncertainty_from(head["uncertainty"]),
        seed=int(head["seed"]),
        points=arrays["points"],
        choices=arrays["choices"].astype(np.int64),
        runs=runs,
        rank=arrays["rank"],
        score=arrays["score"],
        grade_shares=arrays["grade_shares"],
        **{name: tuple(head[name]) for name in _LISTS},
    )


def _sensitivity(head: dict[str, Any], arrays: dict[str, Any]) -> SensitivityAnalysis:
    return SensitivityAnalysis(
        fingerprint=head["fingerprint"],
        data_digest=head["data_digest"],
        uncertainty=uncertainty_from(head["uncertainty"]),
        seed=int(head["seed"]),
        sample=arrays["sample"],
        shifts=arrays["shifts"],
        mean_shift=float(head["mean_shift"]),
        effects=tuple(Effect(*each) for each in head["effects"]),
        ids=tuple(head["ids"]),
        names=tuple(head["names"]),
        first=arrays["first"],
        total=arrays["total"],
        warnings=tuple(Said(zh, en) for zh, en in head["warnings"]),
        of=str(head.get("of", "rank")),
    )
