# SPDX-License-Identifier: Apache-2.0
"""What each verb answers, as elements of the protocol's own schema."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from babel import Locale
from django.conf import settings
from lxml import etree

from ortaq.core.audience import STRANGER
from ortaq.doors.exports.described import Described, described
from ortaq.doors.exports.elements import put
from ortaq.doors.exports.formats import BY_PREFIX, FORMATS, Format
from ortaq.doors.harvest import queries
from ortaq.doors.harvest.queries import Choice, Entry
from ortaq.doors.oai.arguments import Asked
from ortaq.doors.oai.errors import BadResumptionToken, CannotDisseminate, NoSuchIdentifier, NothingMatches
from ortaq.doors.oai.origin import addresses_of, put_origin
from ortaq.nodes.identity import identity
from ortaq.records.registry import KINDS

OAI: Final = "http://www.openarchives.org/OAI/2.0/"
_IDENTIFIERS_A_PAGE: Final = 10  # times as many as records: they are short
_EMAIL = re.compile(r"\S+@(\S+\.)+\S+\Z")


def answer(asked: Asked, parent: etree._Element, base: str) -> None:
    """Put the answer to *asked* into *parent*; base: address of this node. Raises OaiError."""
    _VERBS[asked.verb](asked, parent, base)


def _identify(asked: Asked, parent: etree._Element, base: str) -> None:
    found = put(parent, OAI, "Identify")
    facts = {
        "repositoryName": identity().name,
        "baseURL": f"{base}/oai",
        "protocolVersion": "2.0",
        "adminEmail": _contact(),
        "earliestDatestamp": queries.first_instant() or "1970-01-01T00:00:00Z",
        "deletedRecord": "persistent",
        "granularity": "YYYY-MM-DDThh:mm:ssZ",
        "compression": "gzip",
    }
    for name, text in facts.items():
        put(found, OAI, name, text)


def _contact() -> str:
    """The protocol wants a mail address; one that says that there is none, where the node names none."""
    known = (settings.CONTACT, settings.DEFAULT_FROM_EMAIL)
    return next((one for one in known if _EMAIL.match(one)), "unknown@unknown.invalid")


def _list_formats(asked: Asked, parent: etree._Element, base: str) -> None:
    formats: Sequence[Format] = FORMATS
    if asked.identifier:
        entry = _entry(asked.identifier, with_body=False)
        formats = [one for one in FORMATS if _takes(one, entry)]
    found = put(parent, OAI, "ListMetadataFormats")
    for one in formats:
        each = put(found, OAI, "metadataFormat")
        put(each, OAI, "metadataPrefix", one.prefix)
        put(each, OAI, "schema", one.schema)
        put(each, OAI, "metadataNamespace", one.namespace)


def _list_sets(asked: Asked, parent: etree._Element, base: str) -> None:
    if "resumptionToken" in asked.given:
        raise BadResumptionToken  # all sets fit into one answer: none was ever given out
    found = put(parent, OAI, "ListSets")
    shelves = queries.shelves()
    if not shelves:
        raise NothingMatches
    for shelf in shelves:
        each = put(found, OAI, "set")
        put(each, OAI, "setSpec", shelf)
        put(each, OAI, "setName", _name_of(shelf))


def _name_of(shelf: str) -> str:
    sort, _, value = shelf.partition(":")
    if sort == "kind":
        return KINDS[value].plural if value in KINDS else value
    if sort == "country":
        return str(Locale("en").territories.get(value, value))
    if sort == "node":
        me = identity()
        return f"Records of {me.name}" if value == me.id else f"Records of the node {value}"
    return "Records with pictures"


def _get_record(asked: Asked, parent: etree._Element, base: str) -> None:
    form = _format(asked.prefix)
    entry = _entry(asked.identifier, with_body=True)
    if not _takes(form, entry):
        raise CannotDisseminate(prefix=asked.prefix)
    found = put(parent, OAI, "GetRecord")
    _put_records(found, [entry], form, base)
    if not len(found):  # damaged
        raise NoSuchIdentifier(identifier=asked.identifier)


def _list(asked: Asked, parent: etree._Element, base: str) -> None:
    form, with_bodies = _format(asked.prefix), asked.verb == "ListRecords"
    edition = _edition(asked)
    choice = Choice(asked.shelf, form.kinds, asked.since, asked.until)
    limit = settings.HARVEST_PAGE * (1 if with_bodies else _IDENTIFIERS_A_PAGE)
    found, after, count = put(parent, OAI, asked.verb), asked.after, 0
    while not len(found):  # a page whose records are all damaged is no end of the list
        page = queries.page_of(choice, after=after, limit=limit, with_bodies=with_bodies)
        put_all = _put_records if with_bodies else _put_headers
        put_all(found, page.entries, form, base)
        count += len(page.entries)
        if page.after is None:
            break
        after = page.after
    if not len(found) and asked.is_continued:
        # All that the token promised has moved on or left: no error, and a list of nothing is none by the schema.
        put_all(found, queries.last_upto(choice, after, with_bodies=with_bodies), form, base)
    if not len(found):
        raise NothingMatches
    delivered = asked.delivered + count
    if page.after is not None:
        token = asked.token(after=page.after, delivered=delivered, edition=edition)
        put(found, OAI, "resumptionToken", token, cursor=str(asked.delivered))
    elif asked.is_continued:
        put(found, OAI, "resumptionToken", cursor=str(asked.delivered))


def _edition(asked: Asked) -> str:
    """A token of another list than the present one says nothing: its positions are others."""
    present = queries.edition()
    if asked.is_continued and asked.edition != present:
        raise BadResumptionToken
    return present


def _format(prefix: str) -> Format:
    if prefix not in BY_PREFIX:
        raise CannotDisseminate(prefix=prefix)
    return BY_PREFIX[prefix]


def _takes(form: Format, entry: Entry) -> bool:
    return form.kinds is None or entry.kind in form.kinds


def _entry(identifier: str, *, with_body: bool) -> Entry:
    entry = queries.entry_of(identifier, with_body=with_body)
    if entry is None:
        raise NoSuchIdentifier(identifier=identifier)
    return entry


def _put_headers(parent: etree._Element, entries: Sequence[Entry], form: Format, base: str) -> None:
    shelves = queries.shelves_by_record(entry.id for entry in entries)
    for entry in entries:
        _put_header(parent, entry, shelves.get(entry.id, ()))


def _put_records(parent: etree._Element, entries: Sequence[Entry], form: Format, base: str) -> None:
    shelves = queries.shelves_by_record(entry.id for entry in entries)
    found = {one.record.id: one for one in described(filter(None, (e.record for e in entries)), STRANGER, base)}
    own = identity().id
    origins = addresses_of(entry.node for entry in entries if entry.node != own)
    for entry in entries:
        if not entry.is_gone and entry.id not in found:
            continue  # damaged: `ortaq verify` tells
        each = put(parent, OAI, "record")
        _put_header(each, entry, shelves.get(entry.id, ()))
        if not entry.is_gone:
            _put_content(each, entry, found[entry.id], form, origins.get(entry.node, ""))


def _put_header(parent: etree._Element, entry: Entry, shelves: Sequence[str]) -> None:
    header = put(parent, OAI, "header", **({"status": "deleted"} if entry.is_gone else {}))
    put(header, OAI, "identifier", entry.uri)
    put(header, OAI, "datestamp", entry.at)
    for shelf in shelves:
        put(header, OAI, "setSpec", shelf)


def _put_content(parent: etree._Element, entry: Entry, one: Described, form: Format, origin: str) -> None:
    put(parent, OAI, "metadata").append(form.element(one))
    if origin:
        put_origin(put(parent, OAI, "about"), entry, form, origin)


_VERBS: Final[Mapping[str, Callable[[Asked, etree._Element, str], None]]] = {
    "Identify": _identify,
    "ListMetadataFormats": _list_formats,
    "ListSets": _list_sets,
    "GetRecord": _get_record,
    "ListIdentifiers": _list,
    "ListRecords": _list,
}
