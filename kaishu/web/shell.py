"""What surrounds every page: who is here, in which language, and what was just done."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from kaishu.access import VISITOR, Actor
from kaishu.access.permissions import GRANTS, Permission
from kaishu.base import settings
from kaishu.web.words import _, language, pick

FLASH = "kaishu_flash"


@dataclass(frozen=True, slots=True)
class Flash:
    """A sentence about the last act; ``tone`` is good, care or bad."""

    tone: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame's own context."""

    site: str
    language: str
    other_language: str
    path: str
    actor: Actor
    csrf: str
    flash: Flash | None

    @property
    def signed_in(self) -> bool:
        """Somebody with an account?"""
        return self.actor.kind == "person"

    def may(self, *permissions: str) -> bool:
        """Does the actor's role hold one of these permissions at all?"""
        return any(Permission(permission) in GRANTS[self.actor.role] for permission in permissions)


def shell(request: Request, actor: Actor = VISITOR, csrf: str = "") -> Shell:
    """The frame for this request."""
    other = "zh" if language() == "en" else "en"
    kept = [(key, value) for key, value in request.query_params.multi_items() if key != "lang"]
    return Shell(
        site=pick(settings.text("site_title"), settings.text("site_title_en")),
        language=language(),
        other_language="?" + urlencode([*kept, ("lang", other)]),
        path=request.url.path,
        actor=actor,
        csrf=csrf,
        flash=_read(request.cookies.get(FLASH)),
    )


def say(response: Response, message: str, tone: str = "good", /, **facts: object) -> Response:
    """Show a sentence at the top of the next page; the message must be in ``said_messages``."""
    kept = json.dumps([tone, message, {key: str(value) for key, value in facts.items()}])
    value = base64.urlsafe_b64encode(kept.encode()).decode()
    response.set_cookie(FLASH, value, max_age=60, httponly=True, samesite="lax", path="/")
    return response


def _read(cookie: str | None) -> Flash | None:
    """The sentence kept by ``say``; a cookie that we did not write says nothing."""
    if not cookie:
        return None
    try:
        tone, message, facts = json.loads(base64.urlsafe_b64decode(cookie))
        if message in said_messages() and tone in ("good", "care", "bad"):
            return Flash(tone, _(message, **{str(k): str(v)[:300] for k, v in facts.items()}))
    except (binascii.Error, ValueError, TypeError, KeyError, AttributeError):
        return None
    return None


def said_messages() -> frozenset[str]:
    """Every sentence that may stand at the top of a page."""
    return SAID


