"""政务信息资源代码: built, taken apart and checked.

Grammar, after 政务信息资源目录编制指南（试行）(2017), part on resource codes::

    code     = front "/" serial
    front    = class [item [subject detail]] [provider]
    class    = one digit      类: 1 base, 2 theme, 3 department (vocabulary resource-class)
    item     = two digits     项
    subject  = three digits   目
    detail   = digits         细目, of no fixed length
    provider = the code of the office that provides the resource
    serial   = digits         顺序码, of no fixed length; six of them where we build it

The items (项) ship with digits inferred from the order in which they are listed; see ``categories`` for
that, for how an item is chosen, and for a region's own list.  Where nothing says which item, a code is built
of class and provider; such codes stay right, and codes that are there are never changed.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from kaishu import standards
from kaishu.base.credit_code import LENGTH, is_credit_code
from kaishu.base.errors import Said
from kaishu.catalogue.categories import (
    DEPARTMENT,
    Categories,
    categories,
    classes,
    item_of_departments,
    part_of,
)
from kaishu.catalogue.category_choice import category_lacks, category_problem, category_words

SERIAL_DIGITS = 6
NOBODY = "00000000"
LONGEST = 100
ITEM, SUBJECT = 2, 5
#: An office's code is recognised by itself from this length on: what is shorter may be a 目.
LEAST = 6
_FORM = re.compile(r"(?P<digit>\d)(?P<rest>[0-9A-Za-z]*)/(?P<serial>\d+)")


@dataclass(frozen=True, slots=True)
class ResourceCode:
    """A code taken apart; ``rest`` is all between class digit and stroke."""

    digit: str
    rest: str
    serial: str

    @property
    def resource_class(self) -> str:
        """Our word for the class digit, or nothing."""
        return classes().get(self.digit, "")

    def __str__(self) -> str:
        return f"{self.digit}{self.rest}/{self.serial}"


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong with a code: a name for it, and the sentence."""

    code: str
    said: Said


def build(resource_class: str, provider: str, serial: int, category: str = "") -> str:
    """The code of an entry.  ``category`` are the digits of 项, 目 and 细目, as far as they are known."""
    return f"{_digit(resource_class)}{category}{provider or NOBODY}/{serial:0{SERIAL_DIGITS}d}"


def code_for(record: Mapping[str, Any], office: tuple[str, str], serial: int) -> str:
    """The code of an entry by class and category; ``office`` is the provider's code and name."""
    category = category_of(record, office)
    return build(str(record["resource_class"]), office[0], serial, category[1:])


def category_of(record: Mapping[str, Any], office: tuple[str, str]) -> str:
    """Class digit, 项, 目 and 细目 that the record says, or that themes, title, tags and office tell; or "".

    A category of another class is none.
    """
    digit, tags = _digit(str(record["resource_class"])), record.get("tags") or []
    said = str(record.get("resource_category") or "")
    if said.startswith(digit):
        return said
    text = "\n".join([str(record.get("title") or ""), *map(str, tags)])
    told = categories().chosen(digit, office, record.get("themes") or [], text)
    return digit + told if told else ""


def lacks_category(record: Mapping[str, Any], office: tuple[str, str]) -> Said | None:
    """Why no code can be built: nothing tells the 项, or it is of another class, or not in the list."""
    kind = str(record["resource_class"])
    differs = category_problem(str(record.get("resource_category") or ""), kind)
    return differs or category_lacks(_digit(kind), category_of(record, office))


def category_in(text: str, office_code: str) -> str:
    """The listed category that a code of this office says, with its class digit; or nothing."""
    code = parse(text)
    category = code.digit + apart(code, office_code)[0] if code else ""
    return category if category in categories().known else ""


def parse(text: str) -> ResourceCode | None:
    """A code taken apart, or None if it has not the form."""
    found = _FORM.fullmatch(text.strip())
    return ResourceCode(found["digit"], found["rest"], found["serial"]) if found else None


