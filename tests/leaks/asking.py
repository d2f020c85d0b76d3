# SPDX-License-Identifier: Apache-2.0
"""How a viewer asks for a thing, in every way that an address takes, and what the answer gives away."""

import json
import re
import time
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote, unquote_plus, urlencode

from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client

from ortaq.people.rules import ROLES
from tests.leaks.routes import NAMING, PLAIN, Route, operations_of, read_by, sort_of, values_for
from tests.leaks.thing import LEFT, STRANGER, Thing, World

VIEWERS = [STRANGER, *(f"{house}/{role}" for house in "AB" for role in ROLES), "keeper of B", "A and B", LEFT]
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Ask:
    """One request. names: what in it names the thing, longest first: an answer may repeat it."""

    method: str
    address: str
    body: bytes = b""
    media_type: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        more = f" {self.body.decode()[:200]}" if self.body else ""
        return f"{self.method} {self.address}{more} {dict(self.headers) or ''}"


def client_of(world: World, label: str) -> Client:
    """A browser in which the person is signed in and has shown a short while ago who they are."""
    client = Client(headers={"Accept-Language": "en"}, raise_request_exception=False)
    person = world.people[label]
    if person is not None:
        client.force_login(person)
        session = client.session
        session["confirmed_at"] = time.time()
        session.save()
    client.own_cookies = deepcopy(client.cookies)  # type: ignore[attr-defined]
    return client


def answered(client: Client, ask: Ask) -> HttpResponseBase:
    """Ask, and take back whatever the asking did."""
    # What an earlier answer left tells none apart.
    client.cookies = deepcopy(client.own_cookies)  # type: ignore[attr-defined]
    more = {"content_type": ask.media_type} if ask.media_type else {}
    with transaction.atomic():
        response = client.generic(ask.method, ask.address, ask.body, headers=dict(ask.headers), **more)  # type: ignore[arg-type]
        transaction.set_rollback(True)
    return response


def said(response: HttpResponseBase) -> str:
    """Everything that an answer tells: status, headers, cookies, body."""
    body = b"".join(response) if response.streaming else response.content  # type: ignore[call-overload,attr-defined]
    head = "\n".join(f"{name}: {value}" for name, value in response.items())
    cookies = "\n".join(f"cookie {name}={cookie.value}" for name, cookie in response.cookies.items())
    return f"{response.status_code}\n{head}\n{cookies}\n{body.decode('utf-8', 'replace')}"


def leaks(text: str, asked: str, hidden: list[Thing]) -> list[str]:
    """What *text* gives away of what is hidden from its reader; what was in the question is no secret."""
    known = f"{asked} {unquote(asked)} {unquote_plus(asked)}"
    both = f"{text} {unquote(text)}"
    return [
        f"{thing.label}: {secret}"
        for thing in hidden
        for secret in thing.secrets
        if secret in both and secret not in known
    ]


def absent(thing: Thing, node: str) -> Thing:
    """What nobody has, named as long as *thing* is: what may not be seen has to look like it."""
    node = thing.name.partition(":")[0] if ":" in thing.name else node  # it may be another node's
    names = {"record": f"{node}:{'z' * 16}", "version": f"{node}:{'z' * 16}"}
    name = names.get(thing.address, "9" * 6 if thing.name.isdecimal() else "b" * len(thing.name))
    digest = "uEi" + "B" * 44 if thing.digest else ""
    filename = re.sub(r"\w(?=\w*\.)", "x", thing.filename)
    return replace(thing, name=digest if thing.address == "file" else name, digest=digest, filename=filename)


