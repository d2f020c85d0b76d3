# SPDX-License-Identifier: Apache-2.0
"""Which files of another node's records are not here yet, as far as it has given us these records."""

from collections.abc import Iterator
from dataclasses import dataclass

import orjson
from django.db.models import Exists, OuterRef

from ortaq.files.models import FetchedFile
from ortaq.records.attaching import files_of
from ortaq.records.models import Attachment, Record
from ortaq.records.registry import KINDS


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file as the newest version of a record names it."""

    digest: str
    name: str
    bytes: int
    record: str


def wanted_files(node: str, *, limit: int, after: int = 0) -> Iterator[Wanted]:
    """Yield files that live records of *node* name and that it has not given us, oldest record first.

    limit, after: of the attachments looked at, by their id
    """
    given = FetchedFile.objects.filter(digest=OuterRef("digest"), node=node)
    found = Attachment.objects.filter(record__node=node, record__state=Record.LIVE, id__gt=after).exclude(Exists(given))
    for one in found.select_related("record__change").order_by("id")[:limit]:
        named = orjson.loads(one.record.change.body or "{}")
        for file in files_of(KINDS[one.record.kind], named):
            if file["digest"] == one.digest:
                yield Wanted(one.digest, str(file["name"]), int(file["bytes"]), one.record.uri)
                break
