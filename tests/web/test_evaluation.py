"""Evaluation on the pages: run, ranked, opened, tried with other weights, written, compared, published."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from kaishu import evaluation
from kaishu.access import TERMINAL, Call
from kaishu.base import clock, ids
from kaishu.db import session_scope
from kaishu.evaluation.errors import BadData
from tests.evaluation.records.test_keeping import SYSTEM
from tests.web.conftest import NASTY

SignIn = Callable[[str], str]
DATA = f'city,a,b,c\n甲{NASTY},1,8,3\n乙,2,6,3.5\n丙,4,2,1\n"丁/二",5,,2\n'


def edition(text: str = SYSTEM) -> str:
    with session_scope() as session:
        return evaluation.add_system(Call(session, TERMINAL, clock.now(), ids.new_id()), text).id


def evaluated(client: TestClient, csrf: str, system: str, data: str = DATA) -> str:
    form = {"csrf": csrf, "system": system, "data": "file"}
    answer = client.post("/desk/evaluation/new", data=form, files={"file": ("城市.csv", data.encode())})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def ranks_of(page: str) -> list[str]:
    found = re.findall(r'<tr><td class="number place">.*?</tr>', page, re.S)
    assert found
    return found


def post(client: TestClient, csrf: str, where: str, **given: str) -> Any:
    return client.post(where, data={"csrf": csrf, **given})


def test_a_file_is_evaluated_and_every_score_opens(client: TestClient, signed_in: SignIn) -> None:
    csrf = signed_in("steward")
    system = edition(SYSTEM.replace("城市", f"城市{NASTY}"))
    assert "城市.csv" not in client.get("/desk/evaluation").text
    place = evaluated(client, csrf, system)
    page = client.get(place).text
    assert NASTY not in page and html.escape(NASTY) in page
    assert "城市.csv" in client.get("/desk/evaluation").text
    ranks = re.findall(r'<tr><td class="number place">(\d+)</td>', page)
    assert ranks == ["1", "2", "3", "4"]
    unit = client.get(f"{place}/units/%E4%B8%81%2F%E4%BA%8C").text
    assert "区间下限" in unit and "有效权重" in unit and "缺失" in unit
    found = re.search(r"各指标的贡献之和为([\d.]+)，总分([\d.]+)", unit)
    assert found and found[1] == found[2]
    assert client.get(f"{place}/units/nobody").status_code == 404
    for form, kind in (("html", "text/html"), ("docx", "officedocument")):
        answer = client.get(f"{place}/report.{form}")
        assert answer.status_code == 200 and kind in answer.headers["content-type"]
    assert client.get(f"{place}/report.exe").status_code == 404
    firm = client.get(f"{place}/robustness")
    assert firm.status_code == 200 and "名次的区间" in firm.text
    again = post(client, csrf, f"{place}/again")
    assert again.status_code == 303
    assert "每个数都相同" in client.get(place).text


def test_other_weights_are_a_link_and_change_nothing(client: TestClient, signed_in: SignIn) -> None:
    csrf = signed_in("steward")
    place = evaluated(client, csrf, edition())
    before = client.get(place).text
    page = client.get(f"{place}/what-if", params={"w.C": "60", "w.A": "60", "w.a": "33.3333"}).text
    assert "60% → 50%" in page and "w.C=60" in page and "w.a=" not in page.split("copybox")[1]
    wrong = client.get(f"{place}/what-if", params={"w.C": "viel"})
    assert wrong.status_code == 422 and "应为数" in wrong.text
    assert ranks_of(client.get(place).text) == ranks_of(before)


def test_a_result_is_for_its_maker_until_a_reviewer_publishes_it(
    client: TestClient, signed_in: SignIn
) -> None:
    csrf = signed_in("steward")
    place = evaluated(client, csrf, edition())
    assert post(client, csrf, f"{place}/settle", act="publish").status_code == 403
    client.cookies.clear()
    assert client.get(place).status_code == 404
    csrf = signed_in("reviewer")
    assert post(client, csrf, f"{place}/settle", act="publish").status_code == 303
    client.cookies.clear()
    assert client.get(place).status_code == 200
    assert place in client.get("/evaluation").text
    csrf = signed_in("reviewer")
    assert post(client, csrf, f"{place}/settle", act="withdraw", reason="").status_code == 422
    assert post(client, csrf, f"{place}/settle", act="withdraw", reason="有误").status_code == 303
    client.cookies.clear()
    assert client.get(place).status_code == 404


def test_an_edition_is_written_in_a_form_and_as_text(client: TestClient, signed_in: SignIn) -> None:
    csrf = signed_in("reviewer")
    here = f"/desk/evaluation/systems/{edition()}"
    assert 'name="weight.0.children.0" value="1/3"' in client.get(here).text
    wrong = post(client, csrf, here, act="form", **{"weight.0": "0.7"})
    assert wrong.status_code == 422 and "第10行" in wrong.text and "weight: 0.7   # ours" in wrong.text
    kept = post(
        client, csrf, here, act="form", **{"weight.0": "0.7", "weight.1": "30%", "title-zh": "大城市"}
    )
    assert kept.status_code == 303
    page = client.get(here).text
    assert "weight: 0.7   # ours" in page and "weight: 30%" in page and "大城市" in page
    text = SYSTEM.replace("scale: [0, 5]", "scale: [0, 5]\nnonsense: 1")
    wrong = post(client, csrf, here, act="text", text=text)
    assert wrong.status_code == 422 and "第6行" in wrong.text and "nonsense: 1" in wrong.text
    public = here.replace("/desk", "")
    assert post(client, csrf, f"{public}/settle", act="publish").status_code == 303
    drafted = post(client, csrf, f"{public}/draft", edition="2027")
    assert drafted.status_code == 303
    later = drafted.headers["location"]
    assert post(client, csrf, later, act="form", digits="3").status_code == 303
    told = client.get(later.replace("/desk", ""), params={"with": public.rsplit("/", 1)[1]}).text
    assert "digits" in told.split('id="editions"')[1]


def test_two_evaluations_are_compared(client: TestClient, signed_in: SignIn) -> None:
    csrf = signed_in("steward")
    system = edition()
    first = evaluated(client, csrf, system)
    second = evaluated(client, csrf, system, DATA.replace("乙,2,6", "乙,5,9"))
    page = client.get(f"{second}/compare", params={"with": first.rsplit("/", 1)[1]}).text
    assert "得分部分" in page and "乙上升最多" in page and "两版体系没有不同" in page


def test_bad_data_and_strangers_are_told(client: TestClient, signed_in: SignIn) -> None:
    system = edition()
    assert client.get("/desk/evaluation").status_code == 303
    csrf = signed_in("steward")
    form = {"csrf": csrf, "system": system, "data": "file"}
    files = {"file": ("x.csv", b"city,a,b,c\nx,1,2,3\nx,2,3,zz\n")}
    bad = client.post("/desk/evaluation/new", data=form, files=files)
    assert bad.status_code == 422 and "第3行" in bad.text and "zz" in bad.text
    assert client.post("/desk/evaluation/new", data=form).status_code == 422
    table = client.post("/desk/evaluation/new", data={**form, "data": "table", "dataset": "nasty"})
    assert table.status_code == 422 and "“a”" in table.text
    assert client.get("/evaluation/systems/nowhere").status_code == 404


def test_units_of_a_system_of_stages_stand_by_stage_and_have_no_rank(
    client: TestClient, signed_in: SignIn
) -> None:
    csrf = signed_in("steward")
    form = {"system": "integration-2018", "data": "own"}
    place = post(client, csrf, "/desk/evaluation/new", **form).headers["location"]
    other = post(client, csrf, "/desk/evaluation/new", **form).headers["location"]
    page = client.get(place).text
    heads = [head.strip() for head in re.findall(r'<h3 class="row">(.*?)<span', page)]
    assert heads == ["Ⅰ级 完善", "Ⅱ级 较为完善", "Ⅲ级 不够完善", "Ⅳ级 起步"]
    assert "排名" not in page and "名次" not in page and "5 / 8" not in page.split("Ⅲ级 不够完善")[0]
    whole = page.split('id="ranking"')[1].split("</section>")[0]
    names = re.findall(r'<th scope="row"><a [^>]*>([^<]*)', whole)
    assert len(names) == 32 and names[:2] == sorted(names[:2])
    english = client.get(place, params={"lang": "en"}).text
    assert "Ⅱ fairly complete" in english and "Criteria of the next stage met" in english
    client.get(place, params={"lang": "zh"})
    tried = client.get(f"{place}/what-if", params={"w.L1": "60"}).text
    assert "没有对象换了阶段" in tried and "新的名次" not in tried
    firm = client.get(f"{place}/robustness").text
    assert "阶段不变" in firm and "九成情况下" not in firm
    held = client.get(f"{other}/compare", params={"with": place.rsplit("/", 1)[1]}).text
    assert "Ⅱ级 较为完善 → Ⅱ级 较为完善" in held and "没有对象换了阶段" in held
    unit = client.get(re.findall(r'<a href="(/evaluation/results/[^"]+/units/[^"]+)"', page)[0]).text
    assert "Ⅱ级 较为完善" in unit
    assert "<dt>原始值</dt><dd>部分</dd>" in unit  # the word of the data, not the number it stands for


def test_an_indicator_that_reads_a_fact_leads_to_it(client: TestClient, signed_in: SignIn) -> None:
    csrf = signed_in("steward")
    leaf = "{normalise: min-max, from: {fact: datasets.open}}"
    text = (
        "system: fact-led\nedition: '1'\ntitle: 由事实\nunits: {id: office}\n"
        f"tree:\n  - {{code: F, title: 开放数据集, weight: 1, indicator: {leaf}}}\n"
    )
    system = edition(text)
    page = client.get(f"/evaluation/systems/{system}").text
    assert 'href="/evaluation/facts/datasets.open"' in page
    place = evaluated(client, csrf, system, "office,datasets.open\n甲,1\n乙,3\n")
    assert 'href="/evaluation/facts/datasets.open"' in client.get(place).text
    assert 'href="/evaluation/facts/datasets.open"' in client.get(f"{place}/units/甲").text
    assert client.get("/evaluation/facts/datasets.open").status_code == 200


def test_the_form_names_the_columns_of_the_units_and_problems_are_counted_in_english(
    client: TestClient, signed_in: SignIn
) -> None:
    csrf = signed_in("steward")
    system = edition()
    page = client.get("/desk/evaluation/new", params={"system": system}).text
    assert page.index("<code>city</code>") < page.index("<code>a</code>")
    data = b"city,a,b,c\nx,1,2,zz\ny,1,2,3\n"
    with pytest.raises(BadData) as caught:
        evaluation.evaluate(SYSTEM, {"city": ["x", "y"], "a": [1, 1], "b": [2, 2], "c": ["zz", 3]})
    assert "have 1 problem:" in caught.value.sentence("en")
    form = {"csrf": csrf, "system": system, "data": "file"}
    bad = client.post(
        "/desk/evaluation/new", params={"lang": "en"}, data=form, files={"file": ("x.csv", data)}
    )
    assert bad.status_code == 422 and "1 thing" in bad.text


def test_built_in_systems_have_pages_in_both_languages(client: TestClient) -> None:
    for name in evaluation.built_in():
        for language in ("zh", "en"):
            answer = client.get(f"/evaluation/systems/{name}", params={"lang": language})
            assert answer.status_code == 200, name
