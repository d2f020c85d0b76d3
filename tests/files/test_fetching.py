# SPDX-License-Identifier: Apache-2.0
"""A file that comes from another node: in pieces, and kept only if it is the one that was named."""

from typing import Any

import pytest

from ortaq.core.digest import digest_of
from ortaq.files import fetching, store
from ortaq.files.errors import DiskLow, FileTooLarge
from ortaq.files.models import FetchedFile, StoredFile

DATA = b"0123456789" * 1000
DIGEST = digest_of(DATA)
NODE = "a" * 26


def test_file_comes_in_pieces(node: Any) -> None:
    assert fetching.begun(DIGEST) == 0
    assert fetching.append(DIGEST, [DATA[:3], DATA[3:5000]], offset=0, size=len(DATA)) == 5000
    assert fetching.begun(DIGEST) == 5000
    fetching.append(DIGEST, [DATA[5000:]], offset=5000, size=len(DATA))
    assert fetching.finish(DIGEST, "x.txt", node=NODE).bytes == len(DATA)
    assert b"".join(store.open_file(DIGEST)) == DATA
    assert FetchedFile.objects.get().node == NODE
    assert fetching.begun(DIGEST) == 0


def test_what_came_before_the_stream_broke_stays(node: Any) -> None:
    def breaking() -> Any:
        yield DATA[:4000]
        raise OSError("the line broke")

    with pytest.raises(OSError, match="broke"):
        fetching.append(DIGEST, breaking(), offset=0, size=len(DATA))
    assert fetching.begun(DIGEST) == 4000


@pytest.mark.parametrize("sent", [DATA[:-1] + b"x", DATA[:-1], DATA + b"more"])
def test_another_file_is_thrown_away(node: Any, sent: bytes) -> None:
    fetching.append(DIGEST, [sent], offset=0, size=len(DATA))
    with pytest.raises(fetching.FetchedAltered):
        fetching.finish(DIGEST, "x.txt", node=NODE)
    assert (fetching.begun(DIGEST), StoredFile.objects.count(), FetchedFile.objects.count()) == (0, 0, 0)


def test_what_is_too_large_is_not_begun(node: Any, settings: Any) -> None:
    settings.MAX_FILE_BYTES = 10
    with pytest.raises(FileTooLarge):
        fetching.check_room("x.txt", 11)
    settings.MAX_FILE_BYTES = 2**62
    with pytest.raises(DiskLow):
        fetching.check_room("x.txt", 2**60)
