# SPDX-License-Identifier: Apache-2.0
"""Which encoding a text file has: by its mark, else UTF-8 if all of it is, else the code page whose letters make words."""

import codecs
import re

from ortaq.core.errors import N_, OrtaqError
from ortaq.doors.imports.source import Source

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_PIECE = 1024 * 1024
_AROUND = 16 * 1024
_PLAUSIBLE = 0.9  # share of letters beyond ASCII that stand where such a letter can stand
_CYRILLIC = "А-Яа-яЁёЎўЄєЇїІіЈјЉљЊњЋћЂђЌќЃѓҐґЏџЅѕ"
_TURKISH = "ÇçĞğİıÖöŞşÜüÂâÎîÛûÉéÄäÑñÝýŽž"
# A Cyrillic letter has no Latin neighbour; a Turkish letter has one, or stands alone.
_FITS = {
    "cp1251": re.compile(rf"(?<![A-Za-z])[{_CYRILLIC}](?![A-Za-z])|[«»№–—“”„…’\xa0]"),
    "cp1254": re.compile(rf"(?<![^\W\d_{_TURKISH}A-Za-z])[{_TURKISH}](?![^\W\d_{_TURKISH}A-Za-z])|[«»–—“”„…’\xa0]"),
}
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


class UnknownEncoding(OrtaqError):
    code, status = "import.unknown-encoding", 422
    say = N_(
        "The encoding of %(file)s is not UTF-8, UTF-16, Windows-1251 or Windows-1254. Save the file again as UTF-8."
    )


def encoding_of(source: Source) -> str:
    """Return the Python name of the encoding; raises UnknownEncoding."""
    for mark, name in _MARKS:
        if source.head.startswith(mark):
            return name
    if (wide := _utf_16_without_mark(source.head)) is not None:
        return wide
    sample = _not_utf_8(source)
    if sample is None:
        return "utf-8"
    best = max(_FITS, key=lambda name: _fit(name, sample))
    if _fit(best, sample) < _PLAUSIBLE:
        raise UnknownEncoding(file=source.path)
    return best


def _utf_16_without_mark(head: bytes) -> str | None:
    """Every second byte of mostly Latin or Cyrillic text is 0 or 4."""
    if len(head) < 8:
        return None
    for name, high in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
        if sum(high.count(bytes([one])) for one in (0, 1, 4)) > 0.9 * len(high) and high.count(b"\0") > 1:
            return name
    return None


def _not_utf_8(source: Source) -> bytes | None:
    """Return what stands around the first bytes that are not UTF-8; None if there are none."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with source.opened() as file:
        before = b""
        while piece := file.stream.read(_PIECE):
            try:
                decoder.decode(piece)
            except UnicodeDecodeError as error:
                data = before[-_AROUND:] + piece
                at = max(0, data.find(error.object[error.start : error.end]))
                return data[max(0, at - _AROUND) : at + _AROUND]
            before = piece
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return before[-_AROUND:]
    return None


def _fit(name: str, sample: bytes) -> float:
    """Return the share of letters beyond ASCII that are in plausible places if *sample* is in that code page."""
    text = sample.decode(name, "replace")
    beyond = len(_BEYOND_ASCII.findall(text))
    return len(_FITS[name].findall(text)) / beyond if beyond else 0.0
