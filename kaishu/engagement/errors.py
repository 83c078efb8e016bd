"""What keeps letters and mail from arriving, and ratings from being taken."""

from __future__ import annotations

from kaishu.base.errors import Conflict, Invalid, NotFound, Terminal, Transient


class NotToBeRated(Conflict):
    """Only what is published can be rated."""

    code = "engagement.not-to-be-rated"
    zh = "数据集“{name}”没有发布，不能评分。"
    en = 'The dataset "{name}" is not published and cannot be rated.'
    next_zh = "请在它发布后再评分。"
    next_en = "Rate it once it is published."


class OwnDatasetRated(Terminal):
    """People of the office that provides a dataset are not its judges."""

    code = "engagement.own-dataset"
    status = 403
    zh = "数据集“{name}”由您所在的部门提供，本部门的人不能给它评分。"
    en = 'Your own department provides the dataset "{name}"; its people cannot rate it.'
    next_zh = "评分留给使用数据的人；要改进数据，请在工作台修改。"
    next_en = "Ratings are for those who use the data; improve the dataset from the desk."


class NoLetter(NotFound):
    """There is no such letter, or it is another office's."""

    code = "engagement.no-letter"
    zh = "没有这封信，或它不是写给您的部门的。"
    en = "There is no such letter, or it is another office's."
    next_zh = "请从收件箱打开。"
    next_en = "Open it from the inbox."


class MailNotSet(Terminal):
    """No mail server is set."""

    code = "engagement.mail-not-set"
    zh = "没有设置邮件服务器，不能发邮件。"
    en = "No mail server is set, so no mail can be sent."
    next_zh = "请设置 KAISHU_SMTP_HOST 和 KAISHU_SMTP_FROM，或改为放入平台收件箱。"
    next_en = "Set KAISHU_SMTP_HOST and KAISHU_SMTP_FROM, or put the letter in the inbox of the office."


class BadAddress(Invalid):
    """A mail address cannot be used."""

    code = "engagement.bad-address"
    next_zh = "请写一个完整的邮箱地址，如 name@example.org；可发往的域名见设置 smtp_allow。"
    next_en = "Write one whole address, as name@example.org; smtp_allow names the domains that may get mail."


class MailUnsafe(Terminal):
    """A password would go over the network in the clear."""

    code = "engagement.mail-unsafe"
    zh = "与邮件服务器 {host} 的连接没有加密，不能发送密码。"
    en = "The connection to the mail server {host} is not encrypted, so the password was not sent."
    next_zh = "请把 KAISHU_SMTP_TLS 设为 starttls 或 tls；不需要登录的服务器请去掉 KAISHU_SMTP_USER。"
    next_en = "Set KAISHU_SMTP_TLS to starttls or tls, or drop KAISHU_SMTP_USER where no sign-in is needed."


class MailRefused(Terminal):
    """The mail server said no, for good."""

    code = "engagement.mail-refused"
    zh = "邮件服务器 {host} 没有接受寄往 {to} 的信：{reason}"
    en = "The mail server {host} did not take the letter to {to}: {reason}"
    next_zh = "请核对收件地址、发件地址、用户名和密码。"
    next_en = "Check the address, the sender, the user and the password."


class MailUnreachable(Transient):
    """The mail server could not be reached, or asks to be tried later."""

    code = "engagement.mail-unreachable"
    zh = "现在连不上邮件服务器 {host}：{reason}"
    en = "The mail server {host} cannot be reached now: {reason}"
    next_zh = "请检查 KAISHU_SMTP_HOST、KAISHU_SMTP_PORT 和 KAISHU_SMTP_TLS，稍后再试。"
    next_en = "Check KAISHU_SMTP_HOST, KAISHU_SMTP_PORT and KAISHU_SMTP_TLS, and try again later."


class LetterTooLarge(Terminal):
    """What is enclosed is larger than a letter may be."""

    code = "engagement.letter-too-large"
    zh = "附件有{size}字节，最多{most}字节。"
    en = "The enclosed file has {size} bytes; at most {most} go into a letter."
    next_zh = "请改用更小的格式，或只发一个单位的报告。"
    next_en = "Choose a smaller format, or send the report on one unit."
