"""The examples of docs/api.md do what the page says."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import kaishu
from kaishu.access import TERMINAL, Actor, Call, Role, add_office, add_person, issue_token
from kaishu.base import clock
from kaishu.db import session_scope
from tests.api.seeding import Site, dataset

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
STATIONS = Path(kaishu.__file__).parent / "demo" / "files" / "air_quality_stations.csv"
DAILY = "监测站,日期,指数\n1001A,2026-11-20,57\n1002A,2026-11-20,61\n".encode("gb18030")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def commands() -> list[str]:
    """Each curl of the page on one line."""
    joined = "\n".join(blocks("sh")).replace("\\\n", " ")
    return re.findall(r"^curl .*?(?=^curl |\Z)", joined, re.DOTALL | re.MULTILINE)


class Curl:
    """As much of curl as the page uses."""

    def __init__(self, client: TestClient, words: dict[str, str]) -> None:
        self.client = client
        self.words = words

    def run(self, command: str) -> Any:
        for name, value in self.words.items():
            command = command.replace(f"'${name}'", value).replace(f"${name}", value)
        method, address, headers, data, files = "GET", "", {}, [], {}
        get = False
        parts = iter(shlex.split(command)[1:])
        for part in parts:
            if part == "-X":
                method = next(parts)
            elif part == "-H":
                name, _, value = next(parts).partition(": ")
                headers[name.lower()] = value
            elif part in ("-d", "--data-urlencode"):
                data.append(next(parts))
            elif part == "-F":
                files[next(parts).partition("=")[0]] = ("daily.csv", DAILY)
            elif part == "-G":
                get = True
            elif part == "-o":
                next(parts)
            else:
                address = part
        if get:
            query = [tuple(each.split("=", 1)) for each in data]
            return self.client.get(address, params=query, headers=headers)
        if files:
            return self.client.request(method, address, headers=headers, files=files)
        return self.client.request(method, address, headers=headers, content="".join(data).encode())


@pytest.fixture(scope="module")
def words(site: Site) -> dict[str, str]:
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), "")
        office = add_office(call, title="开数市生态环境局", name="shengtaiju", code="KS06")
        person = add_person(
            call, account="air", password="air-mima-2026", role=Role.steward, office="shengtaiju"
        )
        own = Call(session, Actor("person", person.id, "air", Role.steward, office.id), call.now, "")
        token = issue_token(own, application="文档")[1]
    text = STATIONS.read_text(encoding="utf-8")
    more = {"themes": ["resources-environment", "weather"]}
    dataset(site, "air-quality-stations", "国家空气质量监测站点位", text, office="shengtaiju", **more)
    return {
        "SITE": "http://kaishu.test",
        "TOKEN": token,
        "REVIEWER": site.tokens["reviewer"],
        "RESOURCE": site.resources["air-quality-stations"],
    }


def test_every_command_of_the_page_works(client: TestClient, words: dict[str, str]) -> None:
    curl = Curl(client, words)
    told = commands()
    assert len(told) > 20
    for command in told:
        answer = curl.run(command)
        late = command.startswith("curl") and "/profile" in command  # made by the worker, which is not here
        assert answer.status_code < 300 or (late and answer.status_code == 404), (command, answer.text)
        if "/api/v1/uploads" in command and "/plan" not in command:
            words["UPLOAD"] = answer.json()["id"]
        if "_sort=-lat" in command:
            shown = json.loads(blocks("json")[0])
            assert set(shown) == set(answer.json())
            assert answer.json()["total"] == shown["total"]
            assert answer.json()["columns"][0] == shown["columns"][0]
        if "package_search" in command or "q=空气" in command:
            assert "air-quality-stations" in answer.text


def test_the_error_of_the_page_is_ours(client: TestClient, words: dict[str, str]) -> None:
    shown = json.loads(blocks("json")[1])
    address = f"{shown['instance']}?city=x&lang=en"
    answer = client.get(address.replace("&lang=en", ""), headers={"accept-language": "en"}).json()
    own = ("type", "request_id")
    assert {k: v for k, v in answer.items() if k not in own} == {
        k: v for k, v in shown.items() if k not in own
    }


def test_every_call_is_on_the_page() -> None:
    from kaishu.api.ckan.registry import ACTIONS

    page = (Path(__file__).parents[2] / "docs" / "ckan.md").read_text(encoding="utf-8")
    assert [name for name in ACTIONS if f"`{name}`" not in page] == []
