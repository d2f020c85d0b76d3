# SPDX-License-Identifier: Apache-2.0
"""One digest: what is new for one person, in their language, with only what they may see at this moment."""

import datetime
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from babel.dates import format_date, format_datetime
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from ortaq.doors.web.names import kind_label
from ortaq.doors.web.spans import date_locale
from ortaq.doors.web.work.sentences import Line, lines
from ortaq.nodes.identity import identity
from ortaq.notices.actions import digest_token
from ortaq.notices.models import Notice
from ortaq.notices.queries import unmailed
from ortaq.people.models import Person
from ortaq.people.queries import viewer_of_person

LINES_AT_MOST: Final = 50


@dataclass(frozen=True, slots=True)
class Item:
    """One notice as a mail says it; every text is one line."""

    sentence: str
    title: str
    words: str
    kind: str
    when: str
    address: str


def letter_for(person: Person, connection: BaseEmailBackend) -> EmailMultiAlternatives | None:
    """Return the mail for *person*; None if there is nothing new, or no address that a mail can go to."""
    if not person.is_active or not _is_address(person.email):
        return None
    viewer = viewer_of_person(person)
    due = unmailed(person, viewer)
    first = due.order_by("id").first()
    if first is None:
        return None
    with translation.override(_language(person)):
        return _written(person, lines(list(due[:LINES_AT_MOST]), viewer), due.count(), first, connection)


def _is_address(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return True


def _language(person: Person) -> str:
    return person.language if person.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _written(
    person: Person, found: Sequence[Line], count: int, first: Notice, connection: BaseEmailBackend
) -> EmailMultiAlternatives:
    node, language = one_line(identity().name), _language(person)
    subject = ngettext("%(node)s: %(count)s new notice", "%(node)s: %(count)s new notices", count)
    address = _absolute(reverse("no-mail", args=[digest_token(person)]))
    context: dict[str, Any] = {
        "node": node,
        "name": one_line(person.name),
        "language": language,
        "day": format_date(timezone.localdate(), "long", locale=date_locale(language)),
        "count": count,
        "items": [_item(line, language) for line in found],
        "more": count - len(found),
        "notices": _absolute(reverse("notices")),
        "choose": _absolute(reverse("notices-choose")),
        "no_mail": address,
    }
    message = EmailMultiAlternatives(
        subject % {"node": node, "count": count},
        render_to_string("mail/digest.txt", context),
        settings.DEFAULT_FROM_EMAIL,
        [person.email],
        connection=connection,
        headers={
            "Message-ID": _message_id(person, first),
            "List-Unsubscribe": f"<{address}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(render_to_string("mail/digest.html", context), "text/html")
    return message


def _message_id(person: Person, first: Notice) -> str:
    """The same for a mail that is sent a second time, because the node was stopped before it had noted the first."""
    name = salted_hmac("ortaq.digest", f"{person.pk}.{first.pk}").hexdigest()[:32]
    return f"<{name}@{identity().id}.ortaq>"


def _item(line: Line, language: str) -> Item:
    return Item(
        sentence=one_line(line.sentence),
        title=one_line(line.title.text) if line.title else "",
        words=one_line(line.words.text) if line.words else "",
        kind=one_line(kind_label(line.kind)) if line.kind else "",
        when=_when(line.notice.at, language),
        address=_absolute(line.address),
    )


def _when(at: datetime.datetime, language: str) -> str:
    return str(format_datetime(timezone.localtime(at), "d MMMM y, HH:mm", locale=date_locale(language)))


def _absolute(path: str) -> str:
    return f"{settings.ADDRESS or 'http://127.0.0.1:8000'}{path}"


def one_line(text: str) -> str:
    """Return *text* without what could begin a header or a line of its own, or turn the direction of what follows."""
    return " ".join("".join(" " if unicodedata.category(c) in _BREAKING else c for c in text).split())


_BREAKING = {"Cc", "Cf", "Zl", "Zp"}
