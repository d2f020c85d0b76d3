# SPDX-License-Identifier: Apache-2.0
"""BagIt (RFC 8493): records and their files in one bag that says of every byte whether it is right.

`data/records.jsonl` has the records in the line format, with their files by path: `ortaq import` takes it in again as it is.
`data/changes.jsonl` has the signed change of each, for who wants to prove who said it. `data/files/RECORD/` has the files.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final

import bagit
import orjson

from ortaq.core.audience import Viewer
from ortaq.core.identifiers import source_id_of_uri
from ortaq.doors.exports.folders import copy_kept, whole_folder
from ortaq.doors.exports.jsonl import lines
from ortaq.doors.exports.packing import Attached, Left, attached_of
from ortaq.files.errors import FileAbsent, FileDamaged
from ortaq.records.bulk import in_chunks
from ortaq.records.models import Record
from ortaq.records.sharing import line_of

ALGORITHMS: Final = ("sha512",)
_FILES = "files"


def write_bag(records: Iterable[Record], viewer: Viewer, target: Path, *, info: Mapping[str, str]) -> tuple[int, Left]:
    """Write *records*, as *viewer* may see them, into a new bag at *target*; return how many there are, and what was left out.

    info    elements of bag-info.txt
    raises  TargetTaken, ExportUnwritable, ExportDiskFull; *target* is then not there
    """
    count, left = 0, Left()
    with whole_folder(target) as folder:
        with (folder / "records.jsonl").open("wb") as told, (folder / "changes.jsonl").open("wb") as signed:
            for chunk in in_chunks(records):
                _write(chunk, viewer, folder, left, told, signed)
                count += len(chunk)
        bagit.make_bag(str(folder), bag_info={**info}, checksums=list(ALGORITHMS))
    return count, left


def _write(chunk: list[Record], viewer: Viewer, folder: Path, left: Left, told: IO[bytes], signed: IO[bytes]) -> None:
    attached = attached_of(chunk, viewer)
    for record, line in zip(chunk, lines(chunk, viewer), strict=True):
        paths = dict(_brought(record, attached.get(record.uri, ()), folder, left))
        told.write(_with_paths(line, paths) if paths else line)
        signed.write(line_of(record.change))


def _brought(record: Record, attached: Iterable[Attached], folder: Path, left: Left) -> Iterator[tuple[str, str]]:
    """Copy the files of a record; yield the digest and the path of each that came along."""
    for one in attached:
        path = f"{_FILES}/{folder_of(record.uri)}/{one.path}"
        try:
            copy_kept(one.digest, folder / path)
        except FileDamaged as error:
            left.damaged.append(f"{record.uri}: {error}")
        except FileAbsent:
            left.away += 1
        else:
            yield one.digest, path


def folder_of(uri: str) -> str:
    """Return the folder of a record's files: NODE-RECORD, letters and digits that every disk takes."""
    return source_id_of_uri(uri).replace(":", "-")


def _with_paths(line: bytes, paths: Mapping[str, str]) -> bytes:
    """Name the files that came along by their path: who takes the record in again takes them too."""
    told = orjson.loads(line)
    told["files"] = [_with_path(file, paths) for file in told.get("files", ())]
    return orjson.dumps(told) + b"\n"


def _with_path(file: dict[str, Any], paths: Mapping[str, str]) -> dict[str, Any]:
    path = paths.get(str(file.get("digest")))
    return {**file, "path": path} if path else file
