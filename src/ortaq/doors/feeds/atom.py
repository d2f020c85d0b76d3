# SPDX-License-Identifier: Apache-2.0
"""Atom feeds (RFC 4287) with pages (RFC 5005): the elements. Their ids are URNs that never change, wherever the node moves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from lxml import etree

from ortaq.core.fields import Role
from ortaq.core.identifiers import source_id_of_uri
from ortaq.core.kind import Kind
from ortaq.doors.exports.elements import put, root
from ortaq.doors.harvest.answering import EPOCH
from ortaq.doors.web import names
from ortaq.records.models import Record

ATOM: Final = "http://www.w3.org/2005/Atom"
TYPE: Final = "application/atom+xml; charset=utf-8"
_LONGEST_SUMMARY: Final = 500


@dataclass(frozen=True, slots=True)
class Said:
    """One entry. page, data: addresses; category: (term, label); texts have the tag of their language."""

    id: str
    title: names.Shown
    updated: str
    page: str
    published: str = ""
    data: str = ""
    category: tuple[str, str] = ("", "")
    summary: names.Shown | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """links: relation → address: self, first, next; author: who answers for all of it."""

    id: str
    title: str
    lang: str
    author: str
    page: str
    entries: Sequence[Said]
    links: Mapping[str, str] = field(default_factory=dict)
    subtitle: str = ""


def document(feed: Feed) -> bytes:
    """Return the feed as XML."""
    found = root(ATOM, "feed", {None: ATOM})
    found.set("{http://www.w3.org/XML/1998/namespace}lang", feed.lang)
    put(found, ATOM, "id", feed.id)
    put(found, ATOM, "title", feed.title)
    if feed.subtitle:
        put(found, ATOM, "subtitle", feed.subtitle)
    put(found, ATOM, "updated", max((one.updated for one in feed.entries), default=EPOCH))
    put(put(found, ATOM, "author"), ATOM, "name", feed.author)
    put(found, ATOM, "link", rel="alternate", type="text/html", href=feed.page)
    for relation, address in feed.links.items():
        put(found, ATOM, "link", rel=relation, type="application/atom+xml", href=address)
    for one in feed.entries:
        _entry(put(found, ATOM, "entry"), one)
    data: bytes = etree.tostring(found, xml_declaration=True, encoding="UTF-8")
    return data


def _entry(found: etree._Element, one: Said) -> None:
    put(found, ATOM, "id", one.id)
    put(found, ATOM, "title", one.title.text, lang=one.title.tag)
    put(found, ATOM, "updated", one.updated)
    if one.published:
        put(found, ATOM, "published", one.published)
    put(found, ATOM, "link", rel="alternate", type="text/html", href=one.page)
    if one.data:
        put(found, ATOM, "link", rel="alternate", type="application/json", href=one.data)
    if one.category[0]:
        put(found, ATOM, "category", term=one.category[0], label=one.category[1])
    if one.summary:
        put(found, ATOM, "summary", one.summary.text, lang=one.summary.tag)


def said(record: Record, base: str, *, updated: str) -> Said:
    """Return the entry of a record, which has its newest change: what it is called and how its description begins."""
    address = f"{base}/r/{source_id_of_uri(record.uri)}"
    return Said(
        record.uri,
        names.title_of(record),
        updated,
        address,
        record.made_at,
        f"{address}.json",
        (record.kind, names.kind_label(record.kind)),
        _summary(record),
    )


def _summary(record: Record) -> names.Shown | None:
    kind = names.kind_of(record.kind)
    try:
        body = orjson.loads(record.change.body or "{}")
        found = names.shown(_prose(kind, body)) if kind else None
    except (ValueError, TypeError, AttributeError, KeyError):  # damaged: the record's page says so
        return None
    if found is None:
        return None
    line = " ".join(found.text[: _LONGEST_SUMMARY * 2].split())
    short = line if len(line) <= _LONGEST_SUMMARY else line[:_LONGEST_SUMMARY].rsplit(" ", 1)[0] + "…"
    return names.Shown(short, found.tag, found.is_other)


def _prose(kind: Kind, body: dict[str, Any]) -> names.LanguageMap:
    for spec in kind.fields:
        value = body.get(spec.name)
        if value and spec.role is Role.PROSE:
            return value
        if value and spec.role is Role.MARKUP:
            return {str(body.get("lang", "und")): [value]}
    return {}
