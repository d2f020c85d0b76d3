# SPDX-License-Identifier: Apache-2.0
"""A damaged file asked of partners: of whoever gave it to us, and of whom we may have given it to. Nobody else hears its digest."""

from collections.abc import Iterator

from ortaq.core.errors import OrtaqError
from ortaq.doors.feed.asking import asking_of
from ortaq.doors.feed.files import fetch_bytes
from ortaq.files import fetching, healing
from ortaq.files.errors import CopyAltered
from ortaq.files.models import StoredFile
from ortaq.files.pace import Pace
from ortaq.files.queries import given_among
from ortaq.nodes.models import Partner
from ortaq.nodes.partners import exchanging
from ortaq.records.sharing import may_have_file, reader_of
from ortaq.records.wanting import Wanted


def heal_from_partners(row: StoredFile, pace: Pace) -> list[OrtaqError] | None:
    """Fetch the file of the first partner that has it, from where the last try was cut; None if it is right now, else what each one said."""
    errors: list[OrtaqError] = []
    for partner in partners_who_may_have(row.digest):
        try:
            _fetch_back(partner, row, pace)
        except OrtaqError as error:
            errors.append(error)
        else:
            return None
    return errors


def partners_who_may_have(digest: str) -> Iterator[Partner]:
    """Yield the partners that exchange with us now and have given us the file, then those that may have fetched it from us."""
    partners = exchanging()
    gave = [one for one in partners if given_among([digest], one.node_id)]
    yield from gave
    yield from (one for one in partners if one not in gave and may_have_file(digest, reader_of(one)))


def _fetch_back(partner: Partner, row: StoredFile, pace: Pace) -> None:
    wanted = Wanted(row.digest, row.digest, row.bytes, row.media_type, record="")
    with asking_of(partner) as asking:
        fetch_bytes(asking, partner, wanted)
    part = fetching.part_of(row.digest)
    try:
        healing.put_back(part, row, partner.node_id, pace)
    except CopyAltered:
        part.unlink()
        raise
