"""What can be wrong with a mapping, and with what it leads to."""

from __future__ import annotations

from kaishu.base.errors import Conflict, NotFound, Terminal
from kaishu.quality.errors import BadRules


class BadMapping(BadRules):
    """A mapping cannot be used; every problem is named with its line and key."""

    code = "standardisation.bad-mapping"
    zh = "映射文件“{file}”有{count}处问题：{summary}"
    en = 'The mapping "{file}" has {count_en}: {summary}'
    next_zh = "请按行号改正后再试；映射的写法见文档 standardisation。"
    next_en = "Mend the lines named and try again; the page standardisation tells how mappings are written."


class FusionNotInstalled(Terminal):
    """Probable matching needs a library that the core does not bring."""

    code = "standardisation.fusion-not-installed"
    zh = "映射要求近似匹配，但没有安装 splink。"
    en = "The mapping asks for probable matching, and splink is not installed."
    next_zh = '请安装：pip install "kaishu[fusion]"；或在映射里写 probable: false，只按键匹配。'
    next_en = 'Install it: pip install "kaishu[fusion]"; or write probable: false to match by key only.'


class BadReviewFile(Terminal):
    """The file of decisions cannot be read."""

    code = "standardisation.bad-review-file"
    zh = "核对文件“{file}”第{line}行：{reason_zh}"
    en = 'Review file "{file}", line {line}: {reason_en}'
    next_zh = "decision 一栏写 same、different 或留空；其他栏不要改。"
    next_en = "The column decision holds same, different or nothing; leave the others as they are."


class DecisionsContradict(Terminal):
    """Decisions say of the same rows that they are one and that they are not."""

    code = "standardisation.decisions-contradict"
    zh = "核对结果互相矛盾：{left} 与 {right} 被判为不同，但别的判断把它们连在了一起。"
    en = "Decisions contradict each other: {left} and {right} are different, and others join them."
    next_zh = "请改正其中一个判断。"
    next_en = "Mend one of the decisions."


class NoSuchEntity(NotFound):
    """Nothing has this id, key or row."""

    code = "standardisation.no-such-entity"
    zh = "没有标识或键为“{key}”的实体。"
    en = 'No entity has the id or key "{key}".'
    next_zh = "可用实体标识、键的值，或“来源:行号”。"
    next_en = "Give an entity's id, the value of a key, or SOURCE:ROW."


class NoSuchStandard(NotFound):
    """No standard entity has this name."""

    code = "standardisation.no-such-standard"
    zh = "没有标准实体“{name}”。"
    en = 'There is no standard entity "{name}".'
    next_zh = "kaishu standard list 列出全部标准实体。"
    next_en = "kaishu standard list shows all of them."


class StandardTaken(Conflict):
    """A standard entity has this name already."""

    code = "standardisation.name-taken"
    zh = "标准实体“{name}”已经存在。"
    en = 'There is a standard entity "{name}" already.'
    next_zh = "请换一个标识，或修改已有的实体。"
    next_en = "Choose another name, or change the one that is there."


class MappingUnderAgreement(Conflict):
    """The newest mapping is with the offices that it concerns."""

    code = "standardisation.under-agreement"
    zh = "“{name}”第{number}版映射正在会签，不能修改。"
    en = 'Mapping {number} of "{name}" is with the offices concerned and cannot be changed.'
    next_zh = "请先收回，改好后重新送会签。"
    next_en = "Take it back first, change it, and hand it out again."


class NoMappingInState(Conflict):
    """No mapping of the entity is where this act needs it."""

    code = "standardisation.no-mapping-in-state"
    zh = "“{name}”没有可以这样办理的映射（现为：{state}）。"
    en = 'No mapping of "{name}" can be dealt with so (it is: {state}).'
    next_zh = "请看映射页上现在可以办的事。"
    next_en = "The page of the mapping shows what can be done now."


class MappingNotAgreed(Conflict):
    """Offices that were asked object, or have not answered."""

    code = "standardisation.not-agreed"
    zh = "映射还不能生效：{offices}。"
    en = "The mapping cannot come into force yet: {offices_en}."
    next_zh = "请等有关部门答复；有异议的，收回后改好再送会签。"
    next_en = "Wait for the answers; where somebody objects, take it back, change it and hand it out again."


class MappingNotInForce(Conflict):
    """A run into force needs a mapping that the offices have agreed to."""

    code = "standardisation.not-in-force"
    zh = "“{name}”没有生效的映射，只能试运行。"
    en = 'No mapping of "{name}" is in force; only a trial can be run.'
    next_zh = "请先送会签，全部同意后使其生效。"
    next_en = "Hand the mapping to the offices concerned, and put it in force when all agree."


class SourceEmpty(Conflict):
    """A source's table has no version that can be read."""

    code = "standardisation.source-empty"
    zh = "来源“{source}”的表没有可读的版本。"
    en = 'The table of the source "{source}" has no version that can be read.'
    next_zh = "请等该部门交付数据，或在映射里改用别的版本。"
    next_en = "Wait for a delivery, or name another version in the mapping."


class RunFilesNotKept(NotFound):
    """The files of a run are no longer there."""

    code = "standardisation.files-not-kept"
    zh = "这次归并的明细已不再保留，或还没有归并过。"
    en = "The details of this run are no longer kept, or nothing has been run yet."
    next_zh = "请重新运行。"
    next_en = "Run it again."


class PairGone(Conflict):
    """A pair no longer waits: it was decided, or a newer run does not find it."""

    code = "standardisation.pair-gone"
    zh = "这一对已经判断过，或新的归并里已没有它。"
    en = "This pair has been decided already, or the newest run does not find it any more."
    next_zh = "请看队列里的下一对。"
    next_en = "Go on with the next pair of the queue."
