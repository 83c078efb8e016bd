"""The category of a record (项, 目, 细目) as a person chooses it, and as a new resource code needs it."""

from __future__ import annotations

from kaishu import standards
from kaishu.base import settings
from kaishu.base.errors import Said
from kaishu.catalogue.categories import (
    DEPARTMENT,
    Category,
    categories,
    classes,
    item_of_departments,
    part_of,
)
from kaishu.catalogue.errors import WrongCodeCategory

ADVISE, REQUIRE = MODES = ("advise", "require")
#: Categories that an error lists.
LISTED = 12


def category_words(code: str) -> Said:
    """Digits and name of a category, ``209 城乡建设``; the digits alone if the list has it not."""
    found = categories().known.get(code)
    return Said(f"{code} {found.zh}", f"{code} {found.en or found.zh}") if found else Said(code, code)


def category_choices(chosen: str = "") -> list[tuple[str, Said]]:
    """What can be chosen, with its class before it; also what is ``chosen``, if the list has it not."""
    known = categories().known
    choices = [(code, _with_class(code)) for code in sorted(known)]
    if chosen and chosen not in known:
        choices.append((chosen, Said(f"{chosen}（分类表里没有）", f"{chosen} (not in the list)")))
    return choices


def category_meant(text: str) -> str | None:
    """The category of its digits, of digits and name, or of a name that no other has; else None."""
    known = categories().known
    code = text.strip().partition(" ")[0]
    if not text.strip() or code in known:
        return code
    found = [each.code for each in known.values() if text.strip() in (each.zh, each.en)]
    return found[0] if len(found) == 1 else None


def category_problem(category: str, resource_class: str) -> Said | None:
    """A category of another class than the record's, or of none that there is."""
    terms = standards.vocabulary("resource-class").codes
    meant, chosen = terms.get(classes().get(category[:1], "")), terms.get(resource_class)
    if category and not meant:
        return Said(
            f"没有类别“{category[:1]}”：1 基础、2 主题、3 部门。",
            f"There is no class {category[:1]}: 1 base, 2 theme, 3 department.",
        )
    if not meant or not chosen or meant is chosen:
        return None
    words = category_words(category)
    return Said(
        f"“{words}”属于{meant.zh}，信息资源分类选的是{chosen.zh}；请改其中一个。",
        f'"{words.en}" belongs to the class {meant.en}, but the class chosen is {chosen.en}; change one of '
        "them.",
    )


def category_lacks(digit: str, category: str) -> Said | None:
    """Why no code can be built of class digit and ``category``, which begins with it; nothing if one can.

    Where ``KAISHU_CODE_CATEGORY`` is ``advise``, only a category outside the list is refused.
    """
    known = categories()
    below = [each for each in known.known.values() if each.code[0] == digit]
    if category:
        return None if category in known.known else _unlisted(category, below)
    unwanted = digit == DEPARTMENT and not item_of_departments()
    if category_mode() == ADVISE or unwanted or not below:
        return None
    return Said(
        f"编代码要有项，主题、名称和部门都没有说明是哪一项，请选一项：{_some(below)}。",
        "The code needs an item, and neither theme, title nor office says which; choose one: "
        f"{_some(below).en}.",
    )


def category_mode() -> str:
    """What the setting says.  Raises ``WrongCodeCategory``."""
    value = settings.text("code_category")
    if value not in MODES:
        raise WrongCodeCategory(value=value)
    return value


def _with_class(code: str) -> Said:
    words, part = category_words(code), part_of(code)
    name = classes().get(code[0], "")
    if not name:
        return words
    term = standards.vocabulary("resource-class").term(name)
    if part == "项":
        return Said(f"{term.zh} · {words}", f"{term.en} · {words.en}")
    return Said(f"{term.zh} · {words}（{part}）", f"{term.en} · {words.en} ({part.en})")


def _unlisted(category: str, below: list[Category]) -> Said:
    return Said(
        f"分类表里没有“{category}”。可选：{_some(below)}。要用本地的分类，请先用 kaishu code use 启用。",
        f'"{category}" is not in the list. There are: {_some(below).en}. For categories of your region put '
        "its list into use first, with kaishu code use.",
    )


def _some(below: list[Category]) -> Said:
    shown = [category_words(each.code) for each in below[:LISTED]]
    more = len(below) > LISTED
    return Said(
        "、".join(shown) + ("……" if more else ""),
        ", ".join(each.en for each in shown) + (", …" if more else ""),
    )
