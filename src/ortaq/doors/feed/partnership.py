# SPDX-License-Identifier: Apache-2.0
"""What another node says about exchanging with us: it proposes, accepts, pauses, goes on, ends."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse

from ortaq.doors.feed.gate import body_of, key_behind, open_to_all
from ortaq.doors.feed.serving import Malformed, parsed
from ortaq.nodes import partners
from ortaq.nodes.document import read_document
from ortaq.nodes.errors import PartnerAbsent
from ortaq.nodes.models import Partner

_SAID: Final[dict[str, Callable[[Partner], None]]] = {
    "accept": partners.accepted_by,
    "pause": lambda partner: partners.pause(partner, by_them=True),
    "resume": lambda partner: partners.resume(partner, by_them=True),
    "end": partners.end,
}


@open_to_all("POST")
def say(request: HttpRequest) -> HttpResponse:
    """The document in the body proves the key, and the key signs the request: so it is that node that speaks."""
    given = parsed(body_of(request))
    document = read_document(given.get("document"), address=str(given.get("address", "the node that asks")))
    key_behind(request, lambda public: public == document.key)
    word = given.get("says")
    if word == "propose":
        partner = partners.proposed_by(document)
    elif word in _SAID:
        found = Partner.objects.filter(node=document.node).first()
        if found is None:
            raise PartnerAbsent(partner=document.node)
        partners.know(document)
        _SAID[word](found)
        partner = found
    else:
        raise Malformed(reason=f"it says {word!r}")
    return JsonResponse({"state": partner.state})
