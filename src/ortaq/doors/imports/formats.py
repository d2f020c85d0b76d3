# SPDX-License-Identifier: Apache-2.0
"""Which format a file has, by what it holds; its name decides only where the content leaves it open."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ortaq.core.audience import PUBLIC
from ortaq.doors.imports import geonames, jsonl, lido, unesco
from ortaq.doors.imports.errors import NoSuchFormat, UnknownFormat
from ortaq.doors.imports.item import Item, Mark
from ortaq.doors.imports.source import Source


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person asked for, as far as readers need it; audience: of records that name none."""

    audience: str = PUBLIC

    def as_dict(self) -> dict[str, Any]:
        """What makes one import of a file another than the next; for the journal."""
        return {"audience": self.audience}


Reader = Callable[[Source, Mark, Wishes], Iterator[Item]]

READERS: dict[str, Reader] = {
    "jsonl": lambda source, after, wishes: jsonl.read(source, after, wishes.audience),
    "lido": lambda source, after, wishes: lido.read(source, after, wishes.audience),
    "unesco": lambda source, after, wishes: unesco.read(source, after, wishes.audience),
    "geonames": lambda source, after, wishes: geonames.read(source, after, wishes.audience),
}

# By content: what the first element of an XML file is called.
_ROOTS = {b"lidoWrap": "lido", b"lido": "lido", b"query": "unesco"}
_ROOT = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)[\s/>]")
_NOT_ROOT = re.compile(rb"<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL)
_TOWNS = re.compile(rb'\s*\{\s*"\d+"\s*:\s*\{[^{}]*"geonameid"')
_BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_NOT_IN_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def format_of(source: Source, wished: str = "auto") -> str:
    """Return the name of the reader for *source*; raises UnknownFormat or NoSuchFormat."""
    if wished != "auto":
        if wished not in READERS:
            raise NoSuchFormat(format=wished, known=", ".join(READERS))
        return wished
    head = source.head.removeprefix(_BOM).lstrip()
    if head.startswith(b"<") or source.head.startswith(tuple(mark + b"<\0" if mark == _UTF_16[0] else mark + b"\0<" for mark in _UTF_16)):
        return _xml_format(source)
    if head.startswith(b"{"):
        return "geonames" if _TOWNS.match(head) else "jsonl"
    if head.startswith(b"["):
        raise _unknown(source, "a JSON list; write one record a line, without [ and commas")
    return _text_format(source)


def _xml_format(source: Source) -> str:
    root = _ROOT.search(_NOT_ROOT.sub(b"", source.head.replace(b"\0", b"")))
    name = root[1] if root else b""
    if name in _ROOTS:
        return _ROOTS[name]
    raise _unknown(source, f"XML whose first element is '{name.decode('ascii', 'replace')}'")


def _text_format(source: Source) -> str:
    name = source.path.name.removesuffix(".gz")
    if name.endswith((".jsonl", ".ndjson")):
        return "jsonl"
    if _NOT_IN_TEXT.search(source.head) and not source.head.startswith(_UTF_16):
        raise _unknown(source, "it is no text")
    if "csv" in READERS:
        return "csv"
    raise _unknown(source, "plain text")


def _unknown(source: Source, found: str) -> UnknownFormat:
    return UnknownFormat(file=source.path, known=", ".join(READERS), found=found)
