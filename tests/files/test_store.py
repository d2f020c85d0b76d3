# SPDX-License-Identifier: Apache-2.0
"""Files are kept once by the digest of their bytes, and found out when they are not what they were."""

import hashlib
import io
from pathlib import Path

import pytest
from django.conf import settings

from ortaq.core import digest as digests
from ortaq.files.errors import FileAbsent, FileTooLarge
from ortaq.files.fixity import verify_files
from ortaq.files.models import StoredFile
from ortaq.files.store import adopt, keep, open_file, path_of

pytestmark = pytest.mark.django_db


def test_keep_names_bytes_by_their_digest_and_keeps_them_once(home: Path) -> None:
    first, second = keep(io.BytesIO(b"Salam, d\xc3\xbcnya"), "a.txt"), keep(io.BytesIO(b"Salam, d\xc3\xbcnya"), "b.bin")

    sha256 = hashlib.sha256(b"Salam, d\xc3\xbcnya").digest()
    assert first.digest == second.digest == digests.multibase(sha256)
    assert (first.bytes, first.media_type) == (13, "text/plain")
    assert path_of(first.digest) == home / "files" / sha256.hex()[:2] / sha256.hex()[2:]
    assert StoredFile.objects.count() == 1
    assert [path for path in (home / "files").rglob("*") if path.is_file()] == [path_of(first.digest)]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [(0, None, b"0123456789"), (3, None, b"3456789"), (2, 4, b"234"), (9, 99, b"9"), (10, 20, b"")],
)
def test_open_file_gives_ranges_as_http_counts_them(first: int, last: int | None, expected: bytes) -> None:
    row = keep(io.BytesIO(b"0123456789"), "digits")

    assert b"".join(open_file(row.digest, first, last)) == expected


@pytest.mark.parametrize("digest", ["uEi" + "A" * 44, "../../etc/passwd", "", "uEiAA"])
def test_file_that_is_not_here_is_absent(digest: str) -> None:
    with pytest.raises(FileAbsent):
        open_file(digest)


def test_too_large_file_leaves_nothing_behind(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MAX_FILE_BYTES", 10)

    with pytest.raises(FileTooLarge):
        keep(io.BytesIO(b"0123456789A"), "big.bin")

    assert [path for path in (home / "files").rglob("*") if path.is_file()] == []
    assert StoredFile.objects.count() == 0


def test_verify_finds_altered_and_missing_bytes() -> None:
    kept = [keep(io.BytesIO(text), "x") for text in (b"one", b"two", b"three")]
    assert list(verify_files()) == []

    path_of(kept[0].digest).write_bytes(b"eno")
    path_of(kept[1].digest).unlink()

    assert {(fault.code, fault.where) for fault in verify_files()} == {
        ("files.altered", kept[0].digest),
        ("files.missing", kept[1].digest),
    }


def test_keeping_altered_bytes_again_mends_them() -> None:
    row = keep(io.BytesIO(b"one"), "x")
    path_of(row.digest).write_bytes(b"eno")

    keep(io.BytesIO(b"one"), "x")

    assert list(verify_files()) == []


def test_adopting_says_that_it_is_alive_while_it_reads(home: Path) -> None:
    part, alive = home / "part", list[int]()
    home.mkdir()
    part.write_bytes(bytes(3 * 1024 * 1024 + 1))

    adopt(part, "film.mkv", alive=lambda: alive.append(1))

    assert len(alive) == 4
