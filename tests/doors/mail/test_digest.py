# SPDX-License-Identifier: Apache-2.0
"""The daily mail: in the reader's language, with what they may see at that moment, once."""

import datetime
import smtplib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from ortaq.doors.mail.digest import DigestUnderWay, MailServerSilent, _alone, send_digests
from ortaq.doors.mail.letter import one_line
from ortaq.notices.actions import choose_channels, digest_token, mark_seen
from ortaq.notices.following import catch_up
from ortaq.notices.models import Notice
from ortaq.people.models import Person
from ortaq.site.daily import is_due, send_todays
from tests.factories import actor_of, join

Say = Callable[..., str]


@pytest.fixture(autouse=True)
def _home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home.mkdir(exist_ok=True)
    monkeypatch.setattr(settings, "ADDRESS", "https://heritage.example")


@pytest.fixture
def leyla(node: Any) -> Any:
    return join("leyla", "Leyla Əliyeva", email="leyla@example.org", language="az")


@pytest.fixture
def say(node: Any, leyla: Any) -> Say:
    """Somebody says something to leyla about a place of hers; returns the URI of the place."""
    from ortaq.records.door import Draft, write_change

    aidar = join("aidar", "Aydar\r\nBcc: all@example.org", language="kk")
    made = write_change(Draft("place", {"title": {"az": "Şəki <qalası>"}}), by=actor_of(leyla))

    def write(text: str = "Gözəl & möhkəm", **more: Any) -> str:
        body = {"about": made.uri, "motivation": "comment", "lang": "az", "text": text}
        write_change(Draft("opinion", body, **more), by=actor_of(aidar))
        catch_up()
        return str(made.uri)

    return write


def test_digest_is_in_the_readers_language_and_is_sent_once(say: Say, leyla: Any) -> None:
    say()
    assert (send_digests().sent, send_digests().sent) == (1, 0)
    [message] = mail.outbox
    assert message.subject == "Test node: 1 yeni bildiriş"
    assert message.to == ["leyla@example.org"]
    assert "Salam, Leyla Əliyeva!" in message.body
    assert "Şəki <qalası>" in message.body
    assert "Gözəl & möhkəm" in message.body
    assert "https://heritage.example/r/" in message.body
    [(html, kind)] = message.alternatives
    assert kind == "text/html"
    assert "Şəki &lt;qalası&gt;" in html
    assert "Gözəl &amp; möhkəm" in html
    assert '<html lang="az">' in html
    year = str(timezone.localdate().year)
    assert year in message.body


@pytest.mark.parametrize(
    ("language", "count", "subject"),
    [
        ("en", 1, "Test node: 1 new notice"),
        ("en", 2, "Test node: 2 new notices"),
        ("ru", 2, "Test node: 2 новых уведомления"),
        ("ru", 5, "Test node: 5 новых уведомлений"),
        ("kk", 3, "Test node: 3 жаңа хабарлама"),
        ("xx", 2, "Test node: 2 new notices"),
    ],
)
def test_number_has_the_form_of_the_language(say: Say, leyla: Any, language: str, count: int, subject: str) -> None:
    Person.objects.filter(pk=leyla.pk).update(language=language)
    for number in range(count):
        say(f"Rəy {number}")
    send_digests()
    assert [message.subject for message in mail.outbox] == [subject]


def test_no_text_of_people_makes_a_header_or_a_line(say: Say, leyla: Any, node: Any) -> None:
    Person.objects.filter(pk=leyla.pk).update(name="Leyla\nSubject: x\r\n\r\nHello")
    say("Bir\u2028iki\u202e")
    send_digests()
    [message] = mail.outbox
    head = message.message().as_string().partition("\n\n")[0]
    assert "Bcc" not in head
    assert head.count("Subject:") == 1
    assert "Aydar Bcc: all@example.org cavabdeh" in message.body
    assert "\nBcc" not in message.body
    assert "> Bir iki\n" in message.body


def test_letters_of_control_are_taken_out() -> None:
    assert one_line("a\r\nb\x00c\u2028d\u202ee\tf") == "a b c d e f"


@pytest.mark.parametrize("email", ["", "nonsense", "a@b\nBcc: c@d.org", "a@example.org,b@example.org"])
def test_no_mail_goes_where_no_address_is(say: Say, leyla: Any, email: str) -> None:
    Person.objects.filter(pk=leyla.pk).update(email=email)
    say()
    assert send_digests().sent == 0
    assert mail.outbox == []


