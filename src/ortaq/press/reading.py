# SPDX-License-Identifier: Apache-2.0
"""A press report in, evidence out. Nothing is kept here and nothing is asked of a network."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ortaq.language.lookalikes import repair
from ortaq.press.errors import ReportEmpty
from ortaq.press.evidence import BodyText, Evidence, Findings, Institution, Place, Replacement, Writing
from ortaq.press.gazetteer import CITY, COUNTRY, INSTITUTION, REGION, SITE
from ortaq.press.markup import Dump, dump_of
from ortaq.press.mentions import Mention, countries_of, mentions
from ortaq.press.origin import Origin, origin_of
from ortaq.press.page import Page, find_page
from ortaq.press.published import published
from ortaq.press.sentences import sentences
from ortaq.press.source import decode, read_bytes
from ortaq.press.tongue import language_of
from ortaq.press.units import Unit

LONGEST_QUOTE = 400
_PLACES = (COUNTRY, CITY, REGION, SITE)


@dataclass(frozen=True, slots=True)
class Reading:
    """Evidence with what keeping the report needs beside it; countries: most often named first."""

    evidence: Evidence
    origin: Origin
    countries: tuple[str, ...]


def read_report(data: bytes, name: str) -> Evidence:
    """Return what the report in *data* tells; name: the file as it shall be called in the evidence.

    raises ReportEmpty, ReportTooLarge, ReportNotText
    """
    return read_fully(data, name).evidence


def read_file(path: Path) -> Reading:
    return read_fully(read_bytes(path), str(path))


def read_together(evidence: Iterable[Evidence]) -> Findings:
    """Return reports as one document."""
    return Findings(reports=list(evidence))


def read_fully(data: bytes, name: str) -> Reading:
    dump = dump_of(decode(data, name))
    if not dump.text.strip():
        raise ReportEmpty(file=name)
    repaired = repair(dump.text)
    page = find_page(repaired.text, dump.title)
    body = _body(dump, repaired.text, page)
    lang = language_of(body.text)
    when = published(repaired.text, page, name=name, meta=dump.date)
    origin = origin_of(page, dump.url)
    named = list(_mentions(page, lang))
    evidence = Evidence(
        file=name,
        language=lang,
        published_on=when.on.isoformat() if when.on else None,
        published_certainty=when.certainty,
        title=_one_line(page.title.text) if page.title else None,
        body=body,
        look_alikes=[
            Replacement(word=c.word, repaired=c.repaired, offset=dump.place(c.offset)) for c in repaired.changes
        ],
        institutions=[Institution(**facts) for _, facts in _named(dump, repaired.text, lang, named, (INSTITUTION,))],
        places=[Place(type=kind, **facts) for kind, facts in _named(dump, repaired.text, lang, named, _PLACES)],
    )
    return Reading(evidence, origin, tuple(countries_of(mention for _, mention in named)))


def _body(dump: Dump, text: str, page: Page) -> BodyText:
    """The repaired file from start to end; only furniture that the page put between paragraphs is left out of the text."""
    pieces: list[str] = []
    last: Unit | None = None
    for unit in page.body:
        if last:
            between = text[last.end : unit.start]
            pieces.append("\n\n" if between.strip() else between)
        pieces.append(unit.text)
        last = unit
    start, end = (page.body[0].start, page.body[-1].end) if page.body else (0, 0)
    return BodyText(start=dump.place(start), end=dump.end_place(end), text="".join(pieces))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _mentions(page: Page, lang: str | None) -> Iterable[tuple[Unit, Mention]]:
    for unit in ((page.title,) if page.title else ()) + page.body:
        for mention in mentions(unit.text, lang):
            yield unit, mention


def _named(
    dump: Dump, text: str, lang: str | None, found: list[tuple[Unit, Mention]], kinds: tuple[str, ...]
) -> list[tuple[str, dict[str, object]]]:
    """Return one entry for each thing named, in the order of its first mention, with every mention."""
    groups: dict[tuple[object, str | None], list[tuple[Unit, Mention]]] = {}
    for unit, mention in found:
        if mention.entry.kind in kinds:
            groups.setdefault((mention.entry, mention.country), []).append((unit, mention))
    return [
        (mention.entry.kind, _facts(dump, text, lang, group)) for group in groups.values() for _, mention in group[:1]
    ]


def _facts(dump: Dump, text: str, lang: str | None, group: list[tuple[Unit, Mention]]) -> dict[str, object]:
    unit, first = group[0]
    start, end = _quote(text, unit, first)
    return {
        "name": first.entry.name_in(lang or "en"),
        "country": first.country,
        "quote": text[start:end],
        "offset": dump.place(start),
        "mentions": [
            Writing(text=text[u.start + m.start : u.start + m.end], offset=dump.place(u.start + m.start))
            for u, m in group
        ],
    }


def _quote(text: str, unit: Unit, mention: Mention) -> tuple[int, int]:
    """Return the sentence around a mention; of a very long one the words around it."""
    at, to = unit.start + mention.start, unit.start + mention.end
    start, end = next(((s, e) for s, e in sentences(text, unit.start, unit.end) if s <= at < e), (unit.start, unit.end))
    if end - start > LONGEST_QUOTE:
        start = max(start, text.rfind(" ", start, max(start, at - LONGEST_QUOTE // 2)) + 1)
        cut = text.rfind(" ", to, start + LONGEST_QUOTE)
        end = min(end, cut if cut > to else to)
    return start, max(end, to)
