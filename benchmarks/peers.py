"""Tools of others beside ours: each a script run by an environment of its own, made when first asked for.

A script's head names its exact packages (inline script metadata, ``# /// script``).  It gets a folder, does
its work there and prints JSON: ``cpu`` (its core, imports left out) and ``peak`` (MiB); a script of checks
also ``counts`` (failing rows by rule) and ``differ`` (rules whose count means something else, and why).
Environments stand in the system's folder for temporary files and serve again; remove them at will.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from benchmarks.measure import Figures, line, run_alone

HERE = Path(__file__).parent
GX, SODA = (HERE / "quality_peers" / name for name in ("gx_script.py", "soda_script.py"))
CHECKING: dict[str, tuple[Path, list[str]]] = {
    "great_expectations": (GX, []),
    "soda, expressions": (SODA, ["expressions"]),
    "soda, failed rows": (SODA, ["failed-rows"]),
}
#: So many times less CPU than each of them at least: core alone, and whole processes.
CORE, WHOLE = 10, 12
_HEAD = re.compile(r"(?m)^# /// script\n((?:^#.*\n)+?)^# ///$")


class LeftOut(Exception):
    """Why a peer cannot be installed here."""


def beside_checkers(folder: Path, rules: Path, label: str, rounds: int) -> list[dict[str, Any]]:
    """Our fifteen checks of ``folder``'s register beside those of the other tools, in turn."""
    scripts = dict(CHECKING)
    for name, (script, _) in CHECKING.items():
        try:
            python_for(script)
        except LeftOut as reason:
            print(f"{name} left out: {reason}", flush=True)
            del scripts[name]
    if not scripts:
        return []
    check = [sys.executable, "-m", "kaishu", "check", str(folder / "citizens.parquet"), "--json"]
    check += ["--rules", str(folder / rules.name)]
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in ("ours", *scripts)}
    for _ in range(rounds):
        core = run_alone("quality", "kaishu", str(folder))
        # Exit status 1: rows failed, as they must.
        whole, answer = spent(check, good=(0, 1))
        found = {each["id"]: each["failed"] for each in json.loads(answer)["rules"]}
        runs["ours"].append({**core, "whole": whole, "counts": found})
        for name, (script, way) in scripts.items():
            runs[name].append(run_peer(script, folder, *way))
    for name in scripts:
        agree(name, runs["ours"][0]["counts"], runs[name][0])
    return [one for name in scripts for one in _lines(name, label, runs["ours"], runs[name])]


def agree(name: str, ours: dict[str, int], theirs: dict[str, Any]) -> None:
    """Every rule is there and counts the same rows, but where the script says why not, which is printed."""
    for rule, why in theirs["differ"].items():
        print(f"{name}, {rule}: {theirs['counts'][rule]:,}, ours {ours[rule]:,}: {why}", flush=True)
    wrong = {
        rule: (failed, theirs["counts"].get(rule))
        for rule, failed in ours.items()
        if rule not in theirs["differ"] and theirs["counts"].get(rule) != failed
    }
    if wrong:
        raise AssertionError(f"{name} counts otherwise (ours, theirs): {wrong}")


def run_peer(script: Path, folder: Path, *way: str) -> dict[str, Any]:
    """One run: what the script printed, and ``whole``, the CPU of its process from start to end."""
    whole, answer = spent([str(python_for(script)), "-P", str(script), str(folder), *way], silent=True)
    return {**json.loads(answer.splitlines()[-1]), "whole": whole}


def spent(command: list[str], *, good: tuple[int, ...] = (0,), silent: bool = False) -> tuple[float, str]:
    """CPU seconds, user and system, of a command and what it printed; ``silent``: with nobody told of it."""
    environment = {**os.environ, **_silence()} if silent else None
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, timeout=3600, env=environment, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in good:
        raise RuntimeError(f"{command[:3]} ended with {done.returncode}: {done.stderr[-3000:]}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def python_for(script: Path) -> Path:
    """The interpreter that has what the script's head names; made if it is not there yet.

    :raises LeftOut: it cannot be made, with the installer's last words.
    """
    pins = needed(script)
    print_of = hashlib.sha256("\n".join([sys.version, *pins]).encode()).hexdigest()[:12]
    home = _cache() / f"{script.stem}-{print_of}"
    python = home / "bin" / "python"
    if (home / "whole").exists():
        return python
    shutil.rmtree(home, ignore_errors=True)
    for command in (
        [sys.executable, "-m", "venv", str(home)],
        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *pins],
    ):
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=1800, check=False)
        except subprocess.TimeoutExpired as late:
            raise LeftOut(str(late)) from late
        if done.returncode:
            words = (done.stderr or done.stdout).strip().splitlines()
            raise LeftOut(words[-1] if words else f"exit status {done.returncode}")
    (home / "whole").touch()
    return python


def needed(script: Path) -> list[str]:
    """The packages in the script's head."""
    head = _HEAD.search(script.read_text(encoding="utf-8"))
    if head is None:
        raise ValueError(f"{script.name} has no `# /// script` head")
    lines = head[1].splitlines()
    pins: list[str] = tomllib.loads("\n".join(each[2:] for each in lines))["dependencies"]
    return pins


def _silence() -> dict[str, str]:
    """What keeps each of them from telling its maker that it ran; soda reads a file at home."""
    home = _cache() / "home"
    (home / ".soda").mkdir(parents=True, exist_ok=True)
    (home / ".soda" / "config.yml").write_text("send_anonymous_usage_stats: false\n", encoding="utf-8")
    return {
        "HOME": str(home),
        "GX_ANALYTICS_ENABLED": "false",
        "YDATA_PROFILING_NO_ANALYTICS": "true",
    }


def _cache() -> Path:
    folder = Path(tempfile.gettempdir()) / f"kaishu-peers-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise LeftOut(f"{folder} belongs to another user")
    return folder


def _lines(
    name: str, label: str, ours: list[dict[str, Any]], theirs: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    found = []
    for key, times, said in (("cpu", CORE, "core"), ("whole", WHOLE, "whole process")):
        figures = Figures(
            cpu=statistics.median(each[key] for each in ours),
            peak=max(each["peak"] for each in ours),
            rounds=tuple(round(each[key], 2) for each in ours),
        )
        peer = statistics.median(each[key] for each in theirs)
        goal = f"quality {label}, {said}, {times}x less"
        found.append(line(goal, figures, (name, peer), 1 / times, None))
    return found
