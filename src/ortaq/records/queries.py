# SPDX-License-Identifier: Apache-2.0
"""Reads of records. Each takes the viewer and returns only what that viewer may see; absent and denied look the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from ortaq.core.audience import PARTNERS, Viewer, limit_of_answers, token
from ortaq.core.replacing import REPLACES
from ortaq.files.models import FetchedFile
from ortaq.files.queries import is_own_upload
from ortaq.nodes.identity import own_id
from ortaq.people.rules import EDITOR, is_at_least
from ortaq.records.bulk import in_chunks
from ortaq.records.errors import Absent
from ortaq.records.models import Attachment, Change, Link, Point, Record, WorkingCopy
from ortaq.records.replaced import itself_and_replaced, replaced_by
from ortaq.records.verification import Finding, findings_of_versions


def visible(viewer: Viewer, prefix: str = "") -> Q:
    """Return the condition that a viewer may see the record; prefix: path to it, such as "record__"."""
    condition = Q(**{f"{prefix}audience__in": viewer.tokens})
    if viewer.sees_named_partners:
        condition |= Q(**{f"{prefix}audience__startswith": f"{PARTNERS}:"})
    return condition


def records_for(viewer: Viewer) -> QuerySet[Record]:
    """Return the live records that *viewer* may see."""
    return Record.objects.filter(visible(viewer), state=Record.LIVE)


def record_of(uri: str, viewer: Viewer) -> Record:
    """Return the record in any state, with its newest change; raises Absent."""
    found = Record.objects.select_related("change").filter(visible(viewer), uri=uri).first()
    if found is None:
        raise Absent(uri=uri)
    return found


def limit_of_answers_to(record: Record) -> str:
    """Return the widest audience that what is said about *record* may have; another node's partners are not ours."""
    return limit_of_answers(record.audience, record.node, own_id())


def body_of(record: Record) -> dict[str, Any]:
    """Return the present body; empty for a withdrawn or erased record."""
    return orjson.loads(record.change.body) if record.change.body else {}


def title_of(record: Record) -> dict[str, list[str]]:
    """Return the language map under which lists show the record."""
    return orjson.loads(record.title)  # type: ignore[no-any-return]


def records_by_uri(uris: Iterable[str], viewer: Viewer) -> dict[str, Record]:
    """Return those of *uris* that are here, live and visible."""
    return {r.uri: r for chunk in in_chunks(dict.fromkeys(uris)) for r in records_for(viewer).filter(uri__in=chunk)}


def targets_by_uri(uris: Iterable[str], viewer: Viewer) -> dict[str, Record]:
    """The same for links that are shown: for what was merged into another record, the one that stands in its place."""
    wanted = list(dict.fromkeys(uris))
    found = records_by_uri(wanted, viewer)
    return found | _in_place_of([uri for uri in wanted if uri not in found], viewer)


def record_in_place_of(uri: str, viewer: Viewer) -> Record | None:
    """Return the record into which *uri* was merged, if the viewer may see it."""
    return _in_place_of([uri], viewer).get(uri)


def _in_place_of(uris: Iterable[str], viewer: Viewer) -> dict[str, Record]:
    found: dict[str, Record] = {}
    for chunk in in_chunks(uris):
        links = Link.objects.filter(visible(viewer, "record__"), role=REPLACES, target__in=chunk)
        found.update({link.target: link.record for link in links.select_related("record").order_by("-id")})
    return found


def with_replaced(uri: str) -> list[str]:
    """Return *uri* and what it replaces: what points at any of them points at it."""
    return [uri, *replaced_by([uri]).get(uri, ())]


def records_in_any_state(uris: Iterable[str], viewer: Viewer) -> dict[str, Record]:
    """Return those of *uris* that are here and visible, also what was withdrawn."""
    found = (Record.objects.filter(visible(viewer), uri__in=chunk) for chunk in in_chunks(dict.fromkeys(uris)))
    return {record.uri: record for records in found for record in records}


def records_by_authors(
    actors: Iterable[str], viewer: Viewer, limit: int, *, kinds: Iterable[str] | None = None, before: int | None = None
) -> list[Record]:
    """Return the live records that *actors* have made, newest first; kinds: only of these; before: only with a smaller id."""
    found = records_for(viewer).filter(author__in=list(actors))
    if kinds is not None:
        found = found.filter(kind__in=list(kinds))
    if before is not None:
        found = found.filter(id__lt=before)
    return list(found.order_by("-id")[:limit])


