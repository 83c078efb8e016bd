"""Mail through the SMTP server of the settings.  Nothing here touches the records."""

from __future__ import annotations

import re
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr, formatdate, make_msgid
from ipaddress import ip_address

from kaishu.base import settings
from kaishu.base.errors import Said
from kaishu.base.networks import entries
from kaishu.engagement.errors import (
    BadAddress,
    LetterTooLarge,
    MailNotSet,
    MailRefused,
    MailUnreachable,
    MailUnsafe,
)
from kaishu.engagement.letters import MOST_BYTES, Enclosed

SECONDS = 20
#: One address, no quotes, no comments; RFC 5321 allows more than anybody uses.
_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@"
    r"((?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9])"
)
_FOUND = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


@dataclass(frozen=True, slots=True)
class Mail:
    """One letter to one address."""

    to: str
    subject: str
    text: str
    enclosed: Enclosed | None = None


def mail_is_set() -> bool:
    """Can mail be sent at all?"""
    return bool(settings.text("smtp_host") and settings.text("smtp_from"))


def address_in(text: str) -> str:
    """The first mail address in a text such as an office's contact; empty if there is none.

    >>> address_in("办公室 010-1234，office@example.org。"), address_in("电话1234")
    ('office@example.org', '')
    """
    found = _FOUND.search(text)
    return found[0].rstrip(".") if found and _ADDRESS.fullmatch(found[0].rstrip(".")) else ""


def checked_address(text: str) -> str:
    """One address to which mail may go.  Raises ``BadAddress``."""
    address = text.strip()
    found = _ADDRESS.fullmatch(address) if len(address) <= 254 else None
    if found is None:
        given = address[:80]
        raise BadAddress({"to": [Said(f"“{given}”不是邮箱地址。", f'"{given}" is not a mail address.')]})
    domain, allowed = found[1].lower(), entries(settings.text("smtp_allow"))
    if allowed and not any(domain == each or domain.endswith("." + each) for each in allowed):
        said = Said(f"不能发往域名 {domain}。", f"No mail may go to the domain {domain}.")
        raise BadAddress({"to": [said]})
    return address


def send_mail(mail: Mail) -> str:
    """Send it and return its Message-ID.

    Raises ``MailNotSet``, ``BadAddress``, ``LetterTooLarge``, ``MailUnsafe``, ``MailRefused``,
    ``MailUnreachable``.
    """
    if not mail_is_set():
        raise MailNotSet()
    message = _message(mail)
    host = settings.text("smtp_host")
    try:
        with _connected(host) as server:
            _sign_in(server, host)
            server.send_message(message)
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
        raise _refusal(error, host, mail.to) from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailUnreachable(host=host, reason=_plain(str(error) or type(error).__name__)) from error
    return str(message["Message-ID"])


def _message(mail: Mail) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    sender = checked_sender()
    message["From"] = formataddr((_plain(settings.text("site_title")), sender))
    message["To"] = checked_address(mail.to)
    message["Subject"] = _plain(mail.subject)
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message.set_content(mail.text)
    if mail.enclosed is not None:
        if len(mail.enclosed.content) > MOST_BYTES:
            raise LetterTooLarge(size=len(mail.enclosed.content), most=MOST_BYTES)
        kind, _, charset = mail.enclosed.media_type.partition("; charset=")
        main, _, rest = kind.partition("/")
        message.add_attachment(
            mail.enclosed.content,
            maintype=main,
            subtype=rest,
            filename=_plain(mail.enclosed.name),
            params={"charset": charset} if charset else None,
        )
    return message


def checked_sender() -> str:
    """The address that mail comes from.  Raises ``BadAddress``."""
    sender = settings.text("smtp_from").strip()
    if not _ADDRESS.fullmatch(sender):
        said = Said("发件地址不是一个邮箱地址。", "The sender is not a mail address.")
        raise BadAddress({"smtp_from": [said]})
    return sender


def _connected(host: str) -> smtplib.SMTP:
    port, how = settings.number("smtp_port"), settings.text("smtp_tls")
    if how == "tls":
        return smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=ssl.create_default_context())
    server = smtplib.SMTP(host, port, timeout=SECONDS)
    if how == "none":
        return server
    try:
        server.starttls(context=ssl.create_default_context())
    except BaseException:
        server.close()
        raise
    return server


def _sign_in(server: smtplib.SMTP, host: str) -> None:
    user = settings.text("smtp_user")
    if not user:
        return
    if settings.text("smtp_tls") == "none" and not _is_this_machine(host):
        raise MailUnsafe(host=host)
    server.login(user, settings.text("smtp_password"))


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refusal(error: smtplib.SMTPException, host: str, to: str) -> MailRefused | MailUnreachable:
    said: bytes | str
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
    else:
        assert isinstance(error, smtplib.SMTPResponseException)
        code, said = error.smtp_code, error.smtp_error
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    reason = _plain(f"{code} {text}")
    if 400 <= code < 500:
        return MailUnreachable(host=host, reason=reason)
    return MailRefused(host=host, to=to, reason=reason)


def _plain(text: str) -> str:
    """One line without control characters, for a header or a sentence."""
    kept = "".join(" " if ord(each) < 32 or ord(each) == 127 else each for each in text)
    return " ".join(kept.split())[:300]
