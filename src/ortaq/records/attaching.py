# SPDX-License-Identifier: Apache-2.0
"""Which files a record may name: those that are here, and that its writer has uploaded or may read already."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from ortaq.core.audience import Viewer
from ortaq.core.fields import Role
from ortaq.core.kind import Kind
from ortaq.files.actions import note_attached
from ortaq.files.queries import kept_files, own_uploads_among
from ortaq.records.bulk import in_chunks
from ortaq.records.errors import FileMisdescribed, FileUnknown
from ortaq.records.models import Record, WorkingCopy
from ortaq.records.queries import given_attachments, visible
from ortaq.records.store import Written

Files = Sequence[Mapping[str, Any]]


def files_of(kind: Kind, body: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """Return the files that a body names, as it names them."""
    fields = [spec.name for spec in kind.fields if spec.role is Role.FILES]
    found = [one for name in fields for one in (body or {}).get(name) or ()]
    return [one for one in found if isinstance(one, Mapping) and isinstance(one.get("digest"), str)]


def check_attachable(viewer: Viewer, files: Files, *, by: str | None = None) -> None:
    """Raise FileUnknown for the first file that is neither the writer's own upload nor in a record that the viewer may see.

    by  who wrote the record, where the viewer only publishes it
    """
    wanted = {str(one["digest"]): one for one in files}
    missing = wanted.keys() - attachable_among(wanted, viewer, by=by)
    for digest in wanted:
        if digest in missing:
            raise FileUnknown(name=wanted[digest].get("name", digest), digest=digest)


def may_attach(digest: str, viewer: Viewer) -> bool:
    """Tell whether the viewer may name the file in a record of theirs."""
    return bool(attachable_among([digest], viewer))


def attachable_among(digests: Iterable[str], viewer: Viewer, *, by: str | None = None) -> set[str]:
    """Return those of *digests* that the viewer may name."""
    wanted = list(digests)
    if not wanted:
        return set()
    found = attached_among(wanted, viewer)
    for chunk in in_chunks(wanted):
        found |= own_uploads_among(chunk, (*viewer.actors, *([by] if by else [])))
    return found & kept_files(wanted).keys()


class Described(Protocol):
    """What the bytes of a file show."""

    @property
    def media_type(self) -> str: ...
    @property
    def bytes(self) -> int: ...


def check_described(files: Files, known: Mapping[str, Described]) -> None:
    """Raise what is wrong with a body's files; known: rows of the kept ones. Every writer passes here, imports too."""
    for one in files:
        row = known.get(str(one["digest"]))
        if row is None:
            raise FileUnknown(name=one["name"], digest=one["digest"])
        if (one["media_type"], one["bytes"]) != (row.media_type, row.bytes):
            raise FileMisdescribed(name=one["name"], media_type=row.media_type, bytes=row.bytes)


def attach(changes: Iterable[Written]) -> None:
    """From now on the files that *changes* name stay; in the transaction that writes them."""
    if digests := {digest for change in changes for digest, _name in change.derived.attachments}:
        note_attached(digests)


def attached_among(digests: Iterable[str], viewer: Viewer) -> set[str]:
    """Return those of *digests* that records have which the viewer may see. Which others have them is not told."""
    found: set[str] = set()
    for chunk in in_chunks(list(digests)):
        seen = given_attachments().filter(visible(viewer, "record__"), digest__in=chunk, record__state=Record.LIVE)
        found |= set(seen.values_list("digest", flat=True))
    return found


def named_by_copies_of(viewer: Viewer) -> Callable[[list[str]], set[str]]:
    """Return what tells which digests the viewer's own working copies name and no record does that they may see."""

    def named(digests: list[str]) -> set[str]:
        own = WorkingCopy.objects.filter(actor__in=viewer.actors)
        found = {digest for digest in digests if own.filter(body__contains=digest).exists()}
        return found - attached_among(found, viewer)

    return named


def named_by_copies(digests: Sequence[str]) -> set[str]:
    """Return those of *digests* that working copies name: whoever writes them still wants the files."""
    return {digest for digest in digests if WorkingCopy.objects.filter(body__contains=digest).exists()}
