"""Categories of resource codes: 类, 项, 目 and 细目, as shipped and as a region writes them.

A region's list is ``vocabularies/resource-classification.yaml`` in the home folder::

    terms:
      - {code: "307", zh: 本市部门, en: Departments}          # class digit and 项
      - {code: "307014", zh: 交通运输局, en: Transport, offices: [jiaotong]}   # and 目
      - {code: "209", zh: 城乡建设, en: Construction, themes: [construction]}

``offices`` (codes or names), ``themes`` (codes of the vocabulary) and ``words`` (of title and tags) say which
codes are built with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from kaishu import standards
from kaishu.access import Call, Permission, note, require
from kaishu.base import settings
from kaishu.base.errors import Said
from kaishu.catalogue.errors import CategoriesUnusable, WrongCodeItem

SHIPPED = Path(__file__).parent / "data" / "resource-categories.yaml"
#: Digits of a code up to the class, the 项 and the 目; what is longer is a 细目.
CLASS, ITEM, SUBJECT = 1, 3, 6
LONGEST, MOST_TERMS, MOST_BYTES = 40, 20_000, 4_000_000
GIVEN = ("offices", "themes", "words")
KEYS = frozenset({"code", "zh", "en", *GIVEN})
#: Class digit of what a department has; the setting that says nothing is to be chosen for it.
DEPARTMENT, NO_ITEM = "3", "none"


@dataclass(frozen=True, slots=True)
class Category:
    """One 项, 目 or 细目; ``code`` begins with the class digit."""

    code: str
    zh: str
    en: str
    offices: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def named(self, office: Sequence[str], themes: Sequence[str]) -> bool:
        """Is it for this office (code, name) or one of these themes?"""
        return bool(set(self.offices) & set(office) or set(self.themes) & set(themes))

    def spoken(self, text: str) -> bool:
        """Does this text have one of its words?"""
        return any(word in text for word in self.words)


@dataclass(frozen=True, slots=True)
class Categories:
    """A list; ``regional`` if a region gave it, so that what is not in it is wrong."""

    known: Mapping[str, Category]
    regional: bool

    def nearest(self, digits: str) -> Category | None:
        """The longest listed category that these digits begin with."""
        lengths = sorted({len(code) for code in self.known}, reverse=True)
        found = (self.known.get(digits[:length]) for length in lengths if length <= len(digits))
        return next((each for each in found if each), None)

    def listed_below(self, code: str) -> bool:
        """Does the list go deeper than this category?"""
        return any(each.startswith(code) and len(each) > len(code) for each in self.known)

    def chosen(self, digit: str, office: Sequence[str], themes: Sequence[str], text: str = "") -> str:
        """Digits after the class digit for a record of this class; empty if nothing says which.

        A region's word on offices and themes comes first.  Else what fits must not contradict itself: of
        several the deepest, and the others above it.  For departments that nothing fits, the item of the
        setting, if the list has it.
        """
        known = [each for each in self.known.values() if each.code[0] == digit]
        named = [each.code for each in known if each.named(office, themes)]
        if named and self.regional:
            return max(named, key=len)[CLASS:]
        fitting = {*named, *(each.code for each in known if each.spoken(text))}
        deepest = max(fitting, key=len, default="")
        if deepest and all(deepest.startswith(code) for code in fitting):
            return deepest[CLASS:]
        item = item_of_departments() if digit == DEPARTMENT and not fitting else ""
        return item[CLASS:] if item in self.known else ""


def classes() -> dict[str, str]:
    """Class digit to the code of the vocabulary."""
    return {str(term.extra["digit"]): term.code for term in standards.vocabulary("resource-class").terms}


def part_of(code: str) -> Said:
    """What a category of this length is called."""
    if len(code) <= ITEM:
        return Said("项", "item")
    return Said("目", "subject") if len(code) <= SUBJECT else Said("细目", "detail")


def item_of_departments() -> str:
    """Class digit and 项 that the setting gives to departments, or nothing.  Raises ``WrongCodeItem``."""
    value = settings.text("code_item")
    if value == NO_ITEM:
        return ""
    if len(value) != ITEM or value[0] != DEPARTMENT or not {value} & {*categories().known, *shipped().known}:
        raise WrongCodeItem(value=value)
    return value


def place() -> Path:
    """Where a region's list stands."""
    return settings.home() / "vocabularies" / "resource-classification.yaml"


def categories() -> Categories:
    """The region's list, or the shipped one.  Raises ``CategoriesUnusable``."""
    path = place()
    try:
        state = path.stat()
    except FileNotFoundError:
        return shipped()
    return _regional(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=1)
def shipped() -> Categories:
    """The list that ships: names as the sources have them, digits inferred."""
    return Categories(_known(written()["terms"], str(SHIPPED)), regional=False)


