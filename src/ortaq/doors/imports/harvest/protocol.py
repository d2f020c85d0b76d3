# SPDX-License-Identifier: Apache-2.0
"""A repository that speaks OAI-PMH, asked through the guarded client: pages of records, bounded in bytes, time and number.

What it answers is material, not to be trusted: no entity is resolved, no address in it is ever asked for.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from lxml import etree

from ortaq.doors.imports.harvest.errors import HarvestLoops, NotOai, RepositoryRefused
from ortaq.nodes.outward.client import Answer, Asking

OAI: Final = "{http://www.openarchives.org/OAI/2.0/}"
_PROVENANCE: Final = "{http://www.openarchives.org/OAI/2.0/provenance}"
PAGE_BYTES: Final = 64 * 2**20
_PAGE_SECONDS: Final = 300.0
_ASKS_A_PAGE: Final = 5
_LONGEST_WAIT: Final = 120  # seconds
_EMPTY_PAGES: Final = 100  # one after the other


@dataclass(frozen=True, slots=True)
class Met:
    """A record as it came. metadata: its first element; None for a deleted one, or where nothing came. origin: whence the repository has it."""

    identifier: str
    datestamp: str
    is_deleted: bool
    metadata: etree._Element | None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """token: what goes on; empty on the last page. answered_at: by the repository's clock."""

    records: list[Met]
    token: str
    answered_at: str


@dataclass(frozen=True, slots=True)
class Identity:
    name: str
    has_seconds: bool


class Repository:
    """base: its address; sleep: for tests."""

    def __init__(self, base: str, ask: Asking, sleep: Callable[[float], object] = time.sleep) -> None:
        self.base, self._ask, self._sleep = base, ask, sleep

    def identity(self) -> Identity:
        """Return what Identify says; raises NotOai."""
        found = self._answer({"verb": "Identify"}).find(f"{OAI}Identify")
        if found is None:
            raise NotOai(url=self.base, reason="it has no Identify")
        granularity = found.findtext(f"{OAI}granularity") or ""
        return Identity(_line(found.findtext(f"{OAI}repositoryName")), "ss" in granularity)

    def pages(self, asked: dict[str, str], token: str = "") -> Iterator[Page]:
        """Yield the pages of ListRecords, from *token* on if there is one; nothing where no record matches."""
        empty = 0
        while True:
            query = {"resumptionToken": token} if token else asked
            page = self._page({"verb": "ListRecords", **query})
            if page is None:
                return
            yield page
            empty = 0 if page.records else empty + 1
            if page.token and (page.token == token or empty > _EMPTY_PAGES):
                raise HarvestLoops(url=self.base)
            token = page.token
            if not token:
                return

    def _page(self, query: dict[str, str]) -> Page | None:
        document = self._answer(query)
        error = document.find(f"{OAI}error")
        if error is not None:
            if error.get("code") == "noRecordsMatch":
                return None
            raise RepositoryRefused(url=self.base, code=_line(error.get("code"))[:40], said=_line(error.text)[:200])
        found = document.find(f"{OAI}ListRecords")
        if found is None:
            raise NotOai(url=self.base, reason="its answer has no ListRecords")
        records = [_met(one) for one in found.findall(f"{OAI}record")]
        token = (found.findtext(f"{OAI}resumptionToken") or "").strip()
        return Page([one for one in records if one.identifier], token, _line(document.findtext(f"{OAI}responseDate")))

    def _answer(self, query: dict[str, str]) -> etree._Element:
        url = f"{self.base}{'&' if '?' in self.base else '?'}{urlencode(query)}"
        answer = self._patiently(url)
        if answer.status != 200:
            raise NotOai(url=self.base, reason=f"it answers with the status {answer.status}")
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            document = etree.fromstring(answer.body, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise NotOai(url=self.base, reason=f"its answer is no XML ({str(error)[:100]})") from error
        if document.getroottree().docinfo.doctype:
            raise NotOai(url=self.base, reason="its answer has a DOCTYPE")
        if document.tag != f"{OAI}OAI-PMH":
            raise NotOai(url=self.base, reason=f"its answer is a {etree.QName(document).localname[:40]}")
        return document

    def _patiently(self, url: str) -> Answer:
        """Wait where the repository says so, a few times."""
        answer = self._ask.get(url, limit_bytes=PAGE_BYTES, total_seconds=_PAGE_SECONDS)
        for _ in range(_ASKS_A_PAGE - 1):
            if answer.status not in (429, 503):
                break
            self._sleep(_wait(answer.headers.get("retry-after", "")))
            answer = self._ask.get(url, limit_bytes=PAGE_BYTES, total_seconds=_PAGE_SECONDS)
        return answer


def _wait(text: str) -> float:
    return float(min(int(text), _LONGEST_WAIT)) if text.isascii() and text.isdecimal() and len(text) < 9 else 5.0


def _met(record: etree._Element) -> Met:
    header = record.find(f"{OAI}header")
    if header is None:
        return Met("", "", False, None)
    metadata = record.find(f"{OAI}metadata")
    content = next(iter(metadata), None) if metadata is not None else None
    origin = record.find(f"{OAI}about/{_PROVENANCE}provenance/{_PROVENANCE}originDescription")
    return Met(
        _line(header.findtext(f"{OAI}identifier")),
        _line(header.findtext(f"{OAI}datestamp"))[:30],
        header.get("status") == "deleted",
        content,
        _origin(origin) if origin is not None else "",
    )


def _origin(found: etree._Element) -> str:
    parts = [found.findtext(f"{_PROVENANCE}{name}") for name in ("baseURL", "identifier", "datestamp")]
    return ", ".join(filter(None, map(_line, parts)))[:1000]


def _line(text: str | None) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in " ".join((text or "").split()))[:2000]
