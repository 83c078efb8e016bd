"""One version of an element or code set under review: what it says, who stands how, and deciding."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from kaishu import access, casework, elements
from kaishu.access import Permission, Role, allowed, require
from kaishu.base.errors import KaishuError, NotFound
from kaishu.casework.errors import ReasonNeeded
from kaishu.elements.models import Entry, Version
from kaishu.web.element_checks import check_word
from kaishu.web.element_contexts import VersionPage, VoiceLine
from kaishu.web.office_choices import own_offices
from kaishu.web.pages.elements import owners
from kaishu.web.pages.elements_desk import FIELDS, SET_FIELDS
from kaishu.web.rendering import render
from kaishu.web.routing import Unchanged, Visit, act, moved, page, said, text
from kaishu.web.shell import ELEMENT_ANSWERED, ELEMENT_DECIDED, say
from kaishu.web.words import _, language, listed, pick


def show_version(visit: Visit) -> Response:
    """What is proposed, against what is in force."""
    return _show(visit)


def decide(visit: Visit, form: FormData) -> Response:
    """One step: pass, release, send back, take back, or answer for an office."""
    version_id, do, reason = visit.part("version"), text(form, "do"), text(form, "reason")
    try:
        if do == "pass":
            also = [str(each) for each in form.getlist("also")]
            elements.pass_technical(visit.call, version_id, also, reason)
        elif do == "release":
            elements.release(visit.call, version_id, reason)
        elif do == "send-back":
            elements.send_back(visit.call, version_id, reason)
        elif do == "take-back":
            elements.take_back(visit.call, version_id)
        elif do in ("agree", "object"):
            elements.answer(visit.call, version_id, text(form, "office"), do == "agree", reason)
        else:
            raise NotFound(kind="操作 step", name=do[:20])
    except KaishuError as error:
        visit.call.session.rollback()
        raise Unchanged(_show(visit, error)) from error
    entry, _version = elements.version_by_id(visit.call.session, version_id)
    answered = do in ("agree", "object")
    here = f"/desk/elements/versions/{version_id}"
    return say(moved(visit, here), ELEMENT_ANSWERED if answered else ELEMENT_DECIDED, name=entry.name)


def titles() -> dict[str, str]:
    """The words for the fields of an element and of a code set."""
    return {
        "code": _("标识"),
        "name": _("中文名称"),
        "name_en": _("英文名称"),
        "letter": _("数据类型"),
        "representation": _("表示格式"),
        "unit": _("计量单位"),
        "minimum": _("下限"),
        "maximum": _("上限"),
        "code_set": _("代码集"),
        "check": _("专用校验"),
        "object_class": _("对象类"),
        "feature": _("特性"),
        "definition": _("定义"),
        "definition_en": _("英文定义"),
        "standard": _("依据标准"),
        "synonyms": _("同义名称和常见列名"),
        "edition": _("标准版本"),
    }


def _show(visit: Visit, error: KaishuError | None = None) -> Response:
    call = visit.call
    entry, version = elements.version_by_id(call.session, visit.part("version"))
    names = owners(visit)
    answering = _answering(visit, version, names)
    may_review = bool(allowed(call, Permission.elements_review))
    mine = bool(allowed(call, Permission.elements_propose, office=entry.office_id))
    if not (may_review or mine or answering):
        require(call, Permission.elements_review)
    before = _before(visit, entry, version)
    case = casework.case_by_id(call.session, version.case_id) if version.case_id else None
    stands = elements.standing(call, version)
    concerned = elements.concerned(call, entry, version)
    known = {each.name for each in access.offices(call.session) if each.id in concerned}
    others = [(name, title) for name, title in own_offices(call) if name not in known]
    problems = {"reason": [error.sentence(language())]} if isinstance(error, ReasonNeeded) else {}
    context = VersionPage(
        entry=entry,
        version=version,
        office=names.get(entry.office_id, ""),
        lines=_lines(entry, version, before),
        first=not before,
        codes=len(version.definition.get("items", [])),
        flags=_flags(visit, version),
        voices=_voices(visit, version, names, stands.silent),
        steps=_steps(visit, version),
        due=case.due_on if case and version.state in elements.OPEN else None,
        may_review=may_review,
        may_take_back=mine and version.state in elements.OPEN,
        answering=answering if version.state == "cross-review" else [],
        concerned=[names.get(each, "") for each in concerned],
        others=[each for each in others if each[1] != names.get(entry.office_id)],
        settled=stands.settled,
        problems=problems,
        trouble=said(error) if error else None,
    )
    return render("elements/version.html", visit.shell, context, error.status if error else 200)


def _before(visit: Visit, entry: Entry, version: Version) -> dict[str, Any]:
    history = elements.versions_of(visit.call.session, entry.kind, entry.code)
    older = [each for each in history if each.number < version.number and each.released_at]
    return older[0].definition if older else {}


def _lines(entry: Entry, version: Version, before: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Field, what stood there, what stands there now; fields that are empty in both are left out."""
    words = titles()
    fields = FIELDS if entry.kind == elements.ELEMENT else SET_FIELDS
    found = []
    for field in fields:
        old, new = (_said(each.get(field)) for each in (before, version.definition))
        if old or new:
            found.append((words[field], _worded(field, old), _worded(field, new)))
    return found


