"""From routes to handlers: language, call, transaction and the answer to an error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from kaishu import http
from kaishu.access import VISITOR, Actor, Call, Permission
from kaishu.access.errors import NotAllowed, OtherOffice, SignInNeeded
from kaishu.base import settings
from kaishu.base.errors import Invalid, KaishuError
from kaishu.web.rendering import render
from kaishu.web.rights import holders, permission_name
from kaishu.web.shell import Shell, shell
from kaishu.web.words import LANGUAGES, _, _n, language, speaking

MOST_FIELDS = 60_000
MOST_PART = 1_048_576
YEAR = 31_536_000

Seen = Callable[["Visit"], Response]
Done = Callable[["Visit", FormData], Response]


@dataclass(frozen=True, slots=True)
class Visit:
    """One request to a page: its call and its request."""

    call: Call
    request: Request

    @property
    def shell(self) -> Shell:
        """The frame for this visit."""
        return shell(self.request, self.call.actor, http.csrf_token(self.request))

    def query(self, name: str, default: str = "") -> str:
        """One query parameter, trimmed."""
        return self.request.query_params.get(name, default).strip()

    def part(self, name: str) -> str:
        """One part of the address."""
        return str(self.request.path_params[name])


class Unchanged(Exception):
    """Show this page and roll back what the act did before it stopped."""

    def __init__(self, response: Response) -> None:
        self.response = response
        super().__init__()


@dataclass(frozen=True, slots=True)
class Trouble:
    """Context of an error page."""

    status: int
    title: str
    sentence: str
    advice: str
    request_id: str


def page(path: str, handler: Seen) -> Route:
    """A route that shows something."""

    def endpoint(request: Request) -> Response:
        with speaking(http.language_of(request)), http.read_call(request) as call:
            response = remember_language(request, handler(Visit(call, request)))
        response.headers.add_vary_header("Accept")  # programs get RDF at the addresses of some pages
        return response

    return Route(path, endpoint, methods=["GET"])


def download(path: str, handler: Seen) -> Route:
    """A route that hands out rows which are not public; the ledger keeps who took them."""

    def endpoint(request: Request) -> Response:
        with speaking(http.language_of(request)), http.handing_call(request) as call:
            return handler(Visit(call, request))

    return Route(path, endpoint, methods=["GET"])


def act(path: str, handler: Done) -> Route:
    """A route that does something: reads the form, runs the act in its transaction."""

    def run(request: Request, form: FormData) -> Response:
        with http.write_call(request) as call:
            return handler(Visit(call, request), form)

    return taking(path, run)


def taking(path: str, handler: Callable[[Request, FormData], Response]) -> Route:
    """A route that takes a form and opens its calls itself, for work too slow for one transaction."""

    def run(request: Request, form: FormData) -> Response:
        with speaking(http.language_of(request)):
            try:
                return handler(request, form)
            except Unchanged as shown:
                return shown.response

    async def endpoint(request: Request) -> Response:
        async with request.form(max_files=1, max_fields=MOST_FIELDS, max_part_size=MOST_PART) as form:
            return await run_in_threadpool(run, request, form)

    return Route(path, endpoint, methods=["POST"])


def text(form: FormData, name: str) -> str:
    """One text field of a form, trimmed; empty if it is missing or a file."""
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def moved(visit: Visit, address: str) -> Response:
    """After an act: go and look at this address (a script that uploads gets it as JSON)."""
    if visit.request.headers.get("x-answer") == "address":
        return JSONResponse({"next": address})
    return RedirectResponse(address, status_code=303)


def said(error: KaishuError) -> tuple[str, str]:
    """Sentence and advice in the language being spoken."""
    if isinstance(error, Invalid):
        return _n("有{n}处需要改正。", error.facts["count"]), error.advice(language())
    if isinstance(error, NotAllowed):
        return _refused(error)
    return error.sentence(language()), error.advice(language())


def _refused(error: NotAllowed) -> tuple[str, str]:
    """A refusal in the words of people, and who could do it instead."""
    if isinstance(error, SignInNeeded):
        return _("需要先登录。"), _("登录后请再做一次。")
    name = error.facts["actor"]
    if isinstance(error, OtherOffice):
        return _("“{name}”只能处理本部门的数据。", name=name), _("请让所属部门的数据管理员来做。")
    permission = Permission(error.facts["permission"])
    return _("账号“{name}”不能这样做。", name=name), _(
        "能{act}的是{roles}。请用这样的账号登录，或请管理员授权。",
        act=permission_name(permission),
        roles=holders(permission),
    )


def remember_language(request: Request, response: Response) -> Response:
    """Keep the choice made with ``?lang=``."""
    chosen = request.query_params.get("lang")
    if chosen in LANGUAGES:
        response.set_cookie(
            "lang",
            str(chosen),
            max_age=YEAR,
            samesite="lax",
            path="/",
            secure=settings.text("secure_cookies") == "1",
        )
    return response


def show_trouble(request: Request, error: KaishuError) -> Response:
    """The page for an error: what happened, and what to do."""
    with speaking(http.language_of(request)):
        if isinstance(error, SignInNeeded) and request.method == "GET":
            return RedirectResponse(f"/sign-in?next={quote(_here(request), safe='')}", status_code=303)
        sentence, advice = said(error)
        if error.code == "http.no-such-page":
            advice = _("请检查地址，或在这里搜索。")
        number = http.request_id(request)
        context = Trouble(
            error.status,
            _title(error.status),
            sentence,
            advice,
            number if error.status >= 500 and number not in sentence else "",
        )
        frame = shell(request, _whoever(request), http.csrf_token(request))
        return render("trouble/trouble.html", frame, context, error.status)


def _here(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _whoever(request: Request) -> Actor:
    try:
        return http.actor_of(request)
    except KaishuError:
        return VISITOR


def _title(status: int) -> str:
    if status == 404:
        return _("这里没有您要找的内容")
    if status in (401, 403):
        return _("没有权限")
    if status == 409:
        return _("现在不能这样做")
    if status == 413:
        return _("文件太大")
    if status == 429:
        return _("请稍等再试")
    if status >= 500:
        return _("服务器出了问题")
    return _("请求有误")
