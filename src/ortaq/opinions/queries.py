# SPDX-License-Identifier: Apache-2.0
"""Reads of opinions, each limited to what the viewer may see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.db.models import OuterRef, Q, Subquery

from ortaq.core.audience import Viewer
from ortaq.core.identifiers import split_uri
from ortaq.nodes.identity import own_id
from ortaq.nodes.keeping import actor_names
from ortaq.opinions.kind import MOTIVATIONS, OPINION, REASONS
from ortaq.people import rules as people
from ortaq.people.queries import names_mentioned, person_name
from ortaq.records.actions import subject_of
from ortaq.records.errors import Absent
from ortaq.records.hiding import hidings_of, is_hidden
from ortaq.records.models import Link, Record
from ortaq.records.queries import (
    record_in_place_of,
    record_of,
    records_for,
    records_linking,
    targets_by_uri,
    with_replaced,
)
from ortaq.records.verification import Finding, findings_inside

ROOTS_A_PAGE = 100
_REPLIES_AT_MOST = 2_000


@dataclass(frozen=True, slots=True)
class Hiding:
    """That the node of the record does not show an opinion on its pages. lang: of the note; uri: of the record that says so."""

    reason: str
    note: str
    lang: str
    uri: str

    @property
    def label(self) -> str:
        """The marked label of the reason."""
        return REASONS.get(self.reason, REASONS["other"])


@dataclass(slots=True)
class Said:
    """One opinion of a thread. body: empty when it cannot be trusted; depth: 0 begins a thread; record None: an opinion that was
    withdrawn, or is not for this viewer, and that others have answered. author: the name of the person who signed it; creator: the
    agent whom the opinion names as its author; people: names of whom it mentions, by login; is_of_merged: it was given on a record
    that was merged into the one whose thread this is; names: of who signed it at another node, as a language map; is_awaited: the
    opinion that is not here has not arrived yet; hiding: the node of the record does not show it; is_hidden: nor does this one."""

    record: Record | None
    body: dict[str, Any] = field(default_factory=dict)
    author: str = ""
    creator: Record | None = None
    depth: int = 0
    findings: tuple[Finding, ...] = ()
    people: dict[str, str] = field(default_factory=dict)
    is_of_merged: bool = False
    names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    is_awaited: bool = False
    hiding: Hiding | None = None
    is_hidden: bool = False

    @property
    def motivation(self) -> str:
        """The marked label of the purpose; empty for an opinion that cannot be read."""
        return MOTIVATIONS.get(self.body.get("motivation", ""), "")


@dataclass(slots=True)
class Threads:
    """said: a page of threads in reading order; after: where the next page starts, None on the last."""

    said: list[Said]
    after: int | None
    is_first: bool


@dataclass(frozen=True, slots=True)
class Recent:
    """An opinion and the record that it is about."""

    said: Said
    about: Record


def opinions_about(uri: str, viewer: Viewer, *, after: int = 0) -> Threads:
    """Return the threads about the record *uri*, oldest first; after: id of the record before the page.

    The number of queries does not depend on the number of opinions.
    """
    records = _page(uri, viewer, after)
    roots = [record for record in records if record.parent is None]
    next_after = roots[ROOTS_A_PAGE - 1].id if len(roots) > ROOTS_A_PAGE else None
    shown = {record.id for record in roots[:ROOTS_A_PAGE]}
    bodies = {record.uri: _body(record) for record in records}
    ordered = _in_reading_order(records, bodies, shown, holds_orphans=next_after is None)
    agents = targets_by_uri(filter(None, map(_creator, bodies.values())), viewer)
    said = _said([(record, depth) for record, depth, _uri in ordered], bodies, agents)
    awaited = not_here(parent for record, _depth, parent in ordered if record is None)
    for one, (_record, _depth, parent) in zip(said, ordered, strict=True):
        one.is_of_merged = one.body.get("about", uri) != uri
        one.is_awaited = one.record is None and parent in awaited
    if any(record.is_off for record in records):
        _hide(said, split_uri(uri)[0], viewer)
    return Threads(said, next_after, after == 0)


def _hide(said: list[Said], node: str, viewer: Viewer) -> None:
    """Mark what *node*, whose record it is about, does not show; where that is this node, only its author still reads it."""
    is_here = node == own_id()
    records = [one.record for one in said if one.record is not None]
    found = hidings_of([record.uri for record in records], node, None if is_here else viewer) if records else {}
    for one in said:
        if one.record is None or one.record.uri not in found:
            continue
        one.hiding = hiding_as_read(found[one.record.uri])
        if is_here and one.record.author not in viewer.actors:
            one.is_hidden, one.body, one.people = True, {}, {}


def hiding_as_read(record: Record) -> Hiding:
    body = _body(record)
    reason, note, lang = (str(body.get(name) or "") for name in ("reason", "note", "lang"))
    return Hiding(reason, note, lang, record.uri)


def may_hide_answers_to(record: Record, viewer: Viewer) -> bool:
    """Tell whether *viewer* may keep what is said about *record* off the pages of this node: whoever takes care of it."""
    takes_care = viewer.is_keeper or any(people.is_at_least(one.role, people.STEWARD) for one in viewer.standings)
    return takes_care and record.node == own_id() and people.may_hide_answers(viewer, subject_of(record))


def not_here(uris: Iterable[str]) -> set[str]:
    """Return those of *uris* that have not arrived here in any state: the thread says so. That they exist was said by who answers them."""
    wanted = set(uris)
    known = Record.objects.filter(uri__in=wanted).values_list("uri", flat=True) if wanted else ()
    return wanted - set(known)


def awaited_by(opinion: Record) -> str:
    """Return "reply_to" or "about" where what *opinion* answers has not arrived here: logs of nodes come one beside the other."""
    body = _body(opinion)
    roles = {role: str(body[role]) for role in ("reply_to", "about") if body.get(role)}
    absent = not_here(roles.values())
    return next((role for role, uri in roles.items() if uri in absent), "")


def target_of(body: Mapping[str, Any], viewer: Viewer) -> Record:
    """Return the record that an opinion is about, or what it was merged into; raises records.errors.Absent."""
    about = str(body.get("about", ""))
    return record_in_place_of(about, viewer) or record_of(about, viewer)


def is_in_thread(body: Mapping[str, Any], about: str) -> bool:
    """Tell whether an opinion is about the record *about*, or what was merged into it."""
    return body.get("about") in with_replaced(about)


def opinion_of(uri: str, viewer: Viewer) -> tuple[Record, dict[str, Any]]:
    """Return an opinion with its present body; raises records.errors.Absent."""
    record = record_of(uri, viewer)
    if record.kind != OPINION.name:
        raise Absent(uri=uri)
    return record, _body(record)


def newest_opinions(viewer: Viewer, *, limit: int, within: int = 400) -> list[Recent]:
    """Return the opinions that *viewer* may see, newest first, among the last *within* that were given."""
    last = Record.objects.filter(kind=OPINION.name).order_by("-id").values("id")[:within]
    shown = records_for(viewer).filter(id__in=last).exclude(is_hidden("uri"))
    found = shown.select_related("change").order_by("-id")
    named = found.annotate(author_name=person_name(OuterRef("author")))[: 2 * limit]
    bodies = {record.uri: _body(record) for record in named}
    named_there = {str(body.get("about", "")) for body in bodies.values()} | set(map(_creator, bodies.values()))
    here = targets_by_uri(named_there - {""}, viewer)
    said = _said([(record, 0) for record in named], bodies, here)
    recent = [Recent(one, here[about]) for one in said if (about := one.body.get("about")) in here]
    return recent[:limit]


def _page(uri: str, viewer: Viewer, after: int) -> list[Any]:
    """One query: the roots of this page, and all replies about the record."""
    parent = Link.objects.filter(record_id=OuterRef("pk"), role="reply_to").values("target")[:1]
    about = records_linking(uri, "about", OPINION.name, viewer).annotate(
        parent=Subquery(parent),
        author_name=person_name(OuterRef("author")),
        is_off=is_hidden("uri", split_uri(uri)[0]),
    )
    roots = about.filter(parent=None, id__gt=after)[: ROOTS_A_PAGE + 1]
    return list(
        about.filter(Q(parent__isnull=False) | Q(id__in=roots.values("id")))[: ROOTS_A_PAGE + 1 + _REPLIES_AT_MOST]
    )


def _body(record: Record) -> dict[str, Any]:
    """Return the body; empty if it was damaged, which the findings tell."""
    try:
        body = orjson.loads(record.change.body or "{}")
    except orjson.JSONDecodeError:
        return {}
    return body if isinstance(body, dict) else {}


def _in_reading_order(
    records: Iterable[Any], bodies: dict[str, dict[str, Any]], roots: set[int], *, holds_orphans: bool
) -> list[tuple[Record | None, int, str]]:
    """Return (record, depth, URI) as a reader meets them: each opinion, then the replies to it."""
    replies: dict[str, list[Record]] = {}
    for record in records:
        if record.parent is not None:
            replies.setdefault(record.parent, []).append(record)
    starts: list[tuple[Record | None, str]] = [(record, record.uri) for record in records if record.id in roots]
    if holds_orphans:
        starts += [(None, parent) for parent in replies if parent not in bodies]
    ordered: list[tuple[Record | None, int, str]] = []
    waiting = [(record, uri, 0) for record, uri in reversed(starts)]
    while waiting:
        record, uri, depth = waiting.pop()
        ordered.append((record, depth, uri))
        waiting.extend((reply, reply.uri, depth + 1) for reply in reversed(replies.pop(uri, [])))
    return ordered


def _said(ordered: list[tuple[Any, int]], bodies: dict[str, dict[str, Any]], agents: dict[str, Record]) -> list[Said]:
    present = [record for record, _depth in ordered if record is not None]
    findings = findings_inside(record.change for record in present) if present else {}
    creators = {record.uri: _creator(bodies[record.uri]) for record in present}
    texts = [(str(bodies[record.uri].get("text", "")), record.audience) for record in present]
    elsewhere = {record.author for record in present if not record.author_name and record.node != own_id()}
    names = actor_names(elsewhere) if elsewhere else {}
    people = dict(zip((record.uri for record in present), names_mentioned(texts), strict=True))
    said = []
    for record, depth in ordered:
        if record is None:
            said.append(Said(None, depth=depth))
            continue
        found = tuple(findings.get(record.change_id, ()))
        body = {} if found else bodies[record.uri]
        author, creator = record.author_name or "", agents.get(creators[record.uri])
        known = names.get(record.author, {})
        said.append(Said(record, body, author, creator, depth, found, people[record.uri], names=known))
    return said


def _creator(body: dict[str, Any]) -> str:
    """Return the URI of whom the body names as its author: opinions that were imported were signed by the node alone."""
    links = body.get("links", ())
    return next((link["to"] for link in links if link["role"] == "created_by"), "") if isinstance(links, list) else ""
