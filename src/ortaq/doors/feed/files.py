# SPDX-License-Identifier: Apache-2.0
"""Files by their digest: given to partners from any byte on, and fetched from them as far as we want theirs."""

import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from ortaq.core.errors import N_, OrtaqError
from ortaq.doors.feed.asking import asking_of, checked
from ortaq.doors.feed.gate import for_partners
from ortaq.doors.feed.serving import Malformed
from ortaq.files import fetching, previews, store
from ortaq.files.dimensions import is_image
from ortaq.files.errors import FileAbsent, FileDamaged
from ortaq.files.models import StoredFile
from ortaq.files.pictures import MEDIA_TYPE, picture_of
from ortaq.files.queries import given_among, kept_files, whole_file
from ortaq.nodes.asking import SignedClient
from ortaq.nodes.identity import own_id
from ortaq.nodes.models import Partner
from ortaq.nodes.outward.client import check
from ortaq.records.sharing import may_have_file, reader_of
from ortaq.records.wanting import Wanted, asked_files, is_of_the_way, note_not_come, wanted_files

A_ROUND: Final = 200
_FROM_THE_START_SECONDS: Final = 3600
_RANGE = re.compile(r"bytes=(\d{1,16})-\Z", re.ASCII)
_NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}\Z")
_ANSWER_BYTES = 64 * 1024
_TOTAL_SECONDS = 4 * 3600.0
Way = Callable[[Partner, Wanted], int]  # brings a file, or what stands for it; returns the bytes that travelled


class DamagedHere(OrtaqError):
    code, status = "exchange.file-damaged", 409
    say = N_("The file %(digest)s is damaged at node %(node)s, which looks for a right copy of it. Ask again later.")


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


@for_partners("GET")
def give_preview(request: HttpRequest, partner: Partner, digest: str) -> HttpResponseBase:
    """The image made smaller, for who may have the file but does not want all of it. Raises PictureAbsent, PictureBusy."""
    path = picture_of(_for(partner, digest), previews.SIZE)
    response = FileResponse(path.open("rb"), content_type=MEDIA_TYPE)
    response["Cache-Control"] = "no-store"
    return response


def _for(partner: Partner, digest: str) -> StoredFile:
    """Return the row of a file that *partner* may have; raises FileAbsent, also for one that it may not, DamagedHere.

    Who has given us the bytes has them back, whatever has become of the records that named them: they tell it nothing new.
    """
    if not (given_among([digest], partner.node_id) or may_have_file(digest, reader_of(partner))):
        raise FileAbsent(digest=digest)
    try:
        return whole_file(digest)
    except FileDamaged as error:  # not 503: that would say that this node gives nothing at all at present
        raise DamagedHere(digest=digest, node=own_id()) from error


@dataclass(slots=True)
class FilesRound:
    """What one look for files has brought, previews among them. left: too large, or not wanted unless somebody asks; has_more: look again at once."""

    fetched: int = 0
    bytes: int = 0
    left: int = 0
    has_more: bool = False
    errors: list[OrtaqError] = field(default_factory=list)

    @property
    def is_cut_off(self) -> bool:
        """Tell whether the way to the node is broken: no other file would come either."""
        return any(map(is_of_the_way, self.errors))


class FileRounds:
    """Looks for the files of one partner; remembers between them how far it has looked, so that what is left is not looked at each time."""

    def __init__(self) -> None:
        self._after, self._terms, self._began_at = 0, ("", 0), float("-inf")
        self._has_failed = False

    def once(self, partner: Partner) -> FilesRound:
        """Fetch what somebody waits for, then what *partner*'s records name, as far as our terms with it say. Faults are noted, not raised."""
        done = FilesRound()
        fetch_asked(partner, done)
        if partner.files != Partner.ON_DEMAND and not done.is_cut_off:
            self._begin_anew_if_due(partner)
            self._look_on(partner, done)
        return done

    def _begin_anew_if_due(self, partner: Partner) -> None:
        terms = (partner.files, partner.files_bytes)
        if terms != self._terms or time.monotonic() - self._began_at > _FROM_THE_START_SECONDS:
            self._after, self._terms, self._began_at, self._has_failed = 0, terms, time.monotonic(), False

    def _look_on(self, partner: Partner, done: FilesRound) -> None:
        """One file that fails stops no other, unless the way is broken; then the next round goes on behind it, and it comes last."""
        count = 0
        for wanted in wanted_files(partner.node_id, limit=A_ROUND, after=self._after):
            count, self._after = count + 1, wanted.position
            way = _way(partner, wanted)
            if way is None:
                done.left += 1
                continue
            _try(partner, wanted, done, way)
            if done.is_cut_off:
                break
            fetch_asked(partner, done)  # somebody waits; nobody does for the rest
        done.has_more, self._has_failed = count == A_ROUND or done.is_cut_off, self._has_failed or bool(done.errors)
        if self._has_failed and not done.has_more:
            self._began_at = float("-inf")


