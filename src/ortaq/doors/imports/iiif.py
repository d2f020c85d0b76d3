# SPDX-License-Identifier: Apache-2.0
"""IIIF Presentation 3 and 2: manifests become objects with their images; collections and pages of annotations become materials."""

from collections.abc import Iterator, Mapping
from typing import Any

from ortaq.core.audience import PUBLIC
from ortaq.core.dates import years
from ortaq.core.errors import BadDate, OrtaqError
from ortaq.core.identifiers import is_web_address
from ortaq.doors.imports.documents import documents
from ortaq.doors.imports.errors import UnknownClass
from ortaq.doors.imports.iiif_words import Words, first, joined
from ortaq.doors.imports.item import Item, Mark
from ortaq.doors.imports.leaves import Leaves, Node, nodes, texts
from ortaq.doors.imports.source import Source
from ortaq.doors.imports.tags import bounded_id, is_plain_address, register_of
from ortaq.records.door import Draft
from ortaq.records.registry import KINDS

CLASSES = ("Manifest", "Collection", "AnnotationPage", "AnnotationCollection")
_PAINTING = ("painting", "sc:painting")
_SHOWN = {"Image": "images", "dctypes:Image": "images"}
_LONGEST, _MOST_TEXTS = 2000, 50  # core.fields


def read(source: Source, after: Mark, audience: str = PUBLIC) -> Iterator[Item]:
    """Yield all records, from the first on; after: for the caller to skip by."""
    for number, found in enumerate(documents(source), start=1):
        if number <= after.number:
            continue
        try:
            if found.error:
                raise found.error
            record = _Record(found.value, source.path.name, audience)
            body = record.body()
            draft = Draft(record.kind, body, audience)
            yield Item(
                number, found.line, found.end, draft, None, (), record.leaves.lost(), list(record.named.values())
            )
        except OrtaqError as error:
            yield Item(number, found.line, found.end, None, error)


