# SPDX-License-Identifier: Apache-2.0
"""Who is looking: the viewer behind a request."""

from django.http import HttpRequest

from ortaq.core.audience import STRANGER, Viewer


def viewer_of(request: HttpRequest) -> Viewer:
    """Return the signed-in person as a viewer, or the stranger."""
    person = getattr(request, "user", None)
    return Viewer(person.actor) if person is not None and person.is_authenticated else STRANGER