def fetch_asked(partner: Partner, done: FilesRound) -> None:
    """Fetch what somebody waits for."""
    for row, wanted in asked_files(partner.node_id):
        if error := _try(partner, wanted, done):
            note_not_come(row, error, wanted.name)
            if done.is_cut_off:
                return


def _way(partner: Partner, wanted: Wanted) -> Way | None:
    """Return how our terms with *partner* let the file come by itself; None: not at all."""
    if partner.files == Partner.THUMBNAILS:
        if wanted.digest in kept_files([wanted.digest]):
            return fetch_file  # the file itself, without a byte on the line
        is_wanted = is_image(wanted.media_type) and previews.is_due(wanted.digest, partner.node_id)
        return fetch_preview if is_wanted else None
    is_too_large = partner.files == Partner.UP_TO and wanted.bytes > partner.files_bytes
    return None if is_too_large else fetch_file


def _try(partner: Partner, wanted: Wanted, done: FilesRound, way: Way | None = None) -> OrtaqError | None:
    """Fetch one file; return why it did not come."""
    try:
        done.bytes += (way or fetch_file)(partner, wanted)
    except OrtaqError as error:
        done.errors.append(error)
        return error
    done.fetched += 1
    return None


def fetch_file(partner: Partner, wanted: Wanted) -> int:
    """Fetch one file, or have the partner prove that it has what is here already; return the bytes that travelled."""
    with asking_of(partner) as asking:
        if wanted.digest in kept_files([wanted.digest]):
            _have_proven(asking, partner, wanted)
            return 0
        travelled = fetch_bytes(asking, partner, wanted)
    fetching.finish(wanted.digest, wanted.name, node=partner.node_id)
    previews.forget(wanted.digest, partner.node_id)
    return travelled


def fetch_bytes(asking: SignedClient, partner: Partner, wanted: Wanted) -> int:
    """Bring the bytes to `fetching.part_of`, from where the last try ended; return how many travelled. What came is not looked at yet."""
    fetching.check_room(wanted.name, wanted.bytes)
    offset = fetching.begun(wanted.digest)
    if offset > wanted.bytes:
        offset = 0
    return _fetch(asking, partner, wanted, offset) if offset < wanted.bytes or not wanted.bytes else 0


def fetch_preview(partner: Partner, wanted: Wanted) -> int:
    """Fetch the small picture that *partner* makes of one of its images; what is none, or is refused, is asked for again in a day."""
    url = f"{_address(partner, wanted.digest)}/preview"
    try:
        with asking_of(partner) as asking, asking.open("GET", url, limit_bytes=previews.MOST_BYTES) as flow:
            if flow.status >= 500:
                check(flow, url)
            answer = flow.answer()
        if answer.status != 200:
            checked(answer, partner.node.address)
        previews.keep_preview(wanted.digest, partner.node_id, answer.body, wanted.name)
    except OrtaqError as error:
        if not is_of_the_way(error):
            previews.note_failed(wanted.digest, partner.node_id)
        raise
    return len(answer.body)


def _fetch(asking: SignedClient, partner: Partner, wanted: Wanted, offset: int) -> int:
    url = _address(partner, wanted.digest)
    headers = {"range": f"bytes={offset}-", "accept-encoding": "identity"}
    most = max(wanted.bytes, _ANSWER_BYTES) + 1
    with asking.open("GET", url, headers=headers, limit_bytes=most, total_seconds=_TOTAL_SECONDS) as flow:
        if flow.status == 200:
            offset = 0
        elif flow.status >= 500:
            check(flow, url)
        elif flow.status != 206:
            checked(flow.answer(), partner.node.address)
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
