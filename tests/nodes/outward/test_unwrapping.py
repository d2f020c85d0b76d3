# SPDX-License-Identifier: Apache-2.0
"""However a body is cut on its way, the same lines come out."""

import gzip
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.nodes.outward.errors import CutShort, Garbled, LineTooLong
from ortaq.nodes.outward.unwrapping import PIECE_BYTES, lines_of, unpacked

LINES = st.lists(st.binary(max_size=200).map(lambda line: line.replace(b"\n", b" ")), max_size=20)


def cut(data: bytes, sizes: list[int]) -> Iterator[bytes]:
    for size in sizes:
        yield data[:size]
        data = data[size:]
    yield data


@given(LINES, st.lists(st.integers(0, 60), max_size=60))
def test_lines_do_not_depend_on_the_cuts(lines: list[bytes], sizes: list[int]) -> None:
    data = b"".join(line + b"\n" for line in lines)
    assert list(lines_of(cut(data, sizes), 200, "url")) == [line for line in lines if line]


@given(LINES, st.lists(st.integers(0, 60), max_size=60), st.integers(1, 20))
def test_unpacked_lines_do_not_depend_on_the_cuts(lines: list[bytes], sizes: list[int], each: int) -> None:
    """Members of some lines each, as where a sender packs batch by batch."""
    batches = [lines[start : start + each] for start in range(0, len(lines), each)]
    data = b"".join(gzip.compress(b"".join(line + b"\n" for line in batch), 1) for batch in batches)
    pieces = unpacked(cut(data, sizes), "url")
    assert list(lines_of(pieces, 200, "url")) == [line for line in lines if line]


def test_nothing_longer_than_a_piece_is_held() -> None:
    pieces = list(unpacked([gzip.compress(b"\0" * 10_000_000)], "url"))
    assert sum(map(len, pieces)) == 10_000_000 and max(map(len, pieces)) == PIECE_BYTES


@pytest.mark.parametrize("size", [PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES])
def test_last_byte_comes_without_waiting_for_more(size: int) -> None:
    """What was flushed is given out at once, also where it fills the pieces exactly."""
    packer, came = zlib.compressobj(wbits=31), 0
    data = packer.compress(b"a" * size) + packer.flush(zlib.Z_SYNC_FLUSH)

    def chunks() -> Iterator[bytes]:
        yield data
        assert came == size
        yield packer.flush(zlib.Z_FINISH)

    for piece in unpacked(chunks(), "url"):
        came += len(piece)
    assert came == size


@pytest.mark.parametrize("size", [10, 11])
def test_line_of_just_the_limit_passes_and_one_byte_more_does_not(size: int) -> None:
    for pieces in ([b"a" * size + b"\n"], [b"a" * size, b"\n"], [b"a"] * size + [b"\n"]):
        if size == 10:
            assert list(lines_of(pieces, 10, "url")) == [b"a" * 10]
        else:
            with pytest.raises(LineTooLong):
                list(lines_of(pieces, 10, "url"))


def test_what_is_not_gzip_and_what_ends_early_is_said() -> None:
    packed = gzip.compress(b"abc\n")
    assert list(unpacked([], "url")) == list(unpacked([b""], "url")) == []
    with pytest.raises(CutShort):
        list(unpacked([packed[:-1]], "url"))
    with pytest.raises(Garbled):
        list(unpacked([packed, b"more"], "url"))
