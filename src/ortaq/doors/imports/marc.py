# SPDX-License-Identifier: Apache-2.0
"""MARC 21, in its own form (ISO 2709) and as XML: each record becomes a work, with the people, places and subjects that it names."""

import re
from collections.abc import Iterator
from typing import Any

from ortaq.core.audience import PUBLIC
from ortaq.core.dates import years
from ortaq.core.errors import BadDate, OrtaqError
from ortaq.doors.imports.errors import NoIdentifier, NoTitle
from ortaq.doors.imports.item import Item, Mark
from ortaq.doors.imports.marc_fields import Field, Marc, marc_records
from ortaq.doors.imports.marc_named import Named, trimmed
from ortaq.doors.imports.source import Source
from ortaq.doors.imports.tags import bounded_id, language_tag
from ortaq.records.door import Draft

_SORTS = {
    "a": "book",
    "t": "book",
    "c": "music",
    "d": "music",
    "j": "music",
    "g": "film",
    "k": "artwork",
    "r": "artwork",
}
_NUMBERS = {
    "010": "lccn",
    "020": "isbn",
    "022": "issn",
    "028": "publisher number",
    "050": "lcc",
    "082": "ddc",
    "086": "government document number",
}
_LABELS = {"300": "Physical description", "490": "Series", "505": "Contents", "250": "Edition"}
_YEAR = re.compile(r"(\d{4})(\?)?")
_LONGEST = 2000  # core.fields


def read(source: Source, after: Mark, audience: str = PUBLIC) -> Iterator[Item]:
    """Yield all records, from the first on; after: for the caller to skip by."""
    for number, found in enumerate(marc_records(source), start=1):
        if number <= after.number:
            continue
        try:
            if found.error:
                raise found.error
            work = _Work(found, audience)
            body = work.body()
            yield Item(
                number, found.line, found.end, Draft("work", body, audience), None, work.named.drafts(), found.lost()
            )
        except OrtaqError as error:
            yield Item(number, found.line, found.end, None, error)


