# SPDX-License-Identifier: Apache-2.0
"""The bell of the menu, and the button to follow something."""

from typing import Any

from django import template

from ortaq.doors.web.work.bell import MOST, count_at_bell
from ortaq.doors.web.work.signed import person_of
from ortaq.notices.queries import is_following
from ortaq.people.viewers import viewer_of

register = template.Library()


@register.inclusion_tag("web/work/bell.html", takes_context=True)
def bell(context: dict[str, Any]) -> dict[str, Any]:
    """How many notices are new; for who is signed in."""
    count = count_at_bell(context["request"])
    return {"count": count, "shown": str(count) if count <= MOST else f"{MOST}+"}


@register.inclusion_tag("web/work/follow.html", takes_context=True)
def follow_button(context: dict[str, Any], target: str) -> dict[str, Any]:
    """Follow the record or the institution with the URI *target*, or stop it; nothing for who only visits."""
    request = context["request"]
    is_person = request.user.is_authenticated and viewer_of(request).actor is not None
    return {
        "is_person": is_person,
        "target": target,
        "is_following": is_person and is_following(person_of(request), target),
        "here": request.get_full_path(),
        "csrf_token": context.get("csrf_token"),
    }
