"""What the readers of RDF say, in Chinese; they speak English only."""

from __future__ import annotations

import re

TOO_DEEP = "nested too deeply"
#: Sentences of the readers (oxigraph 0.5, quick-xml) and what they mean; ``{0}`` is what they quote.
SAID: tuple[tuple[str, str], ...] = (
    (r"A dot is expected at the end of statements", "语句末尾缺少句点"),
    (r"Triples must be followed by a dot", "三元组末尾缺少句点"),
    (r"The prefix (.+?):? has not been declared", "前缀“{0}”没有声明"),
    (r"Unknown prefix (.+?):?", "前缀“{0}”没有声明"),
    (r"Unexpected end(?: of file)?", "文件没有写完就结束了"),
    (r"unexpected end of data", "文件没有写完就结束了"),
    (r"(.+) is not a valid RDF object", "“{0}”不能作宾语"),
    (r"(.+) is not a valid subject or graph name", "“{0}”不能作主语"),
    (r"(.+) is not a valid predicate", "“{0}”不能作谓语"),
    (r"The subject of a triple must be .+", "主语应为网址或空节点"),
    (r"The predicate of a triple must be .+", "谓语应为网址"),
    (r"Invalid UTF-8 character encoding", "不是 UTF-8 编码"),
    (r"Expecting a datatype IRI after \^\^, found (.+)", "“^^”之后应为数据类型的网址，却是“{0}”"),
    (r"A language code should always start with a letter", "语言代码应以字母开头"),
    (r"Invalid IRI.*", "网址写法不对"),
    (r"'(.+)' is not allowed .+", "这里不能有“{0}”"),
    (r"Unexpected (.+)", "这里不能有“{0}”"),
    (r"syntax error: tag not closed.*", "标签没有写完"),
    (r"ill-formed document: expected `(.+?)`, but .+", "缺少结束标签“{0}”"),
    (r"@id value must be a string", "@id 的值应为文字"),
    (TOO_DEEP, "嵌套太深"),
)
_SAID = tuple((re.compile(pattern, re.IGNORECASE), chinese) for pattern, chinese in SAID)


def in_chinese(reason: str) -> str:
    """The sentence in Chinese; one that is not known is quoted as it is, and said to be a quotation."""
    for pattern, chinese in _SAID:
        found = pattern.fullmatch(reason.strip().rstrip("."))
        if found:
            return chinese.format(*(part[:80] for part in found.groups()))
    return f"读取程序的原话是“{reason}”"
