# SPDX-License-Identifier: Apache-2.0
"""What a file is, by its bytes; never by its name or by what its sender says."""

import mimetypes
import re

import puremagic

HEAD_BYTES = 8192

UNKNOWN = "application/octet-stream"
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+\Z")
_NOT_IN_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_SVG = re.compile(rb"<(?:[\w-]+:)?svg[\s>]", re.I)
# Anything at all that a browser might take for a page: it is then only ever downloaded.
_HTML = re.compile(
    rb"<(?:!doctype html|html|head|body|script|iframe|title|style|meta|link|a|img|table|div|p|br|h[1-6])[\s/>]", re.I
)
_ODF = re.compile(rb"mimetype(application/(?:vnd\.oasis\.opendocument\.[a-z-]+|epub\+zip))")
_OFFICE = {
    b"word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_SURE = 0.3  # below this puremagic has seen two bytes or an extension's habit

_BIG_TIFF = (b"II+\0", b"MM\0+")  # offsets of eight bytes: what scanners write beyond 4 GB

_BRANDS = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heic",
}

# What may run as a program in a browser that takes it for a page.
_ACTIVE = {
    "image/svg+xml", "text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/javascript",
}  # fmt: skip

# What a browser shows without running anything of it.
_INLINE = {
    "image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp",
    "audio/mpeg", "audio/ogg", "audio/wav", "audio/x-wav", "audio/flac", "audio/mp4",
    "video/mp4", "video/webm", "video/ogg", "application/pdf", "text/plain",
}  # fmt: skip


def media_type_of(head: bytes) -> str:
    """Return the media type of the file that begins with *head* (HEAD_BYTES of it, or all)."""
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if head.startswith(b"PK\x03\x04"):
        return _zip_type(head)
    if head.startswith(b"{\\rtf"):
        return "application/rtf"
    if head.startswith(_BIG_TIFF):
        return "image/tiff"
    if head[4:8] == b"ftyp" and head[8:12] in _BRANDS:
        return _BRANDS[head[8:12]]
    if _is_text(head):
        return _text_type(head)
    return _binary_type(head)


def is_shown_inline(media_type: str) -> bool:
    """Tell whether a browser may show the file in a page; everything else, SVG and HTML first of all, is downloaded."""
    return media_type in _INLINE


def is_active(media_type: str) -> bool:
    """Tell whether the file may hold a program for browsers: it is then sent as bytes of no type, and only to be saved."""
    return media_type in _ACTIVE


def differs(name: str, said: str, found: str) -> bool:
    """Tell whether a file's name or its sender claims another type than its bytes show.

    said   media type that the sender gave; empty if none
    found  what `media_type_of` says
    """
    claims = {claim for claim in (mimetypes.guess_type(name, strict=False)[0], said) if claim}
    claims -= {UNKNOWN, "binary/octet-stream"}
    return bool(claims) and found not in claims and not any(_is_near(claim, found) for claim in claims)


def _is_near(claim: str, found: str) -> bool:
    """Types that sniffing cannot tell apart: any text is text, and what is unknown to us may be what it says."""
    if found == UNKNOWN:
        return claim not in _KNOWN_BY_BYTES
    if found in ("text/plain", "application/xml"):
        return claim.startswith("text/") or claim.endswith(("+xml", "xml", "json", "+json", "javascript", "rtf"))
    main, found_main = claim.partition("/")[0], found.partition("/")[0]
    if found == "application/zip":
        return "zip" in claim or claim.startswith("application/vnd.") or claim == "application/java-archive"
    return main == found_main and main in ("audio", "video")


_KNOWN_BY_BYTES = {
    "application/pdf", "application/zip", "application/rtf", "image/png", "image/jpeg", "image/gif", "image/webp",
    "image/tiff", "image/avif", "image/heic", "image/bmp",
}  # fmt: skip


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return len(head) > 2 and head[2:3] != b"\x00"
    if _NOT_IN_TEXT.search(head):
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        # The last letter may be cut by the end of the head.
        return len(head) == HEAD_BYTES and error.start > len(head) - 4
    return True


def _text_type(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16: a browser would read the same letters in it
        head = head.decode("utf-16", "replace").encode("utf-8", "replace")
    if _SVG.search(head):
        return "image/svg+xml"
    if _HTML.search(head):
        return "text/html"
    return "application/xml" if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<?xml") else "text/plain"


def _zip_type(head: bytes) -> str:
    if found := _ODF.search(head):
        return found[1].decode("ascii")
    return next((name for folder, name in _OFFICE.items() if folder in head), "application/zip")


def _binary_type(head: bytes) -> str:
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return UNKNOWN
    sure = [one.mime_type for one in found if one.confidence >= _SURE and _MEDIA_TYPE.match(one.mime_type)]
    return sure[0] if sure else UNKNOWN
