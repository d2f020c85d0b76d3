# SPDX-License-Identifier: Apache-2.0
"""Records of an XML file, one after the other, in flat memory. Nothing outside the file is ever reached; a DOCTYPE is refused."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from ortaq.doors.imports.errors import NotWellFormed, RecordTooLong, XmlForbidden
from ortaq.doors.imports.source import Source

LIMIT = 64 * 1024 * 1024
_PIECE = 64 * 1024
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Found:
    """A record; end: how many bytes of the file had been read by then."""

    element: etree._Element
    line: int
    end: int


def records(source: Source, tag: str) -> Iterator[Found]:
    """Yield the elements *tag* ("{*}lido"); each is emptied when the next is asked for.

    raises NotWellFormed, XmlForbidden or RecordTooLong, after all records before the fault
    """
    if b"<!DOCTYPE" in _COMMENT.sub(b"", source.head.replace(b"\0", b"")):
        raise XmlForbidden(what="a DOCTYPE")
    parser = etree.XMLPullParser(
        events=("end",), tag=tag, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    with source.opened() as file:
        unfinished = 0
        while piece := file.stream.read(_PIECE):
            fault = _feed(parser, piece)
            unfinished += len(piece)
            for _, element in parser.read_events():
                unfinished = 0
                yield Found(_checked(element), element.sourceline or 0, file.raw.tell())
                _forget(element)
            if fault:
                raise fault
            if unfinished > LIMIT:
                raise RecordTooLong(limit=LIMIT)
        _close(parser)


def _feed(parser: etree.XMLPullParser, piece: bytes) -> NotWellFormed | None:
    try:
        parser.feed(piece)
    except etree.XMLSyntaxError as error:
        return NotWellFormed(reason=_reason(error))
    return None


def _close(parser: etree.XMLPullParser) -> None:
    try:
        parser.close()
    except etree.XMLSyntaxError as error:
        raise NotWellFormed(reason=_reason(error)) from error


def _reason(error: etree.XMLSyntaxError) -> str:
    return str(error.msg or "it ends too early")[:200]


def _checked(element: etree._Element) -> etree._Element:
    if element.getroottree().docinfo.doctype:
        raise XmlForbidden(what="a DOCTYPE")
    return element


def _forget(element: etree._Element) -> None:
    """Free the record and what stood before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
