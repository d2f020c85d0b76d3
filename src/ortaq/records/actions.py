# SPDX-License-Identifier: Apache-2.0
"""What the keeper of a node does with records of any kind."""

from collections.abc import Collection

import orjson

from ortaq.core.audience import Viewer, as_written
from ortaq.records.door import Draft, Outcome, write_change
from ortaq.records.errors import NoSuchVersion
from ortaq.records.models import Change, Record
from ortaq.records.queries import record_of


def withdraw_record(uri: str, *, by: str) -> Outcome:
    """Take a record back; its history stays with its owner."""
    record = record_of(uri, Viewer(by))
    return write_change(Draft(record.kind, None, as_written(record.audience), uri), by=by)


def erase_versions(uri: str, versions: Collection[int], *, by: str) -> Outcome:
    """Erase the bodies of *versions* for good; the record lives on if its newest version is not among them.

    The headers with their digests stay, so the chain is still provable. raises Absent, NoSuchVersion
    """
    record = record_of(uri, Viewer(by))
    for version in versions:
        if not 1 <= version <= record.version:
            raise NoSuchVersion(uri=uri, version=version, present=record.version)
    stays = record.version not in versions and record.state == Record.LIVE
    body = orjson.loads(record.change.body) if stays and record.change.body else None
    return write_change(
        Draft(record.kind, body, as_written(record.audience), uri, erases=tuple(sorted(versions))), by=by
    )


def versions_of(uri: str) -> list[int]:
    return list(Change.objects.filter(record=uri).order_by("version").values_list("version", flat=True))
