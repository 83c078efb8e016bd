"""The command line of ckanapi, in processes of its own, between two portals."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ckanapi import RemoteCKAN

from tests.api.seeding import Site

COMMAND = Path(sys.executable).with_name("ckanapi")
ROOT = Path(__file__).parents[2]
#: Each portal has its own; the rest is the same on both.
OWN = {"id", "owner_org", "organization", "metadata_created", "metadata_modified", "resources", "url"}
SAME = ("name", "description", "format", "mimetype", "resource_type", "state", "position")


@dataclass(frozen=True)
class Second:
    """Another portal."""

    address: str
    token: str


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Second]:
    """An empty portal with the same departments."""
    home = tmp_path_factory.mktemp("second") / "home"
    environment = {**os.environ, "KAISHU_HOME": str(home)}
    environment.pop("KAISHU_DATABASE", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.contract.second"],
        stdout=subprocess.PIPE,
        env=environment,
        cwd=ROOT,
    )
    assert process.stdout is not None
    said = json.loads(process.stdout.readline())
    yield Second(f"http://127.0.0.1:{said['port']}", said["token"])
    process.terminate()
    process.wait(20)


def ckanapi(*words: str) -> list[Any]:
    """What a command prints, line by line."""
    paths = f"{COMMAND.parent}{os.pathsep}{os.environ['PATH']}"  # it starts itself again, by name
    done = subprocess.run(
        [COMMAND, *words], capture_output=True, timeout=300, check=False, env={**os.environ, "PATH": paths}
    )
    assert done.returncode == 0, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.splitlines() if line.strip()]


def shown(address: str) -> dict[str, Any]:
    """Every dataset as package_show has it, without what belongs to the portal."""
    found = {}
    with RemoteCKAN(address) as ckan:
        for name in ckan.action.package_list():
            package = ckan.action.package_show(id=name)
            kept = {key: value for key, value in package.items() if key not in OWN}
            kept["organization"] = package["organization"]["name"]
            kept["resources"] = [{key: each[key] for key in SAME} for each in package["resources"]]
            found[name] = kept
    return found


def test_a_catalogue_is_dumped_and_loaded_elsewhere_and_again(
    address: str, second: Second, tmp_path: Path
) -> None:
    file = str(tmp_path / "all.jsonl")
    ckanapi("dump", "datasets", "--all", "-q", "-r", address, "-O", file)
    assert len(Path(file).read_text().splitlines()) == len(shown(address)) >= 3
    load = ("load", "datasets", "-q", "-I", file, "-r", second.address, "-a", second.token)
    log = tmp_path / "log"
    ckanapi(*load, "-l", str(log))
    said = [json.loads(line) for line in log.read_text().splitlines()]
    assert all(line[2] == "create" and line[3] is None for line in said), said
    assert shown(second.address) == shown(address)
    with RemoteCKAN(second.address) as ckan:
        before = ckan.action.package_search(sort="id asc")["results"]
        ckanapi(*load)
        assert ckan.action.package_search(sort="id asc")["results"] == before


def test_departments_and_themes_are_dumped(address: str) -> None:
    offices = ckanapi("dump", "organizations", "--all", "-q", "-r", address)
    assert {each["name"] for each in offices} >= {"transport", "education"}
    groups = ckanapi("dump", "groups", "--all", "-q", "-r", address)
    assert groups and all(each["type"] == "group" for each in groups)


def test_searching_and_single_actions(address: str) -> None:
    found = ckanapi("search", "datasets", "q=地铁", "-r", address)
    assert [each["name"] for each in found] == ["stations"]
    (shown,) = ckanapi("action", "package_show", "id=stations", "-j", "-r", address)
    assert shown["title"] == "地铁车站"
    names = ckanapi("action", "package_list", "-J", "-g", "-r", address)
    assert "stations" in names


def test_fields_of_the_tables_come_with_the_dump(address: str) -> None:
    (stations,) = ckanapi("dump", "datasets", "stations", "-d", "-q", "-r", address)
    fields = [field["id"] for field in stations["resources"][0]["datastore_fields"]]
    assert fields == ["_id", "编号", "站名", "区县", "客流", "开通日期", "换乘"]


def test_deleting(address: str, site: Site) -> None:
    with RemoteCKAN(address, apikey=site.tokens["admin"]) as ckan:
        from tests.api.test_ckan import package

        ckan.action.package_create(**package("to-go"))
        ckanapi("delete", "datasets", "to-go", "-q", "-r", address, "-a", site.tokens["admin"])
        assert "to-go" not in ckan.action.package_list()
