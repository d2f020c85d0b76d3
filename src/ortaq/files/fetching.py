# SPDX-License-Identifier: Apache-2.0
"""Files that come from other nodes: in pieces, from where the last try ended, kept only if they are what their digest says."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from ortaq.core import digest as digests
from ortaq.core.errors import N_, OrtaqError
from ortaq.files import store
from ortaq.files.errors import DiskLow, FileTooLarge
from ortaq.files.models import AskedFile, FetchedFile, StoredFile
from ortaq.files.room import free_bytes


class FetchedAltered(OrtaqError):
    code, status = "file.fetched-altered", 422
    say = N_(
        "What node %(node)s sent as the file %(name)s is not that file: its digest differs. It was thrown away and is asked for again."
    )


class PossessionUnproven(OrtaqError):
    code, status = "file.possession-unproven", 422
    say = N_(
        "Node %(node)s names the file %(name)s, which is here, but does not show that it has it. Its records do not open it."
    )


def check_room(name: str, size: int) -> None:
    """Raise FileTooLarge or DiskLow for what this node does not take."""
    if size > settings.MAX_FILE_BYTES:
        raise FileTooLarge(name=name, limit=settings.MAX_FILE_BYTES)
    if free_bytes() < size:
        raise DiskLow(name=name)


def part_of(digest: str) -> Path:
    """Return where a file lies while it is fetched."""
    return Path(settings.HOME) / "fetching" / store.path_of(digest).name


def begun(digest: str) -> int:
    """Return how many bytes of the file an earlier try has brought."""
    try:
        return part_of(digest).stat().st_size
    except FileNotFoundError:
        return 0


def append(digest: str, pieces: Iterable[bytes], *, offset: int, size: int) -> int:
    """Write *pieces* at *offset*, never beyond *size*; return how many bytes there are now. What came before a fault stays."""
    part = part_of(digest)
    part.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with part.open("r+b" if part.exists() else "w+b") as file:
        file.truncate(offset)
        file.seek(offset)
        for piece in pieces:
            offset += len(piece)
            if offset > size:
                file.truncate(0)
                return offset
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return offset


def finish(digest: str, name: str, *, node: str) -> StoredFile:
    """Keep the whole file for good; raises FetchedAltered, and then begins anew."""
    part = part_of(digest)
    with part.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").digest()
    if digests.multibase(found) != digest:
        part.unlink()
        raise FetchedAltered(node=node, name=name)
    return store.adopt(part, name, noted=lambda _: note_given(digest, node))


def note_given(digest: str, node: str) -> None:
    """From now on the records of *node* open the file here."""
    FetchedFile.objects.get_or_create(digest=digest, node=node)
    AskedFile.objects.filter(digest=digest, node=node).delete()


def proof_of(digest: str, nonce: str) -> str:
    """Return what only who has the bytes can say: the digest of *nonce* and the bytes. Raises FileAbsent."""
    sha256 = hashlib.sha256(nonce.encode("ascii"))
    for piece in store.open_file(digest):
        sha256.update(piece)
    return digests.multibase(sha256.digest())