# What is sent where an address takes a form; every deed that one of them knows.
FORM = {
    "_revision": "1", "_version": "1", "version": "1", "remark": "Bəs?", "text": "Mətn", "motivation": "comment", "lang": "az",
    "offered": "az", "audience": "private", "role": "reader", "name": "Ad", "title.0.tag": "az", "title.0.text.0": "Ad",
}  # fmt: skip
DEEDS = ("publish", "return", "take-back")
# What is sent where the API takes a body: name of its schema → body.
BODIES: dict[str, dict[str, Any]] = {
    "RecordToWrite": {"kind": "monument", "audience": "private", "body": {"title": {"az": ["Ad"]}}},
    "OpinionToGive": {"motivation": "comment", "lang": "az", "text": "Mətn", "audience": "private"},
    "WhyToHide": {"reason": "insult", "lang": "az", "note": "Qeyd"},
    "RecordsToMerge": {"other": "{other}", "other_etag": "*"},
    "MergeToTakeBack": {"other": "{other}"},
}
_NAMES_VERSION = (("If-Match", "*"),)
_TUS = (("Tus-Resumable", "1.0.0"), ("Upload-Offset", "0"))
_OF_FILE = (
    (("Range", "bytes=0-3"),),
    (("Range", "bytes=900000-"),),
    (("Range", "bytes=0-3"), ("If-Range", '"{digest}"')),
    (("If-None-Match", '"{digest}"'),),
    (("If-None-Match", '"{digest}-320"'),),
)


def asks_at(route: Route, thing: Thing, own: str) -> Iterator[Ask]:
    """Every way to ask for *thing* at an address that names it, by every method that may mean something there.

    own: name of a record of one's own, for addresses that name two
    """
    yield from _asks(route, values_for(route, thing), thing, f"urn:ortaq:{own}")
    if "other" in route.parameters or any("other" in BODIES.get(one.body or "", ()) for one in operations_of(route)):
        yield from _asks(route, values_for(route, thing, beside=own), thing, thing.uri)


def _asks(route: Route, values: dict[str, str], thing: Thing, other: str) -> Iterator[Ask]:
    """other: the URI of another record, where a body names one."""
    ask = Ask("GET", route.filled(values), names=_names(thing))
    yield ask
    for headers in _conditions(route):
        filled = ((name, value.replace("{digest}", thing.digest)) for name, value in headers)
        yield replace(ask, headers=tuple(filled))
    for method in METHODS[1:]:
        yield from _with_body(replace(ask, method=method), route, other)


def _conditions(route: Route) -> tuple[tuple[tuple[str, str], ...], ...]:
    if sort_of(route) == "file":
        return _OF_FILE
    return ((("If-None-Match", "*"),),) if operations_of(route) else ()


def _with_body(ask: Ask, route: Route, other: str) -> Iterator[Ask]:
    if ask.method in ("HEAD", "OPTIONS"):
        yield replace(ask, headers=_TUS if route.path.startswith("uploads/") else ())
    elif route.path.startswith("uploads/"):
        yield replace(ask, body=b"x", media_type="application/offset+octet-stream", headers=_TUS)
    elif operations := operations_of(route):
        operation = next((one for one in operations if one.method == ask.method), None)
        body = json.dumps(BODIES[operation.body]) if operation and operation.body else ""
        sent = body.replace("{other}", other).encode()
        yield replace(ask, body=sent, media_type="application/json", headers=_NAMES_VERSION)
    elif ask.method == "POST":
        for deed in DEEDS if "_do" in read_by(route) else DEEDS[:1]:
            yield _form(ask, {**FORM, "_do": deed, "do": deed})
    else:
        yield ask


def _form(ask: Ask, pairs: Mapping[str, str]) -> Ask:
    return replace(
        ask, method="POST", body=urlencode(pairs).encode(), media_type="application/x-www-form-urlencoded"
    )  # fmt: skip


def _names(thing: Thing) -> tuple[str, ...]:
    known = {thing.digest, thing.filename}
    if not thing.name.isdecimal():  # a number stands in many places
        known |= {thing.uri, thing.name, thing.name.partition(":")[2]}
    return tuple(sorted(filter(None, known), key=len, reverse=True))


