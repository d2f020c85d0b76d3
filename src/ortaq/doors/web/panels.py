# SPDX-License-Identifier: Apache-2.0
"""What the areas add to the pages of records and to the first page; site/ hands the lists over when the node starts."""

from collections.abc import Callable, Iterable

from django.http import HttpRequest
from django.utils.safestring import SafeString

from ortaq.records.models import Record

# A panel gets the request and the live record, and returns its part of the page, or nothing.
Panel = Callable[[HttpRequest, Record], SafeString | None]
# A part of the first page gets the request, and returns a section with a heading of its own, or nothing.
HomePanel = Callable[[HttpRequest], SafeString | None]
_PANELS: list[Panel] = []
_HOME_PANELS: list[HomePanel] = []


def install(panels: Iterable[Panel], home_panels: Iterable[HomePanel] = ()) -> None:
    _PANELS[:] = panels
    _HOME_PANELS[:] = home_panels


def panels_of(request: HttpRequest, record: Record) -> list[SafeString]:
    """Return the parts that belong on the page of *record*, in the order of the list."""
    return [part for panel in _PANELS if (part := panel(request, record))]


def home_panels(request: HttpRequest) -> list[SafeString]:
    """Return the parts that belong on the first page, in the order of the list."""
    return [part for panel in _HOME_PANELS if (part := panel(request))]
