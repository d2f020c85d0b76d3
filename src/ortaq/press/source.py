# SPDX-License-Identifier: Apache-2.0
"""From the bytes of a file to its text, whatever the encoding that a newsroom or a browser saved it in."""

import re
from collections.abc import Callable
from pathlib import Path

import puremagic

from ortaq.press.errors import ReportEmpty, ReportMissing, ReportNotText, ReportTooLarge

# The longest report of the suites has 9 KB, a saved page with its scripts rarely 2 MB.
MAX_BYTES = 5_000_000

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_DECLARED = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_-]{3,20})|<\?xml[^>]{0,80}encoding=[\"']([A-Za-z0-9_-]{3,20})",
    re.I,
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_CYRILLIC_WORD = re.compile(r"\b[А-ЯЁа-яёІіЇїЄєЎў][а-яёіїєў]{2,}\b")
_MOJIBAKE = re.compile(r"[а-яё][А-ЯЁ]")
_LETTER = re.compile(r"[^\W\d_]")


def read_bytes(path: Path) -> bytes:
    """Return the bytes of the file at *path*, at most MAX_BYTES of them; raise ReportMissing or ReportTooLarge."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise ReportTooLarge(file=path, size=path.stat().st_size, limit=MAX_BYTES)
    except OSError as error:
        raise ReportMissing(file=path, reason=error.strerror or type(error).__name__) from error
    return data


def decode(data: bytes, name: str) -> str:
    """Return the text of *data* with its line ends as they are and without a byte order mark.

    Tried in order: byte order mark, UTF-16 by its zero bytes, UTF-8, what a page declares, Windows-1251, Windows-1254.
    raises ReportTooLarge, ReportEmpty, ReportNotText
    """
    if len(data) > MAX_BYTES:
        raise ReportTooLarge(file=name, size=len(data), limit=MAX_BYTES)
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise ReportEmpty(file=name)
    text = _decoded(data)
    if text is None or _is_binary(text):
        raise ReportNotText(file=name, reason=_what_it_is(data))
    if not _LETTER.search(text):
        raise ReportEmpty(file=name)
    return text


def _decoded(data: bytes) -> str | None:
    steps: tuple[Callable[[bytes], str | None], ...] = (
        _by_mark,
        _by_zero_bytes,
        _as_utf8,
        _by_declaration,
        _as_windows,
    )
    return next((text for step in steps if (text := step(data)) is not None), None)


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _by_mark(data: bytes) -> str | None:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding)
    return None


def _by_zero_bytes(data: bytes) -> str | None:
    """Spaces and line ends of UTF-16 have a zero byte beside them, always on the same side."""
    if b"\x00" not in data or len(data) % 2:
        return None
    little, big = data[1::2].count(0), data[0::2].count(0)
    if max(little, big) < len(data) // 40 or min(little, big) > max(little, big) // 10:
        return None
    return _strictly(data, "utf-16-le" if little > big else "utf-16-be")


def _as_utf8(data: bytes) -> str | None:
    return _strictly(data, "utf-8")


def _by_declaration(data: bytes) -> str | None:
    if found := _DECLARED.search(data[:4096]):
        return _strictly(data, (found[1] or found[2]).decode("ascii"))
    return None


def _as_windows(data: bytes) -> str | None:
    """Windows-1251 where that gives Cyrillic words, else Windows-1254 (Turkish; Western letters are the same)."""
    if b"\x00" in data:
        return None
    cyrillic = data.decode("cp1251", errors="replace")
    words = _CYRILLIC_WORD.findall(cyrillic)
    letters = sum(map(len, words))
    high = sum(byte >= 0xC0 for byte in data)
    if high and letters > high * 0.6 and len(_MOJIBAKE.findall(cyrillic)) < len(words):
        return _strictly(data, "cp1251")
    return _strictly(data, "cp1254")


def _is_binary(text: str) -> bool:
    return len(_CONTROL.findall(text[:20_000])) > len(text[:20_000]) // 500


def _what_it_is(data: bytes) -> str:
    try:
        return puremagic.from_string(data[:4096]).lstrip(".") or "unknown"
    except (puremagic.PureError, ValueError):
        return "unknown encoding or binary"
