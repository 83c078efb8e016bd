"""Every entrance by which a visitor may come to a dataset, read from the application itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from itertools import product
from typing import Any
from zipfile import ZipFile

from starlette.routing import Route
from starlette.testclient import TestClient

from kaishu import delivery, reporting
from kaishu.api.catalog.forms import CATALOGUE
from kaishu.api.ckan.dumping import FORMS as DUMPED
from kaishu.api.ckan.registry import ACTIONS
from kaishu.api.feeds.documents import FORMS as DOCUMENTS
from kaishu.api.mcp.server import tools
from kaishu.api.v1.answering import FORMATS
from tests.contract.lamps import Lamps

#: What stands for a part of an address; a dataset's names come with the dataset.
PARTS = {
    "number": ["1"],
    "document": [*DOCUMENTS, "datapackage.zip"],
    "kind": ["dataset", "package", "tag", "format", "resource"],
    "form": [*CATALOGUE],
}
#: Forms of the one address, where they differ from those above.
FORMS = {
    "/api/v1/datasets/{name}/rows.{format}": FORMATS,
    "/api/v1/datasets/{name}/download.{format}": tuple(delivery.EXPORTS),
    "/datasets/{name}/data-quality/report.{form}": tuple(reporting.FORMATS),
    "/quality/data/offices/{name}/report.{form}": tuple(reporting.FORMATS),
}
#: Parts that name no dataset, table or office: codes, people's work, results of evaluations.
_OTHERS = """
    code standard user account token token_id
    task task_id delivery list proposal file letter upload table version
    run round evidence unit part statement template fact
"""
OTHERS = frozenset(_OTHERS.split())
#: Addresses behind a part that could hold anything: CKAN's actions are asked one by one.
ASKED_APART = ("/api/3/action/{name}", "/api/action/{name}")
#: Documents whose addresses only the application inside knows.
INSIDE = ("/datastore/dump/{id}", "/catalog.{form}", "/organization/{name}/catalog.{form}")
#: What can be asked of an address beside its path.
QUESTION = "version={version}&resource={resource}&from=1&to=1&row=1&column=place&q=1&format={format}"


def paths(client: TestClient) -> list[str]:
    """All addresses that answer GET, as patterns."""
    app: Any = client.app
    found = [each.path for each in app.router.routes if isinstance(each, Route) and "GET" in each.methods]
    told = client.get("/api/v1/openapi.json").json()["paths"]
    found += [path for path, ways in told.items() if "get" in ways]
    return list(dict.fromkeys(each.replace(":path", "") for each in [*found, *INSIDE]))


def asked_for(word: str) -> str:
    """What is typed to find a word: its beginning, so that an answer that repeats it tells nothing."""
    return word[:4]


def parts_of(path: str) -> list[str]:
    """The names of its parts."""
    return [part.partition("}")[0] for part in path.split("{")[1:]]


def unknown(client: TestClient) -> list[str]:
    """Addresses with a part of which nobody has said what it stands for."""
    known = {*PARTS, *OTHERS, "name", "id", "resource", "format", "dataset"}
    return [path for path in paths(client) if not known.issuperset(parts_of(path))]


def of_a_dataset(client: TestClient, lamps: Lamps) -> list[str]:
    """Every address with this dataset's names in it, bare and with what can be asked of it."""
    names = [lamps.name, lamps.resource]
    found = []
    for path in paths(client):
        if path in ASKED_APART or not {"name", "id", "resource", "dataset"} & set(parts_of(path)):
            continue
        for filled in fill(path, names if "name" not in parts_of(path) else names[:1]):
            question = QUESTION.format(version=1, resource=lamps.resource, format="csv")
            found += [filled, f"{filled}?{question}"] if "." not in filled.rpartition("/")[2] else [filled]
    dumps = [f"/datastore/dump/{name}?format={form}" for name in (*names, lamps.table) for form in DUMPED]
    page = f"resource/{lamps.resource}"
    return [*found, *dumps, f"/datasets/{lamps.name}/{page}", f"/dataset/{lamps.name}/{page}"]


