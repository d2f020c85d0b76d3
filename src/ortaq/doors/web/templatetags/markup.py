# SPDX-License-Identifier: Apache-2.0
"""Texts of people in templates."""

from django import template
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from ortaq.doors.web.markup import plain_text, safe_html

register = template.Library()


@register.filter
def markup(text: str) -> SafeString:
    """CommonMark as safe HTML."""
    return safe_html(text)


@register.filter
def words(text: str, count: int) -> str:
    """The first *count* words of CommonMark, without its marks."""
    return Truncator(plain_text(text)).words(count, truncate=" …")
