"""Errors of the catalogue."""

from __future__ import annotations

from kaishu.base.errors import Conflict, NotFound, Terminal


class NoSuchDataset(NotFound):
    """No dataset of that name, or not one this actor may see."""

    code = "catalogue.no-such-dataset"
    zh = "找不到数据集“{name}”。"
    en = 'There is no dataset "{name}".'


class Withdrawn(Terminal):
    """The dataset was published once and then withdrawn; not said of secret ones."""

    code = "catalogue.withdrawn"
    status = 410
    zh = "数据集“{title}”已于{day}由{office}下架。原因：{reason}"
    en = 'The dataset "{title_en}" was withdrawn on {day} by {office_en}. Reason: {reason}'
    next_zh = "请从目录中移除，或查看它的页面推荐的相近数据集。"
    next_en = "Take it out of your catalogue, or see what is near on its page."


class NoSuchResource(NotFound):
    """The dataset has no such table."""

    code = "catalogue.no-such-resource"
    zh = "数据集“{name}”没有这份数据：{resource}。"
    en = 'The dataset "{name}" has no such data: {resource}.'
    next_zh = "请查看数据集页面列出的数据和版本。"
    next_en = "See the tables and versions that the dataset's page lists."


class NameTaken(Conflict):
    """Another dataset has or had this name."""

    code = "catalogue.name-taken"
    zh = "标识“{name}”已被使用。"
    en = 'The name "{name}" is taken.'
    next_zh = "请换一个标识。"
    next_en = "Choose another name."


class NotOpen(Terminal):
    """The data of this dataset are not open without conditions; its record is."""

    code = "catalogue.not-open"
    status = 403
    zh = "数据集“{name}”的开放属性是“{open_class}”，不能直接获取数据。{condition}"
    en = 'The dataset "{name}" is not open without conditions ({open_class}). {condition}'
    next_zh = "目录信息可以查看；如需数据请联系：{contact}。"
    next_en = "Its record can be read; for the data contact {contact}."


class NothingToPublish(Conflict):
    """There is no draft to submit, publish or return."""

    code = "catalogue.nothing-to-publish"
    zh = "数据集“{name}”没有{state}的修订。"
    en = 'The dataset "{name}" has no revision that is {state}.'


class InReview(Conflict):
    """A record in review cannot be changed."""

    code = "catalogue.in-review"
    zh = "数据集“{name}”正在待审，不能修改。"
    en = 'The dataset "{name}" is in review and cannot be changed.'
    next_zh = "请等待审核结果，或先撤回提交。"
    next_en = "Wait for the decision, or take the submission back first."


class Staged(NotOpen):
    """Under ``KAISHU_ENTRY_GATES=require``: the table has not entered the data-resource centre (暂存)."""

    code = "catalogue.staged"
    status = 409
    zh = "数据集“{name}”的表“{table}”处于暂存状态，未入库。未通过的关口：{gates}。"
    en = 'The table "{table}" of the dataset "{name}" is staged and has not entered. Missing: {gates_en}.'
    next_zh = "归属部门和数据主管部门在“我的数据”里该数据集的入库关口页可看到缺什么、由谁办。"
    next_en = "Its office and the bureau see what is missing, and who must do it, on its page of entry gates."


class GatesMissing(Conflict):
    """A table cannot enter while one of the six gates is missing."""

    code = "catalogue.gates-missing"
    zh = "表“{table}”还不能入库。未通过的关口：{gates}。"
    en = 'The table "{table}" cannot enter yet. Missing: {gates_en}.'
    next_zh = "请按入库关口页上列出的事项逐项办理。"
    next_en = "Do what its page of entry gates lists."


class WrongGateMode(Terminal):
    """The setting of the entry gates is none of the three words."""

    code = "catalogue.wrong-gate-mode"
    status = 500
    zh = "设置 KAISHU_ENTRY_GATES 的值“{value}”不能用：应为 off、advise 或 require。"
    en = 'The setting KAISHU_ENTRY_GATES cannot be "{value}": off, advise or require is needed.'


class CategoriesUnusable(Terminal):
    """A region's list of categories for resource codes cannot be read."""

    code = "catalogue.categories-unusable"
    zh = "资源代码分类表“{file}”不能用：{reason}。"
    en = 'The list of categories "{file}" cannot be used: {reason_en}.'
    next_zh = "请照 kaishu code template 给出的样子改正；样子里写明各级的位数。"
    next_en = "Mend it after what kaishu code template prints, which says how many digits each level has."


class WrongCodeCategory(Terminal):
    """The setting about categories in new resource codes is neither of the two words."""

    code = "catalogue.wrong-code-category"
    status = 500
    zh = "设置 KAISHU_CODE_CATEGORY 的值“{value}”不能用：应为 require 或 advise。"
    en = 'The setting KAISHU_CODE_CATEGORY cannot be "{value}": require or advise is needed.'


class WrongCodeItem(Terminal):
    """The setting of the item in resource codes is no item of departments."""

    code = "catalogue.wrong-code-item"
    status = 500
    zh = "设置 KAISHU_CODE_ITEM 的值“{value}”不能用：应为 none，或分类表里3开头的三位数字。"
    en = 'The setting KAISHU_CODE_ITEM cannot be "{value}": none, or a listed item that begins with 3.'
    next_zh = (
        "kaishu code list 列出可用的项，例如307（省及其下各级）、308（计划单列市及其下各级）、303（国务院）。"
    )
    next_en = "kaishu code list shows them: 307 for provinces and below, 308 for cities under state planning."
