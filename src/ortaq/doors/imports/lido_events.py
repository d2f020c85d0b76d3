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
_MAKING = {f"{_LIDO}{name}" for name in ("lido00007", "lido01089", "lido01096", "lido01127", "eventType/production")}
_MAKING |= {f"https://event-types.museum-digital.org/{number}" for number in (1, 10)}  # made, photographed
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
        codes, label = self._type(event)
        name = "; ".join(
            text for one in children(event, "eventName/appellationValue") if (text := self._taken.text(one))
        )
        is_making = bool(codes & (_CREATION | _MAKING))
        role = (
            "created_by"
            if codes & _CREATION
            else "made_by"
            if is_making
            else "published_by"
            if codes & _PUBLICATION
            else "related_to"
        )
        about = ": ".join(filter(None, (label, name)))
        self._actors(event, role, "" if is_making else about)
        self._places(event, about)
        self._date(event, is_making=is_making)
        for one in children(event, "eventMaterialsTech"):
            self.take_materials(one, "displayMaterialsTech")
        for one in children(element, "displayEvent"):
            self._taken.lose(one, "it came in as the event beside it, as far as that has fields")

    def _type(self, event: etree._Element) -> tuple[set[str], str]:
        codes, labels = set(), []
        for one in children(event, "eventType"):
            codes |= {self._taken.text(code) for code in children(one, "conceptID")}
            codes |= {self._taken.attribute(concept, "about") for concept in children(one, "Concept")}
            labels += [
                self._taken.text(text) for text in [*children(one, "Concept/prefLabel"), *children(one, "term")][:1]
            ]
        return codes, next(filter(None, labels), "")

    def _actors(self, event: etree._Element, role: str, about: str) -> None:
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
                    self._link(role, self._named.agent(actor), note)
            for display in children(one, "displayActorInRole"):
                self._taken.lose(display, "it came in as the actor and role beside it")

    def _label(self, element: etree._Element) -> str:
        labels = [*children(element, "Concept/prefLabel"), *children(element, "term")]
        return next((text for one in labels if (text := self._taken.text(one))), self._taken.text(element))

    def _places(self, event: etree._Element, about: str) -> None:
        for one in children(event, "eventPlace"):
            shown = children(one, "displayPlace")
            for place in children(one, "place"):
                self._link("related_to", self._named.place(place, shown[0] if shown else None), about)
            for display in shown:
                self._taken.lose(
                    display,
                    "it came in as the place beside it"
                    if child(one, "place") is not None
                    else "there is no place beside it to link to",
                )

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


def _spoken(text: str) -> str | None:
    """Return the span of words that are a date already, such as "1424" or "1417/1420"."""
    try:
        years(text.strip())
    except BadDate:
        return None
    return text.strip()