def asks_naming(route: Route, thing: Thing) -> Iterator[Ask]:
    """Every way to name *thing* in a form, in a body or behind the question mark of an address that does not name it itself."""
    address, names = route.filled({**PLAIN, "institution": thing.house or PLAIN["institution"]}), _names(thing)
    named = {name: _named(thing) for name in sorted(read_by(route)) if NAMING.get(name) == _sort(thing)}
    ask = Ask("GET", address, names=names)
    for name, value in named.items():
        yield replace(ask, address=f"{address}?{urlencode({name: value})}")
        if not operations_of(route):
            yield _form(ask, {**FORM, name: value, "do": ""})
    if len(named) > 1 and not operations_of(route):
        yield _form(ask, {**FORM, **named, "do": ""})
    for operation in operations_of(route):
        for body in bodies_naming(operation.body, thing):
            yield replace(
                ask, method=operation.method, body=json.dumps(body).encode(), media_type="application/json",
                headers=_NAMES_VERSION,
            )  # fmt: skip


def _sort(thing: Thing) -> str:
    return "record" if thing.address == "version" else thing.address


def _named(thing: Thing) -> str:
    return thing.uri if _sort(thing) == "record" else thing.name


def bodies_naming(schema: str | None, thing: Thing) -> Iterator[dict[str, Any]]:
    """What is sent to the API that names *thing*: as the target of a link, as what is spoken about, by its file."""
    if schema == "RecordToWrite":
        title: dict[str, Any] = {"title": {"az": ["Ad"]}}
        if _sort(thing) == "record":
            for uri in (thing.uri,):
                yield _to_write("monument", {**title, "links": [{"role": "part_of", "to": uri}]})
                yield _to_write("monument", {**title, "types": [uri]})
                opinion = {"about": uri, "motivation": "comment", "lang": "az", "text": "Mətn"}
                yield _to_write("opinion", opinion)
        if thing.digest:
            file = {"digest": thing.digest, "name": thing.filename, "media_type": "text/plain", "bytes": 33}
            yield _to_write("material", {**title, "files": [file]})


def _to_write(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    return {"kind": kind, "audience": "private", "body": body}


def questions(route: Route, hidden: list[Thing]) -> Iterator[dict[str, str]]:
    """What to ask a page that names no thing: nothing, and about each hidden thing by name, beginning, word and place."""
    read = read_by(route)
    yield {}
    if "kind" in read:
        yield {"kind": "monument"}
        yield {"kind": "material", "order": "newest"} if "order" in read else {"kind": "material"}
    for thing in hidden if "q" in read else ():
        if thing.secrets:
            yield {"q": thing.secrets[0][:5]}
        if "box" not in read or thing.address not in ("record", "version", "copy"):
            continue
        yield from ({"q": word} for word in thing.secrets[:3])
        if len(thing.secrets) > 5:
            lat, lon = float(thing.secrets[4]), float(thing.secrets[5])
            yield {"box": f"{lon - 0.01},{lat - 0.01},{lon + 0.01},{lat + 0.01}"}


_PASSING = re.compile(
    r'name="csrfmiddlewaretoken" value="\w+"|csrftoken=\w+|"token": ?"\w+"|cookie \w+=[^\n]*'
    r"|\w{3}, \d\d[ -]\w{3}[ -]\d{4} [\d:]{8} GMT|\d{4}-\d\d-\d\dT[\d:]{8}Z|\b[a-z2-7]{26}:[a-z2-7]{16}\b|Select a valid choice\. \d+ is|uEi[\w-]{44}|\bz[1-9A-Za-z]{80,}"
    r"|(?i:\n(?:ratelimit[\w-]*|x-request-id): [^\n]+)"
)
_LENGTH = re.compile(r"(?i)\ncontent-length: \d+")


def anonymous(text: str, ask: Ask, *, keep_length: bool) -> str:
    """*text* without what it was asked for and without what differs from one answer to the next."""
    found = unquote(text if keep_length else _LENGTH.sub("", text)).replace("&#x27;", "'").replace("&quot;", '"')
    for name in (unquote(ask.address), *ask.names):
        found = found.replace(name, "ASKED")
    return _PASSING.sub("", found)
