"""Errors that only CKAN's interface knows."""

from __future__ import annotations

from kaishu.base.errors import Terminal


class BadCall(Terminal):
    """The call itself cannot be understood; CKAN answers with a bare JSON string."""

    code = "ckan.bad-call"
    status = 400
    zh = "Bad request: {reason}"
    en = "Bad request: {reason}"


class SearchQueryError(Terminal):
    """A search that cannot be understood, or asks for what is not supported here."""

    code = "ckan.search-query"
    status = 400
    zh = "检索式无法理解：{reason}"
    en = "Search query error: {reason}"
    next_zh = "可用：field:value、短语、AND、OR、NOT、+、-、括号、[a TO b]、前缀 *。"
    next_en = "Known: field:value, phrases, AND, OR, NOT, +, -, parentheses, [a TO b], a trailing *."
