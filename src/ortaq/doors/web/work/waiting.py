# SPDX-License-Identifier: Apache-2.0
"""What was proposed to the institutions where one is an editor; each is read as it will look, on the page of the working copy."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ortaq.core.audience import Viewer
from ortaq.core.identifiers import record_uri
from ortaq.doors.web import names
from ortaq.doors.web.work.sentences import title_of_copy
from ortaq.doors.web.work.signed import signed_in
from ortaq.nodes.identity import identity
from ortaq.notices.queries import institution_names
from ortaq.people.queries import names_of
from ortaq.people.rules import EDITOR, is_at_least
from ortaq.people.viewers import viewer_of
from ortaq.records.copies import proposals_for
from ortaq.records.models import WorkingCopy

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Copied:
    """A working copy as a row. by: who wrote it; institution: for which one, where the reader has several."""

    copy: WorkingCopy
    title: names.Shown | None
    by: str = ""
    institution: names.Shown | None = None

    @property
    def at(self) -> str:
        return (self.copy.proposed_at if self.by and self.copy.proposed_at else self.copy.saved_at).isoformat()


@never_cache
@signed_in
@require_safe
def proposals(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    found = list(proposals_for(viewer)[: SHOWN + 1])
    context = {
        "proposals": proposed(found[:SHOWN], viewer),
        "has_more": len(found) > SHOWN,
        "is_editor": any(is_at_least(one.role, EDITOR) for one in viewer.standings),
    }
    return render(request, "web/work/waiting.html", context)


def proposed(copies: list[WorkingCopy], viewer: Viewer) -> list[Copied]:
    """Return proposals with who wrote them, and for which institution if the viewer has several."""
    people = names_of({copy.actor for copy in copies})
    institutions = institution_names() if len(viewer.standings) > 1 and copies else {}
    node = identity().id
    return [
        Copied(
            copy,
            title_of_copy(copy),
            people.get(copy.actor, "") or "—",
            names.shown(institutions.get(record_uri(node, copy.institution), {})),
        )
        for copy in copies
    ]