SIGNED_IN = "欢迎，{name}。"
SIGNED_OUT = "已退出登录。"
PASSWORD_CHANGED = "密码已修改，请用新密码登录。"
TOKEN_REVOKED = "令牌“{name}”已作废。"
UPLOADED = "文件已收到：{name}。请核对读取方式。"
RECORD_KEPT = "目录信息已保存。"
SUBMITTED = "“{name}”已提交，等待审核。"
TAKEN_BACK = "“{name}”已撤回，可以继续修改。"
PUBLISHED = "“{name}”已发布。"
SENT_BACK = "“{name}”已退回，理由已告知提交人。"
WITHDRAWN = "“{name}”已撤销，公众不再能看到。"
OFFICE_ADDED = "已添加部门“{name}”。"
PERSON_ADDED = "已添加人员“{name}”。"
RENAMED = "标识已改为“{name}”，旧地址会自动转到新地址。"
DUTIES_TAKEN = "已导入{n}个事项，请逐条看建议。"
ACCEPTED = "已采纳{n}条建议，成为目录草稿。"
DECLINED = "“{name}”记为不采纳。"
RESTORED = "“{name}”已恢复发布。"
ALL_PUBLISHED = "已发布{n}个数据集。"
OFFICE_KEPT = "部门“{name}”已保存。"
PERSON_KEPT = "人员“{name}”已保存。"
SYNONYMS_KEPT = "同义词组“{name}”已保存。"
SYNONYMS_REMOVED = "同义词组已去掉。"
SYNONYMS_RESTORED = "同义词组已恢复为自带的。"
RULES_KEPT = "“{name}”的规则草稿已保存。"
RULES_STEPPED = "“{name}”的规则已进入下一步。"
RULES_BROUGHT = "已把{n}条校验加入“{name}”的规则草稿。"
CLEANSING_KEPT = "“{name}”的清洗方案草稿已保存。"
CLEANSING_STEPPED = "“{name}”的清洗方案已进入下一步。"
CLEANSING_DRAFTED = "已把{n}个步骤加入“{name}”的清洗方案草稿。"
CLEANSING_LEFT = "已交给后台，本页会显示进度。"
CHECK_LEFT = "检查已交给后台，稍后刷新即可看到结果。"
GATE_SAID = "已记下说明。"
GATE_TAKEN_BACK = "已撤回说明。"
TABLE_ENTERED = "这张表已入库。"
ORDERS_OPENED = "已开{n}张工单。"
ORDER_STEPPED = "工单“{name}”已办理。"
ELEMENT_PROPOSED = "“{name}”已提出，等待技术审查。"
ELEMENTS_PROPOSED = "已提出{n}个数据元，等待技术审查。"
ELEMENT_WITHDRAWN = "“{name}”已撤销。"
ELEMENT_DECIDED = "“{name}”已办理。"
ELEMENT_ANSWERED = "对“{name}”的答复已记下。"
ELEMENT_ASSIGNED = "字段与数据元的对应已保存：{n}列。"
RETENTION_KEPT = "保留规则已保存；规则本身不删除任何数据。"
VERSIONS_DROPPED = "已清退{n}版，空间由后台腾出。"
DISPOSAL_DECLINED = "已记下：这些版本保留。"
STANDARD_RUN_LEFT = "归并已交给后台，稍后刷新即可看到结果。"
STANDARD_SET = "已记下。"
STANDARD_KEPT = "映射草稿已保存。"
STANDARD_STEPPED = "映射已进入下一步。"
STANDARD_ANSWERED = "对映射的答复已记下。"
PAIR_DECIDED = "判断已记下，下次归并照办。"
PAIR_LATER = "已放到后面。"
EVALUATED = "评估已完成并保存。"
JUDGED = "评判已保存。"
EVALUATION_LEFT = "评估已交给后台，本页会显示进度。"
EVALUATION_PUBLISHED = "“{name}”的评估结果已公布。"
EVALUATION_WITHDRAWN = "“{name}”的评估结果已撤下。"
SYSTEM_DRAFTED = "“{name}”的草稿已建立。"
SYSTEM_KEPT = "“{name}”的草稿已保存。"
SYSTEM_PUBLISHED = "“{name}”已发布为现行版本。"
SYSTEM_WITHDRAWN = "“{name}”的这个版本已撤销。"
AGAIN_SAME = "已用保存的内容重新评估：每个数都相同，到最后一位。"
AGAIN_DIFFERS = "已重新评估：与保存的结果最多相差{difference}。"
TEMPLATE_KEPT = "模板“{name}”已保存。"
TEMPLATE_REMOVED = "模板“{name}”已删除。"
FACTS_LEFT = "统计已交给后台，本页会显示进度。"
RATED = "评分已记下，谢谢。"
RATING_GONE = "您的评分已收回。"
SAID = frozenset(
    {
        TEMPLATE_KEPT,
        TEMPLATE_REMOVED,
        FACTS_LEFT,
        RATED,
        RATING_GONE,
        EVALUATED,
        JUDGED,
        EVALUATION_LEFT,
        EVALUATION_PUBLISHED,
        EVALUATION_WITHDRAWN,
        SYSTEM_DRAFTED,
        SYSTEM_KEPT,
        SYSTEM_PUBLISHED,
        SYSTEM_WITHDRAWN,
        AGAIN_SAME,
        AGAIN_DIFFERS,
        STANDARD_RUN_LEFT,
        STANDARD_SET,
        STANDARD_KEPT,
        STANDARD_STEPPED,
        STANDARD_ANSWERED,
        PAIR_DECIDED,
        PAIR_LATER,
        RETENTION_KEPT,
        VERSIONS_DROPPED,
        DISPOSAL_DECLINED,
        ELEMENT_PROPOSED,
        ELEMENTS_PROPOSED,
        ELEMENT_WITHDRAWN,
        ELEMENT_DECIDED,
        ELEMENT_ANSWERED,
        ELEMENT_ASSIGNED,
        RULES_KEPT,
        RULES_BROUGHT,
        RULES_STEPPED,
        CLEANSING_KEPT,
        CLEANSING_STEPPED,
        CLEANSING_DRAFTED,
        CLEANSING_LEFT,
        CHECK_LEFT,
        GATE_SAID,
        GATE_TAKEN_BACK,
        TABLE_ENTERED,
        ORDERS_OPENED,
        ORDER_STEPPED,
        SYNONYMS_KEPT,
        SYNONYMS_REMOVED,
        SYNONYMS_RESTORED,
        DUTIES_TAKEN,
        ACCEPTED,
        DECLINED,
        RESTORED,
        ALL_PUBLISHED,
        OFFICE_KEPT,
        PERSON_KEPT,
        SIGNED_IN,
        SIGNED_OUT,
        PASSWORD_CHANGED,
        TOKEN_REVOKED,
        UPLOADED,
        RECORD_KEPT,
        SUBMITTED,
        TAKEN_BACK,
        PUBLISHED,
        SENT_BACK,
        WITHDRAWN,
        OFFICE_ADDED,
        PERSON_ADDED,
        RENAMED,
    }
)