def of_all(client: TestClient, *words: str) -> list[str]:
    """Every address that is about no one dataset, and searches for words."""
    found = [
        filled
        for path in paths(client)
        if not {"name", "id", "resource", "dataset"} & set(parts_of(path))
        for filled in fill(path, [])
    ]
    for word in words:
        found += [f"/search/suggest?q={word}", f"/api/2/util/dataset/autocomplete?incomplete={word}"]
        found += [f"/datasets?q={word}", f"/?q={word}", f"/api/v1/datasets?q={word}", f"/dataset?q={word}"]
        found += [f"/catalogue?q={word}", f"/resource-codes?q={word}", f"/feeds/datasets.atom?q={word}"]
    return found


def fill(path: str, names: list[str]) -> Iterator[str]:
    """A pattern with all that its parts may be."""
    parts = parts_of(path)
    values = [
        FORMS[path] if part in ("form", "format") and path in FORMS else PARTS.get(part, names or ["x"])
        for part in parts
    ]
    for chosen in product(*values):
        filled = path
        for part, value in zip(parts, chosen, strict=True):
            filled = filled.replace(f"{{{part}}}", value)
        yield filled


def asked(client: TestClient, lamps: Lamps) -> Iterator[tuple[str, bytes, int]]:
    """What programs ask with a body: each action of CKAN's that reads, each tool of assistants."""
    for name in (lamps.name, lamps.resource, lamps.table):
        for action in (each.name for each in ACTIONS.values() if not each.writes):
            answer = client.post(
                f"/api/3/action/{action}", json=arguments(action, name, asked_for(lamps.title))
            )
            yield f"{action} {name}", answer.content, answer.status_code
    for tool, named in tools().items():
        known = named.parameters["properties"]
        for name in (lamps.name, lamps.resource):
            given = {key: name for key in ("resource_id", "id", "dataset_id") if key in known}
            given |= {
                key: asked_for(lamps.title) for key in ("q", "query", "pattern") if key in known and not given
            }
            if "sql" in known:
                given = {"sql": f'SELECT * FROM "{name}"'}
            if "include_datasets" in known:
                given["include_datasets"] = True  # type: ignore[assignment]
            body = {"name": tool, "arguments": given}
            yield f"{tool} {name}", *assistant(client, "tools/call", body)
    body = {"uri": f"kaishu://dataset/{lamps.name}"}
    yield "resources/read", *assistant(client, "resources/read", body)


def arguments(action: str, name: str, title: str) -> dict[str, Any]:
    """What an action is asked with, so that it would tell of this dataset if it could."""
    if action == "datastore_search_sql":
        return {"sql": f'SELECT * FROM "{name}"'}
    if action.startswith("datastore"):
        return {"resource_id": name, "id": name}
    if action == "resource_search":
        return {"query": f"name:{name}"}
    if action.endswith("_autocomplete"):
        return {"q": title}
    if action == "package_search":
        return {"q": title, "include_drafts": True, "include_private": True}
    shown = {"include_datasets": True} if action in ("organization_show", "group_show", "tag_show") else {}
    name = {"group_show": "transport", "group_package_show": "transport", "tag_show": "路灯"}.get(
        action, name
    )
    return {"id": name, "all_fields": True, **shown} if action.endswith(("_show", "_list")) else {"id": name}


def assistant(client: TestClient, method: str, given: dict[str, Any]) -> tuple[bytes, int]:
    """What an assistant's program gets; an error is told as one."""
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": given}
    accept = {"accept": "application/json, text/event-stream"}
    answer = client.post("/mcp", json=body, headers=accept)
    told = json.loads(answer.text.rpartition("data: ")[2])
    failed = "error" in told or told["result"].get("isError")
    return answer.content, 400 if failed else answer.status_code


def shown(body: bytes, word: str) -> bool:
    """Does it hold the word, as it is or escaped?  Packed columns count as if they did."""
    if body[:4] in (b"PAR1", b"ARRO"):
        return True
    if body[:4] == b"PK\x03\x04":
        with ZipFile(BytesIO(body)) as packed:
            return any(shown(packed.read(name), word) for name in packed.namelist())
    escaped = json.dumps(word)[1:-1].encode()
    return word.encode() in body or escaped in body or escaped.upper() in body


def leaks(client: TestClient, places: list[str], *words: str) -> list[str]:
    """Which of the addresses tell one of the words."""
    return [
        place
        for place in places
        for answer in [client.get(place)]
        if answer.status_code < 400 and any(shown(answer.content, word) for word in words)
    ]


def told(client: TestClient, lamps: Lamps, word: str) -> list[str]:
    """Which actions and tools tell the word."""
    return [what for what, body, status in asked(client, lamps) if status < 400 and shown(body, word)]
