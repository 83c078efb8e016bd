"""What a dataset's page says to search engines and where it leads to."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from kaishu.crosswalk import standards, table
from kaishu.web.documents import script

LINKED = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def linked(text: str) -> Any:
    (found,) = LINKED.findall(text)
    return json.loads(found)


def test_nothing_in_the_data_ends_the_script() -> None:
    nasty = {"name": "</script><script>alert(1)</script><!-- & \u2028 ]]>", "</ScRiPt >": ["<!--"]}
    text = str(script(nasty))
    assert "<" not in text and ">" not in text and "&" not in text and "\u2028" not in text
    assert json.loads(text) == nasty


def test_a_page_says_what_search_engines_want(client: TestClient) -> None:
    found = linked(client.get("/datasets/nasty").text)
    assert found["@context"] == "https://schema.org/"
    assert found["@type"] == "Dataset"
    assert found["name"]
    assert 50 <= len(found["description"]) <= 5000
    assert found["includedInDataCatalog"]["@type"] == "DataCatalog"
    assert client.get(found["distribution"][0]["contentUrl"]).status_code == 200
    assert not any(key.startswith("kaishu:") for key in found)


def test_a_conditional_dataset_offers_no_download_to_search_engines(client: TestClient) -> None:
    found = linked(client.get("/datasets/closed").text)
    assert all("contentUrl" not in each for each in found.get("distribution", []))


def test_the_first_page_is_a_catalogue(client: TestClient) -> None:
    found = linked(client.get("/").text)
    assert found["@type"] == "DataCatalog"
    assert found["potentialAction"]["@type"] == "SearchAction"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_document_is_an_alternate_and_stands_on_the_page(client: TestClient, language: str) -> None:
    text = html.unescape(client.get("/datasets/nasty", headers={"Accept-Language": language}).text)
    head, _, body = text.partition("</head>")
    alternates = set(re.findall(r'<link rel="alternate" type="[^"]+" href="(/dataset/[^"]+)"', head))
    shown = set(re.findall(r'<a href="(/dataset/[^"]+)"', body))
    assert len(alternates) == 16
    assert alternates <= shown
    for address in alternates:
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_crosswalk_is_a_page(client: TestClient, language: str) -> None:
    text = html.unescape(client.get("/standards", headers={"Accept-Language": language}).text)
    for name in standards():
        known = table(name)
        assert (known.en if language == "en" else known.zh) in text
        for row in known.rows:
            assert row.element in text
