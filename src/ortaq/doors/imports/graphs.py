# SPDX-License-Identifier: Apache-2.0
"""A graph of RDF in a file: RDF/XML, Turtle or JSON-LD. Bounded in bytes; a DOCTYPE is refused, and a context that is not in the file."""

import re
import warnings
from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson

from ortaq.doors.imports.documents import parsed
from ortaq.doors.imports.errors import NotRdf, RecordTooLong, RemoteContext, XmlForbidden
from ortaq.doors.imports.source import Source

LIMIT = 64 * 1024 * 1024
A = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_DEEPEST = 8
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)


class Triple(NamedTuple):
    """value: an address, or a text with its language."""

    subject: str
    predicate: str
    value: str
    is_reference: bool
    lang: str = ""


class Text(NamedTuple):
    """id: of the value, where Arches keeps one."""

    text: str
    lang: str
    id: str = ""


class Graph:
    """The triples of a file, found by subject and by predicate."""

    def __init__(self, triples: list[Triple], prefixes: dict[str, str]) -> None:
        self._by_subject: dict[str, list[Triple]] = {}
        self._by_predicate: dict[str, list[Triple]] = {}
        self._prefixes = sorted(prefixes.items(), key=lambda one: -len(one[1]))
        for one in sorted(triples):
            self._by_subject.setdefault(one.subject, []).append(one)
            self._by_predicate.setdefault(one.predicate, []).append(one)

    def of(self, subject: str, predicate: str) -> list[Triple]:
        return [one for one in self._by_subject.get(subject, ()) if one.predicate == predicate]

    def about(self, predicate: str, value: str | None = None) -> list[Triple]:
        return [one for one in self._by_predicate.get(predicate, ()) if value is None or one.value == value]

    def titles(self, subject: str, predicates: tuple[str, ...]) -> list[str]:
        """Return the texts of *predicates*, those in English first."""
        found = [self.text(one) for name in predicates for one in self.of(subject, name) if not one.is_reference]
        return [one.text for one in sorted(found, key=lambda text: not text.lang.startswith("en")) if one.text]

    def below(self, subject: str, path: str = "", depth: int = 0) -> Iterator[tuple[Triple, str]]:
        """Yield the triples of a subject, and of the nodes without address that it has, each with its path."""
        for one in self._by_subject.get(subject, ()):
            where = f"{path}/{self.short(one.predicate)}".lstrip("/")
            if one.is_reference and one.value.startswith("_:") and depth < _DEEPEST:
                yield from self.below(one.value, where, depth + 1)
            else:
                yield one, where

    def short(self, address: str) -> str:
        """Return skos:prefLabel for an address whose beginning has a prefix."""
        for prefix, start in self._prefixes:
            if start and address.startswith(start):
                return f"{prefix}:{address[len(start) :]}" if prefix else address[len(start) :]
        return address

    @staticmethod
    def text(one: Triple) -> Text:
        """Return the text of a literal; Arches writes {"id": …, "value": …} into it."""
        if one.value.startswith("{"):
            try:
                found: Any = orjson.loads(one.value)
            except orjson.JSONDecodeError:
                found = None
            if isinstance(found, dict) and isinstance(found.get("value"), str):
                return Text(found["value"].strip(), one.lang, str(found.get("id", "")))
        return Text(one.value.strip(), one.lang)


def graph_of(source: Source) -> Graph:
    """Return what *source* says; raises RecordTooLong, XmlForbidden, RemoteContext or NotRdf."""
    with source.opened() as file:
        data = file.stream.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise RecordTooLong(limit=LIMIT)
    head = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if head == b"<" and not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<http", b"<urn")):
        return _parsed(data, "xml")
    return _parsed(data, "json-ld" if head in (b"{", b"[") else "turtle")


def _parsed(data: bytes, syntax: str) -> Graph:
    if syntax == "xml" and b"<!DOCTYPE" in _COMMENT.sub(b"", data.replace(b"\0", b"")):
        raise XmlForbidden(what="a DOCTYPE")
    if syntax == "json-ld":
        _check_contexts(parsed(data))
    import rdflib  # late: slow import

    graph = rdflib.Dataset(default_union=True) if syntax == "json-ld" else rdflib.Graph(bind_namespaces="none")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rdflib against its own classes
        try:
            graph.parse(data=data, format=syntax, publicID="urn:x-file:")
        except Exception as error:  # its parsers raise what they meet, of many sorts
            raise NotRdf(syntax=syntax, reason=" ".join(str(error).split())[:200]) from error
        found = list(graph.triples((None, None, None)))
    triples = [Triple(_name(subject), str(predicate), *_object(value)) for subject, predicate, value in found]
    return Graph(triples, {prefix: str(start) for prefix, start in graph.namespaces()})


def _name(node: Any) -> str:
    return f"_:{node}" if type(node).__name__ == "BNode" else str(node)


def _object(node: Any) -> tuple[str, bool, str]:
    if type(node).__name__ == "Literal":
        return str(node), False, str(node.language or "")
    return _name(node), True, ""


def _check_contexts(value: Any) -> None:
    """A context by its address would be fetched; one within another document, too."""
    if isinstance(value, list):
        for one in value:
            _check_contexts(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            if name == "@import" or (name == "@context" and _is_remote(one)):
                raise RemoteContext(context=str(one)[:200])
            _check_contexts(one)


def _is_remote(context: Any) -> bool:
    return isinstance(context, str) or (isinstance(context, list) and any(_is_remote(one) for one in context))
