"""Data elements and code sets as pages: found, proposed, decided, matched to columns."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import NASTY, SignIn

ELEMENT = {
    "code": "lamp-number",
    "name": f"路灯{NASTY}",
    "letter": "C",
    "representation": "an12",
    "definition": NASTY,
    "asked": "other",
}


def test_the_library_is_searched_and_explains_its_elements(client: TestClient) -> None:
    found = client.get("/elements", params={"q": "sfzh"})
    assert "公民身份号码" in found.text
    assert "统一社会信用代码" not in found.text
    assert client.get("/elements", params={"q": "没有这样的", "from": "99999"}).status_code == 200
    shown = client.get("/elements/citizen-id")
    assert "固定18个字符" in shown.text
    assert "citizen-id" in shown.text
    english = client.get("/elements/sex", params={"lang": "en"})
    assert "exactly 1 digit" in english.text
    assert client.get("/elements/none").status_code == 404


def test_a_code_set_is_walked_searched_and_downloaded(client: TestClient) -> None:
    assert "gb-t-4754" in client.get("/code-sets").text
    top = client.get("/code-sets/gb-t-4754")
    assert "under=A" in top.text
    below = client.get("/code-sets/gb-t-4754", params={"under": "A"})
    assert "农业" in below.text
    assert "公证" not in below.text
    assert client.get("/code-sets/gb-t-4754", params={"under": "ZZ"}).status_code == 404
    assert "蒙古族" in client.get("/code-sets/gb-t-3304", params={"q": "蒙古"}).text
    lines = client.get("/code-sets/gb-t-3304.csv").text.splitlines()
    assert lines[0].lstrip("\ufeff").startswith("code,name")
    assert len(lines) == 57
    whole = client.get("/code-sets/gb-t-3304.json").json()
    assert (whole["code"], len(whole["items"])) == ("gb-t-3304", 56)
    assert client.get("/code-sets/gb-t-3304.xml").status_code == 404


def test_a_proposal_goes_its_way_through_the_pages(client: TestClient, signed_in: SignIn) -> None:
    csrf = signed_in("steward")
    for form in ("new", "new?from=sex", "new-set", "new-set?from=gb-t-3304", "sheet"):
        assert client.get(f"/desk/elements/{form}").status_code == 200, form
    wrong = client.post("/desk/elements/new", data={**ELEMENT, "csrf": csrf, "representation": "x"})
    assert wrong.status_code == 422
    assert "an..100" in wrong.text
    made = client.post("/desk/elements/new", data={**ELEMENT, "csrf": csrf})
    assert made.status_code == 303, made.text
    place = made.headers["location"]
    shown = client.get(place).text
    assert NASTY not in shown
    assert "技术审查" in shown
    assert client.post(place, data={"csrf": csrf, "do": "pass"}).status_code == 403
    client.cookies.clear()
    csrf = signed_in("reviewer")
    assert place in client.get("/desk/elements").text
    assert client.post(place, data={"csrf": csrf, "do": "pass"}).status_code == 303
    early = client.post(place, data={"csrf": csrf, "do": "release"})
    assert early.status_code == 409
    assert client.post(place, data={"csrf": csrf, "do": "send-back"}).status_code == 422
    client.cookies.clear()
    csrf = signed_in("stranger")
    desk = client.get("/desk/elements").text
    assert place in desk
    assert "1项等本部门答复" in desk
    assert "待答复" in client.get("/desk").text
    office = client.get(place).text.split('name="office" value="')[1].split('"')[0]
    answered = client.post(place, data={"csrf": csrf, "do": "agree", "office": office})
    assert answered.status_code == 303, answered.text
    client.cookies.clear()
    csrf = signed_in("reviewer")
    assert client.post(place, data={"csrf": csrf, "do": "release"}).status_code == 303
    assert "an12" in client.get("/elements/lamp-number").text


def test_columns_are_matched_and_bring_their_rules(client: TestClient, signed_in: SignIn) -> None:
    csrf = signed_in("steward")
    place = "/desk/datasets/nasty/elements"
    shown = client.get(place).text
    assert 'value="amount"' in shown
    assert NASTY not in shown
    given = {"csrf": csrf, "column": ["金额", "日期", "名称"], "element": ["amount", "date", "nothing"]}
    assert client.post(place, data=given).status_code == 404
    given["element"] = ["amount", "date", ""]
    kept = client.post(place, data=given)
    assert kept.status_code == 303, kept.text
    assert "check: range" in client.get(place).text
    assert "/datasets/nasty" in client.get("/elements/amount").text
    assert "/elements/amount" in client.get("/datasets/nasty").text
    client.cookies.clear()
    signed_in("stranger")
    assert client.get(place).status_code == 403


@pytest.mark.parametrize(
    ("text", "status", "word"),
    [
        ("代码,名称,上级代码\n1,甲,\n11,乙,1\n", 303, ""),
        ("代码,名称,上级代码\n1,甲,9\n", 422, "第2行"),
        ("甲,乙\n1,2\n", 422, "缺少"),
        ("", 422, "请选择文件"),
    ],
)
def test_a_code_set_is_pasted(
    client: TestClient, signed_in: SignIn, text: str, status: int, word: str
) -> None:
    form = {"csrf": signed_in("steward"), "code": "lamp-kind", "name": "灯", "items": text}
    answer = client.post("/desk/elements/new-set", data=form)
    assert answer.status_code == status, answer.text
    assert word in answer.text


def test_a_sheet_of_elements_is_taken_or_every_wrong_row_told(client: TestClient, signed_in: SignIn) -> None:
    csrf = signed_in("steward")
    blank = client.get("/desk/elements/template.csv").content
    taken = client.post("/desk/elements/sheet", data={"csrf": csrf}, files={"file": ("e.csv", blank)})
    assert taken.status_code == 303, taken.text
    bad = "标识,中文名称,表示格式\nlamp-a,甲,an5\nlamp-b,乙,zz\n".encode("gb18030")
    told = client.post("/desk/elements/sheet", data={"csrf": csrf}, files={"file": ("e.csv", bad)})
    assert told.status_code == 422
    assert "第3行" in told.text
