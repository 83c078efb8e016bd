"""A table whose JSON writes half a letter is refused with its place, and no line of it is half-taken."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from kaishu.lake.formats.json_text import half_letter
from tests.api.seeding import Site
from tests.api.test_ckan import ACTION, result


def sent(client: TestClient, site: Site, name: str, data: bytes) -> dict[str, object]:
    made = client.post(
        f"{ACTION}resource_create",
        data={"package_id": "stations", "name": name},
        files={"upload": (name, data)},
        headers=site.header("steward"),
    )
    return {"status": made.status_code, **made.json()}


def test_json_is_refused_with_the_place(client: TestClient, site: Site) -> None:
    before = len(result(client, "package_show", id="stations")["resources"])
    answer = sent(client, site, "half.json", b'[{"a": "x"},\n {"a": "\\ud800"}]')
    assert answer["status"] == 409
    assert "line 2" in str(answer["error"])
    assert len(result(client, "package_show", id="stations")["resources"]) == before


def test_of_lines_only_the_broken_one_is_put_aside(client: TestClient, site: Site) -> None:
    answer = sent(client, site, "half.ndjson", b'{"a": "x"}\n{"a": "\\udc00"}\n{"a": "\\ud83d\\ude87"}\n')
    assert answer["status"] == 200
    asked = {"resource_id": answer["result"]["id"]}  # type: ignore[index]
    rows = client.post(f"{ACTION}datastore_search", json=asked, headers=site.header("steward")).json()
    assert [row["a"] for row in rows["result"]["records"]] == ["x", "🚇"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (r'"\ud83d\ude87"', -1),
        (r'"\\ud800"', -1),
        (r'"\ud800"', 1),
        (r'"a\uD800b\uDC00"', 2),
        (r'"\ud83d\ud83d\ude87"', 1),
        (r'"\ud83d\ude87\ude87"', 13),
        (r'{"\udfff": 1}', 2),
    ],
)
def test_halves_are_found(text: str, place: int) -> None:
    assert half_letter(text, 0, len(text)) == place
