# SPDX-License-Identifier: Apache-2.0
"""`ortaq export`: records out, to a file or to standard output."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO

from django.conf import settings

from ortaq.core.audience import PUBLIC, STRANGER, Viewer
from ortaq.doors.exports.bags import write_bag
from ortaq.doors.exports.choice import records, records_found
from ortaq.doors.exports.errors import ExportUnwritable, NoReport, NoSuchExport, TargetMissing
from ortaq.doors.exports.formats import BY_NAME, JSON_FORMATS, document, json_lines
from ortaq.doors.exports.jsonl import lines
from ortaq.doors.exports.ocfl import write_storage_root
from ortaq.doors.exports.report import Report
from ortaq.doors.exports.table import table
from ortaq.nodes.identity import identity
from ortaq.records.models import Record
from ortaq.records.registry import KINDS
from ortaq.site.follower import catch_up_if_free

REPORTED = (*JSON_FORMATS, *(one.name for one in BY_NAME.values() if one.lost))
OCFL, BAGIT = FOLDERS = ("ocfl", "bagit")
FORMATS = ("jsonl", "csv", *JSON_FORMATS, *BY_NAME, *FOLDERS)


def export_records(
    *,
    format: str,  # noqa: A002  the option's name
    query: str,
    kind: str | None,
    audience: str,
    output: Path | None,
    report: Path | None = None,
) -> int:
    """Write what the viewer may see; audience: "public" for what everyone sees, else what the node's people see. Return the exit code."""
    if format not in FORMATS:
        raise NoSuchExport(format=format, known=", ".join(FORMATS))
    if report and format not in REPORTED:
        raise NoReport(format=format, known=", ".join(REPORTED))
    viewer = STRANGER if audience == PUBLIC else Viewer(actor=identity().uri)
    if query:
        catch_up_if_free()

    def chosen() -> Iterator[Record]:
        return records_found(query, viewer, kind) if query else records(viewer, kind)

    if format in FOLDERS:
        return _write_folder(format, chosen(), viewer, output)
    if report is None:
        _write(_pieces(format, chosen, viewer, kind), output)
        return 0
    with Report(report, format).writing() as said:
        _write(_pieces(format, chosen, viewer, kind, said), output)
    return 0


def _write_folder(format_name: str, chosen: Iterator[Record], viewer: Viewer, target: Path | None) -> int:
    """Return 1 if something that should be right is not, and did not come along."""
    if target is None:
        raise TargetMissing(format=format_name)
    if format_name == OCFL:
        count, left = write_storage_root(chosen, viewer, target)
    else:
        count, left = write_bag(chosen, viewer, target, info=_bag_info())
    print(f"{target}: {count} records", file=sys.stderr)
    if left.away:
        print(f"{left.away} files of other nodes are not here, and did not come along", file=sys.stderr)
    for line in (*left.damaged, *(f"{one} does not fit its signature and did not come along" for one in left.altered)):
        print(line, file=sys.stderr)
    return 0 if left.is_whole else 1


def _bag_info() -> dict[str, str]:
    me = identity()
    return {
        "Source-Organization": me.name,
        "External-Identifier": me.uri,
        "External-Description": "Records of an Ortaq node with their files",
        **({"Contact-Email": settings.CONTACT} if settings.CONTACT else {}),
    }


def _pieces(
    format_name: str,
    chosen: Callable[[], Iterator[Record]],
    viewer: Viewer,
    kind: str | None,
    report: Report | None = None,
) -> Iterator[bytes]:
    if format_name == "jsonl":
        return lines(chosen(), viewer)
    if one := JSON_FORMATS.get(format_name):
        return json_lines(one, chosen(), viewer, settings.ADDRESS, report)
    if form := BY_NAME.get(format_name):
        return document(form, chosen(), viewer, settings.ADDRESS, report)
    return table(KINDS[kind] if kind else None, chosen, viewer)


def _write(pieces: Iterable[bytes], output: Path | None) -> None:
    """To a file as a whole or not at all; to standard output as it comes, until nobody reads on."""
    if output is None:
        try:
            for piece in pieces:
                sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return
    partial = output.with_name(output.name + ".partial")
    try:
        with _opened(partial, output) as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(output)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def _opened(partial: Path, output: Path) -> IO[bytes]:
    try:
        return partial.open("wb")
    except OSError as error:
        raise ExportUnwritable(file=output, reason=error.strerror or str(error)) from error
