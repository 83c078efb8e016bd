"""Errors of access."""

from __future__ import annotations

from kaishu.base.errors import Conflict, Terminal, Transient


class NotAllowed(Terminal):
    """The actor's role does not hold the permission, or not for this office."""

    code = "access.not-allowed"
    status = 403
    zh = "“{actor}”（{role}）没有权限 {permission}。"
    en = '"{actor}" ({role}) may not do {permission}.'
    next_zh = "请用有权限的账号登录，或请管理员授权。"
    next_en = "Sign in with an account that may, or ask an administrator."


class SignInNeeded(NotAllowed):
    """A visitor asked for what needs an account or a token."""

    code = "access.sign-in-needed"
    status = 401
    zh = "需要先登录，或带上应用令牌（权限 {permission}）。"
    en = "Sign in first, or send an application token (permission {permission})."
    next_zh = "在网页登录，或在请求头写 Authorization: 令牌。"
    next_en = "Sign in on the site, or send the header Authorization: <token>."


class OtherOffice(NotAllowed):
    """The actor may do this only for things of their own office."""

    code = "access.other-office"
    zh = "“{actor}”只能处理本部门的数据（权限 {permission}）。"
    en = '"{actor}" may do {permission} only for their own office.'


class WrongPassword(Terminal):
    """Account or password is wrong; which of the two is not said."""

    code = "access.wrong-password"
    status = 401
    zh = "账号或密码不对。"
    en = "The account or the password is wrong."
    next_zh = "请重新输入；忘记密码请联系管理员。"
    next_en = "Try again; if the password is lost, ask an administrator."


class TooManyTries(Transient):
    """Sign-in is paused for this account or address."""

    code = "access.too-many-tries"
    status = 429
    zh = "登录失败次数过多，请等待{minutes}分钟。"
    en = "Too many failed sign-ins; wait {minutes} minutes."


class WeakPassword(Terminal):
    """The password is too short or too common."""

    code = "access.weak-password"
    zh = "密码至少{length}个字符，且不能是常见密码。"
    en = "A password needs at least {length} characters and must not be a common one."


class NameTaken(Conflict):
    """Another row already has this name."""

    code = "access.name-taken"
    zh = "名称“{name}”已被使用。"
    en = 'The name "{name}" is taken.'


class OwnAccount(Conflict):
    """Nobody takes their own rights away, or locks themselves out."""

    code = "access.own-account"
    zh = "不能停用自己的账号，也不能改自己的身份。"
    en = "Nobody can switch off their own account or change their own role."
    next_zh = "请另一位管理员来做。"
    next_en = "Ask another administrator."
