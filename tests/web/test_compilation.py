"""Duty lists, the catalogue sheet, the classified catalogue and what was withdrawn, as pages."""

from __future__ import annotations

import html
import io
from pathlib import Path
from typing import Any

import pytest
import python_calamine as calamine
import xlsxwriter
from starlette.testclient import TestClient

from kaishu import catalogue, compilation, jobs
from kaishu.access import TERMINAL, Call
from kaishu.base import clock, ids
from kaishu.db import session_scope
from tests.web.conftest import NASTY, SignIn

LIST = "事项名称,事项类型,法律依据,办理材料,结果名称\n结婚登记,行政确认,某条例,身份证；会员名册,结婚证\n"
LIST += f"{NASTY},行政许可,{NASTY},{NASTY},{NASTY}证\n"


def take(client: TestClient, csrf: str, text: str = LIST, **more: str) -> Any:
    files = {"file": ("清单.csv", text.encode("gb18030"), "text/csv")}
    return client.post("/desk/duties", data={"csrf": csrf, **more}, files=files)


def test_a_list_is_taken_in_and_its_proposals_decided(client: TestClient, signed_in: SignIn) -> None:
    csrf = signed_in("steward")
    answer = take(client, csrf)
    assert answer.status_code == 303, answer.text
    page = client.get(answer.headers["location"])
    assert "结婚证信息" in page.text
    assert NASTY not in page.text
    assert html.escape("身份证（公安机关）") in page.text
    first = page.text.split('name="proposal" value="')[1].split('"')[0]
    shown = client.get(f"/desk/proposals/{first}").text
    assert "法律依据：某条例" in shown and "代码将以 30711000001/ 开头" in shown
    open_item = {"csrf": csrf, "do": "accept", "title": "", "resource_class": "theme"}
    assert "代码将以" not in client.post(f"/desk/proposals/{first}", data=open_item).text
    wrong = client.post(f"/desk/proposals/{first}", data={"csrf": csrf, "do": "accept", "title": ""})
    assert wrong.status_code == 422
    assert "必填" in wrong.text
    silent = client.post(f"/desk/proposals/{first}", data={"csrf": csrf, "do": "decline", "reason": ""})
    assert silent.status_code == 422
    assert "法律依据：某条例" in silent.text
    none = client.post(f"{answer.headers['location']}/accept", data={"csrf": csrf})
    assert none.status_code == 422 and "请先勾选建议" in none.text
    taken = client.post(f"{answer.headers['location']}/accept", data={"csrf": csrf, "proposal": first})
    assert taken.status_code == 303, taken.text
    again = client.post(f"{answer.headers['location']}/accept", data={"csrf": csrf, "proposal": first})
    assert again.status_code == 409
    assert "已采纳" in client.get(f"/desk/proposals/{first}").text
    assert "个事项还没有数据" in client.get("/desk/duties/gaps").text


def test_without_a_list_nobody_says_that_nothing_is_missing(client: TestClient, signed_in: SignIn) -> None:
    signed_in("steward")
    page = client.get("/desk/duties/gaps?office=office").text
    assert "还没有部门导入清单" in page and "这个部门还没有导入清单" in page and "没有缺口" not in page


def test_data_that_are_elsewhere_have_no_pages_for_a_table(client: TestClient, signed_in: SignIn) -> None:
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        link = catalogue.Link(name="接口", url="https://data.example.gov.cn/api")
        record = catalogue.record_from({"title": "只有链接"})
        catalogue.add_dataset(call, record=record, office="office", name="linked")
        catalogue.replace_resources(call, "linked", [("", link)])
    signed_in("steward")
    page = client.get("/desk/datasets/linked").text
    assert "数据在别处" in page and "还没有数据" not in page
    for tail in ("elements", "rules", "cleansing"):
        assert f"/desk/datasets/linked/{tail}" not in page
        assert f"/desk/datasets/closed/{tail}" in client.get("/desk/datasets/closed").text


def test_wrong_rows_of_a_list_are_shown_and_good_ones_can_be_taken(
    client: TestClient, signed_in: SignIn
) -> None:
    csrf = signed_in("steward")
    text = LIST + ",行政许可,依据,,\n"
    answer = take(client, csrf, text)
    assert answer.status_code == 422
    assert "没有事项名称" in answer.text
    assert take(client, csrf, text, only_good="yes").status_code == 303
    broken = client.post("/desk/duties", data={"csrf": csrf}, files={"file": ("x.xlsx", b"PK\3\4no", "x")})
    assert broken.status_code in (400, 422)
    assert client.post("/desk/duties", data={"csrf": csrf}).status_code == 422


