# SPDX-License-Identifier: Apache-2.0
"""Which format a file has, by what it holds; its name decides only where the content leaves it open."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ortaq.core.audience import PUBLIC
from ortaq.doors.imports import arches, ead, geonames, iiif, jsonl, lido, linked_art, marc, skos, table, unesco
from ortaq.doors.imports.attachments import Take, kept_for_good
from ortaq.doors.imports.encodings import UnknownEncoding
from ortaq.doors.imports.errors import FileEmpty, NeedsMapping, NoSuchFormat, UnknownFormat
from ortaq.doors.imports.item import Item, Mark
from ortaq.doors.imports.mapping import Columns
from ortaq.doors.imports.source import Source


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person asked for, as far as readers need it.

    audience  of records that name none
    mapping   of tables; mappings: of single ones, by path
    take      what is done with a file that a line names
    """

    audience: str = PUBLIC
    mapping: Columns | None = None
    mappings: Mapping[Path, Columns] = field(default_factory=dict)
    take: Take = kept_for_good

    def mapping_of(self, source: Source) -> Columns:
        """Return the mapping of a table; raises NeedsMapping."""
        found = self.mapping_for(source)
        if found is None:
            raise NeedsMapping(file=source.path)
        return found

    def mapping_for(self, source: Source) -> Columns | None:
        """Return the mapping of a file, if there is one."""
        return self.mappings.get(source.path) or self.mapping

    def as_dict(self, source: Source) -> dict[str, Any]:
        """What makes one import of a file another than the next; for the journal."""
        mapping = self.mapping_for(source)
        return {"audience": self.audience, "mapping": mapping.as_json().decode() if mapping else None}


Reader = Callable[[Source, Mark, Wishes], Iterator[Item]]

READERS: dict[str, Reader] = {
    "jsonl": lambda source, after, wishes: jsonl.read(source, after, wishes.audience, wishes.take),
    "csv": lambda source, after, wishes: table.read(source, after, wishes.mapping_of(source), wishes.audience),
    "lido": lambda source, after, wishes: lido.read(source, after, wishes.audience),
    "unesco": lambda source, after, wishes: unesco.read(source, after, wishes.audience),
    "linked-art": lambda source, after, wishes: linked_art.read(source, after, wishes.audience),
    "ead": lambda source, after, wishes: ead.read(source, after, wishes.audience),
    "iiif": lambda source, after, wishes: iiif.read(source, after, wishes.audience),
    "arches": lambda source, after, wishes: arches.read(source, after, wishes.mapping_for(source), wishes.audience),
    "marc": lambda source, after, wishes: marc.read(source, after, wishes.audience),
    "skos": lambda source, after, wishes: skos.read(source, after, wishes.audience),
    "geonames": lambda source, after, wishes: geonames.read(source, after, wishes.audience),
}

# By content: what the first element of an XML file is called.
_ROOTS = {b"lidoWrap": "lido", b"lido": "lido", b"query": "unesco", b"ead": "ead"}
_ROOT = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)[\s/>]")
_NOT_ROOT = re.compile(rb"<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL)
_TOWNS = re.compile(rb'\s*\{\s*"\d+"\s*:\s*\{[^{}]*"geonameid"')
_MARKS = {
    b'"https://linked.art/ns/v1/linked-art.json"': "linked-art",
    b"http://iiif.io/api/presentation/": "iiif",
    b'"business_data"': "arches",
    b"http://www.w3.org/2004/02/skos/core#": "skos",
}
# The leader of a record in ISO 2709: its length, its sort, where its data begins.
_MARC = re.compile(rb"\d{5}[a-z][a-z][a-z][ a-z][ a]22\d{5}.{3}45")
_TURTLE = re.compile(rb"\s*(?:#[^\n]*\n\s*)*@?(?:prefix|base|PREFIX|BASE)\s[^\n]*<")
_BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_NOT_IN_TEXT = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def format_of(source: Source, wished: str = "auto") -> str:
    """Return the name of the reader for *source*; raises UnknownFormat or NoSuchFormat."""
    if wished != "auto":
        if wished not in READERS:
            raise NoSuchFormat(format=wished, known=", ".join(READERS))
        return wished
    head = source.head.removeprefix(_BOM).lstrip()
    if _MARC.match(head):
        return "marc"
    if _TURTLE.match(head) and b"http://www.w3.org/2004/02/skos/core#" in head:
        return "skos"
    wide = source.head[2:4].replace(b"\0", b"") if source.head.startswith(_UTF_16) else b""
    if head.startswith(b"<") or wide == b"<":
        return _xml_format(source)
    if wide == b"{":
        raise _unknown(source, "JSON in UTF-16; save it as UTF-8")
    if head.startswith((b"{", b"[")) and (found := _json_format(head)):
        return found
    if head.startswith(b"["):
        raise _unknown(source, "a JSON list; write one record a line, without [ and commas")
    return _text_format(source)


def _json_format(head: bytes) -> str:
    """Return the format of JSON by what only it has; the line format for any other object."""
    for mark, name in _MARKS.items():
        if mark in head:
            return name
    if head.startswith(b"["):
        return ""
    return "geonames" if _TOWNS.match(head) else "jsonl"


def _xml_format(source: Source) -> str:
    root = _ROOT.search(_NOT_ROOT.sub(b"", source.head.replace(b"\0", b"")))
    name = root[1] if root else b""
    if name == b"RDF" and b"http://www.w3.org/2004/02/skos/core#" in source.head:
        return "skos"
    if name in (b"collection", b"record") and b"http://www.loc.gov/MARC21/slim" in source.head:
        return "marc"
    if name in _ROOTS:
        return _ROOTS[name]
    raise _unknown(source, f"XML whose first element is '{name.decode('ascii', 'replace')}'")


def _text_format(source: Source) -> str:
    name = source.path.name.removesuffix(".gz")
    if name.endswith((".jsonl", ".ndjson")):
        return "jsonl"
    try:
        layout = table.layout_of(source)
    except (UnknownEncoding, FileEmpty) as error:
        raise _unknown(source, "it is no text of a known encoding") from error
    if _NOT_IN_TEXT.search(source.head.decode(layout.encoding, "ignore")):
        raise _unknown(source, "it is no text")
    if len(layout.header) > 1:
        return "csv"
    raise _unknown(source, "text without columns")


def _unknown(source: Source, found: str) -> UnknownFormat:
    return UnknownFormat(file=source.path, known=", ".join(READERS), found=found)
