"""What can be wrong with another portal, its address, or what is asked of a plan."""

from __future__ import annotations

from kaishu.base.errors import Conflict, NotFound, Terminal, Transient


class AddressRefused(Terminal):
    """An address that we do not open: not the web, or inside our own network."""

    code = "harvest.address-refused"
    zh = "不打开地址“{address}”：{reason}。"
    en = 'The address "{address}" is not opened: {reason_en}.'
    next_zh = "请用公网的 http 或 https 地址；确需访问内网时，由管理员写进设置 KAISHU_HARVEST_ALLOW。"
    next_en = (
        "Give a public http or https address; for one inside, an administrator lists it in "
        "KAISHU_HARVEST_ALLOW."
    )


class Unreachable(Transient):
    """Nobody answered, or the answer broke off."""

    code = "harvest.unreachable"
    zh = "连不上“{address}”：{reason}。"
    en = '"{address}" cannot be reached: {reason}.'
    next_zh = "会自动重试，每次间隔更长；也可以稍后再试。"
    next_en = "It is tried again by itself, with longer pauses; or try later."


class AnsweredBadly(Terminal):
    """The other side refuses: 4xx, or an answer that is no catalogue."""

    code = "harvest.answered-badly"
    zh = "“{address}”的回答不能用：{reason}。"
    en = 'The answer of "{address}" cannot be used: {reason_en}.'
    next_zh = "请核对地址和类型；在浏览器中打开它看一看。"
    next_en = "Check address and kind; open it in a browser and look."


class AnsweredLater(Transient):
    """The other side has trouble of its own, or asks us to wait: 5xx, 408, 429."""

    code = "harvest.answered-later"
    zh = "“{address}”暂时出错（HTTP {status}）。"
    en = '"{address}" has trouble at the moment (HTTP {status}).'
    next_zh = "会自动重试，每次间隔更长。"
    next_en = "It is tried again by itself, with longer pauses."


class TooMuch(Terminal):
    """More bytes, pages or redirects than a catalogue can need."""

    code = "harvest.too-much"
    status = 413
    zh = "“{address}”给得太多：{reason}，已停止读取。"
    en = '"{address}" sends too much: {reason_en}; reading was stopped.'
    next_zh = "请核对地址是否正确。"
    next_en = "Check whether the address is right."


class NotReadable(Terminal):
    """A file or answer that is not what its kind says."""

    code = "harvest.not-readable"
    zh = "“{name}”不能按“{kind}”读取：{reason}。"
    en = '"{name}" cannot be read as {kind}: {reason_en}.'
    next_zh = "请核对类型，或换一个文件。"
    next_en = "Check the kind, or give another file."


class NoSuchSource(NotFound):
    """No source of that name."""

    code = "harvest.no-such-source"
    next_zh = "kaishu harvest list 列出所有来源。"
    next_en = "kaishu harvest list shows every source."


class SourceTaken(Conflict):
    """A name that another source has."""

    code = "harvest.source-taken"
    zh = "已有名为“{name}”的来源。"
    en = 'There is already a source named "{name}".'
    next_zh = "请换一个标识。"
    next_en = "Choose another name."


class SourceInUse(Conflict):
    """A source that is being read or applied."""

    code = "harvest.source-in-use"
    zh = "来源“{name}”正在读取或应用。"
    en = 'The source "{name}" is being read or applied.'
    next_zh = "请等它完成。"
    next_en = "Wait until it is done."


class NothingPlanned(Conflict):
    """There is no plan to apply."""

    code = "harvest.nothing-planned"
    zh = "来源“{name}”没有待应用的计划。"
    en = 'The source "{name}" has no plan to apply.'
    next_zh = "先做计划：kaishu harvest plan {name}。"
    next_en = "Make one first: kaishu harvest plan {name}."


class ManyGone(Conflict):
    """More than half of what was taken in would be withdrawn."""

    code = "harvest.many-gone"
    zh = "来源“{name}”原有{known}个数据集，这次有{gone}个不见了。为防误撤，需要人确认。"
    en = 'Of {known} datasets of "{name}", {gone} are gone this time; a person must confirm that.'
    next_zh = "核对后确认应用（kaishu harvest apply {name} --confirm），或重新做计划。"
    next_en = "Check and confirm (kaishu harvest apply {name} --confirm), or plan again."
