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
