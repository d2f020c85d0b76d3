# SPDX-License-Identifier: Apache-2.0
"""Sending the digests. A mail is sent first and noted after: a crash between the two sends that one again, and loses none."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from smtplib import SMTPRecipientsRefused

import structlog
from django.conf import settings
from django.core.mail import get_connection

from ortaq.core.errors import N_, OrtaqError
from ortaq.doors.mail.letter import letter_for
from ortaq.notices.actions import forget_old, note_mailed
from ortaq.notices.queries import newest_notice, people_with_news

log = structlog.get_logger()


class DigestUnderWay(OrtaqError):
    code, status = "digest.under-way", 409
    say = N_("Another process is sending the digests of %(home)s. Let it finish; nothing is sent twice.")


class MailServerSilent(OrtaqError):
    code, status = "digest.mail-server-silent", 503
    say = N_(
        "The mail server does not take the digests: %(reason)s. Check ORTAQ_EMAIL_URL; what was not sent goes out next time."
    )


@dataclass(frozen=True, slots=True)
class Sent:
    sent: int
    refused: int


def send_digests() -> Sent:
    """Send everyone what is new for them; return how many mails went out, and how many addresses were refused.

    raises DigestUnderWay, MailServerSilent
    """
    sent = refused = 0
    with _alone():
        forget_old()
        try:
            connection = get_connection()
            connection.open()
            try:
                for person in people_with_news():
                    newest = newest_notice(person)
                    message = letter_for(person, connection)
                    try:
                        sent += message.send() if message else 0
                    except SMTPRecipientsRefused as error:
                        refused += 1
                        log.warning("A digest was refused.", person=person.login, reason=str(error))
                        continue
                    note_mailed(person, up_to=newest)
            finally:
                connection.close()
        except OSError as error:  # smtplib's errors are of this sort, too
            raise MailServerSilent(reason=str(error)) from error
    return Sent(sent, refused)


@contextmanager
def _alone() -> Iterator[None]:
    with (Path(settings.HOME) / "digest.lock").open("a+", encoding="ascii") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DigestUnderWay(home=settings.HOME) from None
        yield