@pytest.mark.parametrize("name", ["duties-minzhengju.csv", "duties-jiaoyuju.csv"])
def test_examples_can_be_downloaded(client: TestClient, signed_in: SignIn, name: str) -> None:
    assert client.get(f"/desk/duties/examples/{name}").status_code == 303
    signed_in("steward")
    assert client.get(f"/desk/duties/examples/{name}").content == (compilation.EXAMPLES / name).read_bytes()
    assert client.get("/desk/duties/examples/..%2frules.py").status_code == 404


def changed_sheet(client: TestClient, tmp_path: Path, **cells: str) -> bytes:
    answer = client.get("/desk/sheet.xlsx")
    assert answer.status_code == 200
    book = calamine.load_workbook(io.BytesIO(answer.content))
    path = tmp_path / "改.xlsx"
    made = xlsxwriter.Workbook(str(path))
    for name in ("目录", "信息项"):
        rows = [[str(cell) for cell in row] for row in book.get_sheet_by_name(name).to_python()]
        if name == "目录":
            for heading, value in cells.items():
                rows[3][rows[0].index(heading)] = value
        sheet = made.add_worksheet(name)
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell)
    made.close()
    return path.read_bytes()


def test_a_sheet_goes_out_comes_back_and_is_applied(
    client: TestClient, signed_in: SignIn, tmp_path: Path
) -> None:
    csrf = signed_in("steward")
    same = client.post(
        "/desk/sheet", data={"csrf": csrf}, files={"file": ("a.xlsx", changed_sheet(client, tmp_path), "x")}
    )
    assert "表里的内容和目录完全一样" in client.get(same.headers["location"]).text
    sent = changed_sheet(client, tmp_path, 电话="010-1234", 更新周期="每周")
    back = client.post("/desk/sheet", data={"csrf": csrf}, files={"file": ("a.xlsx", sent, "x")})
    plan = client.get(back.headers["location"]).text
    assert "010-1234" in plan
    done = client.post(back.headers["location"], data={"csrf": csrf, "submit": "yes"})
    assert done.status_code == 303, done.text
    assert client.get(done.headers["location"]).status_code == 200
    jobs.run_waiting()
    assert "已写入草稿" in client.get(done.headers["location"]).text
    client.cookies.clear()
    signed_in("reviewer")
    assert 'name="dataset"' in client.get("/review").text


def test_wrong_cells_of_a_sheet_are_shown_and_change_nothing(
    client: TestClient, signed_in: SignIn, tmp_path: Path
) -> None:
    csrf = signed_in("steward")
    sent = changed_sheet(client, tmp_path, 更新周期=NASTY)
    back = client.post("/desk/sheet", data={"csrf": csrf}, files={"file": ("a.xlsx", sent, "x")})
    plan = client.get(back.headers["location"]).text
    assert "不在代码表里" in plan
    assert NASTY not in plan
    assert client.post(back.headers["location"], data={"csrf": csrf}).status_code == 422
    other = {"file": ("a.csv", "甲,乙\n1,2\n".encode(), "text/csv")}
    assert client.post("/desk/sheet", data={"csrf": csrf}, files=other).status_code == 422


def test_several_are_published_at_once(client: TestClient, signed_in: SignIn) -> None:
    csrf = signed_in("steward")
    for name in ("nasty", "closed"):
        shown = client.get(f"/desk/datasets/{name}/record").text
        assert "业务事项（L1）" in shown
    with_record = {"csrf": csrf, "dataset": ["nasty"]}
    assert client.post("/review", data=with_record).status_code == 403
    client.cookies.clear()
    csrf = signed_in("reviewer")
    assert client.post("/review", data={"csrf": csrf}).status_code == 422
    assert client.post("/review", data={"csrf": csrf, "dataset": ["nasty"]}).status_code == 409


