# SPDX-License-Identifier: Apache-2.0
"""The body of an answer, piece by piece: unpacked without ever holding more than a piece, cut into lines of bounded length."""

import zlib
from collections.abc import Iterable, Iterator
from typing import Final

from ortaq.nodes.outward.errors import CutShort, Garbled, LineTooLong

PIECE_BYTES: Final = 65536  # at most so much comes out of the unpacker at once, whatever goes in
_GZIP: Final = 16 + zlib.MAX_WBITS


def unpacked(chunks: Iterable[bytes], url: str) -> Iterator[bytes]:
    """Yield what the gzip stream of *chunks* holds, as early as it can be known; raises Garbled, CutShort."""
    member, has_begun = zlib.decompressobj(_GZIP), False
    for chunk in chunks:
        rest, piece = chunk, b""
        while rest or len(piece) == PIECE_BYTES:
            if member.eof:  # RFC 1952: one member may follow the other
                if not rest:
                    break
                member = zlib.decompressobj(_GZIP)
            piece = _piece(member, rest, url)
            if piece:
                yield piece
            rest, has_begun = member.unused_data if member.eof else member.unconsumed_tail, True
    if has_begun and not member.eof:
        raise CutShort(url=url)


def _piece(member: "zlib._Decompress", data: bytes, url: str) -> bytes:
    try:
        return member.decompress(data, PIECE_BYTES)
    except zlib.error as error:
        raise Garbled(url=url, reason="it is not gzip") from error


def lines_of(pieces: Iterable[bytes], limit: int, url: str) -> Iterator[bytes]:
    """Yield each line without its end; empty ones, by which a sender shows that it is there, are left out.

    raises LineTooLong as soon as a line has more than *limit* bytes, CutShort if the last one has no end
    """
    rest = bytearray()
    for piece in pieces:
        *whole, last = piece.split(b"\n")
        if whole:
            whole[0] = bytes(rest) + whole[0]
            rest.clear()
        for line in whole:
            if len(line) > limit:
                raise LineTooLong(url=url, limit=limit)
            if line:
                yield line
        rest += last
        if len(rest) > limit:
            raise LineTooLong(url=url, limit=limit)
    if rest:
        raise CutShort(url=url)
