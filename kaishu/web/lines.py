"""The catalogue record as lines to read: the 13 core items first, then what portals add."""

from __future__ import annotations

from kaishu.base.errors import in_language
from kaishu.catalogue import DatasetRecord, category_words, codes
from kaishu.catalogue.models import Dataset
from kaishu.standards import Term
from kaishu.web.contexts import Line
from kaishu.web.figures import day, plain
from kaishu.web.rendering import address
from kaishu.web.words import _, _n, label, language, listed, pick


def record_lines(dataset: Dataset, record: DatasetRecord, licence: Term | None) -> list[Line]:
    """Every item of the record that says something."""
    found = [*_core(dataset, record), *_more(record, licence)]
    return [line for line in found if line.value]


def _core(dataset: Dataset, record: DatasetRecord) -> list[Line]:
    office = dataset.office
    return [
        Line(_("信息资源名称"), pick(record.title, record.title_en)),
        Line(_("信息资源代码"), record.resource_code, _explained(record.resource_code, office.name)),
        Line(_("信息资源分类"), label("resource-class", record.resource_class)),
        Line(_("项、目、细目"), _category(record.resource_category)),
        Line(_("信息资源格式"), label("format-category", record.format_category)),
        Line(_("信息资源提供方"), pick(office.title, office.title_en), f"/offices/{office.name}"),
        Line(_("提供方代码"), office.code),
        Line(_("信息资源摘要"), plain(pick(record.description, record.description_en)), whole=True),
        Line(
            _("信息项信息"), _n("{n}个字段，见字段说明", len(record.items)) if record.items else "", "#fields"
        ),
        Line(_("共享属性"), _with(label("share-class", record.share_class), record.share_condition)),
        Line(_("开放属性"), _with(label("open-class", record.open_class), record.open_condition)),
        Line(_("更新周期"), label("update-frequency", record.update_frequency)),
        Line(_("发布日期"), day(record.issued) if record.issued else ""),
        Line(_("关联资源代码"), listed(record.related_codes)),
    ]


def _category(code: str) -> str:
    return in_language(category_words(code), language()) if code else ""


def _explained(code: str, office: str) -> str:
    """Where the parts of a code are told; nowhere for a code of another kind."""
    return address("/resource-codes", ("code", code), ("office", office)) if codes.parse(code) else ""


def _more(record: DatasetRecord, licence: Term | None) -> list[Line]:
    themes = ", " if language() == "en" else "、"
    return [
        Line(_("涉密属性"), label("secrecy", record.secrecy)),
        Line(_("层级属性"), label("administrative-level", record.level)),
        Line(_("业务事项（L1）"), record.business_item),
        Line(_("业务信息（L2）"), record.business_information),
        Line(_("数据标准（L3）"), record.data_standard),
        Line(_("数据来源表（L4）"), record.data_source),
        Line(_("主题"), themes.join(label("theme", code) for code in record.themes)),
        Line(_("标签"), themes.join((language() == "en" and record.tags_en) or record.tags)),
        Line(_("许可协议"), pick(licence.zh, licence.en) if licence else "", licence.uri if licence else ""),
        Line(_("时间范围"), _span(record)),
        Line(_("空间范围"), _with(record.spatial, record.spatial_code)),
        Line(_("经纬度范围"), ", ".join(f"{edge:g}" for edge in record.bbox) if record.bbox else ""),
        Line(_("数据的语言"), themes.join(label("language", code) for code in record.languages)),
        Line(_("联系人或处室"), record.contact_name),
        Line(_("电话"), record.contact_phone),
        Line(
            _("电子邮箱"),
            record.contact_email,
            f"mailto:{record.contact_email}" if "@" in record.contact_email else "",
        ),
        Line(_("数据来源"), record.source or record.source_url, record.source_url),
        Line(_("加工说明"), plain(record.provenance), whole=True),
    ]


def _span(record: DatasetRecord) -> str:
    if not record.temporal_start and not record.temporal_end:
        return ""
    if not record.temporal_end:
        return _("{day} 起", day=day(record.temporal_start))
    if not record.temporal_start:
        return _("至 {day}", day=day(record.temporal_end))
    return _("{start} 至 {end}", start=day(record.temporal_start), end=day(record.temporal_end))


def _with(value: str, more: str) -> str:
    if not more:
        return value
    return f"{value} ({more})" if language() == "en" else f"{value}（{more}）"
