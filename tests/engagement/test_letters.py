"""Letters to offices in the platform, and mail through a server that is really there."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from kaishu import access, engagement
from kaishu.access import VISITOR, Actor, Call, Role
from kaishu.access.errors import NotAllowed, SignInNeeded
from kaishu.engagement import Enclosed, Mail
from kaishu.engagement.errors import (
    BadAddress,
    LetterTooLarge,
    MailNotSet,
    MailRefused,
    MailUnreachable,
    MailUnsafe,
    NoLetter,
)
from kaishu.engagement.letters import MOST_BYTES
from kaishu.ledger import entries
from tests.engagement.mail_server import Kept, mail_server

FILE = Enclosed("报告.html", "text/html; charset=utf-8", "<p>正文</p>".encode() * 50)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    with mail_server() as kept:
        for name, value in {"host": "127.0.0.1", "port": str(kept.port), "tls": "none"}.items():
            monkeypatch.setenv(f"KAISHU_SMTP_{name.upper()}", value)
        monkeypatch.setenv("KAISHU_SMTP_FROM", "kaishu@example.org")
        yield kept


def reader(make_call: Callable[..., Call], office: str, role: Role = Role.steward) -> Call:
    return make_call(Actor("person", f"p-{office}", "某人", role, office))


def test_a_letter_is_read_by_its_office_only(call: Call, make_call: Callable[..., Call]) -> None:
    school, roads = (access.add_office(call, title=each, name=each).id for each in ("jiaoyu", "jiaotong"))
    left = engagement.leave_letter(call, school, subject="报告", text="见附件", enclosed=FILE)
    mine, others = reader(make_call, school), reader(make_call, roads)
    assert [each.subject for each in engagement.letters(mine)] == ["报告"] and not engagement.letters(others)
    assert engagement.unread_letters(mine) == 1 and engagement.unread_letters(others) == 0
    assert engagement.enclosed_in(mine, left.id) == FILE
    with pytest.raises(NoLetter):
        engagement.enclosed_in(others, left.id)
    engagement.mark_read(mine, left.id)
    engagement.mark_read(reader(make_call, school), left.id)
    assert engagement.unread_letters(mine) == 0 and left.read_by == "某人"
    actions = [row.action for row in entries(call.session, "letter", left.id, 9)]
    assert sorted(actions) == ["engagement.letter", "engagement.read-letter"]


def test_not_everybody_leaves_letters(call: Call, make_call: Callable[..., Call]) -> None:
    office = access.add_office(call, title="教育局", name="jiaoyu").id
    with pytest.raises(NotAllowed):
        engagement.leave_letter(reader(make_call, office), office, subject="x", text="")
    with pytest.raises(SignInNeeded):
        engagement.letters(make_call(VISITOR))
    with pytest.raises(LetterTooLarge):
        large = Enclosed("x", "text/plain", b"0" * (MOST_BYTES + 1))
        engagement.leave_letter(call, office, subject="x", text="", enclosed=large)


def test_mail_arrives_whole(server: Kept) -> None:
    said = engagement.send_mail(Mail("a@example.com", "甲\r\nBcc: x@y.z", "第一行\n.\n第三行", FILE))
    (message,) = server.messages
    assert message["Message-ID"] == said and message["To"] == "a@example.com"
    assert message["Subject"] == "甲 Bcc: x@y.z" and message["Bcc"] is None
    assert message.get_body().get_content().splitlines() == ["第一行", ".", "第三行"]
    (file,) = message.iter_attachments()
    assert file.get_filename() == "报告.html" and file.get_content() == FILE.content.decode()


@pytest.mark.parametrize(
    "address",
    ["", "a", "a@b", "a@b.c d", "a@b.com\nBcc: x@y.com", "a@b.com,c@d.com", "<a@b.com>", "a@-b.com"],
)
def test_addresses_that_are_none_are_refused(server: Kept, address: str) -> None:
    with pytest.raises(BadAddress):
        engagement.send_mail(Mail(address, "x", "y"))
    assert server.messages == []


def test_domains_can_be_limited(server: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAISHU_SMTP_ALLOW", "gov.cn, example.org")
    engagement.send_mail(Mail("a@edu.gov.cn", "x", "y"))
    with pytest.raises(BadAddress) as caught:
        engagement.send_mail(Mail("a@notgov.cn", "x", "y"))
    assert "notgov.cn" in caught.value.sentence("zh") and len(server.messages) == 1


def test_what_the_server_refuses_is_told(server: Kept) -> None:
    server.refused = {"no@example.com": "550 unknown here", "later@example.com": "451 try later"}
    with pytest.raises(MailRefused) as caught:
        engagement.send_mail(Mail("no@example.com", "x", "y"))
    assert "550 unknown here" in caught.value.sentence("en") and caught.value.advice("zh")
    with pytest.raises(MailUnreachable):
        engagement.send_mail(Mail("later@example.com", "x", "y"))


def test_signing_in_and_encryption(server: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAISHU_SMTP_USER", "robot")
    monkeypatch.setenv("KAISHU_SMTP_PASSWORD", "wrong")
    with pytest.raises(MailRefused):
        engagement.send_mail(Mail("a@example.com", "x", "y"))
    monkeypatch.setenv("KAISHU_SMTP_PASSWORD", "right")
    engagement.send_mail(Mail("a@example.com", "x", "y"))
    assert server.signed_in == ["robot", "robot"] and len(server.messages) == 1
    monkeypatch.setenv("KAISHU_SMTP_TLS", "starttls")  # which this server does not offer
    with pytest.raises(MailUnreachable):
        engagement.send_mail(Mail("a@example.com", "x", "y"))
    assert server.signed_in == ["robot", "robot"]


def test_a_password_never_leaves_the_machine_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    from kaishu.engagement import mailing

    monkeypatch.setenv("KAISHU_SMTP_USER", "robot")
    monkeypatch.setenv("KAISHU_SMTP_TLS", "none")
    with pytest.raises(MailUnsafe):
        mailing._sign_in(None, "mail.example.org")  # type: ignore[arg-type]


def test_without_a_server_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MailNotSet):
        engagement.send_mail(Mail("a@example.com", "x", "y"))
    monkeypatch.setenv("KAISHU_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("KAISHU_SMTP_PORT", "1")
    monkeypatch.setenv("KAISHU_SMTP_FROM", "kaishu@example.org")
    with pytest.raises(MailUnreachable) as caught:
        engagement.send_mail(Mail("a@example.com", "x", "y"))
    assert "127.0.0.1" in caught.value.sentence("zh")
