# SPDX-License-Identifier: Apache-2.0
"""The World Heritage list of UNESCO as XML: <query><row>…, one property a row, in English."""

import html
import re
from collections.abc import Iterator
from typing import Any

import nh3

from ortaq.core.audience import PUBLIC
from ortaq.core.errors import OrtaqError
from ortaq.doors.imports.elements import records
from ortaq.doors.imports.errors import BadCell, NoIdentifier, NoTitle
from ortaq.doors.imports.item import Item, Mark
from ortaq.doors.imports.source import Source
from ortaq.doors.imports.taken import Taken, child
from ortaq.records.door import Draft

_BREAKS = re.compile(r"</?(?:p|br|li|div|h\d)\b[^>]*>", re.IGNORECASE)
_LIST = "UNESCO World Heritage List"
_TRIVIAL = {"extension": "0", "revision": "0", "transboundary": "0"}  # the value that says nothing


def read(source: Source, after: Mark, audience: str = PUBLIC) -> Iterator[Item]:
    """Yield all properties, from the first on."""
    for number, found in enumerate(records(source, "{*}row"), start=1):
        if number <= after.number:
            continue
        try:
            taken = Taken(found.element)
            body, term = _body(taken), _category(taken)
            if term:
                body["types"] = [term["source_id"]]
            also = [Draft("term", term, audience)] if term else []
            _forgive(taken)
            yield Item(number, found.line, found.end, Draft("monument", body, audience), None, also, taken.lost())
        except OrtaqError as error:
            yield Item(number, found.line, found.end, None, error)


def _body(taken: Taken) -> dict[str, Any]:
    said = {
        name: taken.text(child(taken.record, name))
        for name in ("id_number", "site", "http_url", "iso_code", "latitude", "longitude")
    }
    if not said["id_number"]:
        raise NoIdentifier(field="id_number")
    if not said["site"]:
        raise NoTitle(instead="a number that names it")
    body: dict[str, Any] = {
        "source_id": f"unesco:{said['id_number']}",
        "title": {"en": " ".join(without_markup(said["site"]).split())},
        "protection": [_protection(taken, said["id_number"])],
        "identifiers": [{"scheme": "unesco", "value": said["id_number"]}],
    }
    texts = [
        text
        for name in ("short_description", "justification")
        if (text := without_markup(taken.lines(child(taken.record, name))))
    ]
    if texts:
        body["description"] = {"en": texts}
    codes = [code.strip().upper() for code in said["iso_code"].split(",") if code.strip()]  # ascii: ISO country codes
    if codes:
        body["countries"] = codes
    if said["latitude"] and said["longitude"]:
        body["point"] = {"lat": _degrees("latitude", said["latitude"]), "lon": _degrees("longitude", said["longitude"])}
    if said["http_url"]:
        body["sources"] = [said["http_url"]]
    return body


def _degrees(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise BadCell(column=name, value=text[:60], wanted="a number of degrees") from error


def _protection(taken: Taken, number: str) -> dict[str, str]:
    found = {"list": _LIST, "level": "world", "number": number}
    since, criteria = (taken.text(child(taken.record, name)) for name in ("date_inscribed", "criteria_txt"))
    return found | ({"since": since} if since else {}) | ({"criteria": criteria} if criteria else {})


def _category(taken: Taken) -> dict[str, Any] | None:
    """Return the term for Cultural, Natural or Mixed."""
    name = taken.text(child(taken.record, "category"))
    if not name:
        return None
    key = re.sub(r"[^a-z]+", "-", name.lower())  # ascii: UNESCO writes these in English
    return {"source_id": f"term:unesco-{key}", "title": {"en": f"{name} heritage"}, "scheme": "unesco_category"}


def _forgive(taken: Taken) -> None:
    """What only repeats another field, or says that there is nothing to say, is no loss."""
    for name, nothing in _TRIVIAL.items():
        one = child(taken.record, name)
        if one is not None and (one.text or "").strip() == nothing:
            taken.text(one)
    for name, why in (("states", "iso_code says the same"), ("unique_number", "id_number identifies the property")):
        one = child(taken.record, name)
        if one is not None:
            taken.lose(one, why)


def without_markup(text: str) -> str:
    """Return *text* without HTML, paragraphs on lines of their own."""
    plain = html.unescape(nh3.clean(_BREAKS.sub("\n", text), tags=set()))
    lines = (" ".join(line.split()) for line in plain.split("\n"))
    return "\n".join(line for line in lines if line)
