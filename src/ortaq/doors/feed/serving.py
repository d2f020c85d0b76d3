# SPDX-License-Identifier: Apache-2.0
"""The feed: the log of this node, and of others as far as we have them, for partners. NDJSON, packed, from any position on.

A stream that is cut goes on from the last whole line: the position is the seq of a change, nothing is remembered for who asks.
"""

import threading
import time
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, Final

import orjson
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from ortaq.core.errors import N_, OrtaqError
from ortaq.doors.feed import objecting
from ortaq.doors.feed.actors import statements
from ortaq.doors.feed.gate import body_of, check_terms, for_partners
from ortaq.nodes.models import Objection, Partner
from ortaq.records import sharing
from ortaq.records.announcing import head_of
from ortaq.records.receiving import position_of
from ortaq.records.sharing import Reader, Shared, reader_of

MOST_CHANGES: Final = 20_000
MOST_BYTES: Final = 64 * 1024 * 1024
MOST_WAIT_SECONDS: Final = 25
_PIECE, _LOOK_SECONDS = 500, 0.25
_WAITING = threading.Semaphore(4)  # threads of one process that may wait for news; who finds none free asks again
MOST_BODIES: Final = 500
MOST_OBJECTIONS: Final = 200


class Malformed(OrtaqError):
    code, status = "exchange.malformed", 400
    say = N_("What the other node asks cannot be read: %(reason)s. Both should run the same release.")


@for_partners("GET")
def changes(request: HttpRequest, partner: Partner, log: str) -> HttpResponseBase:
    """The changes of a log after `after`; with `wait`, as soon as there is one, at most so many seconds later."""
    after, wait = _number(request, "after"), min(_number(request, "wait"), MOST_WAIT_SECONDS)
    if wait:
        _wait_for_news(log, after, wait)
        partner.refresh_from_db()  # meanwhile it may have been ended, paused, or trusted less
        check_terms(partner)
    return _packed(_stream(log, after, reader_of(partner)))


@for_partners("GET")
def heads(request: HttpRequest, partner: Partner) -> HttpResponse:
    """How far the logs are here, for comparing: a fork shows where two nodes have other heads for one position."""
    found = [{"node": node, "seq": seq, "digest": digest} for node, seq, digest in sharing.heads()]
    return JsonResponse({"heads": found})


@for_partners("GET")
def head_at(request: HttpRequest, partner: Partner, log: str) -> HttpResponse:
    """The digest of the header at one position of a log."""
    seq = _number(request, "seq")
    return JsonResponse({"node": log, "seq": seq, "digest": sharing.digest_at(log, seq)})


@for_partners("POST")
def bodies(request: HttpRequest, partner: Partner, log: str) -> HttpResponseBase:
    """The bodies at the positions asked for, as far as they are for the partner: what was withheld and is so no longer."""
    seqs = parsed(body_of(request)).get("seqs")
    if not isinstance(seqs, list) or len(seqs) > MOST_BODIES or not all(type(seq) is int for seq in seqs):
        raise Malformed(reason=f"seqs is not a list of at most {MOST_BODIES} numbers")
    reader = reader_of(partner)
    return _packed(one.line for one in sharing.shared_at(log, seqs, reader))


@for_partners("POST")
def objections(request: HttpRequest, partner: Partner) -> HttpResponse:
    """What the partner did not accept of what it got from us, so that our administrator sees it too."""
    given = parsed(body_of(request)).get("objections")
    if not isinstance(given, list) or len(given) > MOST_OBJECTIONS:
        raise Malformed(reason=f"objections is not a list of at most {MOST_OBJECTIONS}")
    for one in given:
        _keep_objection(partner, one)
    _forget_old(partner)
    return JsonResponse({"kept": len(given)})


def _keep_objection(partner: Partner, given: Any) -> None:
    try:
        log, code, message = (str(given[name]).replace("\0", "") for name in ("log", "code", "message"))
        seq, kept = int(given["seq"]), objecting.kept(message, given.get("facts"))
    except (KeyError, TypeError, ValueError) as error:
        raise Malformed(reason="an objection lacks log, seq, code or message") from error
    at: dict[str, Any] = {"log": log[:26], "seq": min(max(seq, 0), 2**53), "code": code[:60]}
    Objection.objects.update_or_create(partner=partner, **at, defaults={"message": kept})


def _forget_old(partner: Partner) -> None:
    """A partner that objects without end fills no disk: the newest thousand stay."""
    stays = Objection.objects.filter(partner=partner).order_by("-said_at").values_list("id", flat=True)[:1000]
    Objection.objects.filter(partner=partner).exclude(id__in=list(stays)).delete()


def _number(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "0")
    if not text.isascii() or not text.isdecimal() or len(text) > 16:
        raise Malformed(reason=f"{name} is not a number")
    return int(text)


def parsed(data: bytes) -> dict[str, Any]:
    try:
        given = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise Malformed(reason=str(error)) from error
    if not isinstance(given, dict):
        raise Malformed(reason="it is not an object")
    return given


def _wait_for_news(log: str, after: int, seconds: float) -> None:
    if not _WAITING.acquire(blocking=False):
        return
    try:
        end = time.monotonic() + seconds
        while position_of(log) <= after and time.monotonic() < end:
            time.sleep(_LOOK_SECONDS)
    finally:
        _WAITING.release()


def _stream(log: str, after: int, reader: Reader) -> Iterator[bytes]:
    """Names of who acts before what they signed first, the changes, and last how far the log goes."""
    told: set[str] = set()
    position, count, size = after, 0, 0
    while count < MOST_CHANGES and size < MOST_BYTES:
        found = sharing.shared_since(log, position, reader, limit=_PIECE)
        if not found:
            break
        yield from _names(found, told)
        for one in found:
            yield one.line
            size += len(one.line)
        position, count = found[-1].seq, count + len(found)
    seq, digest = head_of(log)
    end = {"position": position, "seq": seq, "digest": digest, "is_trusted": reader.is_trusted}
    yield orjson.dumps({"end": end}) + b"\n"


def _names(found: Iterable[Shared], told: set[str]) -> Iterator[bytes]:
    new = {one.by for one in found if one.has_body} - told
    told |= new
    for statement in statements(sorted(new)) if new else ():
        yield orjson.dumps({"actor": statement}) + b"\n"


def _packed(lines: Iterable[bytes]) -> StreamingHttpResponse:
    """The lines as gzip, each piece flushed so that it can be used at once."""

    def pieces() -> Iterator[bytes]:
        packer = zlib.compressobj(level=5, wbits=31)
        waiting = 0
        for line in lines:
            piece = packer.compress(line)
            waiting += len(line)
            if waiting > 256 * 1024:
                piece, waiting = piece + packer.flush(zlib.Z_SYNC_FLUSH), 0
            if piece:
                yield piece
        yield packer.flush()

    response = StreamingHttpResponse(pieces(), content_type="application/x-ndjson")
    response["Content-Encoding"] = "gzip"
    response["Cache-Control"] = "no-store"
    return response
