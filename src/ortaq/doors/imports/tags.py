# SPDX-License-Identifier: Apache-2.0
"""Language tags as other registers write them, names of those registers, and dates, in the form that bodies have."""

import hashlib
import re

from ortaq.core.dates import years
from ortaq.core.errors import BadDate

_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?(-[a-z0-9]{4,8})*\Z")
# ISO 639-2 and 639-3 codes of languages that have one of two letters, which BCP 47 prefers.
_SHORTER = {
    "ara": "ar", "aze": "az", "bul": "bg", "ces": "cs", "cze": "cs", "dan": "da", "deu": "de", "ger": "de", "ell": "el",
    "gre": "el", "eng": "en", "spa": "es", "fas": "fa", "per": "fa", "fin": "fi", "fra": "fr", "fre": "fr", "heb": "he",
    "hun": "hu", "hye": "hy", "arm": "hy", "ita": "it", "jpn": "ja", "kat": "ka", "geo": "ka", "kaz": "kk", "kir": "ky",
    "lat": "la", "nld": "nl", "dut": "nl", "nor": "no", "pol": "pl", "por": "pt", "ron": "ro", "rum": "ro", "rus": "ru",
    "swe": "sv", "tgk": "tg", "tuk": "tk", "tur": "tr", "tat": "tt", "uig": "ug", "ukr": "uk", "uzb": "uz", "zho": "zh",
    "chi": "zh", "mul": "und", "zxx": "und", "mis": "und",
}  # fmt: skip

# Beginnings of addresses in well-known registers: what follows is the identifier.
_REGISTERS = (
    (re.compile(r"https?://vocab\.getty\.edu/(?:page/)?(aat|tgn|ulan)/(\d+)"), None),
    (re.compile(r"https?://(?:www\.)?d-nb\.info/(gnd)/([\dX-]+)"), None),
    (re.compile(r"https?://(?:www\.)?wikidata\.org/(?:wiki|entity)/(Q\d+)"), "wikidata"),
    (re.compile(r"https?://(?:sws|www)\.geonames\.org/(\d+)"), "geonames"),
    (re.compile(r"https?://(?:www\.)?viaf\.org/viaf/(\d+)"), "viaf"),
    (re.compile(r"https?://(?:www\.)?iconclass\.org/(?:rkd/)?([^/\s]+)"), "iconclass"),
    (re.compile(r"https?://terminology\.lido-schema\.org/(?:[\w-]+/)?([\w-]+)"), "lido"),
)
_ADDRESS = re.compile(r"https?://[^\s<>\"]+\Z")  # core.fields.Url
_LONGEST_ADDRESS = 2000
_LONGEST_ID = 500  # core.fields.SourceId
_HOST = re.compile(r"https?://(?:www\.)?([^/\s:]+)")
_DATE = re.compile(r"(-?)(\d{1,4})(?:-(\d\d))?(?:-(\d\d))?(?:T.*)?\Z")


def language_tag(written: str) -> str:
    """Return the BCP 47 tag for a code of a language; und where it is none."""
    parts = written.replace("_", "-").split("-")
    first = parts[0].lower()  # ascii: language code
    rest = [_subtag(part) for part in parts[1:]]
    tag = "-".join([_SHORTER.get(first, first), *rest])
    return tag if _TAG.match(tag) else "und"


def _subtag(part: str) -> str:
    """Return a script as Cyrl, a country as AZ, anything else as it is found in tags."""
    if len(part) == 4 and part.isalpha():
        return part.title()
    return part.upper() if len(part) == 2 else part.lower()  # ascii: codes of countries and variants


def register_of(address: str) -> tuple[str, str] | None:
    """Return (register, identifier) for an address in a known register, (host, address) for any other; None if it is no address."""
    for pattern, name in _REGISTERS:
        if match := pattern.match(address):
            return (name or match[1], match[match.lastindex or 1])
    host = _HOST.match(address)
    return (host[1], address) if host else None


def is_plain_address(text: str) -> bool:
    """Tell whether *text* is a web address that a field of addresses takes."""
    return bool(_ADDRESS.match(text)) and len(text) <= _LONGEST_ADDRESS


def bounded_id(source_id: str) -> str:
    """Return *source_id*, or for one that is longer than a record takes, its beginning and a digest of it all."""
    if len(source_id) <= _LONGEST_ID:
        return source_id
    return f"{source_id[:400]}…{hashlib.sha256(source_id.encode()).hexdigest()[:32]}"


def span_of(earliest: str, latest: str) -> str | None:
    """Return the EDTF span between two dates as registers write them; None if neither can be read."""
    first, last = _day(earliest), _day(latest)
    if first is None and last is None:
        return None
    if first is None or last is None:
        return _valid(f"{first or '..'}/{last or '..'}")
    if first == last:
        return _valid(first)
    if first[:-6] == last[:-6] and first.endswith("-01-01") and last.endswith("-12-31"):
        return _valid(first[:-6])
    return _valid(f"{first}/{last}")


def _day(text: str) -> str | None:
    """Return a year, month or day of EDTF: "785" is the year 785."""
    match = _DATE.match(text.strip())
    if not match:
        return None
    sign, year, month, day = match.groups()
    return f"{sign}{int(year):04d}" + (f"-{month}" if month else "") + (f"-{day}" if day else "")


def _valid(span: str) -> str | None:
    try:
        years(span)
    except BadDate:
        return None
    return span
