# SPDX-License-Identifier: Apache-2.0
"""What the account pages need in their templates."""

from collections.abc import Sequence
from urllib.parse import quote

from django import template

register = template.Library()


@register.filter
def as_text_file(lines: Sequence[str]) -> str:
    """Return an address that holds *lines* itself: a download that no server and no script has a part in."""
    return "data:text/plain;charset=utf-8," + quote("\n".join(lines) + "\n")
