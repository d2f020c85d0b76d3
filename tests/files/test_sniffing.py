# SPDX-License-Identifier: Apache-2.0
"""A file is what its bytes are."""

import pytest

from ortaq.files.sniffing import HEAD_BYTES, is_shown_inline, media_type_of

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00"
HEADS = [
    (PNG, "image/png", True),
    (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01", "image/jpeg", True),
    (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp", True),
    (b"%PDF-1.7\n1 0 obj", "application/pdf", True),
    ("Бакы шәһәри".encode(), "text/plain", True),
    ("Ş".encode() * HEAD_BYTES, "text/plain", True),
    (b'{"kind": "place"}', "text/plain", True),
    (b"<?xml version='1.0'?><lido/>", "application/xml", False),
    (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "image/svg+xml", False),
    (b'<?xml version="1.0"?>\n<!-- x --><s:svg xmlns:s="http://www.w3.org/2000/svg"/>', "image/svg+xml", False),
    (b"<!DOCTYPE html><title>x</title>", "text/html", False),
    (b"Only text, then <SCRIPT>alert(1)</SCRIPT>", "text/html", False),
    (
        b"PK\x03\x04\x14\x00[Content_Types].xml word/document.xml",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        False,
    ),
    (
        b"PK\x03\x04\x14\x00\x00mimetypeapplication/vnd.oasis.opendocument.textPK",
        "application/vnd.oasis.opendocument.text",
        False,
    ),
    (b"PK\x03\x04\x14\x00\x00\x00photo.jpg", "application/zip", False),
    (b"\x00\x01\x02\x03 nothing known", "application/octet-stream", False),
    (b"MZ\x90\x00\x03\x00\x00\x00", "application/vnd.microsoft.portable-executable", False),
    (b"", "text/plain", True),
]


@pytest.mark.parametrize(("head", "media_type", "is_inline"), HEADS)
def test_media_type_comes_from_the_bytes(head: bytes, media_type: str, is_inline: bool) -> None:
    found = media_type_of(head[:HEAD_BYTES])

    assert found == media_type
    assert is_shown_inline(found) == is_inline
