# SPDX-License-Identifier: Apache-2.0
"""JSON documents of a file: one, a list of them, or one a line. Bounded in bytes and in depth; nothing that they name is ever fetched."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from ortaq.core.errors import OrtaqError
from ortaq.doors.imports.errors import NotAnObject, NotJson, NotUtf8, RecordTooLong, TooDeep
from ortaq.doors.imports.source import Source

LIMIT = 64 * 1024 * 1024
DEEPEST = 64
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Document:
    """One document, or why it cannot be read; line: on which it begins, 1 for all of a list."""

    line: int
    end: int
    value: dict[str, Any]
    error: OrtaqError | None = None


def documents(source: Source) -> Iterator[Document]:
    """Yield the documents of *source*; raises NotJson, NotUtf8, RecordTooLong or TooDeep where the whole file cannot be read."""
    if _has_lines(source.head):
        yield from _of_lines(source)
        return
    with source.opened() as file:
        data = file.stream.read(LIMIT + 1)
        end = file.raw.tell()
    if len(data) > LIMIT:
        raise RecordTooLong(limit=LIMIT)
    value = parsed(data)
    for one in value if isinstance(value, list) else [value]:
        yield _document(1, end, one)


def _has_lines(head: bytes) -> bool:
    """Tell whether the first line is a document of its own, and there is a second one."""
    first, newline, rest = head.removeprefix(_BOM).lstrip().partition(b"\n")
    if not newline or not rest.strip().startswith(b"{"):
        return False
    try:
        return isinstance(orjson.loads(first), dict)
    except orjson.JSONDecodeError:
        return False


def _of_lines(source: Source) -> Iterator[Document]:
    with source.opened() as file:
        line = end = 0
        while data := file.stream.readline(LIMIT + 1):
            line, end = line + 1, end + len(data)
            if len(data) > LIMIT:
                raise RecordTooLong(limit=LIMIT)
            if not data.strip():
                continue
            try:
                yield _document(line, end, parsed(data))
            except OrtaqError as error:
                yield Document(line, end, {}, error)


def _document(line: int, end: int, value: Any) -> Document:
    if isinstance(value, dict):
        return Document(line, end, value)
    return Document(line, end, {}, NotAnObject(found=type(value).__name__))


def parsed(data: bytes) -> Any:
    """Return the JSON value in *data*; raises NotUtf8, NotJson or TooDeep."""
    try:
        value = orjson.loads(data.removeprefix(_BOM))
    except orjson.JSONDecodeError as error:
        raise _refusal(data, error) from error
    _check_depth(value)
    return value


def _refusal(data: bytes, error: orjson.JSONDecodeError) -> OrtaqError:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as wrong:
        return NotUtf8(reason=f"byte {wrong.start + 1} is 0x{data[wrong.start]:02X}")
    return NotJson(reason=error.msg)


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(DEEPEST):
        level = [
            one
            for node in level
            if isinstance(node, dict | list)
            for one in (node.values() if isinstance(node, dict) else node)
            if isinstance(one, dict | list)
        ]
        if not level:
            return
    raise TooDeep(limit=DEEPEST)
