# SPDX-License-Identifier: Apache-2.0
"""The events of a LIDO record: by whom, where, of what and when an object was made, and what else happened to it."""

from collections.abc import Callable

from lxml import etree

from ortaq.core.dates import years
from ortaq.core.errors import BadDate
from ortaq.doors.imports.lido_authorities import Named
from ortaq.doors.imports.tags import span_of
from ortaq.doors.imports.taken import Taken, child, children

_LIDO = "http://terminology.lido-schema.org/"
# Terms of the LIDO terminology (https://terminology.lido-schema.org): creation and design, and the ways of making.
_CREATION = {f"{_LIDO}{name}" for name in ("lido00012", "lido00224", "eventType/creation", "eventType/designing")}
_PRODUCTION = {f"{_LIDO}lido00007", f"{_LIDO}eventType/production", "https://event-types.museum-digital.org/1"}
_MAKING = _PRODUCTION | {f"{_LIDO}{name}" for name in ("lido01089", "lido01096", "lido01127")}
_MAKING |= {"https://event-types.museum-digital.org/10"}  # photographed
_PUBLICATION = {f"{_LIDO}{name}" for name in ("lido00228", "eventType/publication")}


class Events:
    """Collects from all events of a record."""

    def __init__(self, taken: Taken, named: Named, link: Callable[[str, str | None, str], None]) -> None:
        self._taken, self._named, self._link = taken, named, link
        self._spans: list[str] = []
        self.materials: list[str] = []

    def made(self) -> str | None:
        """Return the span from the first to the last making."""
        edges = [edge for span in self._spans for edge in (span.split("/") * 2)[:2]]
        if len(self._spans) < 2:
            return self._spans[0] if self._spans else None
        known = sorted((years(edge)[0] or 0, edge) for edge in edges if edge not in ("", ".."))
        starts_open, ends_open = (any(span.split("/")[at] in ("", "..") for span in self._spans) for at in (0, -1))
        first, last = known[0][1], max(known, key=lambda one: years(one[1])[1] or 0)[1]
        return span_of("" if starts_open else first, "" if ends_open else last)

    def take(self, element: etree._Element) -> None:
        """Take one eventSet."""
        event = child(element, "event")
        if event is None:
            return
        codes, words = self._codes(event), self._words(event)
        is_making = bool(codes & (_CREATION | _MAKING))
        about = ": ".join(" ".join((one.text or "").split()) for one in words)
        note = "" if codes & _PRODUCTION else about
        is_said = self._actors(event, _role(codes), note) and bool(note)
        is_said = bool(self._places(event, about) and about) or is_said
        why = "the links and the date of making say it" if is_making else "the event has nobody and no place to link to"
        for one in words:
            if is_said:
                self._taken.text(one)
            else:
                self._taken.lose(one, why)
        self._date(event, is_making=is_making)
        for one in children(event, "eventMaterialsTech"):
            self.take_materials(one, "displayMaterialsTech")
        for one in children(element, "displayEvent"):
            self._taken.lose(one, "it came in as the event beside it, as far as that has fields")

    def _codes(self, event: etree._Element) -> set[str]:
        """Return the addresses by which the type of the event is known."""
        types = children(event, "eventType")
        codes = {self._taken.text(code) for one in types for code in children(one, "conceptID")}
        return codes | {
            self._taken.attribute(concept, "about") for one in types for concept in children(one, "Concept")
        }

    @staticmethod
    def _words(event: etree._Element) -> list[etree._Element]:
        """Return the elements that say what sort of event it is, and its name."""
        types = [*children(event, "eventType/Concept/prefLabel"), *children(event, "eventType/term")]
        label = next((one for one in types if (one.text or "").strip()), None)
        names = [one for one in children(event, "eventName/appellationValue") if (one.text or "").strip()]
        return ([label] if label is not None else []) + names

    def _actors(self, event: etree._Element, role: str, about: str) -> bool:
        """Link to those who took part; tell whether there is a link."""
        is_linked = False
        for one in children(event, "eventActor"):
            inner = children(one, "actorInRole") or [one]  # LIDO 1.0 wraps, some exports do not
            for each in inner:
                parts = [
                    self._label(part)
                    for name in ("roleActor", "attributionQualifierActor")
                    for part in children(each, name)
                ]
                note = "; ".join(filter(None, [about, *parts]))
                for actor in children(each, "actor"):
                    to = self._named.agent(actor)
                    self._link(role, to, note)
                    is_linked = is_linked or to is not None
            for display in children(one, "displayActorInRole"):
                self._taken.lose(display, "it came in as the actor and role beside it")
        return is_linked

    def _label(self, element: etree._Element) -> str:
        labels = [*children(element, "Concept/prefLabel"), *children(element, "term")]
        return next((text for one in labels if (text := self._taken.text(one))), self._taken.text(element))

    def _places(self, event: etree._Element, about: str) -> bool:
        """Link to where it happened; tell whether there is a link."""
        is_linked = False
        for one in children(event, "eventPlace"):
            shown = children(one, "displayPlace")
            for place in children(one, "place"):
                to = self._named.place(place, shown[0] if shown else None)
                self._link("related_to", to, about)
                is_linked = is_linked or to is not None
            for display in shown:
                self._taken.lose(
                    display,
                    "it came in as the place beside it"
                    if child(one, "place") is not None
                    else "there is no place beside it to link to",
                )
        return is_linked

    def _date(self, event: etree._Element, *, is_making: bool) -> None:
        for one in children(event, "eventDate"):
            if not is_making:
                self._taken.lose(one, "only the date of making has a field")
                continue
            display = child(one, "displayDate")
            spans = [span for date in children(one, "date") if (span := self._named.span(date))]
            if display is not None and spans:
                self._taken.lose(display, "it came in as earliestDate and latestDate")
            elif display is not None and (span := _spoken(display.text or "")):
                self._taken.text(display)
                spans.append(span)
            elif display is not None:
                self._taken.lose(display, "it has no earliestDate and latestDate, and its words are no date")
            self._spans += spans

    def take_materials(self, element: etree._Element, display_name: str) -> None:
        """Take the materials and techniques of an event, or of the object as LIDO 1.1 has them."""
        before = len(self.materials)
        for one in children(element, "materialsTech/termMaterialsTech"):
            if found := self._named.term(one):
                self.materials.append(found)
        for display in children(element, display_name):
            if len(self.materials) > before:
                self._taken.lose(display, "it came in as the terms beside it")
            elif found := self._named.display_term(display):
                self.materials.append(found)


def _role(codes: set[str]) -> str:
    """Return how those who took part in an event of these types are linked."""
    if codes & _CREATION:
        return "created_by"
    if codes & _MAKING:
        return "made_by"
    return "published_by" if codes & _PUBLICATION else "related_to"


def _spoken(text: str) -> str | None:
    """Return the span of words that are a date already, such as "1424" or "1417/1420"."""
    try:
        years(text.strip())
    except BadDate:
        return None
    return text.strip()
