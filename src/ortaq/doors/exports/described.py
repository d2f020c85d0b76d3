# SPDX-License-Identifier: Apache-2.0
"""A record with what it refers to, as formats of others need it: they name people, places and terms by their names, not by ours."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from ortaq.core.audience import Viewer
from ortaq.core.dates import years
from ortaq.core.errors import BadDate
from ortaq.core.fields import Role
from ortaq.core.identifiers import is_record_uri, is_web_address, source_id_of_uri
from ortaq.core.kind import FieldSpec, Kind
from ortaq.core.nature import Nature
from ortaq.core.outline import heading, outline
from ortaq.nodes.identity import own_id
from ortaq.records.bulk import in_chunks
from ortaq.records.models import Record
from ortaq.records.queries import body_of, given_attachments, records_for
from ortaq.records.registry import KINDS

LanguageMap = Mapping[str, Sequence[str]]
_DAY = re.compile(r"-?\d{4}(-\d\d(-\d\d)?)?\Z", re.ASCII)
# Registers whose identifiers have an address; doors/imports/tags.py reads them back.
_REGISTERS: Final = {
    "aat": "http://vocab.getty.edu/aat/{}",
    "tgn": "http://vocab.getty.edu/tgn/{}",
    "ulan": "http://vocab.getty.edu/ulan/{}",
    "gnd": "https://d-nb.info/gnd/{}",
    "wikidata": "http://www.wikidata.org/entity/{}",
    "geonames": "https://sws.geonames.org/{}/",
    "viaf": "https://viaf.org/viaf/{}",
    "iconclass": "https://iconclass.org/{}",
}


@dataclass(frozen=True, slots=True)
class Target:
    """What a record points at: a record, or no more than an address (kind None)."""

    uri: str
    kind: Kind | None = None
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def names(self) -> LanguageMap:
        return heading(self.kind, dict(self.body)) if self.kind else {}

    @property
    def nature(self) -> Nature | None:
        return self.kind.nature if self.kind else None

    @property
    def addresses(self) -> list[str]:
        """Its addresses in registers that are known."""
        return register_addresses(self.body)


@dataclass(frozen=True, slots=True)
class Described:
    """base: address of this node without a slash at its end; empty where nothing is known of it.

    absent: digests of files that another node has and this one does not give out
    """

    record: Record
    kind: Kind
    body: Mapping[str, Any]
    targets: Mapping[str, Target]
    base: str = ""
    absent: frozenset[str] = frozenset()

    @property
    def uri(self) -> str:
        return self.record.uri

    @property
    def page(self) -> str:
        """The address of the record's page; empty where this node has none."""
        return f"{self.base}/r/{source_id_of_uri(self.uri)}" if self.base else ""

    @property
    def names(self) -> LanguageMap:
        return heading(self.kind, dict(self.body))

    def texts(self, role: Role) -> Iterator[tuple[FieldSpec, str, str]]:
        """Yield (field, language tag, text) of the language maps of *role*."""
        for spec, value in self.values(role):
            yield from ((spec, tag, text) for tag, texts in value.items() for text in texts)

    def values(self, *roles: Role) -> Iterator[tuple[FieldSpec, Any]]:
        """Yield (field, value) for each value of the fields that have one of *roles*, but for those inside groups."""
        for spec in self.kind.fields:
            value = self.body.get(spec.name)
            if spec.role in roles and value is not None:
                yield from ((spec, one) for one in (value if isinstance(value, list) else [value]))

    def groups(self) -> Iterator[tuple[FieldSpec, Mapping[str, Any]]]:
        """Yield (field, entry) of the groups that only some kinds have."""
        shared = ("identifiers",)
        yield from ((spec, entry) for spec, entry in self.values(Role.GROUP) if spec.name not in shared)

    def linked(self, *roles: str) -> list[tuple[Mapping[str, Any], Target]]:
        """Return the links of *roles*, each with its target, as far as that can be seen."""
        found = ((link, self.targets.get(link["to"])) for _spec, link in self.values(Role.LINKS))
        return [(link, target) for link, target in found if target is not None and (not roles or link["role"] in roles)]

    def terms(self, *names: str, but: Sequence[str] = ()) -> list[Target]:
        """Return the terms in the fields *names*, or in all but some."""
        found = [(spec.name, self.targets.get(uri)) for spec, uri in self.values(Role.TERM)]
        return [one for name, one in found if one and name not in but and (not names or name in names)]

    def spans(self) -> list[tuple[FieldSpec, str]]:
        return list(self.values(Role.SPAN, Role.DATE))

    def files(self) -> list[Mapping[str, Any]]:
        return [file for _spec, file in self.values(Role.FILES)]

    def address_of_file(self, file: Mapping[str, Any]) -> str:
        """Where the bytes are; empty where they are not here, or nothing is known of this node's address."""
        if file["digest"] in self.absent:
            return ""
        return f"{self.base}/files/{file['digest']}/{_in_path(str(file['name']))}" if self.base else ""

    @property
    def licence(self) -> str:
        """The web address of the licence, if there is one."""
        given = self.body.get("licence")
        return str(given) if isinstance(given, str) and is_web_address(given) else ""

    @property
    def first_tag(self) -> str:
        """The language of the first title."""
        return next(iter(self.names), "und")


