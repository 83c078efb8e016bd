"""Kept answers are those of the present; the number of statements does not grow with the rows."""

from __future__ import annotations

from sqlalchemy import event
from starlette.testclient import TestClient

from kaishu.db import engine
from tests.api.seeding import Site
from tests.api.test_ckan import ACTION, package, result


def _shown(client: TestClient, name: str) -> dict[str, object]:
    found = result(client, "package_search", fq=f"name:{name}")["results"]
    return dict(found[0])


def test_a_search_shows_what_package_show_shows(client: TestClient) -> None:
    for _ in range(2):
        assert _shown(client, "stations") == result(client, "package_show", id="stations")


def test_what_has_changed_is_shown_at_once(client: TestClient, site: Site) -> None:
    admin = site.header("admin")
    before = _shown(client, "stations")
    client.post(f"{ACTION}package_patch", json={"id": "stations", "title": "新名字"}, headers=admin)
    assert (before["title"], _shown(client, "stations")["title"]) == ("地铁车站", "新名字")
    changed = {"id": "transport", "title": "交通运输局"}
    client.post(f"{ACTION}organization_patch", json=changed, headers=admin)
    assert _shown(client, "stations")["organization"]["title"] == "交通运输局"  # type: ignore[index]


def test_as_many_statements_for_a_thousand_rows_as_for_one(client: TestClient, site: Site) -> None:
    for number in range(12):
        made = package(f"one-of-many-{number}")
        client.post(f"{ACTION}package_create", json=made, headers=site.header("admin"))
    counted: list[int] = []
    for rows in (1, 2, 10, 1000):
        said: list[str] = []

        def note(_: object, __: object, statement: str, *___: object, said: list[str] = said) -> None:
            said.append(statement)

        event.listen(engine(), "before_cursor_execute", note)
        result(client, "package_search", rows=rows, q="新")
        event.remove(engine(), "before_cursor_execute", note)
        counted.append(sum(each.lstrip().upper().startswith("SELECT") for each in said))
    assert set(counted[1:]) == {counted[1]} and counted[1] <= 5, (
        counted
    )  # the first brings the index up to date
