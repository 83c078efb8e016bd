"""What can be wrong with rules and steps, with what they refer to, and with changes to be taken back."""

from __future__ import annotations

from kaishu.base.errors import Conflict, Terminal, Transient
from kaishu.base.grammar import BadText
from kaishu.base.problems import BadFile
from kaishu.base.problems import Problem as Problem


class BadRules(BadFile[Problem]):
    """A rule file cannot be used; every problem is named with its line and key."""

    code = "quality.bad-rules"
    zh = "规则文件“{file}”有{count}处问题：{summary}"
    en = 'The rule file "{file}" has {count_en}: {summary}'
    next_zh = "请按行号改正后再试；规则的写法见文档 quality-rules。"
    next_en = "Mend the lines named and try again; the page quality-rules tells how rules are written."


class BadExpression(BadText):
    """An expression between columns cannot be parsed, or compares what cannot be compared."""

    code = "quality.bad-expression"
    zh = "表达式“{text}”第{place}个字符处：{reason_zh}"
    en = 'Expression "{text}", character {place}: {reason_en}'
    next_zh = "请改正表达式。"
    next_en = "Mend the expression."


class ReferenceColumnMissing(Terminal):
    """The table that a rule refers to does not have the column."""

    code = "quality.reference-column-missing"
    zh = "规则参照的“{file}”没有“{column}”列；它有：{known}"
    en = 'A rule refers to column "{column}" of "{file}", which has: {known}'
    next_zh = "请改正规则里的 reference 或 reference-column。"
    next_en = "Mend reference or reference-column in the rule."


class ReferenceMissing(Terminal):
    """The file that a rule refers to is not there."""

    code = "quality.reference-missing"
    zh = "规则参照的文件“{file}”不存在。"
    en = 'A rule refers to the file "{file}", which does not exist.'
    next_zh = "路径从规则文件所在的文件夹算起；请检查。"
    next_en = "Paths count from the folder of the rule file; check it."


class NoRules(Terminal):
    """The table has no rules in force."""

    code = "quality.no-rules"
    status = 409
    zh = "这张表还没有生效的质量规则。"
    en = "This table has no quality rules in force."
    next_zh = "请先写规则，并由业务负责人和技术负责人先后审核。"
    next_en = "Write rules, and let a business owner and then a technical owner approve them."


class NothingToCheck(Terminal):
    """The table has no version whose rows are kept."""

    code = "quality.nothing-to-check"
    status = 409
    zh = "这张表还没有可以检查的数据。"
    en = "This table has no rows that could be checked."
    next_zh = "请先上传数据。"
    next_en = "Upload data first."


class NoRulesInState(Conflict):
    """The act does not fit the state of the table's rules."""

    code = "quality.rules-in-other-state"
    zh = "规则现在的状态是“{state}”，这一步要求“{states}”。"
    en = 'The rules are "{state}"; this needs "{states}".'
    next_zh = "请刷新页面查看最新状态。"
    next_en = "Reload to see the latest state."


class UnderReview(Conflict):
    """The draft is with its reviewers."""

    code = "quality.rules-under-review"
    zh = "第{number}版规则正在审核，不能修改。"
    en = "Version {number} of the rules is under review and cannot be changed."
    next_zh = "请先撤回，改好后再提交。"
    next_en = "Take it back first, change it, and submit it again."


class SameOwner(Conflict):
    """The same person cannot be both owners."""

    code = "quality.same-owner"
    zh = "“{name}”已作为业务负责人同意；技术负责人应是另一个人。"
    en = '"{name}" has agreed as business owner; the technical owner must be somebody else.'
    next_zh = "请另一位负责人审核。"
    next_en = "Ask another person."


class RowsNotKept(Terminal):
    """The failing rows of this check are no longer kept."""

    code = "quality.rows-not-kept"
    status = 404
    zh = "这次检查的不合格行已不再保存。"
    en = "The failing rows of this check are no longer kept."
    next_zh = "各条规则的数量仍在；重新检查可再得到全部行。"
    next_en = "The counts of every rule are still there; check again to have all rows."


