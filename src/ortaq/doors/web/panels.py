# SPDX-License-Identifier: Apache-2.0
"""What the areas add to every record's page; site/ hands the list over when the node starts."""

from collections.abc import Callable, Iterable

from django.http import HttpRequest
from django.utils.safestring import SafeString

from ortaq.records.models import Record

# A panel gets the request and the live record, and returns its part of the page, or nothing.
Panel = Callable[[HttpRequest, Record], SafeString | None]
_PANELS: list[Panel] = []


def install(panels: Iterable[Panel]) -> None:
    _PANELS[:] = panels


def panels_of(request: HttpRequest, record: Record) -> list[SafeString]:
    """Return the parts that belong on the page of *record*, in the order of the list."""
    return [part for panel in _PANELS if (part := panel(request, record))]