class _Record:
    """One document on its way to a body. file: its name, which stands for an id that is no address."""

    def __init__(self, node: Node, file: str, audience: str) -> None:
        self.node, self.leaves, self._file, self._audience = node, Leaves(node), file, audience
        self.name = (self.leaves.text(node, "type") or self.leaves.text(node, "@type")).removeprefix("sc:")
        if self.name not in CLASSES:
            raise UnknownClass(found=self.name or "(nothing)", known=", ".join(CLASSES))
        self.kind = kind_of(self.name)
        self.named: dict[str, Draft] = {}
        self._specs = {spec.name: spec for spec in KINDS[self.kind].fields}
        self._words = Words(self.leaves)
        self._body: dict[str, Any] = {"source_id": self._source_id()}
        self._links: list[dict[str, str]] = []

    def _source_id(self) -> str:
        written = self.leaves.text(self.node, "id") or self.leaves.text(self.node, "@id")
        if is_web_address(written):
            return bounded_id(f"{self.kind}:{written}")
        self.leaves.assume("id", written, "it is no address; the name of the file stands for it")
        return bounded_id(f"{self.kind}:iiif:{self._file}")

    def body(self) -> dict[str, Any]:
        """Return the body in the line format."""
        self.leaves.value(self.node, "@context")
        for at in range(len(found) if isinstance(found := self.node.get("@context"), list) else 0):
            self.leaves.value(found, at)
        title = self._words.of(self.node, "label")
        if not title:
            name = f"{self.name} {self._file}"
            self.leaves.assume("label", name, "there is no label; its class and the name of the file stand for it")
            title = {"und": [name[:_LONGEST]]}
        self._body["title"] = {tag: [text[:_LONGEST] for text in found] for tag, found in title.items()}
        self._describe()
        self._rights()
        self._date()
        self._provider()
        self._pages()
        self._shown()
        self._contained()
        self._annotated()
        if self._links:
            self._body["links"] = list({tuple(one.items()): one for one in self._links}.values())[:5_000]
        return self._body

    def _describe(self) -> None:
        """The summary, the pairs of metadata of the whole and of its canvases, and the contents."""
        found: dict[str, list[str]] = {}
        for name in ("summary", "description"):
            _add(found, self._words.of(self.node, name))
        for pair in nodes(self.node, "metadata"):
            _add(found, self._words.pair(pair))
        for canvas in self._canvases():
            for pair in nodes(canvas, "metadata"):
                label = first(self._words.of(canvas, "label"))
                _add(
                    found, {tag: [f"{label}: {text}" for text in said] for tag, said in self._words.pair(pair).items()}
                )
        for ranges in (nodes(self.node, "structures"),):
            _add(found, joined([said for one in ranges for said in self._contents(one)]))
        if found:
            self._body["description"] = {tag: said[:_MOST_TEXTS] for tag, said in found.items()}

    def _contents(self, node: Node) -> Iterator[dict[str, list[str]]]:
        """Yield the labels of a range and of those in it, in their order."""
        self.leaves.value(node, "type")
        self.leaves.lose(node, "a table of contents is words, without pages")
        if label := self._words.of(node, "label"):
            yield label
        for one in nodes(node, "items"):
            if one.get("type") == "Range":
                yield from self._contents(one)

    def _rights(self) -> None:
        said = [first(self._words.of(one, "value")) for one in nodes(self.node, "requiredStatement")]
        said += [first(self._words.of(self.node, "attribution"))]
        for one in nodes(self.node, "requiredStatement"):
            self.leaves.lose(one, "the rights have one language and no label")
        address = self.leaves.text(self.node, "rights") or self.leaves.text(self.node, "license")
        if address and "licence" in self._specs and is_plain_address(address):
            self._body["licence"] = address
        elif address:
            said.append(address)
        if text := "; ".join(filter(None, said)):
            self._body["rights"] = text[:_LONGEST]

    def _date(self) -> None:
        field = "made" if "made" in self._specs else "created"
        written = self.leaves.text(self.node, "navDate")
        day = written[:10]
        try:
            years(day)
        except BadDate:
            self.leaves.forget(self.node, "navDate")
            return
        if field in self._specs:
            self._body[field] = day
            if written[10:] not in ("", "T00:00:00Z", "T00:00:00+00:00"):
                self.leaves.assume("navDate", written, "a span has no time of day")
        else:
            self.leaves.forget(self.node, "navDate")

    def _provider(self) -> None:
        for one in nodes(self.node, "provider"):
            title = self._words.of(one, "label")
            if not title:
                continue
            self.leaves.value(one, "type")
            address = self.leaves.text(one, "id")
            body: dict[str, Any] = {
                "source_id": bounded_id(f"agent:{address}" if is_web_address(address) else f"agent:iiif:{first(title)}")
            }
            body |= {"title": title, "agent_type": "institution"}
            if (register := register_of(address)) and is_web_address(address):
                body["identifiers"] = [{"scheme": register[0], "value": register[1]}]
            for page in nodes(one, "homepage")[:1]:
                if is_plain_address(str(page.get("id", ""))):
                    body["website"] = self.leaves.text(page, "id")
            self.named[body["source_id"]] = Draft("agent", body, self._audience)
            self._links.append({"role": "published_by", "to": body["source_id"]})

    def _pages(self) -> None:
        """Addresses of pages and files about it; what they are called has no field."""
        found = []
        for name in ("homepage", "seeAlso", "rendering", "related"):
            for one in nodes(self.node, name):
                found += [address for key in ("id", "@id") if (address := self._address(one, key))]
        if found:
            self._body["sources"] = list(dict.fromkeys(found))

    def _address(self, node: Node, key: str) -> str:
        written = node.get(key)
        return self.leaves.text(node, key) if isinstance(written, str) and is_plain_address(written) else ""

    def _canvases(self) -> list[Node]:
        if self.name != "Manifest":
            return []
        return nodes(self.node, "items") + [
            one for each in nodes(self.node, "sequences") for one in nodes(each, "canvases")
        ]

    def _shown(self) -> None:
        """The images that are painted on the canvases, and sound and film as addresses."""
        images: list[str] = []
        others: list[str] = []
        for canvas in self._canvases():
            self.leaves.lose(canvas, "of a canvas, the address of what it shows comes in")
            for one in nodes(canvas, "annotations"):
                self.leaves.lose(one, "an annotation is its author's opinion, which no import gives")
            for annotation in [
                *(one for page in nodes(canvas, "items") for one in nodes(page, "items")),
                *nodes(canvas, "images"),
            ]:
                if annotation.get("motivation") in _PAINTING:
                    for sort, address in self._bodies(annotation):
                        (images if sort in _SHOWN else others).append(address)
        if images:
            self._body["images"] = list(dict.fromkeys(images))
        if others:
            self._body["sources"] = list(dict.fromkeys([*self._body.get("sources", ()), *others]))

    def _bodies(self, annotation: Node) -> Iterator[tuple[str, str]]:
        for body in [*nodes(annotation, "body"), *nodes(annotation, "resource")]:
            for one in [body, *nodes(body, "items"), *nodes(body, "default"), *nodes(body, "source")]:
                for key in ("id", "@id"):
                    if address := self._address(one, key):
                        yield str(one.get("type") or one.get("@type") or ""), address

    def _contained(self) -> None:
        """What a collection has, and what a record is part of."""
        held = [
            (one, "contains")
            for name in ("items", "manifests", "collections", "members")
            for one in nodes(self.node, name)
        ]
        if self.name != "Collection":
            held = []
        for one, note in [*held, *((one, "") for one in nodes(self.node, "partOf"))]:
            if to := self._mention(one):
                self._links.append(
                    {"role": "related_to", "to": to, "note": note} if note else {"role": "part_of", "to": to}
                )

    def _mention(self, node: Node) -> str | None:
        name = str(node.get("type") or node.get("@type") or "").removeprefix("sc:")
        address = self.leaves.text(node, "id") or self.leaves.text(node, "@id")
        if name not in CLASSES or not address:
            return None
        for key in ("type", "@type"):
            self.leaves.value(node, key)
        kind = kind_of(name)
        source_id = bounded_id(
            f"{kind}:{address}" if is_web_address(address) else f"{kind}:iiif:{self._file}#{address}"
        )
        title = self._words.of(node, "label") or {
            "und": [address.rstrip("/").rpartition("/")[2][:_LONGEST] or address[:_LONGEST]]
        }
        self.named[source_id] = Draft(kind, {"source_id": source_id, "title": title}, self._audience)
        return source_id

    def _annotated(self) -> None:
        """The texts of a page of annotations, one a line, by language."""
        if self.name != "AnnotationPage":
            return
        lines: dict[str, list[str]] = {}
        for one in nodes(self.node, "items"):
            self.leaves.lose(one, "of an annotation on a page of its own, the text comes in")
            for body in nodes(one, "body"):
                tag = (texts(self.leaves, body, "language") or ["und"])[0]
                if text := self.leaves.text(body, "value"):
                    lines.setdefault(self._words.tag(tag), []).append(text)
        if lines and "text" in self._specs:
            self._body["text"] = {tag: ["\n".join(found)] for tag, found in lines.items()}


def kind_of(name: str) -> str:
    """Return the kind whose records stand for documents of that class."""
    if name == "Manifest":
        return "object"
    return "collection" if name == "Collection" and "collection" in KINDS else "material"


def _add(found: dict[str, list[str]], more: Mapping[str, list[str]]) -> None:
    for tag, said in more.items():
        found.setdefault(tag, []).extend(text for text in said if text not in found.get(tag, ()))
