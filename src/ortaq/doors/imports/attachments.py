# SPDX-License-Identifier: Apache-2.0
"""Files that a line names by their path: kept by their digest, so that the record says which bytes it means."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ortaq.doors.imports.errors import FileMissing, FileOutside, FileUnreadable
from ortaq.files.models import StoredFile
from ortaq.files.store import keep

# Takes the file at a path, under the name that it is given, and says what it is.
Take = Callable[[Path, str], StoredFile]


def kept_for_good(path: Path, name: str) -> StoredFile:
    """Keep the file, as the node's own."""
    with path.open("rb") as stream:
        return keep(stream, name)


def with_files_kept(body: Mapping[str, Any], folder: Path, take: Take = kept_for_good) -> Mapping[str, Any]:
    """Return *body* with each `{"path": …}` of its `files` taken to this node and described by digest, type and size.

    folder  of the imported file: a path is relative to it and may not leave it
    raises  FileOutside, FileMissing, FileUnreadable, FileTooLarge, and what *take* raises
    """
    files = body.get("files")
    if not isinstance(files, list) or not any(isinstance(one, dict) and "path" in one for one in files):
        return body
    return {**body, "files": [_taken(one, folder, take) if _names_a_path(one) else one for one in files]}


def _names_a_path(entry: object) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("path"), str)


def _taken(entry: dict[str, Any], folder: Path, take: Take) -> dict[str, Any]:
    given = entry["path"]
    path = _inside(given, folder)
    try:
        taken = take(path, given)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise FileMissing(file=given) from error
    except PermissionError as error:
        raise FileUnreadable(file=given, reason=error.strerror) from error
    others = {name: value for name, value in entry.items() if name != "path"}
    found = {"digest": taken.digest, "media_type": taken.media_type, "bytes": taken.bytes}
    return {"name": path.name, **others, **found}


def _inside(given: str, folder: Path) -> Path:
    """Return where *given* leads, links followed; raises FileOutside."""
    home = folder.resolve()
    try:
        path = (home / given).resolve()
    except (OSError, ValueError, RuntimeError) as error:
        raise FileOutside(path=given) from error
    if not path.is_relative_to(home):
        raise FileOutside(path=given)
    return path
