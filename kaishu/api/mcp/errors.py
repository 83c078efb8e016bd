"""Errors of the assistants' entrance."""

from __future__ import annotations

from kaishu.base.errors import NotFound, Terminal


class NoSuchTool(NotFound):
    """A tool was called that is not here."""

    code = "mcp.no-such-tool"
    zh = "没有工具“{name}”。"
    en = 'There is no tool "{name}".'
    next_zh = "可用的工具：{known}"
    next_en = "There are: {known}"


class OtherServer(Terminal):
    """A tool was asked to speak for another portal."""

    code = "mcp.other-server"
    status = 400
    zh = "这里只回答本站 {site} 的数据，不转问 {server}。"
    en = "This server answers for {site} only and does not ask {server}."
    next_zh = "请去掉 server_url。"
    next_en = "Leave server_url out."


class WrongPlace(Terminal):
    """The request names a host or comes from a web page that this server does not know."""

    code = "mcp.wrong-place"
    status = 403
    zh = "不接受来自“{place}”的请求。"
    en = 'Requests for or from "{place}" are not taken.'
    next_zh = "请用本站地址访问；经代理访问时，请管理员设置 KAISHU_SITE_URL。"
    next_en = "Use this site's own address; behind a proxy the administrator sets KAISHU_SITE_URL."
