# SPDX-License-Identifier: Apache-2.0
"""Whole addresses, for those who take our answers elsewhere."""

from django.conf import settings
from django.http import HttpRequest


def base_of(request: HttpRequest) -> str:
    """Return the address of this node without a slash at its end: from the settings if they name one, for Host is what a visitor writes."""
    given: str = settings.ADDRESS.rstrip("/") if settings.ADDRESS else request.build_absolute_uri("/").rstrip("/")
    return given
