# SPDX-License-Identifier: Apache-2.0
"""A record as a package takes it along: its versions with their signed headers and bodies, and their files under safe names."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from ortaq.core.audience import Viewer
from ortaq.files.naming import ending_of, safe_name
from ortaq.language.case import fold_case
from ortaq.records.attaching import attached_among, files_of
from ortaq.records.models import Record
from ortaq.records.queries import Version, body_of, history_of
from ortaq.records.registry import KINDS

WITHHELD: Final = "withheld"  # of this version the reader may see nothing
MISSING: Final = "missing"  # the log here has lost it, or never had it
ALTERED: Final = "altered"  # its signature or its digest does not hold


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of a version. path: safe, its own among those of the version."""

    path: str
    digest: str
    name: str


@dataclass(frozen=True, slots=True)
class Packed:
    """One version. state: why it has neither header nor body; empty: it has. body None: withdrawn or erased."""

    number: int
    at: str
    by: str = ""
    message: str = ""
    state: str = ""
    change: Mapping[str, Any] | None = None
    body: bytes | None = None
    files: Sequence[Attached] = ()


@dataclass(slots=True)
class Left:
    """What an export could not take along, as lines to say."""

    damaged: list[str] = field(default_factory=list)
    away: int = 0
    altered: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not self.damaged and not self.altered


def packed(record: Record, viewer: Viewer) -> list[Packed]:
    """Return the versions of *record*, the oldest first and without gaps, as *viewer* may see them."""
    found = {one.change.version: one for one in history_of(record, viewer)}
    bodies = [one.body for one in found.values() if one.body]
    named = {str(file["digest"]) for body in bodies for file in files_of(KINDS[record.kind], body)}
    seen = attached_among(named, viewer) if named else set()
    versions: list[Packed] = []
    for number in range(1, record.version + 1):
        before = versions[-1].at if versions else record.change.at
        version = found.get(number)
        versions.append(_packed(version, record, seen) if version else Packed(number, before, state=MISSING))
    return versions


def attached_of(records: Sequence[Record], viewer: Viewer) -> dict[str, list[Attached]]:
    """Return by URI the files of the newest versions of *records*, which have those, as far as *viewer* may read them."""
    files = {record.uri: files_of(KINDS[record.kind], body_of(record)) for record in records}
    seen = attached_among({str(one["digest"]) for found in files.values() for one in found}, viewer)
    return {
        uri: list(_under_safe_names(one for one in found if str(one["digest"]) in seen)) for uri, found in files.items()
    }


def _packed(version: Version, record: Record, seen: set[str]) -> Packed:
    change = version.change
    if version.is_withheld:
        return Packed(change.version, change.at, state=WITHHELD)
    if version.findings:
        return Packed(change.version, change.at, change.by, state=ALTERED)
    body = version.body
    files = [one for one in files_of(KINDS[record.kind], body) if str(one["digest"]) in seen]
    return Packed(
        change.version,
        change.at,
        change.by,
        _message(change.version, change.digest, body),
        change=change.wire(),
        body=change.body.encode("utf-8") if body is not None and change.body else None,
        files=tuple(_under_safe_names(files)),
    )


def _message(number: int, digest: str | None, body: Mapping[str, Any] | None) -> str:
    """What was changed and why, as its writer says; else what was done."""
    if note := (body or {}).get("change_note"):
        return str(note)
    if body is None:
        return "erased" if digest else "withdrawn"
    return "made" if number == 1 else "revised"


def _under_safe_names(files: Iterable[Mapping[str, Any]]) -> Iterator[Attached]:
    """Names of others may be anything, and two that differ to us may be one to the disk that they come to lie on."""
    taken: set[str] = set()
    for file in files:
        name = safe_name(str(file["name"]))
        path, number = name, 1
        while fold_case(path) in taken:
            number += 1
            ending = ending_of(name)
            path = f"{name[: len(name) - len(ending)]}-{number}{ending}"
        taken.add(fold_case(path))
        yield Attached(path, str(file["digest"]), str(file["name"]))


def as_json(value: Any) -> bytes:
    """Return *value* as a file that people can read too."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n"
