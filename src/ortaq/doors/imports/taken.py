# SPDX-License-Identifier: Apache-2.0
"""Reading an XML record while noting what was read, so that what came in and what was lost can be told apart to the last attribute."""

import functools
import re
from collections.abc import Iterator

from lxml import etree

from ortaq.core.lost import Lost

NO_FIELD = "no field takes it"
_SAMPLE = 100
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class Taken:
    """Hands out texts and attributes of one record and remembers which."""

    def __init__(self, record: etree._Element) -> None:
        self.record = record
        self._texts: set[etree._Element] = set()
        self._attributes: set[tuple[etree._Element, str]] = set()
        self._why: dict[etree._Element, str] = {}
        self._more: list[Lost] = []

    def text(self, element: etree._Element | None) -> str:
        """Return the element's text on one line."""
        return " ".join(self.lines(element).split())

    def lines(self, element: etree._Element | None) -> str:
        """Return the element's text, its paragraphs on lines of their own."""
        if element is None:
            return ""
        self._texts.add(element)
        paragraphs = (" ".join(paragraph.split()) for paragraph in _BLANK_LINE.split(element.text or ""))
        return "\n".join(filter(None, paragraphs))

    def attribute(self, element: etree._Element, name: str) -> str:
        """Return the attribute of that local name; empty if there is none."""
        for full, value in element.attrib.items():
            if local(full) == name:
                self._attributes.add((element, str(full)))
                return str(value).strip()
        return ""

    def lang(self, element: etree._Element) -> str:
        """Return the nearest xml:lang, as it is written."""
        for one in (element, *element.iterancestors()):
            if found := one.get(_XML_LANG):
                self._attributes.add((one, _XML_LANG))
                return str(found)
            if one is self.record:
                break
        return ""

    def lose(self, element: etree._Element, why: str) -> None:
        """Say why what stands in *element* and below does not come in; only what is not read otherwise counts."""
        for one in element.iter(etree.Element):
            self._why.setdefault(one, why)

    def assume(self, path: str, sample: str, why: str) -> None:
        """Say what the input left open and how it was read."""
        self._more.append(Lost(path, 1, sample[:_SAMPLE], why))

    def lost(self) -> list[Lost]:
        """Return every text and attribute that was not handed out, by path; of a lost text, its attributes are not listed."""
        found: dict[tuple[str, str], tuple[int, str]] = {}
        for path, value, why in self._left():
            count, sample = found.get((path, why), (0, value[:_SAMPLE]))
            found[path, why] = count + 1, sample
        return [Lost(path, count, sample, why) for (path, why), (count, sample) in found.items()] + self._more

    def _left(self) -> Iterator[tuple[str, str, str]]:
        for element, path in _paths(self.record):
            why = self._why.get(element, NO_FIELD)
            if element not in self._texts and (text := " ".join((element.text or "").split())):
                yield path, text, why
                continue  # what qualifies a lost text goes without saying
            for name, value in element.attrib.items():
                if (
                    (element, str(name)) not in self._attributes
                    and "XMLSchema-instance" not in str(name)
                    and str(value).strip()
                ):
                    yield f"{path}/@{local(name)}", str(value), why


def _paths(record: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Yield the record and everything in it with its path: "category/term"."""
    above = [""]
    for step, element in etree.iterwalk(record, events=("start", "end")):
        if step == "end":
            above.pop()
            continue
        path = f"{above[-1]}/{local(element.tag)}" if above[-1] else local(element.tag)
        above.append(path if element is not record else "")
        yield element, above[-1]


@functools.lru_cache(maxsize=4096)
def local(name: object) -> str:
    """Return a tag or attribute name without its namespace."""
    return str(name).rpartition("}")[2]


@functools.lru_cache(maxsize=1024)
def _steps(path: str) -> tuple[str, ...]:
    return tuple(f"{{*}}{step}" for step in path.split("/"))


def children(element: etree._Element | None, path: str) -> list[etree._Element]:
    """Return the descendants by local names: "titleWrap/titleSet"."""
    found = [] if element is None else [element]
    for step in _steps(path):
        found = [child for one in found for child in one.iterchildren(step)]
    return found


def child(element: etree._Element | None, path: str) -> etree._Element | None:
    """Return the first of `children`."""
    return next(iter(children(element, path)), None)
