# SPDX-License-Identifier: Apache-2.0
"""/oai: the door for harvesters by OAI-PMH 2.0. Who asks is never looked at: it tells only what everyone may see."""

import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from lxml import etree

from ortaq.doors.exports.elements import put, root
from ortaq.doors.harvest import queries
from ortaq.doors.harvest.addresses import base_of
from ortaq.doors.harvest.rate import wait_of
from ortaq.doors.oai.answers import OAI, answer
from ortaq.doors.oai.arguments import asked
from ortaq.doors.oai.errors import BadArgument, BadVerb, OaiError

_SCHEMA: Final = "http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd"
_WAIT_SECONDS: Final = 20


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def oai(request: HttpRequest) -> HttpResponse:
    """Answer a request of the protocol, by GET or by POST; 503 with Retry-After where the harvester has to wait."""
    if wait := wait_of(request):
        return _later(wait)
    if not queries.edition():
        return _later(_WAIT_SECONDS)
    base, instant = base_of(request), datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    document = _answered(_query(request), base, instant)
    data = etree.tostring(document, xml_declaration=True, encoding="UTF-8")
    response = HttpResponse(data, content_type="text/xml; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _query(request: HttpRequest) -> QueryDict:
    return request.POST if request.method == "POST" else request.GET


def _answered(query: QueryDict, base: str, instant: str) -> etree._Element:
    try:
        known = asked(query)
        document = _envelope(base, instant, query)
        answer(known, document, base)
    except (BadVerb, BadArgument) as error:
        # What is not understood is not repeated: the protocol wants the request without attributes then.
        return _refused(error, _envelope(base, instant, QueryDict()))
    except OaiError as error:
        return _refused(error, _envelope(base, instant, query))
    return document


def _refused(error: OaiError, document: etree._Element) -> etree._Element:
    put(document, OAI, "error", str(error), code=error.oai)
    return document


def _envelope(base: str, instant: str, query: QueryDict) -> etree._Element:
    document = root(OAI, "OAI-PMH", {None: OAI}, _SCHEMA)
    put(document, OAI, "responseDate", instant)
    put(document, OAI, "request", f"{base}/oai", **{name: str(query[name]) for name in query})
    return document


def _later(seconds: int) -> HttpResponse:
    response = HttpResponse("Come back later.\n", status=503, content_type="text/plain; charset=utf-8")
    response["Retry-After"] = str(seconds)
    return response
