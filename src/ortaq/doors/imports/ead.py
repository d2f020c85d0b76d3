# SPDX-License-Identifier: Apache-2.0
"""EAD 2002 and EAD3: a finding aid becomes a material for the whole and one for each component, each part of the one above it."""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from ortaq.core.audience import PUBLIC
from ortaq.core.dates import years
from ortaq.core.errors import BadDate, OrtaqError
from ortaq.doors.imports.ead_named import Named
from ortaq.doors.imports.elements import records
from ortaq.doors.imports.errors import NoTitle
from ortaq.doors.imports.item import Item, Mark
from ortaq.doors.imports.source import Source
from ortaq.doors.imports.tags import bounded_id, is_plain_address, language_tag
from ortaq.doors.imports.taken import Taken, child, children, local
from ortaq.records.door import Draft

_COMPONENT = re.compile(r"c(0[1-9]|1[0-2])?\Z")
_NOTES = {
    "abstract": "", "scopecontent": "", "bioghist": "History", "arrangement": "Arrangement", "custodhist": "Custodial history",
    "acqinfo": "Acquisition", "accessrestrict": "Access", "processinfo": "Processing", "relatedmaterial": "Related material",
    "separatedmaterial": "Separated material", "otherfindaid": "Other finding aid", "originalsloc": "Originals",
    "altformavail": "Other forms", "appraisal": "Appraisal", "accruals": "Accruals", "phystech": "Physical condition",
    "physloc": "Physical location", "materialspec": "Material specification", "container": "Container", "note": "", "odd": "",
    "didnote": "", "prefercite": "Citation", "bibliography": "Bibliography",
}  # fmt: skip
_SPANS = re.compile(r"(?:ca?\.? ?)?(-?\d{4}(?:-\d\d){0,2})(?: ?[-/–] ?(\d{4}(?:-\d\d-\d\d)?))?\Z")
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_BREAK = "\x1e"  # stands in no text
_BLOCKS = ("p", "item", "list", "chronitem", "bibref", "note", "lb")
_WORDS = ("extent", "quantity", "unittype", "physicalfacet", "dimensions", "part")
_LONGEST, _MOST_TEXTS = 2000, 50  # core.fields


def read(source: Source, after: Mark, audience: str = PUBLIC) -> Iterator[Item]:
    """Yield the whole and then its components, from the first on; after: for the caller to skip by."""
    number = 0
    for found in records(source, "{*}ead"):
        aid = _Aid(found.element, source.path.name)
        for unit in aid.units:
            number += 1
            if number <= after.number:
                continue
            line = unit.element.sourceline or 0
            try:
                body = unit.body(audience)
                yield Item(
                    number,
                    line,
                    found.end,
                    Draft("material", body, audience),
                    None,
                    unit.named.drafts(),
                    unit.taken.lost(),
                )
            except OrtaqError as error:
                yield Item(number, line, found.end, None, error)


class _Aid:
    """A finding aid taken apart: each component stands for itself, without those below it."""

    def __init__(self, root: etree._Element, file: str) -> None:
        described = child(root, "archdesc")
        found = [one for one in root.iter(etree.Element) if _COMPONENT.match(local(one.tag))]
        langs = {one: _lang_above(one) for one in found}
        above: dict[etree._Element, etree._Element] = {}
        for one in found:
            above[one] = next((up for up in one.iterancestors() if up in above or up is described), root)
        for one in reversed(found):
            parent = one.getparent()
            if parent is not None:
                parent.remove(one)
        ids = [*children(root, "eadheader/eadid"), *children(root, "control/recordid")]
        scope = next((text for one in ids if (text := " ".join((one.text or "").split()))), file)
        self.units = [_Unit(root, described, scope, "", None)]
        numbers = {described: self.units[0]}
        count: dict[Any, int] = {}
        for one in found:
            up = numbers.get(above[one], self.units[0])
            count[up] = count.get(up, 0) + 1
            unit = _Unit(one, one, scope, f"{up.place}.{count[up]}".lstrip("."), up, langs[one])
            numbers[one] = unit
            self.units.append(unit)


