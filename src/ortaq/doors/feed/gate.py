# SPDX-License-Identifier: Apache-2.0
"""What every request of another node passes: who asks, by the signature; is it a partner; then the answer, or a code that its administrator sees."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from ortaq.core.errors import N_, OrtaqError
from ortaq.files.room import is_full
from ortaq.nodes import partners, signed
from ortaq.nodes.errors import NoAddress, NoRoom, NotForYou
from ortaq.nodes.identity import own_id
from ortaq.nodes.models import Key, Node, Partner
from ortaq.nodes.nonces import nonces

log = logging.getLogger("ortaq.feed")


class BodyTooLong(OrtaqError):
    code, status = "exchange.too-long", 413
    say = N_("What the other node sends has more than %(limit)s bytes. It sends less at a time.")


class BodyCut(OrtaqError):
    code, status = "exchange.cut", 400
    say = N_("What the other node was sending broke off. It sends it again.")


class Fault(OrtaqError):
    code, status = "exchange.fault", 500
    say = N_("The node could not answer. The fault has been noted; ask again in a while.")


class MethodWrong(OrtaqError):
    code, status = "exchange.method", 405
    say = N_("This address takes %(method)s only.")


_NO_PARTNERS = "they are not partners, or not any more"
View = Callable[..., HttpResponseBase]


def open_to_all(method: str) -> Callable[[View], View]:
    """Decorate a view of this door: faults go out as JSON with a code, never as a page."""

    def decorate(view: View) -> View:
        @csrf_exempt
        def answered(request: HttpRequest, **path: str) -> HttpResponseBase:
            try:
                if request.method != method and not (method == "GET" and request.method == "HEAD"):
                    raise MethodWrong(method=method)
                return view(request, **path)
            except OrtaqError as error:
                if error.status >= 500:
                    log.error("%s %s: %s", request.method, request.path, error)
                return refused(error)
            except (DatabaseError, OSError) as error:
                if not is_full(error):
                    log.exception("%s %s", request.method, request.path)
                    return refused(Fault())
                full = NoRoom(node=own_id())
                log.error("%s %s: %s", request.method, request.path, full)
                return refused(full)

        return answered

    return decorate


def for_partners(method: str) -> Callable[[View], View]:
    """Decorate a view that only partners may ask; it gets the partner as its second argument."""

    def decorate(view: View) -> View:
        @open_to_all(method)
        def answered(request: HttpRequest, **path: str) -> HttpResponseBase:
            return view(request, _partner_who_asks(request), **path)

        return answered

    return decorate


def refused(error: OrtaqError) -> HttpResponse:
    return JsonResponse(error.as_dict(), status=error.status)


def body_of(request: HttpRequest) -> bytes:
    """Return the body, which is bounded; raises BodyTooLong."""
    try:
        data = request.body
    except RequestDataTooBig as error:
        raise BodyTooLong(limit=settings.DATA_UPLOAD_MAX_MEMORY_SIZE) from error
    except UnreadablePostError as error:
        raise BodyCut from error
    return data


def key_behind(request: HttpRequest, may_sign: Callable[[str], bool]) -> str:
    """Return the public key by which *request* is signed; raises what nodes/signed.py refuses."""
    if not settings.ADDRESS:
        raise NoAddress
    return signed.verify(
        request.method or "",
        settings.ADDRESS + request.get_full_path(),
        request.headers,
        body_of(request),
        may_sign=may_sign,
        seen=nonces(),
    )


def _partner_who_asks(request: HttpRequest) -> Partner:
    public = key_behind(request, _is_known)
    partner = Partner.objects.select_related("node").filter(node__present_key=public).first()
    if partner is None:
        raise NotForYou(node=own_id(), reason=_NO_PARTNERS)
    check_terms(partner)
    if partner.has_paused or partner.failures:
        partners.heard(partner)
    return partner


def check_terms(partner: Partner) -> None:
    """Raise NotForYou unless *partner* gets something at present."""
    if partner.state != Partner.ACTIVE:
        raise NotForYou(node=own_id(), reason=_NO_PARTNERS)
    if partner.is_paused:
        raise NotForYou(node=own_id(), reason="the exchange is paused by this node's administrator")


def _is_known(public: str) -> bool:
    """Tell whether *public* is the key with which a node that we know signs now, and nobody has revoked it."""
    return (
        Node.objects.filter(present_key=public).exists()
        and not Key.objects.filter(public=public, is_revoked=True).exists()
    )
