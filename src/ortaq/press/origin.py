# SPDX-License-Identifier: Apache-2.0
"""Who published a report, and at which address, where the page says so."""

import re
from dataclasses import dataclass
from functools import lru_cache

from ortaq.language.keys import phonemic_key
from ortaq.language.words import words
from ortaq.press.page import Page
from ortaq.press.tables import table

_URL = re.compile(r"https?://[^\s<>\"»”)]+")
_SITE = re.compile(r"(?:https?://)?(?:www\.)?([\w-]+(?:\.[\w-]+){1,3})", re.I)


@dataclass(frozen=True, slots=True)
class Origin:
    publisher: str | None = None
    url: str | None = None


def origin_of(page: Page, url: str | None = None) -> Origin:
    """Return publisher and address of the report; each None if the page does not tell.

    A site's name above the report, its address, or "… Azernews reports" in the report are taken; url: of the page's head.
    """
    around = [piece.unit.text for piece in (*page.before, *page.after)]
    address = url if url and url.startswith("http") else _address(around)
    return Origin(_by_site([address or "", *around]) or _by_line(around) or _by_reporting(page), address)


def _address(lines: list[str]) -> str | None:
    """An address counts if it is a page of its own, not the front page or a profile."""
    for line in lines:
        if (found := _URL.search(line)) and found[0].rstrip("/").count("/") >= 3 and _publisher_at(found[0]):
            return found[0].rstrip(".,;")
    return None


def _by_site(lines: list[str]) -> str | None:
    for line in lines:
        if line and " " not in line.strip() and (name := _publisher_at(line)):
            return name
    return None


def _publisher_at(address: str) -> str | None:
    if not (found := _SITE.match(address.strip())):
        return None
    host = found[1].lower()  # ascii: host name
    return next((name for site, name in _sites().items() if host == site or host.endswith(f".{site}")), None)


def _by_line(lines: list[str]) -> str | None:
    return next((name for line in lines if (name := _names().get(phonemic_key(line)))), None)


def _by_reporting(page: Page) -> str | None:
    """The agency that reports, named early in the report: "…, Azernews reports", "Об этом сообщает Kabar"."""
    for unit in page.body[:6]:
        found = list(words(unit.text))
        for place, word in enumerate(found):
            name = _names().get(phonemic_key(word.text))
            if (
                name
                and word.text[:1].isupper()
                and _is_reporting([other.text for other in found[max(0, place - 3) : place + 5]])
            ):
                return name
    return None


def _is_reporting(near: list[str]) -> bool:
    return any(phonemic_key(word).startswith(tuple(_verbs())) for word in near)


@lru_cache(maxsize=1)
def _verbs() -> frozenset[str]:
    return frozenset(phonemic_key(stem) for row in table("reporting") for stem in row["stems"])


@lru_cache(maxsize=1)
def _sites() -> dict[str, str]:
    return {site: row["name"] for row in table("publishers") for site in row["sites"]}


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    return {
        phonemic_key(name): row["name"]
        for row in table("publishers")
        for name in (row["name"], *row["also"], *row["sites"])
    }
