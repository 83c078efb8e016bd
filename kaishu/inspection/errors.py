"""Errors of the inspection."""

from __future__ import annotations

from kaishu.base.errors import NotFound, Terminal


class NotMeasured(NotFound):
    """Nothing has been measured yet."""

    code = "inspection.not-measured"
    zh = "还没有评估过{kind}“{name}”。"
    en = 'The {kind} "{name}" has not been measured yet.'
    next_zh = "请运行 kaishu inspect mqa，或等待后台评估完成。"
    next_en = "Run kaishu inspect mqa, or wait until it has been measured in the background."


class UnreadableDocument(Terminal):
    """A document to check is not RDF in the syntax that was named."""

    code = "inspection.unreadable-document"
    status = 422
    zh = "读不懂这份文件：{where_zh}{problem}"
    en = "The document cannot be read: {where_en}{problem}"
    next_zh = "请确认语法（Turtle、RDF/XML、N-Triples 或 JSON-LD）选得对，文件完整。"
    next_en = (
        "See that the syntax (Turtle, RDF/XML, N-Triples or JSON-LD) is the right one and nothing is cut off."
    )


class DocumentTooLarge(Terminal):
    """A document to check is larger than what is checked on a page."""

    code = "inspection.document-too-large"
    status = 413
    zh = "文件太大，这里最多校核{most:,}字节。"
    en = "The document is too large; at most {most:,} bytes are checked here."
    next_zh = "请分成几份，或在服务器上运行 kaishu inspect document。"
    next_en = "Send it in parts, or run kaishu inspect document on the server."


class RemoteContext(Terminal):
    """A JSON-LD document points to a context elsewhere; nothing is fetched."""

    code = "inspection.remote-context"
    status = 422
    zh = "这份 JSON-LD 引用了外部上下文 {address}，这里不去下载。"
    en = "This JSON-LD points to a context elsewhere, {address}; nothing is fetched here."
    next_zh = "请把上下文直接写进文件，或改用 Turtle。"
    next_en = "Write the context into the document, or send Turtle."


class NothingInIt(Terminal):
    """A document to check holds no dataset, catalogue, distribution or service."""

    code = "inspection.nothing-in-it"
    status = 422
    zh = "文件里没有 DCAT 数据集、目录、分发或服务（共{triples}条三元组）。"
    en = "There is no DCAT dataset, catalogue, distribution or service in the document ({triples} triples)."
    next_zh = "请检查是否用了 http://www.w3.org/ns/dcat# 命名空间。"
    next_en = "See that the namespace is http://www.w3.org/ns/dcat#."


class TooManyTriples(Terminal):
    """A document to check says more than is checked on a page."""

    code = "inspection.too-many-triples"
    status = 413
    zh = "文件超过{most}条三元组，网页上查不了这么多。"
    en = "The document has more than {most} triples, which is more than a page checks."
    next_zh = "请分成几份，或在服务器上运行 kaishu inspect document。"
    next_en = "Send it in parts, or run kaishu inspect document on the server."
