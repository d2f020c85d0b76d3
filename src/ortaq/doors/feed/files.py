# SPDX-License-Identifier: Apache-2.0
"""Files by their digest: given to partners from any byte on, and fetched from them as far as we want theirs."""

import re
import secrets
from dataclasses import dataclass, field
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from ortaq.core.errors import OrtaqError
from ortaq.doors.feed.asking import asking_of, checked
from ortaq.doors.feed.gate import for_partners
from ortaq.doors.feed.serving import Malformed
from ortaq.files import fetching, store
from ortaq.files.errors import FileAbsent
from ortaq.files.models import StoredFile
from ortaq.files.queries import kept_file, kept_files
from ortaq.nodes.asking import SignedClient
from ortaq.nodes.models import Partner
from ortaq.nodes.outward.client import check
from ortaq.records.sharing import may_have_file, reader_of
from ortaq.records.wanting import Wanted, wanted_files

A_ROUND: Final = 200
_RANGE = re.compile(r"bytes=(\d{1,16})-\Z", re.ASCII)
_NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}\Z")
_ANSWER_BYTES = 64 * 1024
_TOTAL_SECONDS = 4 * 3600.0


@for_partners("GET")
def give_file(request: HttpRequest, partner: Partner, digest: str) -> HttpResponseBase:
    """The bytes, from where the partner's last try ended."""
    kept = _for(partner, digest)
    asked = _RANGE.match(request.headers.get("range", ""))
    first = min(int(asked[1]), kept.bytes) if asked else 0
    response = StreamingHttpResponse(
        store.open_file(digest, first), status=206 if asked else 200, content_type="application/octet-stream"
    )
    response["Content-Length"] = str(kept.bytes - first)
    response["Cache-Control"] = "no-store"
    if asked:
        response["Content-Range"] = f"bytes {first}-{max(kept.bytes - 1, 0)}/{kept.bytes}"
    return response


@for_partners("GET")
def prove_file(request: HttpRequest, partner: Partner, digest: str) -> HttpResponse:
    """That this node has the bytes, for a partner that has them too and need not fetch them."""
    _for(partner, digest)
    nonce = request.GET.get("nonce", "")
    if not _NONCE.match(nonce):
        raise Malformed(reason="nonce is not 16 to 64 letters")
    return JsonResponse({"proof": fetching.proof_of(digest, nonce)})


def _for(partner: Partner, digest: str) -> StoredFile:
    """Return the row of a file that *partner* may have; raises FileAbsent, also for one that it may not."""
    if not may_have_file(digest, reader_of(partner)):
        raise FileAbsent(digest=digest)
    return kept_file(digest)


@dataclass(slots=True)
class FilesRound:
    """What one look for files has brought. left: too large, or not wanted unless somebody asks."""

    fetched: int = 0
    bytes: int = 0
    left: int = 0
    errors: list[OrtaqError] = field(default_factory=list)


def fetch_files(partner: Partner) -> FilesRound:
    """Fetch what *partner*'s records name, as far as our terms with it say; one that fails stops no other, unless the way is broken."""
    done = FilesRound()
    if partner.files == Partner.ON_DEMAND:
        return done
    for wanted in wanted_files(partner.node_id, limit=A_ROUND):
        if partner.files == Partner.UP_TO and wanted.bytes > partner.files_bytes:
            done.left += 1
            continue
        try:
            done.bytes += fetch_file(partner, wanted)
            done.fetched += 1
        except OrtaqError as error:
            done.errors.append(error)
            if error.code.startswith("outward."):
                break
    return done


def fetch_file(partner: Partner, wanted: Wanted) -> int:
    """Fetch one file, or have the partner prove that it has what is here already; return the bytes that travelled."""
    with asking_of(partner) as asking:
        if wanted.digest in kept_files([wanted.digest]):
            _have_proven(asking, partner, wanted)
            return 0
        fetching.check_room(wanted.name, wanted.bytes)
        offset = fetching.begun(wanted.digest)
        if offset > wanted.bytes:
            offset = 0
        travelled = _fetch(asking, partner, wanted, offset) if offset < wanted.bytes or not wanted.bytes else 0
    fetching.finish(wanted.digest, wanted.name, node=partner.node_id)
    return travelled


def _fetch(asking: SignedClient, partner: Partner, wanted: Wanted, offset: int) -> int:
    url = _address(partner, wanted.digest)
    headers = {"range": f"bytes={offset}-", "accept-encoding": "identity"}
    with asking.open("GET", url, headers=headers, limit_bytes=wanted.bytes + 1, total_seconds=_TOTAL_SECONDS) as flow:
        if flow.status == 200:
            offset = 0
        elif flow.status != 206:
            check(flow, url)
        end = fetching.append(wanted.digest, flow.chunks(), offset=offset, size=wanted.bytes)
    return end - offset


def _have_proven(asking: SignedClient, partner: Partner, wanted: Wanted) -> None:
    nonce = secrets.token_urlsafe(24)
    answer = asking.get(f"{_address(partner, wanted.digest)}/proof?nonce={nonce}", limit_bytes=_ANSWER_BYTES)
    if checked(answer, partner.node.address).get("proof") != fetching.proof_of(wanted.digest, nonce):
        raise fetching.PossessionUnproven(node=partner.node_id, name=wanted.name)
    fetching.note_given(wanted.digest, partner.node_id)


def _address(partner: Partner, digest: str) -> str:
    return f"{partner.node.address}/exchange/files/{digest}"