def test_only_what_may_be_seen_when_it_is_sent(say: Say, leyla: Any) -> None:
    from ortaq.records.door import Draft, write_change
    from ortaq.records.models import Record

    say("Açıq söz")
    say("@leyla gizli söz")
    hidden = Record.objects.get(kind="opinion", title__contains="gizli")
    body = {"about": hidden.links.get(role="about").target, "motivation": "comment", "lang": "az", "text": "gizli söz"}
    write_change(Draft("opinion", body, "private", hidden.uri), by=hidden.author)
    send_digests()
    [message] = mail.outbox
    everything = message.message().as_string() + message.body + str(message.alternatives)
    assert "1 yeni bildiriş" in message.subject
    assert "gizli" not in everything
    assert Notice.objects.filter(mailed_at=None).count() == 0


def test_nobody_is_mailed_who_has_left_or_read_or_wants_none(say: Say, leyla: Any) -> None:
    say()
    mark_seen(leyla, up_to=10**9)
    assert send_digests().sent == 0
    choose_channels(leyla, {"own": "here"})
    say()
    assert send_digests().sent == 0
    choose_channels(leyla, {"own": "digest"})
    say()
    Person.objects.filter(pk=leyla.pk).update(is_active=False)
    assert send_digests().sent == 0
    assert mail.outbox == []


def test_mail_of_long_ago_is_not_sent_and_very_old_notices_are_forgotten(say: Say) -> None:
    say("Birinci")
    say("İkinci")
    first, second = Notice.objects.order_by("id")
    Notice.objects.filter(pk=first.pk).update(at=timezone.now() - datetime.timedelta(days=200))
    Notice.objects.filter(pk=second.pk).update(at=timezone.now() - datetime.timedelta(days=8))
    assert send_digests().sent == 0
    assert list(Notice.objects.all()) == [second]


def test_link_ends_the_mails(say: Say, leyla: Any) -> None:
    say()
    send_digests()
    [message] = mail.outbox
    address = f"https://heritage.example/notices/no-mail/{digest_token(leyla)}"
    assert message.extra_headers["List-Unsubscribe"].startswith("<https://heritage.example/notices/no-mail/")
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address.rpartition(":")[0].rpartition("/")[0] in message.body


def test_stop_between_sending_and_noting_sends_the_same_mail_again_and_loses_none(
    say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    say()

    def stop(*_given: Any, **_more: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("ortaq.doors.mail.digest.note_mailed", stop)
        with pytest.raises(KeyboardInterrupt):
            send_digests()
    say("Sonra")
    assert send_digests().sent == 1
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert "Sonra" in second.body
    assert send_digests().sent == 0


def test_server_that_refuses_one_address_gets_the_others(say: Say, node: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    say("@vusal")
    vusal = join("vusal", email="vusal@example.org")
    say("@vusal")
    send = EmailBackend.send_messages

    def picky(self: Any, messages: Any) -> int:
        if messages[0].to == ["leyla@example.org"]:
            raise smtplib.SMTPRecipientsRefused({"leyla@example.org": (550, b"unknown")})
        return int(send(self, messages))

    monkeypatch.setattr(EmailBackend, "send_messages", picky)
    done = send_digests()
    assert (done.sent, done.refused) == (1, 1)
    assert not Notice.objects.filter(person=vusal, mailed_at=None).exists()
    assert Notice.objects.exclude(person=vusal).filter(mailed_at=None).exists()


def test_silent_server_is_named_and_nothing_is_lost(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    say()

    def silent(*_given: Any) -> None:
        raise ConnectionRefusedError("nobody answers")

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", silent)
        with pytest.raises(MailServerSilent, match="nobody answers"):
            send_digests()
    assert send_digests().sent == 1


def test_two_at_once_do_not_send_twice(say: Say) -> None:
    say()
    with _alone(), pytest.raises(DigestUnderWay):
        send_digests()
    assert mail.outbox == []


def test_digests_are_due_once_a_day_from_the_hour_on(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    say()
    monkeypatch.setattr(settings, "DIGEST_HOUR", None)
    assert not is_due()
    monkeypatch.setattr(settings, "DIGEST_HOUR", timezone.localtime().hour)
    assert is_due()
    send_todays()
    assert len(mail.outbox) == 1
    assert not is_due()
