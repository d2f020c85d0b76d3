# SPDX-License-Identifier: Apache-2.0
"""The audit trail: who signed in, who gave whom which role, who took what out. It is written, and read; nothing changes it."""

from typing import Any

from django.db.models import QuerySet

from ortaq.core.audience import Viewer
from ortaq.people import rules
from ortaq.people.errors import Denied
from ortaq.people.models import AuditEntry


def note(action: str, *, actor: str = "", institution: str = "", subject: str = "", **facts: Any) -> None:
    """Write down that *action* happened; action: area.verb, such as person.signed-in. Secrets never belong here."""
    AuditEntry.objects.create(
        action=action, actor=actor[:150], institution=institution, subject=subject[:200], facts=facts
    )


def trail_of(institution: str, viewer: Viewer) -> QuerySet[AuditEntry]:
    """Return the entries of *institution*, newest first; the whole node's for an empty one. Raises Denied."""
    allowed = rules.may_administer(viewer, institution) if institution else rules.may_keep(viewer)
    if not allowed:
        raise Denied(action="audit.read")
    found = AuditEntry.objects.filter(institution=institution) if institution else AuditEntry.objects.all()
    return found.order_by("-id")