def apart(code: ResourceCode, office_code: str = "", offices: Container[str] = ()) -> tuple[str, str]:
    """Category and provider, which stand between class digit and stroke; either may be missing.

    The provider is the office's code, a credit code, none (``NOBODY``), one of the codes of ``offices``, or
    what has letters.  Digits that are none of these are a category, unless they are as long as the office's
    code; where no office is known, a listed category, and a provider after it if they are many.
    """
    rest, known = code.rest, categories()
    if office_code and rest.endswith(office_code):
        return rest[: -len(office_code)], office_code
    if is_credit_code(rest[-LENGTH:]):
        return rest[:-LENGTH], rest[-LENGTH:]
    front = rest[: -len(NOBODY)]
    if rest.endswith(NOBODY) and (not front or code.digit + front in known.known):
        return front, NOBODY
    for start in range(len(rest) - LEAST + 1):
        front, provider = rest[:start], rest[start:]
        if provider in offices and (not front or (front.isdigit() and known.nearest(code.digit + front))):
            return front, provider
    if not rest.isdigit():
        return _after_category(code, known)
    if office_code:
        return ("", rest) if len(rest) in (len(office_code), LENGTH) else (rest, "")
    if len(rest) <= (SUBJECT if known.regional else ITEM):
        return rest, ""
    found = known.nearest(code.digit + rest)
    deeper = found and (known.listed_below(found.code) or len(rest) + 1 - len(found.code) < LEAST)
    return (rest, "") if deeper else _after_category(code, known)


def check(
    text: str,
    *,
    resource_class: str = "",
    resource_category: str = "",
    office_code: str = "",
    offices: Container[str] = (),
    others: Mapping[str, str] | None = None,
) -> list[Flaw]:
    """What is wrong with a code; empty if nothing is.

    ``offices`` are the codes of all offices, ``others`` maps codes that are taken to who has them.  Class
    and category must be known and be the record's; the provider must be the office; the serial number must
    be free.
    """
    code = parse(text)
    if code is None or len(text) > LONGEST:
        return [_form(text)]
    wrong_class, middle = _class(code, resource_class), _middle(code, office_code, offices)
    differs = None if wrong_class or middle else _category(code, resource_category, office_code, offices)
    flaws = [flaw for flaw in (wrong_class, middle, differs) if flaw]
    if not int(code.serial):
        flaws.append(Flaw("serial-zero", Said("顺序码应从1起。", "The serial number begins at 1.")))
    holder = (others or {}).get(str(code))
    if holder:
        said = Said(
            f"代码已被“{holder}”使用，请换一个顺序码。",
            f'"{holder}" has this code; take another one.',
        )
        flaws.append(Flaw("duplicate", said))
    return flaws


def lacks_item(text: str, office_code: str = "", offices: Container[str] = ()) -> Said | None:
    """Advice on a code of class and provider only; no flaw, since such codes stay right."""
    code = parse(text)
    if code is None or not code.resource_class or not code.rest or apart(code, office_code, offices)[0]:
        return None
    if code.digit == DEPARTMENT and not item_of_departments():
        return None
    return Said(
        "代码里没有项（类后面的两位数字）。已在用的代码不必改；新编的代码按主题、名称和本地分类表取项。",
        "The code has no item (two digits after the class). A code in use may stay; new ones get their item "
        "by theme, title and the region's list.",
    )


def check_office(code: str) -> Flaw | None:
    """What is wrong with an office's code: 18 characters must be a credit code; others are local."""
    if len(code) == LENGTH and not is_credit_code(code):
        said = Said(
            f"“{code}”不是有效的统一社会信用代码（校验码不对，GB 32100）。请核对后重填。",
            f'"{code}" is no valid unified social credit code (check character, GB 32100). Look it up again.',
        )
        return Flaw("credit-code", said)
    if code and not re.fullmatch(r"[0-9A-Za-z]{1,40}", code):
        said = Said("部门代码只能用数字和字母。", "An office code has digits and letters only.")
        return Flaw("office-code", said)
    return None


def _form(text: str) -> Flaw:
    if "/" not in text:
        reason = Said("缺少“/”和后面的顺序码", "the stroke and the serial number are missing")
    elif len(text) > LONGEST:
        reason = Said(f"太长，最多{LONGEST}个字符", f"longer than {LONGEST} characters")
    elif not text.rpartition("/")[2].isdigit():
        reason = Said("“/”后面应全是数字", "what follows the stroke must be digits")
    else:
        reason = Said("“/”前面应是类别数字加数字或字母", "before the stroke: a class digit, digits, letters")
    said = Said(
        f"信息资源代码“{text}”的格式不对：{reason}。应如 30711000001/000012。",
        f'The resource code "{text}" has the wrong form: {reason.en}. It looks like 30711000001/000012.',
    )
    return Flaw("form", said)


