"""No arguments, however odd, make an action of CKAN's interface fail."""

from __future__ import annotations

import os

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from kaishu.api import ckan
from kaishu.api.ckan.registry import ACTIONS
from tests.api.seeding import Site

assert ckan.routes()  # which registers the actions
EXAMPLES = int(os.environ.get("KAISHU_TEST_EXAMPLES", "4"))
WORDS = """
    id name_or_id q fq fq_list rows start sort facet facet.field facet.limit facet.mincount limit offset
    all_fields include_datasets organizations groups query vocabulary_id resource_id filters distinct fields
    include_total records_format include_next_page name title notes url owner_org license_id tags tag_string
    extras resources maintainer private state type package_id format description spatial language callback
    include_private include_drafts include_deleted
"""
PARAMETERS = WORDS.split()
TEXTS = st.sampled_from(
    [
        "stations",
        "transport",
        "区县",
        "东城区",
        "*:*",
        "a:b",
        "name:[a TO b]",
        "id asc",
        "_id desc",
        '["tags"]',
        '{"区县": "x"}',
        "true",
        "-1",
        "99999999999999999999",
        "2147483647",
        "\x00",
        "https://example.org/x",
        "cc-by",
        "csv",
        '{"type": "Polygon", "coordinates": [[[0, 1]]]}',
    ]
)
PLAIN = TEXTS | st.text(max_size=8) | st.integers() | st.floats() | st.booleans() | st.none()
VALUES = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["key", "value", "name", "id", "url", "区县", "_id"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


@pytest.mark.parametrize("account", ["", "steward", "admin"])
@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_every_action_answers_whatever_is_asked(app: FastAPI, site: Site, name: str, account: str) -> None:
    client = TestClient(app, headers=site.header(account) if account else {}, raise_server_exceptions=False)
    fixed = st.fixed_dictionaries(
        {},
        optional={
            "resource_id": st.just(site.resources["stations"]),
            "package_id": st.just("stations"),
            "owner_org": st.just("transport"),
            "id": st.just(site.resources["stations"]),
        },
    )

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.dictionaries(st.sampled_from(PARAMETERS), VALUES, max_size=5), fixed)
    def check(odd: dict[str, object], plain: dict[str, str]) -> None:
        import json

        sent = json.dumps({**odd, **plain})
        answer = client.post(
            f"/api/3/action/{name}", content=sent, headers={"content-type": "application/json"}
        )
        assert answer.status_code < 500, (sent, answer.text)
        found = answer.json()
        if isinstance(found, str):  # CKAN's bare sentence for a call that cannot be understood
            assert answer.status_code == 400
        else:
            assert found["success"] is (answer.status_code == 200), (sent, answer.text)
            assert found["success"] or found["error"]["__type"], (sent, answer.text)
        texts = {key: value for key, value in odd.items() if isinstance(value, str)}
        answer = client.get(f"/api/3/action/{name}", params=texts)
        assert answer.status_code < 500, (texts, answer.text)

    check()