class OrderOpen(Conflict):
    """There is an open work order for this rule."""

    code = "quality.order-open"
    zh = "规则“{rule}”已有未办结的工单。"
    en = 'There is an open work order for the rule "{rule}".'
    next_zh = "请到工单里办理。"
    next_en = "Go on with that order."


class NothingFailed(Terminal):
    """A work order needs a finding with failing rows."""

    code = "quality.nothing-failed"
    zh = "规则“{rule}”没有不合格的数据，不能开工单。"
    en = 'Nothing failed the rule "{rule}", so there is nothing to order.'


class BadSteps(BadRules):
    """A file of cleansing steps cannot be used; every problem is named with its line and key."""

    code = "quality.bad-steps"
    zh = "步骤文件“{file}”有{count}处问题：{summary}"
    en = 'The file of steps "{file}" has {count_en}: {summary}'
    next_zh = "请按行号改正后再试；步骤的写法见文档 cleansing。"
    next_en = "Mend the lines named and try again; the page cleansing tells how steps are written."


class NotTheseChanges(Terminal):
    """Changes are to be taken back from a table that they were not made to."""

    code = "quality.not-these-changes"
    status = 409
    zh = "这份变更记录不属于这张表：{reason_zh}"
    en = "These changes were not made to this table: {reason_en}"
    next_zh = "请给出清洗后未再改动的表，和同一次清洗的变更记录。"
    next_en = "Give the table as cleansing left it, and the changes of the same run."


class NotChanges(Terminal):
    """The file is no record of changes."""

    code = "quality.not-changes"
    zh = "文件“{file}”不是清洗的变更记录。"
    en = '"{file}" is not a record of changes made by cleansing.'
    next_zh = "请给出 kaishu clean --changes 写出的文件。"
    next_en = "Give a file that kaishu clean --changes wrote."


class NoCleansing(Terminal):
    """The table has no cleansing plan in force."""

    code = "quality.no-cleansing"
    status = 409
    zh = "这张表还没有生效的清洗方案。"
    en = "This table has no cleansing plan in force."
    next_zh = "请先写清洗步骤，并由业务负责人和技术负责人先后审核。"
    next_en = "Write the steps, and let a business owner and then a technical owner approve them."


class NoCleansingInState(Conflict):
    """The act does not fit the state of the table's cleansing plan."""

    code = "quality.cleansing-in-other-state"
    zh = "清洗方案现在的状态是“{state}”，这一步要求“{states}”。"
    en = 'The cleansing plan is "{state}"; this needs "{states}".'
    next_zh = "请刷新页面查看最新状态。"
    next_en = "Reload to see the latest state."


class CleansingUnderReview(Conflict):
    """The plan is with its reviewers."""

    code = "quality.cleansing-under-review"
    zh = "第{number}版清洗方案正在审核，不能修改。"
    en = "Version {number} of the cleansing plan is under review and cannot be changed."
    next_zh = "请先撤回，改好后再提交。"
    next_en = "Take it back first, change it, and submit it again."


class CannotUndo(Conflict):
    """What cleansing did can be taken back only from the version that it made, while that is the newest."""

    code = "quality.cannot-undo"
    zh = "第{made}版是清洗得到的，现在最新的是第{number}版，不能再撤销这次清洗。"
    en = "Cleansing made version {made}; the newest is {number} now, so it cannot be undone any more."
    next_zh = "清洗前的第{base}版仍在；变更记录也可以下载。"
    next_en = "Version {base}, as it was before, is still there; the record of changes can be downloaded."


class ChangesNotKept(Terminal):
    """The record of changes went with the rows of its version."""

    code = "quality.changes-not-kept"
    status = 404
    zh = "这次清洗的变更记录已随第{number}版的数据一起清理。"
    en = "The record of changes was dropped together with the rows of version {number}."
    next_zh = "各步骤的数量仍在。"
    next_en = "The counts of every step are still there."


class TooManyCorrections(Transient):
    """One sender sends many corrections, or many wait for an answer about one table."""

    code = "quality.too-many-corrections"
    status = 429
    zh = "收到的纠错太多，暂时不能再提交。"
    en = "Too many corrections came in; no more can be taken for now."
    next_zh = "请一小时后再试，或按目录信息里的联系方式告诉提供部门。"
    next_en = "Try again in an hour, or tell the office by the contact in the record."
