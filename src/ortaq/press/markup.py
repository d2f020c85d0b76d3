# SPDX-License-Identifier: Apache-2.0
"""A saved HTML page as lines of text, each character with its place in the file."""

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import accumulate

_LOOKS_LIKE_HTML = re.compile(r"<!doctype\s+html|<(?:html|head|body|article|main|div|p|h1|meta)\b[^>]*>", re.I)
_CLOSED = re.compile(r"</(?:html|head|body|article|main|div|p|h1|title)>", re.I)
_IS_PUBLISHED = re.compile("datePublished", re.I)
_PUBLISHED = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')

# What a browser shows as blocks, and what is no part of any report.
_BLOCKS = frozenset(
    "address article blockquote br dd div dl dt figcaption figure h1 h2 h3 h4 h5 h6 header hr li main ol p pre section "
    "table tbody td th tr ul time".split()
)
_HIDDEN = frozenset("aside button footer form nav noscript script select style svg template textarea iframe".split())
_DATE_NAMES = frozenset(
    {"article:published_time", "datepublished", "date", "pubdate", "dc.date", "dc.date.issued", "og:published_time"}
)


@dataclass(slots=True)
class Dump:
    """The text of a page; places: where in the file each character stands, None if the text is the file."""

    text: str
    places: list[int] | None = None
    title: str | None = None
    date: str | None = None
    url: str | None = None

    def place(self, position: int) -> int:
        """Return where the character at *position* stands in the file."""
        if self.places is None:
            return position
        return self.places[position] if position < len(self.places) else (self.places[-1] + 1 if self.places else 0)

    def end_place(self, end: int) -> int:
        return self.place(end - 1) + 1 if end else self.place(0)


def dump_of(text: str) -> Dump:
    """Return *text* as it is, or what a reader sees of it if it is an HTML page."""
    if not (_LOOKS_LIKE_HTML.search(text[:4000]) and _CLOSED.search(text)):
        return Dump(text)
    reader = _Reader(text)
    reader.feed(text)
    reader.close()
    return reader.dump()


@dataclass(slots=True)
class _Piece:
    text: str
    start: int
    is_entity: bool = False


@dataclass(slots=True)
class _Head:
    title: list[str] = field(default_factory=list)
    heading: list[str] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    linked: str | None = None


class _Reader(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self._line_starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
        self._pieces: list[_Piece] = []
        self._open: list[str] = []
        self._head = _Head()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta":
            name = (
                given.get("property") or given.get("name") or given.get("itemprop") or ""
            ).lower()  # ascii: attribute
            self._head.meta.setdefault(name, given.get("content", ""))
        elif tag == "link" and given.get("rel") == "canonical":
            self._head.meta.setdefault("canonical", given.get("href", ""))
        elif tag == "time" and _IS_PUBLISHED.search(given.get("itemprop", "") + given.get("class", "")):
            self._head.meta.setdefault("datepublished", given.get("datetime", ""))
        elif tag in _HIDDEN or tag in ("title", "h1"):
            self._open.append(tag)
        if tag in _BLOCKS:
            self._break()

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            del self._open[len(self._open) - 1 - self._open[::-1].index(tag) :]
        if tag in _BLOCKS:
            self._break()

    def handle_data(self, data: str) -> None:
        if "script" in self._open and (found := _PUBLISHED.search(data)):
            self._head.meta.setdefault("datepublished", found[1])
        self._add(data, is_entity=False)

    def handle_entityref(self, name: str) -> None:
        self._add(html.unescape(f"&{name};"), is_entity=True)

    def handle_charref(self, name: str) -> None:
        self._add(html.unescape(f"&#{name};"), is_entity=True)

    def _add(self, text: str, *, is_entity: bool) -> None:
        if "title" in self._open:
            self._head.title.append(text)
        elif not _HIDDEN.intersection(self._open):
            if "h1" in self._open:
                self._head.heading.append(text)
            line, column = self.getpos()
            self._pieces.append(_Piece(text, self._line_starts[line - 1] + column, is_entity))

    def _break(self) -> None:
        line, column = self.getpos()
        self._pieces.append(_Piece("\n", self._line_starts[line - 1] + column, is_entity=True))

    def dump(self) -> Dump:
        """Return the pieces with runs of white space as one space, or as one line break where a block ends."""
        letters: list[str] = []
        places: list[int] = []
        for piece in self._pieces:
            for offset, letter in enumerate(piece.text):
                is_break = piece.is_entity and letter == "\n"
                if letter.isspace() and not is_break:
                    letter = " "
                    if letters and letters[-1] in " \n":
                        continue
                if is_break and letters and letters[-1] == " ":
                    letters.pop()
                    places.pop()
                if is_break and letters and letters[-1] == "\n":
                    continue
                letters.append(letter)
                places.append(piece.start + (0 if piece.is_entity else offset))
        meta = self._head.meta
        title = (
            " ".join("".join(self._head.heading).split())
            or meta.get("og:title")
            or " ".join("".join(self._head.title).split())
        )
        date = next(
            (
                meta[name]
                for name in ("article:published_time", "datepublished", *sorted(_DATE_NAMES))
                if meta.get(name)
            ),
            None,
        )
        return Dump("".join(letters), places, title or None, date, meta.get("canonical") or meta.get("og:url") or None)
