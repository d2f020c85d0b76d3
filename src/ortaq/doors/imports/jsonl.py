# SPDX-License-Identifier: Apache-2.0
"""The line format: one JSON object a line, each a record. One bad line never stops the rest."""

import json
from collections.abc import Iterator
from typing import IO, Any

import orjson

from ortaq.core.audience import PUBLIC
from ortaq.core.errors import OrtaqError
from ortaq.doors.imports.attachments import Take, kept_for_good, with_files_kept
from ortaq.doors.imports.errors import DuplicateKey, LineTooLong, NotAName, NotAnObject, NotJson, NotUtf8
from ortaq.doors.imports.item import Item, Mark
from ortaq.doors.imports.source import Source
from ortaq.records.door import Draft

# A body has 4 MiB at most (records/door.py); with every letter as \uXXXX its line is three times as long.
LIMIT = 16 * 1024 * 1024
_PIECE = 1024 * 1024
_BOM = b"\xef\xbb\xbf"
_TYPES = {list: "list", str: "text", int: "number", float: "number", bool: "truth value", type(None): "null"}


def read(source: Source, after: Mark, audience: str = PUBLIC, take: Take = kept_for_good) -> Iterator[Item]:
    """Yield the records after the mark; audience: for those that name none; take: what is done with files that lines name."""
    with source.opened() as file:
        file.stream.seek(after.end)
        number, line, end = after.number, after.line, after.end
        while data := file.stream.readline(LIMIT):
            line += 1
            end += len(data)
            excess = _rest_of_line(file.stream) if len(data) == LIMIT and data[-1:] != b"\n" else 0
            end += excess
            if excess:
                number += 1
                yield Item(number, line, end, None, LineTooLong(bytes=len(data) + excess, limit=LIMIT))
                continue
            if line == 1:
                data = data.removeprefix(_BOM)
            if data.isspace() or not data:
                continue
            number += 1
            try:
                draft = draft_of(data, audience)
                if draft.body:
                    draft.body = with_files_kept(draft.body, source.path.parent, take)
                yield Item(number, line, end, draft)
            except OrtaqError as error:
                yield Item(number, line, end, None, error)


def _rest_of_line(stream: IO[bytes]) -> int:
    """Skip to the next line; return the number of bytes skipped."""
    count = 0
    while piece := stream.readline(_PIECE):
        count += len(piece)
        if piece[-1:] == b"\n":
            break
    return count


def draft_of(data: bytes, audience: str = PUBLIC) -> Draft:
    """Return the draft that one line stands for; raises NotJson, NotUtf8, NotAnObject, DuplicateKey or NotAName."""
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise _refusal(data, error) from error
    if type(value) is not dict:
        raise NotAnObject(found=_TYPES.get(type(value), "value"))
    # orjson keeps the last of two equal keys; a line that has quotes which its value has not may hold such a pair.
    try:
        quotes = orjson.dumps(value).count(b'"')
    except orjson.JSONEncodeError as error:
        raise NotJson(reason="it is nested too deeply") from error
    if data.count(b'"') != quotes or b"\\u0022" in data:
        _check_keys(data)
    kind, wanted = value.pop("kind", None), value.pop("audience", audience)
    if type(kind) is not str:
        raise NotAName(field="kind", example="place", found="missing" if kind is None else repr(kind)[:60])
    if type(wanted) is not str:
        raise NotAName(field="audience", example="public", found=repr(wanted)[:60])
    return Draft(kind, value, wanted)


def _refusal(data: bytes, error: orjson.JSONDecodeError) -> OrtaqError:
    try:
        text = data.decode("utf-8").rstrip()
    except UnicodeDecodeError as wrong:
        return NotUtf8(reason=f"byte {wrong.start + 1} of the line is 0x{data[wrong.start]:02X}")
    reason = error.msg.partition(": line ")[0]
    where = f"at character {error.pos + 1} of" if error.pos < len(text) else "at the end of its"
    return NotJson(reason=f"{reason}, {where} {len(text)} characters")


def _check_keys(data: bytes) -> None:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise DuplicateKey(key=key[:80])
            found[key] = value
        return found

    try:
        json.loads(data, object_pairs_hook=unique)
    except (ValueError, RecursionError) as error:
        raise NotJson(reason=str(error)[:200]) from error
