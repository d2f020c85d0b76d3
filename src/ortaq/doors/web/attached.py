# SPDX-License-Identifier: Apache-2.0
"""The files of a record as its page shows them: those that are here with their pictures, those of another node that are not, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from ortaq.core.audience import Viewer
from ortaq.core.kind import Kind
from ortaq.doors.web.partners.telling import said_of
from ortaq.files.dimensions import is_image
from ortaq.files.errors import FileTooLarge
from ortaq.files.fetching import begun
from ortaq.files.models import AskedFile, StoredFile
from ortaq.files.pictures import SIZES
from ortaq.files.previews import preview_of
from ortaq.files.queries import asked_among, given_among, kept_files
from ortaq.nodes.identity import own_id
from ortaq.nodes.models import Partner
from ortaq.people import rules
from ortaq.records.attaching import files_of
from ortaq.records.models import Record


@dataclass(frozen=True, slots=True)
class Away:
    """A file that is not here yet.

    is_asked   it is being fetched, or waits for that; arrived: bytes of it that are here
    said, code why the last try did not bring it; for those alone who may have it fetched: addresses may stand in it
    has_way    the node that has it exchanges with this one
    is_silent  but does not answer at present
    may_ask    the reader may have it fetched
    """

    is_asked: bool
    arrived: int
    said: str
    code: str
    has_way: bool
    is_silent: bool
    may_ask: bool


def files(kind: Kind, body: Mapping[str, Any], record: Record, viewer: Viewer) -> list[dict[str, Any]]:
    """Return the files of *body*: with `away` and perhaps a `preview`, or, of an image that is here, with the measures of its pictures;
    with `is_damaged` where the bytes that are here are known to be wrong.

    record  its row; a preview of what is not written yet has one without a node
    """
    found = files_of(kind, body)
    away = _away(found, record.node, viewer) if record.node not in ("", own_id()) else {}
    rows = kept_files(one["digest"] for one in found if one["digest"] not in away)
    return [_as_shown(one, rows.get(one["digest"]), away.get(one["digest"]), record.node) for one in found]


def _as_shown(file: Mapping[str, Any], row: StoredFile | None, away: Away | None, node: str) -> dict[str, Any]:
    return {
        **file,
        "away": away,
        "is_damaged": row is not None and row.fault != "",
        "pictures": _pictures(row) if is_image(file["media_type"]) else {},
        "preview": preview_of(file["digest"], node) if away is not None else None,
    }


def _away(found: Iterable[Mapping[str, Any]], node: str, viewer: Viewer) -> dict[str, Away]:
    """Return those of the files of another node's record that it has not given us."""
    named = {str(one["digest"]): one for one in found}
    missing = named.keys() - given_among(named, node)
    if not missing:
        return {}
    may_fetch = rules.may_fetch(viewer.standing)
    asked = asked_among(missing, node) if may_fetch else {}
    partner = Partner.objects.filter(pk=node).first()
    return {
        digest: _of(named[digest], asked.get(digest), partner if partner and partner.exchanges else None, may_fetch)
        for digest in missing
    }


def _of(file: Mapping[str, Any], row: AskedFile | None, partner: Partner | None, may_fetch: bool) -> Away:
    """partner: None where the owner of the record does not exchange with us at present."""
    is_asked = row is not None and not row.is_given_up
    may_ask = may_fetch and partner is not None and not is_asked
    failure = row.failure if row is not None else {}
    if file["bytes"] > settings.MAX_FILE_BYTES:
        failure = FileTooLarge(name=file["name"], limit=settings.MAX_FILE_BYTES).as_dict()
        may_ask = False
    return Away(
        is_asked=is_asked,
        arrived=begun(file["digest"]) if is_asked else 0,
        said=said_of(failure) if failure else "",
        code=str(failure.get("code", "")),
        has_way=partner is not None,
        is_silent=partner is not None and partner.failures > 0,
        may_ask=may_ask,
    )


def _pictures(row: StoredFile | None) -> dict[int, tuple[int, int]]:
    """The width and height of the picture of each size; none where the image does not say its own."""
    if row is None or row.fault or not row.width or not row.height:
        return {}
    longer = max(row.width, row.height)
    shrunk = {size: min(1.0, size / longer) for size in SIZES}
    return {size: (max(1, round(row.width * by)), max(1, round(row.height * by))) for size, by in shrunk.items()}