class _Unit:
    """The whole, or a component. place: "2.1" for the first below the second one."""

    def __init__(
        self,
        record: etree._Element,
        element: etree._Element | None,
        scope: str,
        place: str,
        above: "_Unit | None",
        lang: str = "",
    ) -> None:
        self.taken, self.place, self._scope, self._above, self._lang = Taken(record), place, scope, above, lang
        self.element = record if element is None else element
        self._did = child(element, "did")
        self.source_id = bounded_id(f"ead:{scope}{self._own_id()}")
        self.named: Named
        self._links: list[dict[str, str]] = []

    def _own_id(self) -> str:
        if not self.place:
            return ""
        written = [" ".join((one.text or "").split()) for one in children(self._did, "unitid")]
        own = next(filter(None, written), "") or str(self.element.get("id", ""))
        if self.element.get("id") and own == self.element.get("id"):
            self.taken.attribute(self.element, "id")
        if not own:
            self.taken.assume("did/unitid", self.place, "there is no id; the place in the file stands for it")
        return f":{own or self.place}"

    def body(self, audience: str) -> dict[str, Any]:
        """Return the body in the line format; raises NoTitle."""
        self.named = Named(self.taken, f"ead:{self._scope}", audience)
        body: dict[str, Any] = {"source_id": self.source_id, "title": self._title()}
        if level := self.taken.attribute(self.element, "level"):
            body["types"] = [self.named.level(level)]
        if created := self._date():
            body["created"] = created
        if languages := self._languages():
            body["languages"] = languages
        if description := self._description():
            body["description"] = description
        if rights := [text for one in children(self.element, "userestrict") if (text := self._all(one))]:
            body["rights"] = " ".join(rights)[:_LONGEST]
        self._people()
        if self._above is not None:
            self._links.append({"role": "part_of", "to": self._above.source_id})
        if self._links:
            body["links"] = list({tuple(one.items()): one for one in self._links}.values())
        if identifiers := self._identifiers():
            body["identifiers"] = identifiers
        if sources := self._sources():
            body["sources"] = sources
        return body

    def _tag(self, element: etree._Element) -> str:
        written = self.taken.lang(element) or self._lang
        return language_tag(written) if written else "und"

    def _all(self, element: etree._Element) -> str:
        """Return the text of an element with all that is in it, paragraphs on lines of their own; its heading is left to the caller."""
        lines = (" ".join(line.split()) for line in self._said(element).split(_BREAK))
        return "\n".join(filter(None, lines))

    def _said(self, element: etree._Element) -> str:
        self.taken.text(element)
        parts = [element.text or ""]
        for one in element.iterchildren(etree.Element):
            name = local(one.tag)
            if name != "head":
                said = self._said(one)
                parts.append(f"{_BREAK}{said}{_BREAK}" if name in _BLOCKS else f"{said} " if name in _WORDS else said)
            parts.append(one.tail or "")
        return "".join(parts)

    def _title(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for one in children(self._did, "unittitle"):
            if text := " ".join(self._all(one).split())[:_LONGEST]:
                found.setdefault(self._tag(one), []).append(text)
        if not found:
            raise NoTitle(instead="a unittitle")
        return found

    def _date(self) -> str | None:
        for one in [*children(self._did, "unitdate"), *children(self._did, "unittitle/unitdate")]:
            normal = (one.get("normal") or "").strip()
            span = _span(normal) if normal else _span(" ".join((one.text or "").split()))
            if span:
                if normal:
                    self.taken.attribute(one, "normal")
                    self.taken.lose(one, "it came in as its normal form")
                else:
                    self.taken.text(one)
                return span
            self.taken.lose(one, "it is no date that can be read")
        return None

    def _languages(self) -> list[str]:
        found = []
        for one in [
            *children(self._did, "langmaterial/language"),
            *children(self._did, "langmaterial/languageset/language"),
        ]:
            tag = language_tag(self.taken.attribute(one, "langcode"))
            self.taken.lose(one, "the language came in as its code")
            found += [tag] if tag != "und" else []
        return list(dict.fromkeys(found))

    def _description(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, label in _NOTES.items():
            for one in [*children(self._did, name), *children(self.element, name)]:
                heading = next((self.taken.text(head) for head in children(one, "head")), "") or label
                if text := self._all(one):
                    found.setdefault(self._tag(one), []).append(f"{heading}: {text}" if heading else text)
        for one in [
            *children(self._did, "physdesc"),
            *children(self._did, "physdescstructured"),
            *children(self._did, "extent"),
        ]:
            if text := " ".join(self._all(one).split()):
                found.setdefault(self._tag(one), []).append(f"Physical description: {text}")
        return {tag: texts[:_MOST_TEXTS] for tag, texts in found.items()}

    def _people(self) -> None:
        for role, holders in (
            ("created_by", children(self._did, "origination")),
            ("kept_by", children(self._did, "repository")),
            ("about", [one for each in self.element.iterchildren("{*}controlaccess") for one in (each, *each.iterchildren("{*}controlaccess"))]),
        ):  # fmt: skip
            for holder in holders:
                for one in holder.iterchildren(etree.Element):
                    if to := self.named.reference(one, is_keeper=role == "kept_by"):
                        self._links.append({"role": role, "to": to})
                if role != "about" and (text := " ".join((holder.text or "").split())):
                    self.taken.text(holder)
                    self._links.append({"role": role, "to": self.named.agent_named(text, is_keeper=role == "kept_by")})

    def _identifiers(self) -> list[dict[str, str]]:
        found = []
        for one in children(self._did, "unitid"):
            if text := self.taken.text(one):
                scheme = self.taken.attribute(one, "repositorycode") or self.taken.attribute(one, "type") or "unitid"
                found.append({"scheme": scheme[:_LONGEST], "value": text[:_LONGEST]})
        if self._above is None:
            for one in [
                *children(self.taken.record, "eadheader/eadid"),
                *children(self.taken.record, "control/recordid"),
            ]:
                found += [{"scheme": "ead", "value": text[:_LONGEST]}] if (text := self.taken.text(one)) else []
        return found

    def _sources(self) -> list[str]:
        """Addresses of digital copies; for the whole also what the header says of the finding aid."""
        found = []
        for one in self.element.iter("{*}dao", "{*}daoloc"):
            written = next((str(value) for name, value in one.attrib.items() if local(name) == "href"), "")
            if is_plain_address(written.strip()):
                found.append(self.taken.attribute(one, "href"))
        if self._above is None:
            for name in ("eadheader/filedesc", "control/filedesc", "frontmatter/titlepage"):
                for one in children(self.taken.record, name):
                    texts = [text for each in one.iter(etree.Element) if (text := self.taken.text(each))]
                    found.append(", ".join(texts)[:_LONGEST])
        return [one for one in dict.fromkeys(found) if one]


def _lang_above(element: etree._Element) -> str:
    """Return the language that a component has from what it stands in."""
    return next((str(found) for one in element.iterancestors() if (found := one.get(_XML_LANG))), "")


def _span(text: str) -> str | None:
    """Return the span of "1950-1955", "1960-01-15", "1950/1955"."""
    match = _SPANS.match(text)
    if not match:
        return _valid(text)
    found = f"{match[1]}/{match[2]}" if match[2] else match[1]
    return _valid(f"{found}~" if text.startswith("c") and not match[2] else found)


def _valid(span: str) -> str | None:
    try:
        years(span)
    except BadDate:
        return None
    return span