def _worded(field: str, value: str) -> str:
    """A letter with its word, a check by its name; all else as it is."""
    if field == "check" and value:
        return check_word(value)
    word = elements.LETTERS.get(value) if field == "letter" else None
    return f"{value} {pick(str(word), word.en)}" if word else value


def _said(value: Any) -> str:
    return listed(value) if isinstance(value, list | tuple) else str(value or "")


def _flags(visit: Visit, version: Version) -> list[tuple[str, str, str]]:
    library = {each.element.code: each.element for each in elements.library(visit.call.session)}
    words = {
        "name": _("名称相同"),
        "synonym": _("有相同的同义名称"),
        "representation": _("对象、特性和表示格式相同"),
    }
    found = []
    for flag in version.flags:
        code, name = str(flag["code"]), str(flag["name"])
        known = library.get(code)
        found.append((code, pick(known.name, known.name_en) if known else name, words[str(flag["why"])]))
    return found


def _voices(
    visit: Visit, version: Version, names: dict[str, str], silent: tuple[str, ...]
) -> list[VoiceLine]:
    rule = casework.kind(elements.KIND).voices
    silence = {"agrees": _("逾期未答，按同意计"), "objects": _("逾期未答，按异议计"), "waits": _("逾期未答")}
    found = []
    for voice in casework.voices_of(visit.call.session, version.case_id or ""):
        said_, tone = {
            "agrees": (pick("同意", "Agrees"), "good"),
            "objects": (pick("有异议", "Objects"), "bad"),
        }.get(voice.answer, (_("等待答复"), "care"))
        if voice.office_id in silent and rule:
            said_ = silence[rule.silence]
        found.append(
            VoiceLine(
                names.get(voice.office_id, ""), said_, tone, voice.reason, voice.due_on, voice.answered_by
            )
        )
    return found


def _steps(visit: Visit, version: Version) -> list[tuple[str, str, Any, str]]:
    words = {
        "pass": _("技术审查通过"),
        "release": _("发布"),
        "send-back": _("退回"),
        "take-back": _("收回"),
    }
    steps = casework.steps_of(visit.call.session, version.case_id or "")
    return [(words[step.action], step.actor_name, step.at, step.reason) for step in steps]


def _answering(visit: Visit, version: Version, names: dict[str, str]) -> list[tuple[str, str]]:
    """Offices that were asked and for which I may answer, first those that have not."""
    call = visit.call
    voices = casework.voices_of(call.session, version.case_id or "")
    own = call.actor.office if call.actor.role is Role.steward else None
    return [
        (voice.office_id, names.get(voice.office_id, ""))
        for voice in sorted(voices, key=lambda each: each.answer != "")
        if own in (None, voice.office_id)
        and allowed(call, Permission.elements_answer, office=voice.office_id)
    ]


ROUTES: list[Route] = [
    page("/desk/elements/versions/{version}", show_version),
    act("/desk/elements/versions/{version}", decide),
]
