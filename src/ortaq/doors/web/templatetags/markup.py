# SPDX-License-Identifier: Apache-2.0
"""Texts of people in templates."""

from django import template
from django.utils.safestring import SafeString

from ortaq.doors.web.markup import safe_html

register = template.Library()


@register.filter
def markup(text: str) -> SafeString:
    """CommonMark as safe HTML."""
    return safe_html(text)
