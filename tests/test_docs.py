"""Every setting, permission, error, command and vocabulary has its heading; links lead somewhere."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from kaishu import standards
from kaishu.access import Permission
from kaishu.base.settings import SETTINGS

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PROSE = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference", DOCS / "reference.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def headings(name: str) -> set[str]:
    text = (DOCS / name).read_text(encoding="utf-8")
    return {line.lstrip("#").strip() for line in text.splitlines() if re.match(r"#{1,6} ", line)}


def test_every_setting_has_its_heading() -> None:
    assert {f"KAISHU_{name.upper()}" for name in SETTINGS} <= headings("settings.md")


def test_every_permission_has_its_heading() -> None:
    assert {permission.value for permission in Permission} <= headings("permissions.md")


def test_every_error_has_its_heading_and_a_code_of_its_own(reference: ModuleType) -> None:
    codes = [error.code for error in reference.errors()]
    assert sorted(set(codes)) == sorted(codes)
    assert set(codes) <= headings("errors.md")


def test_every_error_can_say_its_sentence_in_both_languages(reference: ModuleType) -> None:
    silent = [error.code for error in reference.errors() if not (error.zh and error.en)]
    assert silent == []
    for error in reference.errors():
        fields = {f for text in (error.zh, error.next_zh) for f in re.findall(r"{(\w+)}", text)}
        english = {f for text in (error.en, error.next_en) for f in re.findall(r"{(\w+)}", text)}
        assert {f.removesuffix("_zh") for f in fields} == {f.removesuffix("_en") for f in english}, error.code


def test_every_command_has_its_heading(reference: ModuleType) -> None:
    assert {f"kaishu {name}" for name, _ in reference.commands()} <= headings("commands.md")


def test_every_vocabulary_has_its_heading() -> None:
    assert {*standards.NAMES, *standards.SETS} <= headings("vocabularies.md")


def test_the_reference_pages_are_what_the_program_says() -> None:
    done = subprocess.run(
        [sys.executable, str(DOCS / "reference.py"), "--check"], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, ""), "run: make docs"


def test_every_dependency_has_its_line() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"]]
    for group in (
        *project["project"]["optional-dependencies"].values(),
        *project["dependency-groups"].values(),
    ):
        wanted += group
    names = {re.match(r"[A-Za-z0-9_-]+", each)[0] for each in wanted}  # type: ignore[index]
    text = (DOCS / "dependencies.md").read_text(encoding="utf-8")
    assert {name for name in names if f"| {name} |" not in text} == set()


@pytest.mark.parametrize("path", PROSE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.S)
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
    local = [target for target in targets if not re.match(r"[a-z]+:", target)]
    assert [target for target in local if not (path.parent / target).exists()] == []


def test_functions_named_in_the_walk_are_there() -> None:
    text = (DOCS / "walk-a-table.md").read_text(encoding="utf-8")
    links = re.findall(r"\[`([\w.]+)\(\)`\]\(\.\./(kaishu/[\w/]+\.py)\)", text)
    assert len(links) >= 10
    for name, file in links:
        assert f"def {name.rpartition('.')[2]}(" in (ROOT / file).read_text(encoding="utf-8"), name


def test_nothing_names_a_package_index() -> None:
    locks = [*ROOT.glob("requirements*.txt"), ROOT / "pyproject.toml", ROOT / "Makefile"]
    assert [path.name for path in locks if re.search(r"index-url|https?://", path.read_text())] == []
