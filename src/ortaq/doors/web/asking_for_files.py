# SPDX-License-Identifier: Apache-2.0
"""Having a file of another node's record brought here: the wish is noted, and the process that exchanges fetches it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ortaq.doors.web.work.signed import signed_in
from ortaq.people.viewers import viewer_of
from ortaq.records.wanting import ask_for_file


@require_POST
@signed_in
def fetch(request: HttpRequest, name: str, digest: str) -> HttpResponse:
    """Ask for the file *digest* of the record *name*. Raises Absent, FileAbsent, Denied, and what stands in the way."""
    ask_for_file(viewer_of(request), f"urn:ortaq:{name}", digest)
    messages.success(request, _("The file is being fetched. It will be on this page."))
    return HttpResponseRedirect(reverse("record", args=[name]) + "#files")