def described(records: Iterable[Record], viewer: Viewer, base: str = "") -> Iterator[Described]:
    """Yield each of *records*, which have their newest changes, with what it points at, as far as *viewer* may see that.

    Flat in memory; two queries for some hundred records. A record whose kind is not known here, or whose body is damaged, is left out.
    """
    for chunk in in_chunks(records, 200):
        bodies = [(record, KINDS[record.kind], _body(record)) for record in chunk if record.kind in KINDS]
        named = {uri for _record, kind, body in bodies if body is not None for uri in _named(kind, body)}
        targets = _targets(named, viewer)
        absent = _absent(bodies)
        for record, kind, body in bodies:
            if body is not None:
                yield Described(record, kind, body, targets, base, absent.get(record.id, frozenset()))


def _body(record: Record) -> dict[str, Any] | None:
    try:
        body = body_of(record)
        outline(KINDS[record.kind], body)
    except (ValueError, KeyError, TypeError, AttributeError):  # damaged: `ortaq verify` tells
        return None
    return body or None


def _named(kind: Kind, body: dict[str, Any]) -> Iterator[str]:
    return (uri for _role, uri in outline(kind, body).links)


def _absent(bodies: Iterable[tuple[Record, Kind, dict[str, Any] | None]]) -> dict[int, frozenset[str]]:
    """Return the files of records of other nodes whose bytes those have not given us, by the id of the record; one query at most."""
    own = own_id()
    named = {
        record.id: {str(file["digest"]) for file in outline(kind, body).files}
        for record, kind, body in bodies
        if body is not None and record.node != own
    }
    wanted = [id_ for id_, digests in named.items() if digests]
    for id_, digest in (
        given_attachments().filter(record_id__in=wanted).values_list("record_id", "digest") if wanted else ()
    ):
        named[id_].discard(digest)
    return {id_: frozenset(digests) for id_, digests in named.items() if digests}


def _targets(uris: set[str], viewer: Viewer) -> dict[str, Target]:
    found = {uri: Target(uri) for uri in uris if is_web_address(uri)}
    for chunk in in_chunks(uri for uri in uris if is_record_uri(uri)):
        for record in records_for(viewer).select_related("change").filter(uri__in=chunk):
            body = _body(record) if record.kind in KINDS else None
            if body is not None:
                found[record.uri] = Target(record.uri, KINDS[record.kind], body)
    return found


def register_addresses(body: Mapping[str, Any]) -> list[str]:
    """Return the addresses of a record in the registers that are known."""
    found = []
    for one in body.get("identifiers", ()):
        pattern, value = _REGISTERS.get(one["scheme"]), one["value"]
        if is_web_address(value):
            found.append(value)
        elif pattern and re.fullmatch(r"[\w.()+-]+", value):
            found.append(pattern.format(value))
    return found


def days(span: str) -> tuple[str, str]:
    """Return the first and last day, month or year that *span* can mean, as ISO 8601; empty where it is open or unknown."""
    start, slash, end = span.partition("/")
    try:
        first, last = years(span)
    except BadDate:
        return "", ""
    return _day(start, first), _day(end if slash else start, last)


def _day(half: str, year: int | None) -> str:
    if _DAY.match(half):
        return half
    return "" if year is None else f"{'-' if year < 0 else ''}{abs(year):04d}"


def in_words(spec: FieldSpec, entry: Mapping[str, Any]) -> str:
    """Return one entry of a group as a line: "Protection: World Heritage List, World, 1549". Labels are in English."""
    parts = {part.name: part for part in spec.parts}
    said = [_said(parts.get(name), value) for name, value in entry.items()]
    return f"{spec.label}: {', '.join(filter(None, said))}"


def _said(spec: FieldSpec | None, value: Any) -> str:
    if spec is not None and spec.choices:
        return spec.choices.get(str(value), str(value))
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _in_path(name: str) -> str:
    return quote(name, safe="")
