"""Data elements and code sets as pages: found, proposed, decided, matched to columns."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from kaishu import quality
from kaishu.db import session_scope
from kaishu.ledger.models import Entry
from kaishu.quality.models import Rulebook
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
    for code, zh, en in (
        ("citizen-id", "公民身份号码：区划、出生日期和校验码", "identity number: division, date of birth"),
        ("age", "从0到150", "From 0 to 150"),
        ("person-name", "人的姓名：用字和长度", "Family name and given name"),
        ("address", "最多300个字符", "At most 300 characters"),
        ("sex", "值在代码集 gb-t-2261-1 里", "stands in the code set gb-t-2261-1"),
    ):
        pages = [client.get(f"/elements/{code}?lang={tongue}").text for tongue in ("zh", "en")]
        assert zh in pages[0] and en in pages[1] and "&#34;check&#34;" not in pages[0]


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


def test_divisions_are_a_tree_from_province_to_county_with_what_they_were(client: TestClient) -> None:
    def page(**asked: str) -> str:
        return client.get("/code-sets/gb-t-2260", params={"lang": "zh", **asked}).text

    top = page()
    assert top.count('aria-expanded="false"') >= 31, "provinces, all of them closed"
    assert "河北省" in top
    assert "石家庄市" not in top
    province = page(under="130000")
    assert province.count('aria-expanded="true"') == 1
    assert "石家庄市" in province
    assert "正定县" not in province
    prefecture = page(under="130100")
    assert prefecture.count('aria-expanded="true"') == 2
    county = prefecture.partition('id="code-130123"')[2].partition("</li>")[0]
    assert "正定县" in county
    assert "栾城县" in county, "the name that the code had before"
    assert "1986 – 1992" in county
    ended = prefecture.partition("<details")[2].partition("</details>")[0]
    assert "获鹿县" in ended, "a code that ended in 1993 is kept apart"
    assert 'id="code-130123"' not in ended
    found = page(q="正定")
    assert "河北省 › 石家庄市" in found, "a search says where what it found lies"
    assert "under=130100" in found
    lines = client.get("/code-sets/gb-t-2260.csv").text.splitlines()
    assert "130123,正定县,,130100,1993,," in lines
    assert "429004,仙桃市,,429000,1994,," in lines


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


def test_checks_of_accepted_elements_are_added_to_the_draft_of_rules(
    client: TestClient, signed_in: SignIn
) -> None:
    csrf = signed_in("steward")
    matched = "/desk/datasets/nasty/elements"
    rules = "/desk/datasets/nasty/rules"
    heading = "数据元带来的校验"
    assert heading not in client.get(rules).text
    given = {
        "csrf": csrf,
        "column": ["金额", "编号", "名称", "日期"],
        "element": ["amount", "sex", "title", "age"],
    }
    assert client.post(matched, data=given).status_code == 303
    assert "把3条校验加入质量规则" in client.get(matched).text
    shown = client.get(rules).text
    assert heading in shown
    assert all(f'value="{key}" checked' in shown for key in ("range:金额", "in:编号", "length:名称"))
    assert "range:日期" not in shown
    assert "界限却是 number" in shown
    none = client.post(f"{rules}/elements", data={"csrf": csrf, "bring": "yes", "brought": ["range:别的"]})
    assert none.status_code == 422
    assert "请勾选至少一条" in none.text
    assert 'value="in:编号" checked' not in none.text, "ticks stay as they were"

    own = "# 手写\nrules:\n  - {check: not-null, column: 名称, id: sex-in}\n"
    kept = {"csrf": csrf, "text": own, "importance": "3", "order_from": "critical"}
    assert client.post(rules, data=kept).status_code == 303
    ticked = {"csrf": csrf, "bring": "yes", "brought": ["range:金额", "in:编号"]}
    added = client.post(f"{rules}/elements", data=ticked)
    assert added.status_code == 303, added.text
    with session_scope() as session:
        (draft,) = session.scalars(select(Rulebook))
        (entry,) = session.scalars(select(Entry).where(Entry.action == "quality.rules.bring"))
        assert entry.facts["brought"][1] == {"rule": "amount-range", "element": "amount", "version": 1}
    assert draft.text.startswith(own), "what stood there stays as it was written"
    assert (draft.state, draft.importance, draft.order_from) == ("draft", 3.0, "critical")
    first, sex, amount = sorted(quality.parse_rules(draft.text).rules, key=lambda rule: rule.line)
    assert (first.id, sex.id) == ("sex-in", "sex-in-2")
    assert amount.check.reads == ("金额",)
    assert "amount" in amount.note and "第1版" in amount.note and "version 1" in amount.note
    assert sex.title == "编号：性别代码 · Sex code"
    left = client.get(rules).text
    assert 'value="length:名称"' in left
    assert 'value="in:编号"' not in left
    assert "把1条校验加入质量规则" in client.get(matched).text
    client.post(f"{rules}/elements", data={"csrf": csrf, "bring": "yes", "brought": ["length:名称"]})
    assert "不适合这一列" in client.get(rules).text
    assert "加入质量规则" not in client.get(matched).text
    client.post(matched, data={"csrf": csrf, "column": ["日期"], "element": [""]})
    assert heading not in client.get(rules).text
    assert client.post(f"{rules}/step", data={"csrf": csrf, "act": "submit"}).status_code == 303
    client.cookies.clear()
    csrf = signed_in("stranger")
    assert client.post(f"{rules}/elements", data={**ticked, "csrf": csrf}).status_code == 403
