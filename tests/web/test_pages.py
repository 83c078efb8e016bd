"""Pages hold what they promise, whatever stands in the data and whoever asks."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from kaishu import access, discovery, jobs
from kaishu.access import TERMINAL, Call
from kaishu.base import clock, ids
from kaishu.catalogue.models import Dataset
from kaishu.db import session_scope
from kaishu.harvest.models import Harvested, Source
from tests.web.conftest import NASTY, PASSWORD, SignIn

PUBLIC = (
    "/",
    "/datasets",
    "/datasets?q=危险",
    "/datasets?q=%3Cscript%3Ealert(1)%3C/script%3E&tag=%3Cscript%3Ealert(1)%3C/script%3E",
    "/datasets/nasty",
    "/datasets/nasty/rows?q=%3Cscript%3Ealert(1)%3C/script%3E",
    "/datasets/closed",
    "/offices",
    "/offices/office",
    "/about",
    "/developers",
    "/sign-in?next=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
    "/%3Cscript%3Ealert(1)%3C/script%3E",
)

ODD = (
    "/datasets?page=0",
    "/datasets?page=-1",
    "/datasets?page=99999999999999999999",
    "/datasets?page=٣",
    "/datasets?sort=nothing",
    "/datasets?theme=nothing&office=nobody&format=none&open_class=x",
    "/datasets?q=" + "长" * 2000,
    "/datasets?q=%00%FF",
    "/datasets?q=%22)%20OR%20*%3A*",
    "/datasets/nasty?version=99",
    "/datasets/nasty?version=x&resource=y",
    "/datasets/nasty?resource=%00",
    "/datasets/nasty/rows?column=金额&op=gt&value=abc",
    "/datasets/nasty/rows?column=金额&op=nothing&value=1",
    "/datasets/nasty/rows?column=名称&op=in&value=" + ",".join("x" * 2000),
    "/datasets/nasty/rows?sort=没有",
    "/datasets/nasty/rows?cursor=garbage",
    "/datasets/nasty/rows?version=7",
    "/offices/nobody",
    "/datasets/..%2f..%2fetc%2fpasswd",
    "/static/..%2f..%2fapp.py",
    "/sign-in?next=//elsewhere.example",
    "/?lang=fr",
)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_from_the_data_becomes_script(client: TestClient, language: str) -> None:
    for path in PUBLIC:
        answer = client.get(path, headers={"Accept-Language": language})
        assert answer.status_code in (200, 404), path
        assert NASTY not in answer.text, path
        assert 'href="javascript:' not in answer.text.lower(), path
        assert answer.headers["content-security-policy"].startswith("default-src 'self'")
        assert answer.headers["content-language"].startswith(language)


def test_no_page_has_inline_script_or_style(client: TestClient) -> None:
    for path in PUBLIC:
        page = client.get(path).text
        assert "<style" not in page and " style=" not in page and "onclick" not in page
        data = page.count('<script type="application/ld+json">')  # is not run
        assert page.count("<script") == page.count("<script src=") + data


def test_a_conditional_dataset_shows_its_record_and_no_rows(client: TestClient) -> None:
    page = client.get("/datasets/closed").text
    assert "有条件开放" in page and "说明用途" in page
    assert 'id="rows"' not in page and "download.csv" not in page and 'id="statistics"' not in page
    assert client.get("/datasets/closed/rows").status_code == 403


def test_the_language_is_asked_then_chosen_then_kept(client: TestClient) -> None:
    assert "公共数据开放平台" in client.get("/").text
    assert "Open Data" in client.get("/", headers={"Accept-Language": "en"}).text
    chosen = client.get("/?lang=en", headers={"Accept-Language": "zh"})
    assert "Open Data" in chosen.text and chosen.cookies["lang"] == "en"
    assert "Open Data" in client.get("/", headers={"Accept-Language": "zh"}).text


def test_odd_addresses_never_break_the_server(client: TestClient) -> None:
    for path in ODD:
        assert client.get(path).status_code < 500, path


def test_the_calls_shown_give_what_they_promise(client: TestClient) -> None:
    pages = [
        "/datasets/nasty",
        "/datasets/nasty/rows?column=编号&op=eq&value=001&q=a&sort=-编号",
        "/datasets",
    ]
    for page in [*pages, "/developers"]:
        text = html.unescape(client.get(page).text)
        shown = set(re.findall(r"(?<=[\"'])(?:http://testserver)?(/api/[^\"'\s]+)", text))
        assert shown, page
        for address in shown - {"/api/v1/datasets?state=draft"}:
            assert client.get(address).status_code == 200, f"{page} shows {address}"


def test_filtered_rows_are_those_of_the_call_beside_them(client: TestClient) -> None:
    text = html.unescape(client.get("/datasets/nasty/rows?column=编号&op=ge&value=002").text)
    address = re.findall(r"/api/v1/datasets/nasty/rows\?[^\"\s]+", text)[0]
    assert [row["编号"] for row in client.get(address).json()["rows"]] == ["002", "003"]


def test_who_may_not_learns_nothing(client: TestClient, signed_in: SignIn) -> None:
    for path in ("/desk", "/desk/new", "/account", "/review", "/admin/offices", "/admin/people"):
        answer = client.get(path)
        assert answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?next="), path
    signed_in("stranger")
    assert client.get("/desk/datasets/nasty").status_code == 403
    assert client.get("/review").status_code == 403
    assert client.get("/admin/people").status_code == 403
    assert client.get("/datasets/nasty/history").status_code == 403


def test_a_form_without_proof_is_refused(client: TestClient, signed_in: SignIn) -> None:
    proof = signed_in("steward")
    assert client.post("/account/tokens", data={"application": "x"}).status_code == 403
    assert client.post("/account/tokens", data={"application": "x", "csrf": "y"}).status_code == 403
    made = client.post("/account/tokens", data={"application": "x", "csrf": proof})
    assert made.status_code == 201 and "ks_" in made.text
    assert made.headers["cache-control"] == "no-store"


def test_a_changed_password_ends_the_sign_in(client: TestClient, signed_in: SignIn) -> None:
    proof = signed_in("steward")
    weak = client.post("/account/password", data={"old": PASSWORD, "new": "password", "csrf": proof})
    assert weak.status_code == 422
    done = client.post("/account/password", data={"old": PASSWORD, "new": "another-long-one", "csrf": proof})
    assert done.status_code == 303
    assert client.get("/account").status_code == 303
    again = client.post("/sign-in", data={"account": "steward", "password": "another-long-one"})
    assert again.headers["location"] == "/desk"


def test_a_draft_is_nobodys_but_its_offices(client: TestClient, signed_in: SignIn) -> None:
    proof = signed_in("steward")
    file = {"file": ("new.csv", b"a,b\n1,2\n")}
    sent = client.post("/desk/uploads", data={"csrf": proof}, files=file)
    place = sent.headers["location"]
    data = {"csrf": proof, "do": "confirm", "title": "新的"}
    assert "/desk/tasks/" in client.post(place, data=data).headers["location"]
    client.post("/sign-out", data={"csrf": proof})
    signed_in("stranger")
    assert client.get(place).status_code == 404


def test_tags_lead_to_their_datasets_in_both_languages(client: TestClient) -> None:
    with session_scope() as session:
        dataset = session.scalars(select(Dataset).where(Dataset.name == "nasty")).one()
        dataset.record = {**dataset.record, "tags": ["疫情"], "tags_en": ["epidemic"]}
    discovery.rebuild()
    for language in ("zh-CN", "en"):
        spoken = {"Accept-Language": language}
        page = client.get("/datasets/nasty", headers=spoken).text
        (chip,) = re.findall(r'class="chip" href="(/datasets\?(?:q|tag)=[^"]+)"', page)
        assert 'href="/datasets/nasty"' in client.get(html.unescape(chip), headers=spoken).text, chip


def test_a_file_that_is_confirmed_twice_is_taken_once(client: TestClient, signed_in: SignIn) -> None:
    proof = signed_in("steward")
    file = {"file": ("new.csv", b"a,b\n1,2\n")}
    place = client.post("/desk/uploads", data={"csrf": proof}, files=file).headers["location"]
    data = {"csrf": proof, "do": "confirm", "title": "只要一个"}
    first = client.post(place, data=data).headers["location"]
    assert client.post(place, data=data).headers["location"] == first
    jobs.run_waiting()
    assert client.post(place, data=data).headers["location"] == first
    assert client.get("/desk").text.count(">只要一个<") == 1
    other = client.post(place, data={**data, "title": "再要一个"}).headers["location"]
    assert other != first


def test_an_unfit_name_is_refused_before_anything_is_stored(client: TestClient, signed_in: SignIn) -> None:
    proof = signed_in("steward")
    nothing = client.post("/desk/uploads", data={"csrf": proof})
    assert nothing.status_code == 422
    odd = client.post("/desk/uploads", data={"csrf": proof}, files={"file": ("../../x.csv", b"a\n1\n")})
    assert odd.status_code in (303, 422)
    if odd.status_code == 303:
        assert "../" not in client.get(odd.headers["location"]).text.replace('="../', "")


def test_static_files_are_kept_and_the_mark_is_there(client: TestClient) -> None:
    page = client.get("/").text
    sheet = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "immutable" in client.get(sheet).headers["cache-control"]
    assert client.get("/favicon.ico").headers["content-type"].startswith("image/svg+xml")


def test_what_is_not_there_is_said_in_one_language(client: TestClient) -> None:
    english = client.get("/offices/nobody", headers={"Accept-Language": "en"})
    assert english.status_code == 404 and "There is no office" in english.text
    assert "找不到部门“nobody”" in client.get("/offices/nobody").text
    assert "没有这个地址" in client.get("/nothing").text


def test_old_ckan_addresses_lead_to_ours(client: TestClient) -> None:
    assert client.get("/dataset/nasty").headers["location"] == "/datasets/nasty"
    assert client.get("/dataset?q=x").headers["location"] == "/datasets?q=x"
    assert client.get("/organization/office").headers["location"] == "/offices/office"


def test_the_desk_folds_behind_the_name_of_what_is_open(client: TestClient, signed_in: SignIn) -> None:
    assert 'class="deskbar"' not in client.get("/").text
    csrf = signed_in("boss")
    bar = client.get("/admin/people").text.split('class="deskbar"')[1].split("</nav>")[0]
    assert "<summary>工作台 · 人员管理</summary>" in bar
    assert '<a href="/admin/people" aria-current="page">人员管理</a>' in bar
    client.post("/sign-out", data={"csrf": csrf})
    signed_in("steward")
    bar = client.get("/desk/datasets/nasty").text.split('class="deskbar"')[1].split("</nav>")[0]
    assert "<summary>工作台 · 我的数据</summary>" in bar and "/admin/people" not in bar
    assert '<a href="/desk" aria-current="true">' in bar


def test_the_desk_keeps_what_was_harvested_apart(client: TestClient, signed_in: SignIn) -> None:
    signed_in("boss")
    desk = client.get("/desk").text
    assert "/desk/datasets/closed" in desk and "采集自其他门户" not in desk
    _publisher()
    _came_from_elsewhere("closed")
    own, theirs = client.get("/desk").text, client.get("/desk?from=sources").text
    assert "采集自其他门户 · 1" in own and "/desk/datasets/closed" not in own
    assert "/desk/datasets/nasty" in own and "有新数据时上传新版本" in own
    assert "/desk/datasets/closed" in theirs and "/desk/datasets/nasty" not in theirs
    assert "随来源更新" in theirs and "有新数据时上传新版本" not in theirs


def test_what_other_portals_have_is_no_gap(client: TestClient, signed_in: SignIn) -> None:
    signed_in("boss")
    _publisher()
    assert "2个数据集还没有对应的事项" in client.get("/desk/duties/gaps").text
    _came_from_elsewhere("closed", "nasty")
    assert "还没有可比的内容" in client.get("/desk/duties/gaps").text


def test_forms_offer_our_own_departments(client: TestClient, signed_in: SignIn) -> None:
    signed_in("boss")
    forms = ("elements/new", "elements/new-set", "elements/sheet", "duties", "sheet", "sources")
    addresses = [f"/desk/{form}" for form in forms] + ["/admin/people", "/admin/harvest", "/resource-codes"]
    _publisher()
    shown = {address: client.get(address).text for address in addresses}
    offered = [address for address in addresses if 'value="far"' in shown[address]]
    assert len(offered) >= 8, shown.keys() - offered
    _came_from_elsewhere("closed", "nasty")
    for address in offered:
        text = client.get(address).text
        assert 'value="other"' in text and 'value="office"' in text and 'value="far"' not in text, address
    assert '<option value="office" selected>' in client.get("/admin/people/steward").text, "whose it is stays"


def _publisher() -> None:
    """A department where nobody here works."""
    with session_scope() as session:
        access.add_office(Call(session, TERMINAL, clock.now(), ids.new_id()), title="远方的部门", name="far")


def _came_from_elsewhere(*names: str) -> None:
    """Make these datasets ones that a harvest brought, of the department where nobody here works."""
    now = clock.now()
    with session_scope() as session:
        far = access.office_by_name(session, "far")
        portal = Source(
            id=ids.new_id(), name="portal", title="门户", kind="ckan", url="https://p.example", created_at=now
        )
        session.add(portal)
        session.flush()
        for found in session.scalars(select(Dataset).where(Dataset.name.in_(names))):
            found.office_id = far.id
            session.add(
                Harvested(
                    source_id=portal.id,
                    remote_id=found.name,
                    dataset_id=found.id,
                    remote_digest="",
                    our_digest="",
                    first_seen=now,
                    last_seen=now,
                )
            )