def records_by_ids(ids: Iterable[int], viewer: Viewer) -> dict[int, Record]:
    """Return those of *ids* that are live and visible."""
    return {r.id: r for chunk in in_chunks(dict.fromkeys(ids)) for r in records_for(viewer).filter(id__in=chunk)}


def points_of(ids: Iterable[int]) -> dict[int, tuple[float, float]]:
    """Return the first point (latitude, longitude) of each of the records *ids*, which the caller may see."""
    found: dict[int, tuple[float, float]] = {}
    for chunk in in_chunks(dict.fromkeys(ids)):
        for record_id, lat, lon in (
            Point.objects.filter(record_id__in=chunk).order_by("id").values_list("record_id", "lat", "lon")
        ):
            found.setdefault(record_id, (lat, lon))
    return found


def newest_uris(viewer: Viewer, limit: int, *, within: int = 400, without_kinds: Iterable[str] = ()) -> list[str]:
    """Return the URIs of the records that changed last, newest first, among the last *within* changes."""
    last = Change.objects.order_by("-id").values_list("record", flat=True)[:within]
    recent = list(dict.fromkeys(last))
    left_out = set(without_kinds)
    seen = {uri for uri, record in records_by_uri(recent, viewer).items() if record.kind not in left_out}
    return [uri for uri in recent if uri in seen][:limit]


def links_to(uri: str, viewer: Viewer, *, limit: int, without_kinds: Iterable[str] = ()) -> list[Link]:
    """Return the newest links that point at *uri*, or at what it replaces, from records the viewer may see, each with its record."""
    found = _pointing_at(uri, viewer).exclude(record__kind__in=list(without_kinds))
    return list(found.select_related("record").order_by("-record_id")[:limit])


def count_links_to(uri: str, viewer: Viewer, *, without_kinds: Iterable[str] = ()) -> int:
    return _pointing_at(uri, viewer).exclude(record__kind__in=list(without_kinds)).count()


def _pointing_at(uri: str, viewer: Viewer) -> QuerySet[Link]:
    """The links at *uri* and at what it replaces, but for those between these."""
    found = Link.objects.filter(
        visible(viewer, "record__"), target__in=itself_and_replaced(uri), record__state=Record.LIVE
    )
    return found.exclude(role=REPLACES).exclude(record__uri=uri)


def records_linking(uri: str, role: str, kind: str, viewer: Viewer) -> QuerySet[Record]:
    """Return the live records of *kind* that point at *uri*, or at what it replaces, by *role*, with their newest change, oldest first."""
    pointing = Link.objects.filter(target__in=itself_and_replaced(uri), role=role).values("record_id")
    return records_for(viewer).filter(kind=kind, id__in=pointing).select_related("change").order_by("id")


def may_read_file(digest: str, viewer: Viewer) -> bool:
    """Tell whether *viewer* may see some record that has the file, has uploaded it, or has to decide on a proposal with it."""
    attached = given_attachments().filter(visible(viewer, "record__"), digest=digest, record__state=Record.LIVE)
    return attached.exists() or (
        viewer.actor is not None and (is_own_upload(digest, viewer.actors) or _is_proposed(digest, viewer))
    )


def may_see_preview(digest: str, node: str, viewer: Viewer) -> bool:
    """Tell whether *viewer* may see what *node* has sent to show its file: a record of that node, and no other, opens it."""
    naming = Attachment.objects.filter(visible(viewer, "record__"), record__node=node, record__state=Record.LIVE)
    return naming.filter(digest=digest).exists()


def given_attachments() -> QuerySet[Attachment]:
    """Return the attachments by which a file is read: of our records, and of those of other nodes that have given us its bytes.

    Another node that names the digest of a file of ours gets it, and shows it, to nobody.
    """
    given = FetchedFile.objects.filter(digest=OuterRef("digest"), node=OuterRef("record__node"))
    return Attachment.objects.filter(Q(record__node=own_id()) | Exists(given))


def _is_proposed(digest: str, viewer: Viewer) -> bool:
    deciding = [one.institution for one in viewer.standings if is_at_least(one.role, EDITOR)]
    waiting = WorkingCopy.objects.filter(institution__in=deciding, state=WorkingCopy.PROPOSED)
    return waiting.filter(body__contains=f'"{digest}"').exists()


@dataclass(frozen=True, slots=True)
class Version:
    """One entry of a record's history. body None: withdrawn, erased, or not for this viewer (is_withheld)."""

    change: Change
    body: dict[str, Any] | None
    is_withheld: bool
    findings: tuple[Finding, ...]


