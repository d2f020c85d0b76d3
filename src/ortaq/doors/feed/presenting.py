# SPDX-License-Identifier: Apache-2.0
"""What this node says of itself at /.well-known/ortaq."""

from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from ortaq.doors.feed.gate import open_to_all
from ortaq.nodes import keeping
from ortaq.nodes.document import make_document
from ortaq.nodes.identity import identity
from ortaq.records.announcing import announcements, head_of, own_names

_KEPT_SECONDS = 30


def own_document() -> dict[str, Any]:
    """Return the signed document of this node, as of now."""
    me = identity()
    entries = [{"change": row.wire(), "body": orjson.loads(row.body or "null")} for row in announcements(me.id)]
    return make_document(
        me.id,
        me.key,
        keeping.keys_of(me.id)[0].public,
        names=own_names(),
        countries=settings.NODE_COUNTRIES,
        address=settings.ADDRESS,
        announcements=entries,
        head=head_of(me.id),
        at=timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
    )


@open_to_all("GET")
def document(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(orjson.dumps(own_document()), content_type="application/json")
    response["Cache-Control"] = f"public, max-age={_KEPT_SECONDS}"
    return response