class _Work:
    """One record on its way to a body."""

    def __init__(self, marc: Marc, audience: str) -> None:
        self._marc = marc
        self._tag = self._language()
        control, owner = marc.control("001"), marc.control("003")
        numbers = [text for tag in ("010", "020", "022", "035") for field in marc.all(tag) for text in field.peek("a")]
        number = control or next(iter(numbers), "")
        if not number:
            raise NoIdentifier(field="001")
        self._scope = f"marc:{owner}" if owner else "marc"
        self._source_id = bounded_id(f"{self._scope}:{number.strip()}")
        self.named = Named(marc, self._scope, audience)
        self._links: list[dict[str, str]] = []

    def _language(self) -> str:
        codes = [text[:3] for field in self._marc.all("041") for text in field.peek("a")]
        return language_tag(self._marc.code("008", 35, 38) or next(iter(codes), ""))

    def body(self) -> dict[str, Any]:
        """Return the body in the line format; raises NoTitle."""
        sort = _SORTS.get(self._marc.leader[6:7], "other") if self._marc.leader[7:8] not in ("s", "b") else "other"
        self._marc.lose_control("the sort of the work, its date and its language came in")
        body: dict[str, Any] = {"source_id": self._source_id, "title": self._titles(), "work_type": sort}
        if made := self._date():
            body["made"] = made
        if languages := self._languages():
            body["languages"] = languages
        if description := self._description():
            body["description"] = description
        self._people()
        self._subjects()
        if self._links:
            body["links"] = list({tuple(one.items()): one for one in self._links}.values())
        if identifiers := list(dict.fromkeys(self._identifiers())):
            body["identifiers"] = [
                {"scheme": scheme[:_LONGEST], "value": value[:_LONGEST]} for scheme, value in identifiers
            ]
        if sources := [text for field in self._marc.all("856") for text in field.take("u")]:
            body["sources"] = [one[:_LONGEST] for one in dict.fromkeys(sources)]
        return body

    def _titles(self) -> dict[str, list[str]]:
        """Return the titles; where the record has it in its own script too, the other one is a Latin spelling."""
        found: dict[str, list[str]] = {}
        own = [
            field
            for field in self._marc.all("880")
            if field.peek("6") and field.peek("6")[0][:3] in ("245", "246", "240", "130")
        ]
        latin = f"{self._tag}-Latn" if own else self._tag
        for tag in ("245", "246", "240", "130", "242", "247"):
            for field in self._marc.all(tag):
                self._title(found, latin, field)
        for field in own:
            field.take("6")
            self._title(found, self._tag, field)
        if not found:
            raise NoTitle(instead="field 245")
        return found

    @staticmethod
    def _title(found: dict[str, list[str]], tag: str, field: Field) -> None:
        text = trimmed(" ".join(field.take("anp", and_also="b")))[:_LONGEST]
        if text and text not in found.setdefault(tag, []):
            found[tag].append(text)
        if not found[tag]:
            del found[tag]

    def _date(self) -> str | None:
        for tag in ("264", "260"):
            for field in self._marc.all(tag):
                for written in field.peek("c"):
                    if match := _YEAR.search(written):
                        field.take("c")
                        if trimmed(written).strip("[]") != match[0]:
                            self._marc.assume(f"{tag}$c", written, f"read as {match[0]}")
                        return f"{match[1]}{match[2] or ''}"
        return self._coded_date()

    def _coded_date(self) -> str | None:
        """Return the span of the coded dates: unknown digits are u, an open end is 9999."""
        sort, first, last = (self._marc.code("008", *at) for at in ((6, 7), (7, 11), (11, 15)))
        ends = [one.replace("u", "X") for one in (first, last)]
        span = f"{ends[0]}/{'..' if last == '9999' else ends[1]}" if sort in ("m", "c", "d", "i", "k", "q") else ends[0]
        try:
            years(span)
        except BadDate:
            return None
        return span

    def _languages(self) -> list[str]:
        found = [self._tag] if self._tag != "und" else []
        for field in self._marc.all("041"):
            for text in field.take("a"):
                found += [language_tag(text[at : at + 3]) for at in range(0, len(text), 3)]
        return [one for one in dict.fromkeys(found) if one != "und"]

    def _description(self) -> dict[str, list[str]]:
        """Summaries first, then every other note, in the language in which the record is written, which is not said."""
        texts = [text for field in self._marc.all("520") if (text := " ".join(field.take_all()))]
        for field in self._marc.all("245"):
            texts += [f"Statement of responsibility: {trimmed(text)}" for text in field.take("c")]
        for field in self._marc.fields:
            if field.tag in _LABELS or (field.tag.startswith("5") and field.tag != "520"):
                text = " ".join(field.take_all())
                label = _LABELS.get(field.tag)
                texts += [f"{label}: {text}" if label else text] if text else []
        return {"und": list(dict.fromkeys(texts))[:50]} if texts else {}

    def _link(self, role: str, to: str | None, note: str = "") -> None:
        if to:
            self._links.append({"role": role, "to": to} | ({"note": note[:_LONGEST]} if note else {}))

    def _people(self) -> None:
        for field in self._marc.fields:
            if field.tag in ("100", "110", "111", "700", "710", "711", "720"):
                note = ", ".join(trimmed(one) for one in field.take("e4"))
                role = "performed_by" if "prf" in note else "created_by"
                if field.peek("t"):
                    role, note = "related_to", " / ".join(field.take("tnp"))
                self._link(role, self.named.agent(field), note)
            elif field.tag in ("260", "264"):
                for name in field.take("b"):
                    self._link("published_by", self.named.publisher(name))
                for name in field.take("a"):
                    self._link("related_to", self.named.place(trimmed(name)), "place of publication")

    def _subjects(self) -> None:
        for field in self._marc.fields:
            if field.tag in ("600", "610", "611"):
                further = " -- ".join(field.take("vxyzt"))
                self._link("about", self.named.agent(field), further)
            elif field.tag == "651":
                self._link("about", self.named.place_field(field), " -- ".join(field.take("vxyz")))
            elif field.tag in ("630", "648", "650", "653"):
                self._link("about", self.named.term(field))
            elif field.tag == "655":
                self._link("related_to", self.named.term(field), "genre")

    def _identifiers(self) -> Iterator[tuple[str, str]]:
        for field in self._marc.fields:
            if scheme := _NUMBERS.get(field.tag):
                if text := " ".join(field.take("ab")):
                    yield scheme, text
            elif field.tag == "024":
                scheme = next(iter(field.take("2")), "identifier")
                yield from ((scheme, text) for text in field.take("a"))
            elif field.tag == "035":
                for text in field.take("a9"):
                    owner, bracket, value = text.removeprefix("(").partition(")")
                    yield (owner, value.strip()) if bracket and value.strip() else ("control number", text)