def history_of(record: Record, viewer: Viewer, *, limit: int | None = None) -> list[Version]:
    """Return the newest *limit* versions (all if not given), newest first, each with what verifying it found."""
    return versions_as_seen(Change.objects.filter(record=record.uri).order_by("-version")[:limit], viewer)


def versions_as_seen(changes: Iterable[Change], viewer: Viewer) -> list[Version]:
    """Return *changes* as *viewer* may see them, each with what verifying it found; two queries and one for each node."""
    changes = list(changes)
    found = findings_of_versions(changes)
    return [_version(change, viewer, tuple(found.get(change.id, ()))) for change in changes]


def version_at(record: Record, number: int, viewer: Viewer) -> Version | None:
    """Return one version of *record* with what verifying it found; None if the log has none of that number."""
    change = Change.objects.filter(record=record.uri, version=number).first()
    if change is None:
        return None
    return _version(change, viewer, tuple(findings_of_versions([change]).get(change.id, ())))


def version_of(record: Record, number: int, viewer: Viewer) -> dict[str, Any] | None:
    """Return the body of one version; None if there is none that *viewer* may read."""
    found = version_at(record, number, viewer)
    return found.body if found else None


def bodies_before(records: Iterable[Record], viewer: Viewer) -> dict[str, dict[str, Any]]:
    """Return for each of *records*, which are withdrawn, the body of the version before, as far as *viewer* may read it."""
    wanted = Q()
    for record in records:
        wanted |= Q(record=record.uri, version=record.version - 1)
    changes = Change.objects.filter(wanted, body__isnull=False) if wanted else ()
    return {
        change.record: orjson.loads(change.body or "{}")
        for change in changes
        if viewer.may_see(token(change.audience, change.by, own_id()))
    }


def _version(change: Change, viewer: Viewer, findings: tuple[Finding, ...]) -> Version:
    may_see = viewer.may_see(token(change.audience, change.by, own_id()))
    body = orjson.loads(change.body) if change.body and may_see and not findings else None
    return Version(change, body, change.digest is not None and not may_see, findings)


def changes_since(position: int, limit: int) -> list[Change]:
    """Return the changes of every log after *position* (an id here), in their order. For the node's own followers, unfiltered."""
    return list(Change.objects.filter(id__gt=position).order_by("id")[:limit])


def standing(uris: Iterable[str]) -> dict[str, Record]:
    """Return those of *uris* that are here, in any state, with their newest changes. For writers that add to records, unfiltered."""
    return {
        r.uri: r
        for chunk in in_chunks(dict.fromkeys(uris))
        for r in Record.objects.select_related("change").filter(uri__in=chunk)
    }


def head_of_log(node: str) -> tuple[int, str]:
    """Return the seq and the signature of *node*'s newest change; (0, "") while it has none."""
    return Change.objects.filter(node=node).order_by("-seq").values_list("seq", "signature").first() or (0, "")


def is_in_log(node: str, seq: int, signature: str) -> bool:
    """Tell whether *node*'s log still has the change that stood there."""
    return seq == 0 or Change.objects.filter(node=node, seq=seq, signature=signature).exists()


def newest_position() -> int:
    """Return the position of the newest change; 0 for an empty log."""
    return Change.objects.order_by("-id").values_list("id", flat=True).first() or 0


def count_records(viewer: Viewer) -> int:
    """Return how many live records *viewer* may see; it reads them all, so keep the answer for a while."""
    return records_for(viewer).count()


def records_naming(digests: Iterable[str], viewer: Viewer) -> dict[str, tuple[list[Record], int]]:
    """Return for each file the records that name it and that *viewer* may see, and how many others name it: for who looks after the bytes."""
    wanted = list(dict.fromkeys(digests))
    found: dict[str, tuple[list[Record], int]] = {}
    for chunk in in_chunks(wanted):
        naming = Attachment.objects.filter(digest__in=chunk)
        counts = naming.order_by().values("digest").annotate(count=Count("record_id", distinct=True))
        seen: dict[str, dict[int, Record]] = {}
        for one in naming.filter(visible(viewer, "record__")).select_related("record").order_by("id"):
            seen.setdefault(one.digest, {})[one.record_id] = one.record
        for row in counts:
            records = list(seen.get(row["digest"], {}).values())
            found[row["digest"]] = (records, row["count"] - len(records))
    return found


def attachments_of(digest: str, viewer: Viewer, *, limit: int) -> list[Attachment]:
    """Return the attachments of the file to live records that *viewer* may see, oldest first, each with its record."""
    found = given_attachments().filter(visible(viewer, "record__"), digest=digest, record__state=Record.LIVE)
    return list(found.select_related("record").order_by("id")[:limit])
