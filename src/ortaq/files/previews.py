# SPDX-License-Identifier: Apache-2.0
"""Previews: small pictures of files that are not here, made by the node that has them.

A preview is what another node says its file looks like. The digest of the file does not vouch for it: so it is never kept as the file nor
given to other nodes, it stands apart for each node that sent one, and pages say who made it. Before it is kept, it is decoded and
written anew by the process that also makes our own pictures (shrink.py). All of HOME/previews may be deleted at any time.
"""

import contextlib
import os
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

from django.conf import settings

from ortaq.core import digest as digests
from ortaq.core.errors import N_, OrtaqError
from ortaq.files import pictures
from ortaq.files.dimensions import size_of_image
from ortaq.files.errors import FileAbsent
from ortaq.files.fetching import check_room
from ortaq.files.sniffing import HEAD_BYTES, media_type_of

SIZE: Final = 960  # of pictures.SIZES: what the page of a record shows
MOST_BYTES: Final = 2 * 1024 * 1024
_AGAIN_SECONDS: Final = 24 * 3600
_NODE = re.compile(r"[a-z2-7]{26}\Z")


class PreviewRefused(OrtaqError):
    code, status = "file.preview-refused", 422
    say = N_(
        "What node %(node)s sent as a preview of %(name)s is not a small picture: %(reason)s. It was thrown away and is asked for again in a day."
    )


@dataclass(frozen=True, slots=True)
class Preview:
    """A kept one; how it measures in pixels."""

    path: Path
    width: int
    height: int


def preview_of(digest: str, node: str) -> Preview | None:
    """Return the preview that *node* has sent of the file; None if there is none."""
    path = _path(digest, node)
    try:
        with path.open("rb") as file:
            size = size_of_image(file, pictures.MEDIA_TYPE)
    except FileNotFoundError:
        return None
    return Preview(path, *size) if size else None


def is_due(digest: str, node: str) -> bool:
    """Tell whether *node* should be asked for one: there is none, and none was refused within a day."""
    path = _path(digest, node)
    if path.exists():
        return False
    try:
        return time.time() - path.with_suffix(".failed").stat().st_mtime > _AGAIN_SECONDS
    except FileNotFoundError:
        return True


def keep_preview(digest: str, node: str, data: bytes, name: str) -> None:
    """Keep what *node* sent, if it is a small picture, drawn anew; name: of the file, for messages. Raises PreviewRefused, DiskLow."""
    check_room(name, MOST_BYTES)
    _check(node, data, name)
    path = _path(digest, node)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    sent, made = (path.with_name(f"{path.stem}.{secrets.token_hex(8)}.{what}") for what in ("sent", "made"))
    try:
        sent.write_bytes(data)
        if not pictures.draw(sent, pictures.MEDIA_TYPE, SIZE, made):
            raise PreviewRefused(node=node, name=name, reason="it cannot be decoded")
        made.replace(path)
    finally:
        sent.unlink(missing_ok=True)
        made.unlink(missing_ok=True)
    path.with_suffix(".failed").unlink(missing_ok=True)


def _check(node: str, data: bytes, name: str) -> None:
    """Before anything is decoded: its length, its type by its bytes, and how many pixels its header claims."""
    reason = ""
    size = size_of_image(BytesIO(data), pictures.MEDIA_TYPE) if len(data) <= MOST_BYTES else None
    if len(data) > MOST_BYTES:
        reason = f"it has more than {MOST_BYTES} bytes"
    elif media_type_of(data[:HEAD_BYTES]) != pictures.MEDIA_TYPE or size is None:
        reason = f"it is no {pictures.MEDIA_TYPE}"
    elif not all(0 < side <= SIZE for side in size):
        reason = f"it has {size[0]} × {size[1]} pixels"
    if reason:
        raise PreviewRefused(node=node, name=name, reason=reason)


def note_failed(digest: str, node: str) -> None:
    """Ask for it no more for a day."""
    mark = _path(digest, node).with_suffix(".failed")
    mark.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    mark.touch()
    os.utime(mark)


def forget(digest: str, node: str) -> None:
    """The file itself is here, or no record names it any more."""
    path = _path(digest, node)
    path.unlink(missing_ok=True)
    path.with_suffix(".failed").unlink(missing_ok=True)


def kept_previews() -> Iterator[tuple[str, list[str]]]:
    """Yield (node, digests) for every folder of previews, and of marks that there is none."""
    for folder in sorted(_folder().glob("*/??")):
        names = {folder.name + path.stem for path in folder.iterdir() if path.suffix in (".webp", ".failed")}
        found = []
        for name in sorted(names):
            with contextlib.suppress(ValueError):
                found.append(digests.multibase(bytes.fromhex(name)))
        yield folder.parent.name, found


def _folder() -> Path:
    return Path(settings.HOME) / "previews"


def _path(digest: str, node: str) -> Path:
    """Return where it lies; raises FileAbsent for what is no digest or no node."""
    try:
        name = digests.raw(digest).hex()
    except ValueError as error:
        raise FileAbsent(digest=digest) from error
    if not _NODE.match(node):
        raise FileAbsent(digest=digest)
    return _folder() / node / name[:2] / f"{name[2:]}.webp"
