# SPDX-License-Identifier: Apache-2.0
"""Which files of another node's records are not here yet, as far as it has given us these records; and which somebody waits for."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import orjson
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from ortaq.core.audience import Viewer
from ortaq.core.errors import N_, OrtaqError
from ortaq.files import fetching, previews
from ortaq.files.errors import FileAbsent
from ortaq.files.models import AskedFile, FetchedFile
from ortaq.files.queries import given_among
from ortaq.nodes.identity import own_id
from ortaq.nodes.models import Partner
from ortaq.people import rules
from ortaq.people.audit import note
from ortaq.people.errors import Denied, SignInRequired
from ortaq.people.rates import Rate, take
from ortaq.records.attaching import files_of
from ortaq.records.models import Attachment, Record
from ortaq.records.queries import record_of
from ortaq.records.registry import KINDS

AN_HOUR: Final = Rate("file-fetch", 60, 3600)  # of one actor: a folder of scans, not a mirror of the other node
MOST_WAITING: Final = 1_000  # of all people of this node
AGAIN_AFTER_SECONDS: Final = 60
_OF_WHAT_CAME: Final = ("outward.too-large", "outward.garbled")


class TooManyFetches(OrtaqError):
    code, status = "file.too-many-fetches", 429
    say = N_("You have asked for %(count)s files within an hour, which is the most. Ask again in %(minutes)s minutes.")


class TooManyWaiting(OrtaqError):
    code, status = "file.too-many-waiting", 429
    say = N_("%(count)s files are waited for at this node, which is the most. Ask again when some of them are here.")


class OwnerAway(OrtaqError):
    code, status = "file.owner-away", 409
    say = N_(
        "Node %(node)s, which has %(name)s, does not exchange with this node at present. Ask the keeper of this node to take the exchange up again."
    )


class NotGiven(OrtaqError):
    code, status = "file.not-given", 502
    say = N_(
        "Node %(node)s names the file %(name)s but does not give it. Ask its administrator, then ask for it again."
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file as the newest version of a record names it; position: of the attachment, for the next look."""

    digest: str
    name: str
    bytes: int
    media_type: str
    record: str
    position: int = 0


def wanted_files(node: str, *, limit: int, after: int = 0) -> Iterator[Wanted]:
    """Yield files that live records of *node* name and that it has not given us, oldest record first.

    limit, after: of the attachments looked at, by their id
    """
    given = FetchedFile.objects.filter(digest=OuterRef("digest"), node=node)
    found = Attachment.objects.filter(record__node=node, record__state=Record.LIVE, id__gt=after).exclude(Exists(given))
    for one in found.select_related("record__change").order_by("id")[:limit]:
        if wanted := _named(one.record, one.digest, position=one.pk):
            yield wanted


def _named(record: Record, digest: str, *, position: int = 0) -> Wanted | None:
    """Return the file *digest* as *record* names it now."""
    if record.kind not in KINDS:
        return None
    for file in files_of(KINDS[record.kind], orjson.loads(record.change.body or "{}")):
        if file["digest"] == digest:
            size, media_type = int(file["bytes"]), str(file["media_type"])
            return Wanted(digest, str(file["name"]), size, media_type, record.uri, position)
    return None


def ask_for_file(viewer: Viewer, uri: str, digest: str) -> None:
    """Have the file *digest* of the record *uri* of another node fetched, by the process that exchanges; nothing is fetched here.

    raises SignInRequired, Absent, FileAbsent, Denied, OwnerAway, FileTooLarge, DiskLow, TooManyFetches, TooManyWaiting
    """
    acting = viewer.standing
    if acting is None:
        raise SignInRequired
    record = record_of(uri, viewer)
    wanted = _named(record, digest) if record.state == Record.LIVE else None
    if wanted is None:
        raise FileAbsent(digest=digest)
    if record.node == own_id() or given_among([digest], record.node):
        return
    if not rules.may_fetch(acting):
        raise Denied(action="file.fetch")
    _check_way(record.node, wanted)
    if AskedFile.objects.filter(digest=digest, node=record.node, is_given_up=False).exists():
        return
    _check_number(acting.actor)
    begun: dict[str, object] = {"by": acting.actor, "tried_at": None, "failure": {}, "is_given_up": False}
    AskedFile.objects.update_or_create(digest=digest, node=record.node, defaults=begun)
    note("file.asked-for", actor=acting.actor, institution=acting.institution, subject=uri, bytes=wanted.bytes)


def _check_way(node: str, wanted: Wanted) -> None:
    """Raise what would let the file not come, whoever asks."""
    partner = Partner.objects.filter(pk=node).first()
    if partner is None or not partner.exchanges:
        raise OwnerAway(node=node, name=wanted.name)
    fetching.check_room(wanted.name, wanted.bytes)


def _check_number(actor: str) -> None:
    if AskedFile.objects.filter(is_given_up=False).count() >= MOST_WAITING:
        raise TooManyWaiting(count=MOST_WAITING)
    if wait := take(AN_HOUR, actor).wait:
        raise TooManyFetches(count=AN_HOUR.asks, minutes=-(-wait // 60))


def asked_files(node: str) -> Iterator[tuple[AskedFile, Wanted]]:
    """Yield what somebody waits for of *node* and is to be tried now, the oldest first; what no record names any more goes."""
    for row in list(_due(node).order_by("asked_at", "id")):
        naming = Attachment.objects.filter(record__node=node, record__state=Record.LIVE, digest=row.digest)
        records = (one.record for one in naming.select_related("record__change").order_by("id")[:10])
        wanted = next(filter(None, (_named(record, row.digest) for record in records)), None)
        if wanted is None:
            row.delete()
        else:
            yield row, wanted


def _due(node: str) -> QuerySet[AskedFile]:
    before = timezone.now() - datetime.timedelta(seconds=AGAIN_AFTER_SECONDS)
    return AskedFile.objects.filter(Q(tried_at=None) | Q(tried_at__lt=before), node=node, is_given_up=False)


def is_one_new(node: str) -> bool:
    """Tell whether somebody has asked for a file of *node* that was not tried yet."""
    return AskedFile.objects.filter(node=node, is_given_up=False, tried_at=None).exists()


def note_not_come(row: AskedFile, error: OrtaqError, name: str) -> None:
    """Keep why a file that somebody waits for did not come; while the way to the node is broken, it is tried again."""
    # That other bytes of that digest are here is not for who asked to know.
    told = NotGiven(node=row.node, name=name) if isinstance(error, fetching.PossessionUnproven) else error
    values = {"tried_at": timezone.now(), "failure": told.as_dict(), "is_given_up": not is_of_the_way(error)}
    AskedFile.objects.filter(pk=row.pk).update(**values)


def is_of_the_way(error: OrtaqError) -> bool:
    """Tell whether it is the way to the node that is broken, not what came by it: then no other file would come, and later all may."""
    return error.code.startswith("outward.") and error.code not in _OF_WHAT_CAME


def drop_previews() -> int:
    """Delete the previews of files that are here by now, or that no record of their node names any more; return how many went."""
    count = 0
    for node, digests in previews.kept_previews():
        naming = Attachment.objects.filter(record__node=node, record__state=Record.LIVE, digest__in=digests)
        wanted = set(naming.values_list("digest", flat=True)) - given_among(digests, node)
        for digest in set(digests) - wanted:
            previews.forget(digest, node)
            count += 1
    return count
