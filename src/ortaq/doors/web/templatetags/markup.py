# SPDX-License-Identifier: Apache-2.0
"""Texts of people in templates."""

from collections.abc import Mapping

from django import template
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from ortaq.doors.web.markup import plain_text, safe_html

register = template.Library()


@register.filter
def markup(text: str, people: Mapping[str, str] | None = None) -> SafeString:
    """CommonMark as safe HTML; people: names of whom the text mentions, by login (people.queries.names_mentioned)."""
    return safe_html(text, people)


@register.filter
def words(text: str, count: int) -> str:
    """The first *count* words of CommonMark, without its marks."""
    return Truncator(plain_text(text)).words(count, truncate=" …")
