"""What can be wrong with asking for the catalogue as a document."""

from __future__ import annotations

from kaishu.base.errors import NotFound, Terminal


class NoSuchForm(NotFound):
    """The catalogue or a dataset is not given in this form."""

    code = "catalog.no-such-form"
    zh = "没有“.{name}”这种形式。可用：{have}。"
    en = 'There is no form ".{name}"; there are {have}.'
    next_zh = "请把地址的结尾换成其中一种。"
    next_en = "Let the address end with one of them."


class BadAsking(Terminal):
    """A parameter of the catalogue that cannot be understood."""

    code = "catalog.bad-parameter"
    status = 400
    zh = "参数 {name} 不对：“{value}”。应为{wanted}。"
    en = 'The parameter {name} is not right: "{value}". It takes {wanted_en}.'
