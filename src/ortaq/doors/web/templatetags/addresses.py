# SPDX-License-Identifier: Apache-2.0
"""Addresses of records in templates."""

from django import template
from django.urls import reverse

register = template.Library()


@register.filter
def record_address(uri: str) -> str:
    """The page of the record with *uri*."""
    return reverse("record", args=[uri.removeprefix("urn:ortaq:")])
