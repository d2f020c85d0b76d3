# SPDX-License-Identifier: Apache-2.0
"""Who is looking: the viewer behind a request."""

from django.http import HttpRequest

from ortaq.core.audience import STRANGER, Viewer
from ortaq.people.queries import viewer_of_person

ACTING = "acting"  # session key: id of the membership under which the person acts
_KEPT = "_ortaq_viewer"


def viewer_of(request: HttpRequest) -> Viewer:
    """Return the signed-in person as a viewer, or the stranger; looked up once a request."""
    kept = getattr(request, _KEPT, None)
    if not isinstance(kept, Viewer):
        kept = _found(request)
        set_viewer(request, kept)
    return kept


def set_viewer(request: HttpRequest, viewer: Viewer) -> None:
    """Let *viewer* stand behind the request: for those who come with a token instead of a session."""
    setattr(request, _KEPT, viewer)


def _found(request: HttpRequest) -> Viewer:
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return STRANGER
    acting = request.session.get(ACTING)
    return viewer_of_person(person, acting=acting if isinstance(acting, int) else None)
