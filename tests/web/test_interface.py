"""The page of all operations says what the document says, and tries what reads."""

from __future__ import annotations

import re

from starlette.testclient import TestClient

from kaishu.web.rendering import coded


def test_every_operation_of_the_document_is_on_the_page(client: TestClient) -> None:
    document = client.get("/api/v1/openapi.json").json()
    body = client.get("/developers/api").text
    shown = re.findall(r'class="method \w+">(\w+)</span> <code>([^<]+)</code>', body)
    assert sorted(shown) == sorted(
        (method.upper(), path) for path, methods in document["paths"].items() for method in methods
    )


def test_a_form_leads_to_the_address_it_means(client: TestClient) -> None:
    given = {"_path": "/api/v1/datasets/{name}", "path:name": "a/b c", "query:none": ""}
    answer = client.get("/developers/api/try", params=given, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/api/v1/datasets/a%2Fb%20c"
    given = {"_path": "/api/v1/datasets", "query:q": "地铁"}
    answer = client.get("/developers/api/try", params=given, follow_redirects=False)
    assert answer.headers["location"] == "/api/v1/datasets?q=%E5%9C%B0%E9%93%81"


def test_only_what_the_document_describes_can_be_tried(client: TestClient) -> None:
    for path in ("//evil.example", "https://evil.example", "/api/v1/uploads", ""):
        answer = client.get("/developers/api/try", params={"_path": path}, follow_redirects=False)
        assert answer.status_code == 404


def test_both_languages(client: TestClient) -> None:
    assert "按名称列出数据集" in client.get("/developers/api?lang=zh").text
    assert "List datasets by name" in client.get("/developers/api?lang=en").text


def test_every_operation_and_family_is_said_in_chinese(client: TestClient) -> None:
    body = client.get("/developers/api?lang=zh").text
    said = re.findall(r'<span class="about">(.*?)</span></summary>', body) + re.findall(
        r"<h2>(.*?)</h2>", body
    )
    assert len(said) > 100
    assert [each for each in said if not re.search(r"[一-鿿]", each)] == []


def test_what_stands_in_backquotes_is_code(client: TestClient) -> None:
    for language in ("zh", "en"):
        body = client.get(f"/developers/api?lang={language}").text
        assert "`" not in body
    assert "Takes <code>Range</code> and <code>If-None-Match</code>." in body
    assert coded("a ``<b>`` `c` <d>") == "a <code>&lt;b&gt;</code> <code>c</code> &lt;d&gt;"
