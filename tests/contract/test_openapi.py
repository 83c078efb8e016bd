"""Our own OpenAPI document: true, and nothing it allows makes the server fail."""

from __future__ import annotations

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.api.seeding import Site

EXAMPLES = int(os.environ.get("KAISHU_TEST_EXAMPLES", "4"))
CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]


@pytest.mark.parametrize("account", ["", "steward", "admin"])
def test_no_request_breaks_the_server(app: Starlette, site: Site, account: str) -> None:
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)
    headers = site.header(account) if account else {}
    walked = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        walked += 1

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def check(case: schemathesis.Case) -> None:
            case.call_and_validate(headers=headers, checks=CHECKS)

        check()
    assert walked > 30


def test_the_document_is_what_it_says(app: Starlette) -> None:
    client = TestClient(app)
    answer = client.get("/api/v1/openapi.json")
    document = answer.json()
    assert document["openapi"].startswith("3.1") and answer.headers["access-control-allow-origin"] == "*"
    for path, methods in document["paths"].items():
        assert path.startswith("/api/v1/")
        for method, operation in methods.items():
            assert operation["summary"] and operation["tags"], (path, method)
            assert "4XX" in operation["responses"]