@lru_cache(maxsize=1)
def written() -> dict[str, Any]:
    """The shipped file with what it says of itself."""
    import yaml

    found: dict[str, Any] = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    return found


def template() -> str:
    """A list to be edited: the shipped items, and how subjects are added."""
    head = written()
    lines = [
        f"# {head['zh']}。{head['edition']}。",
        f"# {head['digits']['zh']}",
        f"# {head['digits']['en']}",
        "# 目：再加3位数字；细目：再加若干位。offices 写部门代码或标识，themes 写主题代码，",
        "# words 写名称或标签里的词：",
        "# Subject: three digits more; detail: any number more. offices: codes or names, themes: codes,",
        "# words: of title and tags:",
        '#   - {code: "307014", zh: 交通运输局, en: Transport bureau, offices: [jiaotong]}',
        "terms:",
    ]
    lines += [_line(each) for each in shipped().known.values()]
    return "\n".join(lines) + "\n"


def read_categories(text: str, where: str = "") -> Categories:
    """A region's list as it is written.  Raises ``CategoriesUnusable`` with line or term and reason."""
    import yaml

    if len(text) > MOST_BYTES:
        raise _unusable(where, Said("文件太大", "the file is too large"))
    try:
        found = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - a safe loader
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        said = Said(f"第{line}行不是 YAML", f"line {line} is no YAML")
        raise _unusable(where, said) from None
    terms = found.get("terms") if isinstance(found, Mapping) else None
    if not isinstance(terms, list) or not terms or len(terms) > MOST_TERMS:
        raise _unusable(where, Said("缺少 terms 列表", "the list “terms” is missing"))
    return Categories(_known(terms, where), regional=True)


def use_categories(call: Call, text: str, where: str = "") -> Categories:
    """Check a region's list and put it into place.  Raises ``CategoriesUnusable``."""
    require(call, Permission.office_manage)
    found = read_categories(text, where)
    path = place()
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)
    note(call, "catalogue.categories", ("vocabulary", "resource-classification"), categories=len(found.known))
    return found


@lru_cache(maxsize=4)
def _regional(path: Path, changed: int, size: int) -> Categories:
    assert changed >= 0 and size >= 0
    return read_categories(path.read_text(encoding="utf-8-sig", errors="replace"), path.name)


def _line(each: Category) -> str:
    given = "".join(f", {key}: [{', '.join(getattr(each, key))}]" for key in GIVEN if getattr(each, key))
    return f'  - {{code: "{each.code}", zh: {each.zh}, en: "{each.en}"{given}}}'


def _known(terms: Sequence[Any], where: str) -> dict[str, Category]:
    known: dict[str, Category] = {}
    for number, term in enumerate(terms, start=1):
        problem = _problem(term, known)
        if problem:
            raise _unusable(where, Said(f"第{number}条：{problem}", f"term {number}: {problem.en}"))
        code = str(term["code"])
        known[code] = Category(
            code,
            str(term["zh"]),
            str(term.get("en") or ""),
            **{key: tuple(str(each) for each in term.get(key) or ()) for key in GIVEN},
        )
    return known


def _problem(term: Any, known: Mapping[str, Category]) -> Said | None:
    if not isinstance(term, Mapping) or not term.get("code") or not term.get("zh"):
        return Said("要有 code 和 zh", "needs code and zh")
    if not isinstance(term["code"], str):
        return Said("code 请加引号，否则开头的 0 会丢失", "put code in quotes, or leading zeros are lost")
    code, unknown = term["code"], sorted(str(key) for key in term if key not in KEYS)
    if unknown:
        return Said(f"不认识“{unknown[0]}”", f'"{unknown[0]}" is not known')
    if not code.isascii() or not code.isdigit() or not ITEM <= len(code) <= LONGEST:
        return Said(
            f"代码“{code}”应全是数字：类1位、项2位，之后目3位、细目", f'"{code}" is not class, item, …'
        )
    if code[0] not in "123":
        return Said(f"代码“{code}”的类应为1、2或3", f'the class of "{code}" is not 1, 2 or 3')
    if ITEM < len(code) < SUBJECT:
        return Said(f"代码“{code}”的目不足3位", f'the subject of "{code}" has fewer than three digits')
    if code in known:
        return Said(f"代码“{code}”重复", f'"{code}" is there twice')
    for key in GIVEN:
        if not isinstance(term.get(key) or [], list):
            return Said(f"“{key}”应为列表", f'"{key}" is not a list')
    if "" in (term.get("words") or []):
        return Said("“words”里有空的词", 'a word in "words" is empty')
    return None


def _unusable(where: str, reason: Said) -> CategoriesUnusable:
    return CategoriesUnusable(file=where, reason=str(reason), reason_en=reason.en)
