# SPDX-License-Identifier: Apache-2.0
"""Keeping what was read: a public record of the report, and its full text for the people of this node."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from babel.dates import format_date

from ortaq.core.audience import NODE, PUBLIC
from ortaq.core.digest import digest_of
from ortaq.core.identifiers import local_id_of_source, record_uri
from ortaq.language.fallback import LANGUAGES
from ortaq.nodes.identity import identity
from ortaq.press.evidence import Evidence
from ortaq.press.reading import Reading
from ortaq.press.sentences import sentences
from ortaq.press.tables import table
from ortaq.records.door import Draft, Outcome, write_changes
from ortaq.records.queries import standing

MOST_QUOTES, LONGEST_QUOTE, SHORTEST_QUOTE = 3, 200, 40
# Quotations stay short beside the work that they are taken from: together at most a quarter of it.
QUOTED_SHARE = 4
_LONGEST_TEXT = 900_000  # characters; a language map's text may have a million


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of the two records; None: it stood here already and was left as it is."""

    report: Outcome | None
    material: Outcome | None


def keep_report(reading: Reading, data: bytes, *, by: str) -> Kept:
    """Write the report and the material with its text, unless they are here already, in whatever state.

    data  the bytes of the file; their digest names both records, so a file is kept once
    by    actor URI under which the changes are signed
    """
    drafts = drafts_of(reading, data)
    node = identity().id
    uris = [record_uri(node, local_id_of_source(draft.body["source_id"])) for draft in drafts if draft.body]
    present = standing(uris)
    missing = [draft for draft, uri in zip(drafts, uris, strict=True) if uri not in present]
    outcomes = iter(write_changes(missing, by=by) if missing else ())
    return Kept(*(None if uri in present else next(outcomes) for uri in uris))


def drafts_of(reading: Reading, data: bytes) -> tuple[Draft, Draft]:
    """Return the drafts of the report and of the material with its text."""
    digest = digest_of(data)
    report_id, text_id = f"report:{digest}", f"report-text:{digest}"
    evidence = reading.evidence
    title = title_of(evidence)
    shared: dict[str, Any] = {"title": title, "countries": list(reading.countries)}
    if evidence.language:
        shared["languages"] = [evidence.language]
    public = {"source_id": report_id, **shared, **_published(reading), "quotes": quotes_of(evidence)}
    text = {
        "source_id": text_id,
        **shared,
        "text": {evidence.language or "und": _in_pieces(evidence.body.text)},
        "links": [{"role": "about", "to": report_id}],
    }
    return Draft("report", public, PUBLIC), Draft("material", text, NODE)


def _published(reading: Reading) -> dict[str, Any]:
    evidence, origin = reading.evidence, reading.origin
    facts = {
        "publisher": origin.publisher,
        "url": origin.url,
        "published_on": evidence.published_on,
        "published_certainty": evidence.published_certainty,
    }
    return {name: value for name, value in facts.items() if value}


def title_of(evidence: Evidence) -> dict[str, str]:
    """Return the headline, or a plain heading of our own in the report's language: date and the first places named."""
    tag = evidence.language or "und"
    if evidence.title:
        return {tag: evidence.title}
    lang = tag.partition("-")[0] if tag.partition("-")[0] in LANGUAGES else "en"
    words = next(row for row in table("headings") if row["lang"] == lang)
    places = ", ".join(place.name for place in evidence.places[:3])
    heading = _dated(words, evidence.published_on, lang)
    # A heading of our own is in the language's usual script, whatever script the report has.
    return {lang: f"{heading}: {places}" if places else heading}


def _dated(words: dict[str, str], published_on: str | None, lang: str) -> str:
    if published_on is None:
        return words["undated"]
    date = format_date(datetime.date.fromisoformat(published_on), "long", locale=lang)
    return words["dated"].format(date=date)


def quotes_of(evidence: Evidence) -> list[dict[str, str]]:
    """Return at most three whole sentences of at most 200 characters, first those that name a place or institution."""
    text = evidence.body.text
    spans = [(start, end) for start, end in sentences(text) if SHORTEST_QUOTE <= end - start <= LONGEST_QUOTE]
    telling = {named.quote for named in (*evidence.institutions, *evidence.places)}
    chosen: list[tuple[int, int]] = []
    room = len(text) // QUOTED_SHARE
    for start, end in sorted(spans, key=lambda span: text[span[0] : span[1]] not in telling):
        if len(chosen) < MOST_QUOTES and end - start <= room:
            chosen.append((start, end))
            room -= end - start
    return [_quote(text[start:end], evidence.language) for start, end in sorted(chosen)]


def _quote(text: str, lang: str | None) -> dict[str, str]:
    words = " ".join(text.split())
    return {"text": words, "lang": lang} if lang else {"text": words}


def _in_pieces(text: str) -> Sequence[str]:
    return [text[start : start + _LONGEST_TEXT] for start in range(0, len(text), _LONGEST_TEXT)]
