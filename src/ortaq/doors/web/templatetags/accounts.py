# SPDX-License-Identifier: Apache-2.0
"""What the account pages need in their templates."""

import datetime
from collections.abc import Sequence
from urllib.parse import quote

from babel.dates import format_date, format_datetime
from django import template
from django.utils.timezone import get_current_timezone

from ortaq.doors.web.names import reader_language
from ortaq.doors.web.spans import date_locale

register = template.Library()


@register.filter
def as_text_file(lines: Sequence[str]) -> str:
    """Return an address that holds *lines* itself: a download that no server and no script has a part in."""
    return "data:text/plain;charset=utf-8," + quote("\n".join(lines) + "\n")


@register.filter
def day(at: datetime.datetime) -> str:
    """Return the day of *at* in the node's zone, in the reader's language."""
    return str(format_date(at.astimezone(get_current_timezone()), "d MMMM y", locale=date_locale(reader_language())))


@register.filter
def moment(at: datetime.datetime) -> str:
    """Return day and time of *at* in the node's zone, in the reader's language."""
    there = at.astimezone(get_current_timezone())
    return str(format_datetime(there, "d MMMM y, HH:mm", locale=date_locale(reader_language())))
