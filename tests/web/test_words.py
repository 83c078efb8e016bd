"""Every sentence of the pages exists in English, and English pages hold no Chinese of ours."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from jinja2 import nodes

from kaishu import compilation
from kaishu.web import shell, words
from kaishu.web.rendering import FOLDER, environment

HAN = re.compile(r"[㐀-鿿]")
WIDE = re.compile(r"[\u3000-\u303f\uff00-\uffef]")
FIELD = re.compile(r"\{(\w+)\}")


def messages_of_templates() -> dict[str, set[str]]:
    """Message to the templates that say it."""
    found: dict[str, set[str]] = {}
    made = environment()
    for name in made.list_templates():
        source, _path, _fresh = made.loader.get_source(made, name)  # type: ignore[union-attr]
        for call in made.parse(source).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name in ("_", "_n") and call.args:
                first = call.args[0]
                assert isinstance(first, nodes.Const), f"{name}:{call.lineno} translates something computed"
                found.setdefault(str(first.value), set()).add(name)
    return found


def messages_of_code() -> dict[str, set[str]]:
    """Message to the modules that say it."""
    found: dict[str, set[str]] = {}
    for path in sorted(FOLDER.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "_n"):
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.setdefault(first.value, set()).add(path.name)
    for message in shell.said_messages():
        found.setdefault(message, set()).add("shell.py")
    return found


def all_messages() -> dict[str, set[str]]:
    """Both together."""
    found = messages_of_templates()
    for message, places in messages_of_code().items():
        found.setdefault(message, set()).update(places)
    return found


def test_every_message_has_its_english() -> None:
    missing = {m: sorted(places) for m, places in all_messages().items() if m not in words.english()}
    assert not missing


def test_no_english_is_left_over() -> None:
    assert sorted(set(words.english()) - set(all_messages())) == []


def test_english_keeps_the_facts_and_holds_no_chinese() -> None:
    for message, said in words.english().items():
        for text in (said.one, said.many):
            assert set(FIELD.findall(text)) <= set(FIELD.findall(message)), message
            assert not HAN.search(text.replace("{", "")), message
            assert not WIDE.search(text), f"full-width: {message}"
        assert set(FIELD.findall(said.many)) == set(FIELD.findall(message)), message


def test_templates_hold_no_bare_chinese() -> None:
    """Chinese outside of ``_()`` would stand in the English pages too."""
    made = environment()
    for name in made.list_templates():
        source, _path, _fresh = made.loader.get_source(made, name)  # type: ignore[union-attr]
        for data in made.parse(source).find_all(nodes.TemplateData):
            assert not HAN.search(data.data), f"{name}: {data.data.strip()[:80]}"


def test_templates_hold_no_bare_full_width_punctuation() -> None:
    """Nor do they join with any: ``|listed`` knows the comma of the language."""
    made = environment()
    for name in made.list_templates():
        source, _path, _fresh = made.loader.get_source(made, name)  # type: ignore[union-attr]
        parsed = made.parse(source)
        for data in parsed.find_all(nodes.TemplateData):
            assert not WIDE.search(data.data), f"{name}: {data.data.strip()[:80]}"
        for used in parsed.find_all(nodes.Filter):
            between = [each.value for each in used.args if isinstance(each, nodes.Const)]
            assert used.name != "join" or not WIDE.search("".join(map(str, between))), f"{name}:{used.lineno}"


def test_kinds_of_duty_and_lists_are_said_in_the_language() -> None:
    kinds = compilation.rules.rules("duties")["kinds"]
    assert len(kinds) == 10
    with words.speaking("en"):
        assert not any(HAN.search(words.duty_kind(kind)) for kind in kinds)
        assert words.listed(["a", 1]) == "a, 1"
    assert [words.duty_kind(kind) for kind in kinds] == list(kinds)
    assert words.listed(["甲", "乙"]) == "甲、乙"


def test_one_and_many() -> None:
    with words.speaking("en"):
        assert words._n("{n}个数据集", 1) == "1 dataset"
        assert words._n("{n}个数据集", 1200) == "1,200 datasets"
    assert words._n("{n}个数据集", 1200) == "1,200个数据集"


def test_the_file_says_where_it_is() -> None:
    assert (Path(words.FOLDER) / "en" / "LC_MESSAGES" / "kaishu.po").is_file()
