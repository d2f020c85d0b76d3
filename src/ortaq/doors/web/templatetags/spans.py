# SPDX-License-Identifier: Apache-2.0
"""Times in templates."""

import datetime

from babel.dates import format_datetime
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone

from ortaq.doors.web.names import reader_language
from ortaq.doors.web.spans import date_locale, span_in_words

register = template.Library()


@register.filter
def span(edtf: str) -> str:
    """A span of time in words."""
    return span_in_words(edtf)


@register.filter
def instant(at: str) -> SafeString:
    """An RFC 3339 instant as date and time of the node's zone, exact for machines."""
    try:
        moment = datetime.datetime.fromisoformat(at).astimezone(get_current_timezone())
    except ValueError:
        return format_html("{}", at)
    words = format_datetime(moment, "d MMMM y, HH:mm", locale=date_locale(reader_language()))
    return format_html('<time datetime="{}">{}</time>', at, words)
