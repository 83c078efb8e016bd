"""Errors that only the terminal makes."""

from __future__ import annotations

from kaishu.base.errors import Terminal


class OfficeNeeded(Terminal):
    """There are several offices, and none was named."""

    code = "cli.office-needed"
    zh = "有{count}个部门，请说明数据归哪个部门：{known}"
    en = "There are {count} offices; say which one the data belong to: {known}"
    next_zh = "加上 --office 标识。"
    next_en = "Add --office NAME."


class BadPair(Terminal):
    """An option of the form NAME=VALUE has another form."""

    code = "cli.bad-pair"
    zh = "“{option} {value}”应写成 名称=值。"
    en = '"{option} {value}" must be written NAME=VALUE.'


class BadRecordFile(Terminal):
    """The file with a catalogue record cannot be read."""

    code = "cli.bad-record-file"
    zh = "文件“{file}”不是目录记录：{reason}"
    en = '"{file}" is not a catalogue record: {reason}'
    next_zh = "请给出 YAML 或 JSON 的名称与值。"
    next_en = "Give names and values as YAML or JSON."


class TargetExists(Terminal):
    """The file to write is already there."""

    code = "cli.target-exists"
    status = 409
    zh = "文件“{file}”已存在，没有覆盖。"
    en = '"{file}" exists already and was left alone.'
    next_zh = "换一个文件名，或加 --force。"
    next_en = "Choose another name, or add --force."


class PortTaken(Terminal):
    """Another program listens on the port."""

    code = "cli.port-taken"
    zh = "{host}:{port} 不能用：{reason}"
    en = "{host}:{port} cannot be used: {reason}"
    next_zh = "换一个端口，例如 make run PORT=8001 或 kaishu serve --port 8001。"
    next_en = "Choose another port, such as make run PORT=8001 or kaishu serve --port 8001."


class UnknownOutput(Terminal):
    """The ending of the file to write stands for no format."""

    code = "cli.unknown-output"
    zh = "不知道“{file}”要写成什么格式；可用的后缀：{known}"
    en = 'The ending of "{file}" stands for no format; there are {known}'
    next_zh = "换一个后缀。"
    next_en = "Choose another ending."
