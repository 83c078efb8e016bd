"""Errors of the way in: requests that never reach an act."""

from __future__ import annotations

from kaishu.base.errors import Conflict, NotFound, Terminal, Transient


class BadRequest(Terminal):
    """The request cannot be understood."""

    code = "http.bad-request"
    status = 400
    zh = "无法理解这个请求：{reason}"
    en = "This request cannot be understood: {reason}"


class BadToken(Terminal):
    """A token was sent that is unknown or revoked.  It is never taken for a visitor's request."""

    code = "http.bad-token"
    status = 401
    zh = "令牌无效或已停用。"
    en = "The token is not valid or has been revoked."
    next_zh = "请检查 Authorization 请求头，或重新申请令牌。"
    next_en = "Check the Authorization header, or make a new token."


class ForgedForm(Terminal):
    """A write that came with a cookie but without the proof that our own page sent it."""

    code = "http.forged-form"
    status = 403
    zh = "无法确认这个操作是从本站页面发出的。"
    en = "It cannot be confirmed that this act came from a page of this site."
    next_zh = "请刷新页面后再试；程序请使用令牌而不是 Cookie。"
    next_en = "Reload the page and try again; programs should use a token instead of a cookie."


class Unstorable(Terminal):
    """A value that the database cannot hold, such as a NUL character in a text."""

    code = "http.unstorable"
    status = 422
    zh = "有的内容无法保存，例如空字符（NUL）或过大的数。"
    en = "Something in it cannot be stored, such as a NUL character or a number that is too large."
    next_zh = "请去掉后再试。"
    next_en = "Take it out and try again."


class Collision(Conflict):
    """Somebody else wrote the same thing in the same moment."""

    code = "http.collision"
    zh = "刚才有人同时作了同样的修改。"
    en = "Somebody else made the same change at the same moment."
    next_zh = "请刷新后再试。"
    next_en = "Reload and try again."


class NoSuchPage(NotFound):
    """Nothing answers at this address."""

    code = "http.no-such-page"
    zh = "没有这个地址：{path}"
    en = "There is nothing at {path}."
    next_zh = "请检查地址。接口说明见 /api/v1/openapi.json。"
    next_en = "Check the address. The interface is described in /api/v1/openapi.json."


class WrongMethod(Terminal):
    """The address exists but does not take this method."""

    code = "http.wrong-method"
    status = 405
    zh = "{path} 不接受 {method}，可用：{allow}。"
    en = "{path} does not take {method}; it takes {allow}."


class NotAcceptable(Terminal):
    """None of the media types asked for can be given."""

    code = "http.not-acceptable"
    status = 406
    zh = "不能以“{accept}”的形式提供。可用：{have}。"
    en = 'This cannot be given as "{accept}"; it can as {have}.'


class TooLarge(Terminal):
    """The request body is larger than the site takes."""

    code = "http.too-large"
    status = 413
    zh = "请求内容超过上限 {limit} 字节。"
    en = "The request body is larger than {limit} bytes."
    next_zh = "上传文件请先登录或带令牌，并使用 multipart/form-data；大文件可先压缩为 .gz 或 .zip。"
    next_en = (
        "For files sign in or send a token, and use multipart/form-data; "
        "compress large ones to .gz or .zip first."
    )


class RangeBeyondEnd(Terminal):
    """A byte range that the file does not have."""

    code = "http.range-beyond-end"
    status = 416
    zh = "请求的字节范围超出文件长度 {size}。"
    en = "The byte range lies beyond the file's {size} bytes."


class TooManyRequests(Transient):
    """Too many requests for now."""

    code = "http.too-many-requests"
    status = 429
    zh = "请求过于频繁，请稍后再试。"
    en = "Too many requests; try again later."


class Unexpected(Transient):
    """Something went wrong that we did not foresee; the log has it under the request's number."""

    code = "http.unexpected"
    status = 500
    zh = "服务器出现意外错误，已记录（编号 {request_id}）。"
    en = "Something unexpected went wrong; it has been recorded under {request_id}."
    next_zh = "请稍后再试；如仍出错，请把编号告诉管理员。"
    next_en = "Try again later; if it stays, tell an administrator the number."
