"""Codes of all kinds: the verdicts of python-stdnum or of a plain computation, a reason for each fault."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import uscc

from kaishu import standards
from kaishu.base.credit_code import LETTERS, check_letter, is_credit_code
from kaishu.quality.kernels import KERNELS
from kaishu.quality.kernels.organisation_code import CHECKS, WEIGHTS

GOOD = {
    "credit-code": ["91350100M000100Y43", "91110000600037341L"],
    "organisation-code": ["D2143569X", "D2143569-X", "600037341"],
    "division": ["110000", "110105", "110103", "441900", "659012"],
    "mobile": ["13800138000", "19912345678", "16612345678"],
    "phone": ["010-66668888", "02166668888", "0311-6666888", "(0755)26668888", "010-66668888-123",
              "400-123-4567", "12345", "95588"],
    "bank-card": ["622202000000000000" + luhn.calc_check_digit("622202000000000000"), "4111111111111111"],
    "plate": ["京A12345", "粤B12345D", "粤BD12345", "沪AF12345", "苏E1234学",
              "粤Z1234港", "使123456", "WJ12345"],
    "postal-code": ["100000", "510030", "999077"],
    "email": ["a@b.cn", "zhang.san+x@mail.example.com", "张三@例子.中国", "a_b@xn--fiqs8s.cn"],
    "person-name": ["王五", "欧阳娜娜", "阿卜杜拉·买买提", "John O'Neil", "𠮷野",
                    "·".join(["买买提", "吐尔逊"])],
    "full-width": ["张三，李四（甲）", "abc 123", "。"],
    "control-characters": ["张三 abc", "é", "—"],
}  # fmt: skip
BAD = {
    "credit-code": {"91350100M000100Y44": "check", "91350100M000100Y4": "length",
                    "91350100m000100Y43": "small",
                    "91350100I000100Y43": "characters", "９1350100M000100Y43": "full-width",
                    "91350100 M000100Y43": "blank",
                    "911A0100M000100Y4" + check_letter("911A0100M000100Y4"): "division"},
    "organisation-code": {"D21435690": "check", "D2143569--X": "length", "D2143569x": "characters",
                          "D2143 569X": "blank"},
    "division": {"990000": "unknown", "110199": "county", "1101": "length", "11010A": "characters",
                 "": "length"},
    "mobile": {"1380013800": "length", "12800138000": "segment", "１3800138000": "full-width",
               "138-0013-8000": "blank", "+8613800138000": "country", "1380013800O": "characters"},
    "phone": {"66668888": "area", "13800138000": "mobile", "010-6666888": "form", "010 66668888": "blank",
              "0l0-66668888": "characters", "": "characters", "---": "characters"},
    "bank-card": {"4111111111111112": "check", "622202": "length", "622202000000000000X": "characters"},
    "plate": {"京AO2345": "unused", "京a12345": "small", "A12345": "province", "京A1234": "form",
              "京A·12345": "blank", "京A1234!": "characters", "京": "form"},
    "postal-code": {"10000": "length", "000000": "repeated", "10000O": "characters"},
    "email": {"a.b.cn": "at", "a@@b.cn": "at", "a@b": "host", ".a@b.cn": "local", "a b@c.cn": "blank",
              "a＠b.cn": "full-width", "x" * 250 + "@b.cn": "length"},
    "person-name": {"张3": "digit", "张": "short", "\u3000": "empty", "": "empty", "张 三": "blank",
                    "张\u3000三": "full-width", "测试": "placeholder", "张" * 16: "long",
                    "张三!": "characters"},
    "full-width": {"１２": "letter", "Ａ": "letter", "ｚ张": "letter", "张\u3000": "blank"},
    "control-characters": {"张\x07三": "control", "a\n": "control", "a\u200bb": "invisible",
                           "\ufeffa": "invisible",
                           "a\x85": "control", "张\ufffd": "replacement"},
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_what_is_right_passes_and_each_fault_has_its_reason(name: str) -> None:
    kernel = KERNELS[name]
    cells = [*GOOD[name], None, *BAD[name]]
    expected = ["ok"] * (len(GOOD[name]) + 1) + list(BAD[name].values())
    for kind in (pa.string(), pa.large_string()):
        values = pa.array(["x", *cells, "y"], kind)[1:-1]
        assert [kernel.table[why].key for why in kernel.reasons(values)] == expected
        assert kernel.ok(values).tolist() == [key == "ok" for key in expected]
        assert kernel.ok(values.dictionary_encode()).tolist() == kernel.ok(values).tolist()


pieces = st.text(st.sampled_from("0129AHIJOXxZ京使学警·-. @＠１\u3000\u200b\x07\ufffdéö张三𠮷"), max_size=20)


@pytest.mark.parametrize("name", KERNELS)
@settings(max_examples=20)
@given(cells=st.lists(st.one_of(st.none(), pieces, st.text(max_size=30)), max_size=12), cut=st.integers(0, 4))
def test_any_text_has_a_verdict_and_a_reason_that_agree(name: str, cells: list[str | None], cut: int) -> None:
    values, kernel = pa.array(cells, pa.string())[cut:], KERNELS[name]
    ok, why = kernel.ok(values), kernel.reasons(values)
    assert ((why == 0) == ok).all() and len(ok) == len(values)
    assert ok[values.is_null().to_numpy(zero_copy_only=False)].all()


@settings(max_examples=30)
@given(st.lists(st.text("0123456789", max_size=21), max_size=20))
def test_card_numbers_are_what_luhn_says(cells: list[str]) -> None:
    completed = [*cells, *(cell + luhn.calc_check_digit(cell) for cell in cells if cell)]
    expected = [13 <= len(cell) <= 19 and luhn.is_valid(cell) for cell in completed]
    assert KERNELS["bank-card"].ok(pa.array(completed, pa.string())).tolist() == expected


codes = st.builds(
    lambda head, tail: (head + tail, head + tail + check_letter(head + tail)),
    st.from_regex(r"[0-9]{8}", fullmatch=True),
    st.text(LETTERS, min_size=9, max_size=9),
)


@given(
    st.lists(codes, max_size=10), st.lists(st.text(LETTERS + "IOaz", min_size=17, max_size=19), max_size=10)
)
def test_credit_codes_are_what_stdnum_and_our_single_check_say(
    made: list[tuple[str, str]], odd: list[str]
) -> None:
    cells = [*(whole for _, whole in made), *(f"{first}0" for first, _ in made), *odd]
    ok = KERNELS["credit-code"].ok(pa.array(cells, pa.string())).tolist()
    assert ok == [is_credit_code(cell) and cell[2:8].isdigit() for cell in cells]
    for cell, right in zip(cells, ok, strict=True):
        if cell == cell.upper() and len(cell) != 19 and cell[:2].isdigit():
            assert right == uscc.is_valid(cell)


@settings(max_examples=30)
@given(st.lists(st.from_regex(r"[0-9A-Z]{8}-?[0-9X]", fullmatch=True), max_size=10))
def test_organisation_codes_are_what_the_standard_computes(cells: list[str]) -> None:
    values = [
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".index(letter)
        for letter in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    ]
    letters = dict(zip("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", values, strict=True))
    sums = [
        sum(letters[letter] * weight for letter, weight in zip(cell, WEIGHTS, strict=False)) for cell in cells
    ]
    expected = [cell[-1] == CHECKS[(11 - total % 11) % 11] for cell, total in zip(cells, sums, strict=True)]
    assert KERNELS["organisation-code"].ok(pa.array(cells, pa.string())).tolist() == expected


def test_every_division_that_is_listed_is_one_and_no_other() -> None:
    known = set(standards.code_set("gb-t-2260").codes().tolist())
    every = [f"{number:06d}" for number in range(0, 1_000_000, 7)]
    assert KERNELS["division"].ok(pa.array(every)).tolist() == [code in known for code in every]


@settings(max_examples=30)
@given(st.lists(st.from_regex(re.compile(r"1[0-9]{10}", re.ASCII), fullmatch=True), max_size=20))
def test_eleven_digits_are_a_mobile_number_by_their_first_three(cells: list[str]) -> None:
    from kaishu.quality.kernels.mobile import SEGMENTS

    expected = [int(cell[:3]) in SEGMENTS for cell in cells]
    assert KERNELS["mobile"].ok(pa.array(cells, pa.string())).tolist() == expected


def test_more_rows_than_a_batch_are_judged_alike() -> None:
    cells = (["13800138000", None, "1", "", "91350100M000100Y43", "张三"] * 6000)[:35_001]
    for kernel in KERNELS.values():
        whole = kernel.ok(pa.array(cells))
        assert (whole == np.resize(kernel.ok(pa.array(cells[:6])), len(cells))).all()
        assert (whole == kernel.ok(pa.chunked_array([cells[:7], cells[7:]]))).all()


def test_kernels_have_two_languages_and_no_key_twice() -> None:
    for kernel in KERNELS.values():
        assert kernel.table[0].key == "ok" and len(kernel.table) < 256
        assert len({reason.key for reason in kernel.table}) == len(kernel.table)
        assert all(
            (reason.zh and reason.en.isascii()) or reason.key == "replacement" for reason in kernel.table
        )


def test_every_kernel_has_its_heading_in_the_docs() -> None:
    page = (Path(__file__).parents[3] / "docs" / "code-checks.md").read_text(encoding="utf-8")
    assert set(KERNELS) <= set(re.findall(r"^## (.+)$", page, re.MULTILINE))