def test_the_catalogue_by_class_shows_visitors_what_is_published(
    client: TestClient, signed_in: SignIn
) -> None:
    for by in ("resource_class", "resource_category", "secrecy", "share_class", "level", "nonsense"):
        assert client.get(f"/catalogue?by={by}").status_code == 200
    page = client.get("/catalogue?class=department&office=office").text
    assert "/datasets/nasty" in page
    assert NASTY not in page
    english = client.get("/catalogue.csv", headers={"Accept-Language": "en"})
    assert english.headers["content-type"].startswith("text/csv")
    assert english.text.count("\r\n") >= 3
    assert "resource_class" not in english.text


def _paths_under(client: TestClient, prefix: str) -> list[str]:
    """What every page below an address is called; those that ask for an account first are left out."""
    pages = [route for route in client.app.routes if getattr(route, "path", "").startswith(prefix)]  # type: ignore[attr-defined]
    names = [
        page.path.removeprefix(prefix).replace("{form}", "pdf") for page in pages if "GET" in page.methods
    ]
    return [name for name in names if client.get(f"{prefix.format(name='closed')}{name}").status_code != 303]


def test_a_withdrawn_dataset_is_gone_with_its_reason_and_comes_back(
    client: TestClient, signed_in: SignIn
) -> None:
    csrf = signed_in("steward")
    client.post("/desk/datasets/nasty/withdraw", data={"csrf": csrf, "reason": f"坐标有误{NASTY}"})
    assert client.get("/datasets/nasty").status_code == 200, "own people still see it"
    client.cookies.clear()
    gone = client.get("/datasets/nasty")
    assert gone.status_code == 410
    assert "/datasets/closed" in gone.text, "what is near is named"
    assert "坐标有误" in gone.text
    assert NASTY not in gone.text
    below = _paths_under(client, "/datasets/{name}/")
    assert "rows" in below and len(below) >= 8
    for path in below:
        answer = client.get(f"/datasets/nasty/{path}")
        assert answer.status_code == 410 and "坐标有误" in answer.text, f"so do links to its {path}"
        assert client.get(f"/datasets/never-there/{path}").status_code == 404, path
    forms = ["nasty.ttl", "nasty.jsonld", "nasty/datapackage.json", "nasty/dc.xml", "nasty/datapackage.zip"]
    answers = [client.get(f"/dataset/{form}") for form in forms]
    answers.append(client.get("/datasets/nasty", headers={"Accept": "text/turtle"}))
    for answer in answers:
        assert answer.status_code == 410, answer.url
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "catalogue.withdrawn"
        assert "坐标有误" in answer.json()["detail"]
    assert client.get("/dataset/never-there.ttl").status_code == 404
    assert client.get("/api/v1/datasets/nasty").status_code == 404
    assert client.get("/datasets/never-there").status_code == 404
    csrf = signed_in("boss")
    no = client.post("/desk/datasets/nasty/restore", data={"csrf": csrf, "reason": " "})
    assert no.status_code == 422
    yes = client.post("/desk/datasets/nasty/restore", data={"csrf": csrf, "reason": "已更正"})
    assert yes.status_code == 303
    client.cookies.clear()
    assert client.get("/datasets/nasty").status_code == 200


def test_departments_and_people_are_changed(client: TestClient, signed_in: SignIn) -> None:
    csrf = signed_in("boss")
    form = {"csrf": csrf, "title": "新名", "code": "91350100M000100Y44"}
    wrong = client.post("/admin/offices/other", data=form)
    assert wrong.status_code == 422
    assert "统一社会信用代码" in wrong.text
    assert client.post("/admin/offices/other", data={**form, "code": "91350100M000100Y43"}).status_code == 303
    assert "91350100M000100Y43" in client.get("/admin/offices").text
    off = {"csrf": csrf, "name": "新人", "role": "member", "office": ""}
    assert client.post("/admin/people/stranger", data=off).status_code == 303
    client.cookies.clear()
    refused = client.post("/sign-in", data={"account": "stranger", "password": "a-long-password"})
    assert refused.status_code == 401
    csrf = signed_in("boss")
    own = client.post("/admin/people/boss", data={"csrf": csrf, "name": "b", "role": "administrator"})
    assert own.status_code == 409
    assert client.get("/admin/people/nobody").status_code == 404
    client.cookies.clear()
    signed_in("steward")
    assert client.get("/admin/people/boss").status_code == 403
    assert client.get("/admin/offices/other").status_code == 403
