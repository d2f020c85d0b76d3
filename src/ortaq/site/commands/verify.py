# SPDX-License-Identifier: Apache-2.0
"""`ortaq verify`: everything that can be off, listed."""

import sys
from collections.abc import Callable, Iterable, Iterator

import orjson

from ortaq.files.actions import stray_parts
from ortaq.files.fixity import verify_files
from ortaq.nodes.identity import own_id
from ortaq.records.models import Attachment, Change, Record
from ortaq.records.verification import Finding, verify_log, verify_projection
from ortaq.search.check import verify_index
from ortaq.site.fixing import names_of_records
from ortaq.site.follower import catch_up_if_free


def verify(*, as_json: bool) -> int:
    """Print what is off, one a line, on standard output; return the exit code."""
    catch_up_if_free()
    count = 0
    for finding in all_findings(_say):
        count += 1
        print(_as_json(finding) if as_json else finding)
    _say(
        f"{Change.objects.count()} changes and {Record.objects.count()} records checked: {'clean' if not count else f'{count} off'}"
    )
    return 1 if count else 0


def all_findings(say: Callable[[str], None] = lambda _: None) -> Iterator[Finding]:
    """Yield what is off in the log, the derived rows, the files and the index; say: told what is being checked."""
    parts: tuple[tuple[str, Callable[[], Iterable[Finding]]], ...] = (
        ("log: chain, signatures, digests", verify_log),
        ("records against the log", verify_projection),
        ("files", _files),
        ("index against records", verify_index),
    )
    for name, check in parts:
        say(f"checking {name} …")
        yield from check()


def _as_json(finding: Finding) -> str:
    return orjson.dumps({"code": finding.code, "where": finding.where, "what": finding.what}).decode()


def _files() -> Iterator[Finding]:
    from ortaq.files.models import StoredFile  # late: app ready

    for fault in verify_files():
        named = names_of_records(fault.where)
        by = f"; named by {', '.join(named)}" if named else ""
        yield Finding(fault.code, fault.where, fault.what + by)
    for path in stray_parts():
        yield Finding("uploads.stray", str(path), "no upload knows it; the next sweep of 'serve' removes it")
    kept = set(StoredFile.objects.values_list("digest", flat=True))
    own = Attachment.objects.filter(record__node=own_id())  # of other nodes files come when they are asked for
    for digest, name, uri in own.values_list("digest", "name", "record__uri").iterator():
        if digest not in kept:
            yield Finding("files.missing", uri, f"its file {name} ({digest}) is not at this node")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