def _class(code: ResourceCode, resource_class: str) -> Flaw | None:
    known = classes()
    if code.digit not in known:
        have = "、".join(f"{digit} {_title(name)}" for digit, name in known.items())
        said = Said(
            f"没有类别“{code.digit}”。可用：{have}。",
            f"There is no class {code.digit}; there are {', '.join(known)}.",
        )
        return Flaw("unknown-class", said)
    if resource_class and known[code.digit] != resource_class:
        said = Said(
            f"代码的类别是“{_title(known[code.digit])}”，目录写的是“{_title(resource_class)}”。",
            f"The code's class is {known[code.digit]}, the record's is {resource_class}.",
        )
        return Flaw("class-differs", said)
    return None


def _category(
    code: ResourceCode, resource_category: str, office_code: str, offices: Container[str]
) -> Flaw | None:
    """Another category than the record's; a shorter or longer one of the same branch is none."""
    category = code.digit + apart(code, office_code, offices)[0]
    branch = category.startswith(resource_category) or resource_category.startswith(category)
    if branch or len(category) < ITEM + 1:
        return None
    here, there = category_words(category), category_words(resource_category)
    said = Said(
        f"代码里的分类是“{here}”，目录写的是“{there}”。",
        f'The category in the code is "{here.en}", the record\'s is "{there.en}".',
    )
    return Flaw("category-differs", said)


def _digit(resource_class: str) -> str:
    return str(standards.vocabulary("resource-class").term(resource_class).extra["digit"])


def _after_category(code: ResourceCode, known: Categories) -> tuple[str, str]:
    """Digits of a listed category, then a provider that no office here has."""
    found = known.nearest(code.digit + code.rest) if len(code.rest) != LENGTH else None
    cut = len(found.code) - 1 if found else 0
    return code.rest[:cut], code.rest[cut:]


def _middle(code: ResourceCode, office_code: str, offices: Container[str]) -> Flaw | None:
    """What is wrong between class and stroke, where stand a category, a provider, or both."""
    if not code.rest:
        said = Said(
            "类别后面缺少分类或提供方代码。", "After the class, classification or provider is missing."
        )
        return Flaw("too-short", said)
    front, provider = apart(code, office_code, offices)
    if front and not front.isdigit():
        return _length(front)
    known = categories()
    unlisted = _unlisted(known, code.digit, front) if known.regional and front else None
    if unlisted or not office_code:
        return unlisted
    if provider not in ("", office_code, NOBODY):
        said = Said(
            f"代码里的提供方“{provider}”与部门代码“{office_code}”不一致。",
            f'The provider "{provider}" in the code is not the office\'s code "{office_code}".',
        )
        return Flaw("provider-differs", said)
    return None if provider or len(front) >= SUBJECT else _length(front)


def _unlisted(known: Categories, digit: str, front: str) -> Flaw | None:
    """Which of 项, 目 and 细目 is not in the region's list."""
    whole = digit + front
    found = known.nearest(whole)
    listed = found.code if found else digit
    rest = whole[len(listed) :]
    if not rest or (found and not known.listed_below(listed)):
        return None
    length = 2 if len(listed) == 1 else 3 if len(listed) == 1 + ITEM else len(rest)
    part = part_of(listed + rest[:length])
    above = f"“{found.zh}”之下" if found else "本地分类表里"
    said = Said(
        f"{part}“{rest[:length]}”不对：{above}没有。",
        f'The {part.en} "{rest[:length]}" is wrong: '
        + (f'there is none below "{found.en or found.zh}".' if found else "the region's list has none."),
    )
    return Flaw("unknown-classification", said)


def _length(front: str) -> Flaw:
    said = Said(
        f"“{front}”的位数不对：项2位、目3位，之后是细目，都是数字。",
        f'"{front}" has the wrong length: 2 digits of item, 3 of subject, then the detail, all digits.',
    )
    return Flaw("length", said)


def _title(name: str) -> str:
    return standards.vocabulary("resource-class").term(name).zh
