"""Accounts, tokens, rights: what a browser can do and what it is refused."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.functional.conftest import PASSWORD, Open, Site

pytestmark = pytest.mark.browser


def test_a_token_is_shown_once_and_works(visit: Open, site: Site) -> None:
    page = visit("steward")
    page.goto("/account")
    page.fill("#application", "公交小程序")
    page.click("text=建立令牌")
    secret = page.locator(".secret").inner_text().strip()
    assert secret.startswith("ks_")
    page.goto("/account")
    assert secret not in page.content() and "公交小程序" in page.content()
    asked = visit().request
    answer = asked.get("/api/v1/datasets?state=published", headers={"Authorization": secret})
    assert answer.status == 200 and answer.json()["items"]
    page.click("button:has-text('作废')")
    page.wait_for_selector("text=已作废")
    assert asked.get("/api/v1/datasets", headers={"Authorization": secret}).status == 401


def test_a_wrong_password_is_said_and_the_account_kept(visit: Open) -> None:
    page = visit()
    page.goto("/sign-in?next=/account")
    page.fill("#account", "reviewer")
    page.fill("#password", "not this one")
    page.click("main form button")
    assert "账号或密码不对" in page.locator("[role=alert]").inner_text()
    assert page.input_value("#account") == "reviewer"
    page.fill("#password", PASSWORD)
    page.click("main form button")
    page.wait_for_url(re.compile("/account$"))


def test_who_may_not_is_told_what_to_do(visit: Open) -> None:
    visitor = visit()
    visitor.goto("/desk")
    assert "/sign-in?next=" in visitor.url
    steward = visit("steward")
    answer = steward.goto("/admin/people")
    assert answer.status == 403
    assert "请" in steward.locator("main").inner_text()


def test_another_sites_form_is_refused(visit: Open, site: Site) -> None:
    page = visit("steward")
    answer = page.request.post("/account/tokens", form={"application": "forged"})
    assert answer.status == 403
    page.goto("/account")
    assert "forged" not in page.content()


def test_never_goes_on_to_another_site(visit: Open) -> None:
    page = visit()
    page.goto("/sign-in?next=//elsewhere.example/")
    page.fill("#account", "reviewer")
    page.fill("#password", PASSWORD)
    page.click("main form button")
    page.wait_for_selector(".who form")
    assert "elsewhere" not in page.url


def test_the_administrator_adds_offices_and_people(visit: Open) -> None:
    page = visit("boss")
    page.goto("/admin/offices")
    page.fill("#title", "气象局")
    page.fill("#name", "qixiang")
    page.click("main form button.primary")
    page.wait_for_selector("text=已添加部门")
    page.fill("#title", "又一个气象局")
    page.fill("#name", "qixiang")
    page.click("main form button.primary")
    assert page.locator("#name-error").is_visible()
    page.goto("/admin/people")
    add_person(page, "password")  # long enough for the browser, too common for us
    assert page.locator("#password-error").is_visible()
    add_person(page, "long-enough-1")
    page.wait_for_selector("text=已添加人员")


def add_person(page: Any, password: str) -> None:
    page.fill("#account", "qixiang-1")
    page.select_option("#role", "steward")
    page.select_option("#office", "qixiang")
    page.fill("#password", password)
    page.click("main form button.primary")
    page.wait_for_load_state()
