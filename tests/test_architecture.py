"""What the import linter cannot say about how the package hangs together."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent / "kaishu"
CAPABILITIES = {path.parent.name for path in ROOT.glob("*/models.py")} | {
    path.parent.name for path in ROOT.glob("*/queries.py")
}
FRONT_DOOR = {"models", "drafts", "errors", "events", "hooks", "permissions"}
BANNED = {"service", "services", "utils", "helpers", "common", "manager", "misc"}
LINES, FUNCTION_LINES = 400, 50
COMMITTERS = {Path("db/session.py"), Path("migrations/env.py")}

#: Reads and counters that take a call to know who asks, but decide nothing themselves.
ASKS_INSIDE = {
    "kaishu.access.call.note",
    "kaishu.access.call.note_all",
    "kaishu.access.checking.allowed",
    "kaishu.access.checking.require",
}


def modules() -> Iterator[tuple[Path, Path]]:
    for path in sorted(ROOT.rglob("*.py")):
        yield path, path.relative_to(ROOT)


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def functions_of(module: str) -> dict[str, ast.FunctionDef]:
    path = (ROOT.parent / module.replace(".", "/")).with_suffix(".py")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def acts(capability: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Functions the capability's front door hands out whose first parameter is ``call``."""
    for name in imported(ROOT / capability / "__init__.py"):
        module, _, wanted = name.rpartition(".")
        if (
            not module.startswith("kaishu.")
            or not (ROOT.parent / module.replace(".", "/")).with_suffix(".py").exists()
        ):
            continue
        function = functions_of(module).get(wanted)
        if function and [arg.arg for arg in function.args.args[:1]] == ["call"]:
            yield name, function


def handed_out(capability: str) -> set[str]:
    """Names that the front door itself offers; some are also the name of a file behind it."""
    return {name.rpartition(".")[2] for name in imported(ROOT / capability / "__init__.py")}


def opened_room(place: Path, name: str) -> bool:
    """Is it a package that a front door hands out whole, and does the name go by that package's own door?"""
    inner = name.split(".")[3]
    return (place / "__init__.py").exists() and (
        inner in FRONT_DOOR or not (place / inner).with_suffix(".py").exists()
    )


def called_names(function: ast.FunctionDef) -> set[str]:
    return {
        getattr(node.func, "id", getattr(node.func, "attr", ""))
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
    }


def asking_functions() -> set[str]:
    """Names of functions that ask, themselves or through one that does."""
    bodies: dict[str, set[str]] = {}
    for path, _ in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                bodies.setdefault(node.name, set()).update(called_names(node))
    asking = {"require"}
    while True:
        more = {name for name, calls in bodies.items() if calls & asking} - asking
        if not more:
            return asking
        asking |= more


def test_capabilities_use_each_others_front_door() -> None:
    hits = []
    for path, short in modules():
        for name in imported(path):
            _, capability, inner, *_ = [*name.split("."), "", ""]
            if not name.startswith("kaishu.") or capability not in CAPABILITIES - {short.parts[0]}:
                continue
            place = ROOT / capability / inner
            if inner in handed_out(capability) and (name.count(".") == 2 or opened_room(place, name)):
                continue
            if inner and inner not in FRONT_DOOR and (place.is_dir() or place.with_suffix(".py").exists()):
                hits.append(f"{short} imports {name}")
    assert hits == []


def test_acts_ask_for_permission() -> None:
    asking = asking_functions()
    silent = [
        name
        for capability in sorted(CAPABILITIES)
        for name, act in acts(capability)
        if name not in ASKS_INSIDE and not called_names(act) & asking
    ]
    assert silent == []


def test_nobody_commits_but_who_opened_the_session() -> None:
    hits = [
        str(short)
        for path, short in modules()
        if short not in COMMITTERS
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "commit"
        and getattr(node.func.value, "id", getattr(node.func.value, "attr", "")) in ("session", "call")
    ]
    assert hits == []


def test_names_and_lengths() -> None:
    assert [str(short) for _, short in modules() if short.stem in BANNED] == []
    too_long = [
        str(short)
        for path, short in modules()
        if short.parts[:2] != ("migrations", "versions")
        and path.read_text(encoding="utf-8").count("\n") > LINES
    ]
    assert too_long == []


def test_functions_are_short() -> None:
    long = [
        f"{short}:{node.name} {(node.end_lineno or 0) - node.lineno + 1}"
        for path, short in modules()
        if short.parts[0] != "migrations"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > FUNCTION_LINES
    ]
    assert long == []


def test_every_table_is_known() -> None:
    known = set(imported(ROOT / "tables.py"))
    wanted = {f"kaishu.{path.parent.name}.models" for path in ROOT.glob("*/models.py")}
    assert wanted <= known
