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
that and for a region's own list.  Codes are built with a category only where a region's list says whose it
is; else of class and provider.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kaishu import standards
from kaishu.base.credit_code import LENGTH, is_credit_code
from kaishu.base.errors import Said
from kaishu.catalogue.categories import Categories, categories, part_of

SERIAL_DIGITS = 6
NOBODY = "00000000"
LONGEST = 100
ITEM, SUBJECT = 2, 5
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


def classes() -> dict[str, str]:
    """Class digit to the code of the vocabulary."""
    return {str(term.extra["digit"]): term.code for term in standards.vocabulary("resource-class").terms}


def classified(resource_class: str, office: Sequence[str], themes: Sequence[str]) -> str:
    """Digits of 项, 目 and 细目 that a region's list gives to this class, office (code, name) and themes."""
    digit = str(standards.vocabulary("resource-class").term(resource_class).extra["digit"])
    return categories().chosen(digit, office, themes)


def build(resource_class: str, provider: str, serial: int, classified: str = "") -> str:
    """The code of an entry.  ``classified`` are the digits of 项, 目 and 细目, if the region uses them."""
    digit = standards.vocabulary("resource-class").term(resource_class).extra["digit"]
    return f"{digit}{classified}{provider or NOBODY}/{serial:0{SERIAL_DIGITS}d}"


def code_for(resource_class: str, themes: Sequence[str], office: Sequence[str], serial: int) -> str:
    """The code of an entry of this class; ``office`` is the provider's code and name."""
    return build(resource_class, office[0], serial, classified(resource_class, office, themes))


def parse(text: str) -> ResourceCode | None:
    """A code taken apart, or None if it has not the form."""
    found = _FORM.fullmatch(text.strip())
    return ResourceCode(found["digit"], found["rest"], found["serial"]) if found else None


def check(
    text: str, *, resource_class: str = "", office_code: str = "", others: Mapping[str, str] | None = None
) -> list[Flaw]:
    """What is wrong with a code; empty if nothing is.

    ``others`` maps codes that are taken to who has them.  The class must be known and be the record's;
    the provider must be the office, where it can be told from a classification; the serial number must
    be free.
    """
    code = parse(text)
    if code is None or len(text) > LONGEST:
        return [_form(text)]
    flaws = [flaw for flaw in (_class(code, resource_class), _provider(code, office_code)) if flaw]
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
        f"信息资源代码“{text}”的格式不对：{reason}。应如 311000001/000012。",
        f'The resource code "{text}" has the wrong form: {reason.en}. It looks like 311000001/000012.',
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


def _provider(code: ResourceCode, office_code: str) -> Flaw | None:
    """Between class and stroke stand a classification, a provider, or both."""
    if not code.rest:
        said = Said(
            "类别后面缺少分类或提供方代码。", "After the class, classification or provider is missing."
        )
        return Flaw("too-short", said)
    body, own = code.rest, bool(office_code) and code.rest.endswith(office_code)
    front = body[: -len(office_code)] if own else body
    if own and not front:
        return None
    known = categories()
    if known.regional and front.isdigit():
        unlisted = _unlisted(known, code.digit, front)
        if unlisted:
            return unlisted
    if own or not office_code or body == NOBODY:
        return None if front.isdigit() or not own else _length(front)
    if _looks_like_provider(body, office_code):
        said = Said(
            f"代码里的提供方“{body}”与部门代码“{office_code}”不一致。",
            f'The provider "{body}" in the code is not the office\'s code "{office_code}".',
        )
        return Flaw("provider-differs", said)
    return None if body.isdigit() and len(body) >= SUBJECT else _length(body)


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


def _looks_like_provider(body: str, office_code: str) -> bool:
    """As long as the office's code, or with letters: then it is no classification."""
    return len(body) in (len(office_code), LENGTH) or not body.isdigit()


def _length(front: str) -> Flaw:
    said = Said(
        f"“{front}”的位数不对：项2位、目3位，之后是细目，都是数字。",
        f'"{front}" has the wrong length: 2 digits of item, 3 of subject, then the detail, all digits.',
    )
    return Flaw("length", said)


def _title(name: str) -> str:
    return standards.vocabulary("resource-class").term(name).zh
