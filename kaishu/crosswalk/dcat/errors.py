"""Documents of RDF that cannot be taken at all."""

from __future__ import annotations

from kaishu.base.errors import Terminal


class BrokenDocument(Terminal):
    """The document does not follow its syntax; line and column where the reader stopped."""

    code = "crosswalk.broken-document"
    status = 422
    zh = "第{line}行第{column}列不是合法的 {syntax}：{reason_zh}。"
    en = "Line {line}, column {column} is not valid {syntax}: {reason}."
    next_zh = "请改正后重试；一条也没有采用。"
    next_en = "Mend it and try again; nothing was taken."


class RemoteContext(Terminal):
    """JSON-LD that leaves its meaning to another site; nothing is fetched."""

    code = "crosswalk.remote-context"
    status = 422
    zh = "JSON-LD 引用了外部的上下文“{context}”，这里不会去取。"
    en = 'The JSON-LD refers to the context "{context}" elsewhere, which is not fetched.'
    next_zh = "请把 @context 写在文件里，或改用 Turtle、RDF/XML。"
    next_en = "Write the @context into the document, or use Turtle or RDF/XML."


class HostileDocument(Terminal):
    """RDF/XML whose entities would grow without end or read files."""

    code = "crosswalk.hostile-document"
    status = 422
    zh = "RDF/XML 里的实体定义不接受：{reason}"
    en = "The entities of this RDF/XML are not taken: {reason}"
    next_zh = "请去掉 DOCTYPE 后重试。"
    next_en = "Leave out the DOCTYPE and try again."


class TooManyStatements(Terminal):
    """More triples than one document may have."""

    code = "crosswalk.too-many-statements"
    status = 422
    zh = "一份文件里超过 {most} 条陈述。"
    en = "The document has more than {most} statements."
    next_zh = "请分页提供。"
    next_en = "Give it in pages."


class UnknownSyntax(Terminal):
    """No syntax of RDF that is read here."""

    code = "crosswalk.unknown-syntax"
    status = 422
    zh = "不认识的 RDF 语法“{syntax}”。"
    en = 'There is no syntax of RDF named "{syntax}" here.'
    next_zh = "可用：ttl、rdf、n3、nt、jsonld、trig、nq。"
    next_en = "There are ttl, rdf, n3, nt, jsonld, trig and nq."
