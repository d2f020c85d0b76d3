# SPDX-License-Identifier: Apache-2.0
"""People, bodies, places and subjects that a MARC record names, as authority records."""

import re
from typing import Any

from ortaq.core.identifiers import is_web_address
from ortaq.doors.imports.authorities import union
from ortaq.doors.imports.marc_fields import Field, Marc
from ortaq.doors.imports.tags import bounded_id, register_of
from ortaq.records.door import Draft

_LIFE = re.compile(r"(?:b\. )?(\d{4})\??(?:-(\d{4})?)?\Z")
_SCHEMES = {"0": "lcsh", "1": "lcshac", "2": "mesh", "3": "nal", "5": "csh", "6": "rvm"}
_LONGEST = 2000  # core.fields


def trimmed(text: str) -> str:
    """Return *text* without the punctuation by which catalogues join their fields; a dot stays after an initial."""
    found = text.rstrip(" /:;,=")
    return (
        found[:-1].rstrip() if found.endswith(".") and not re.search(r"(?:\b\w|\.\w+|Jr|Sr|etc)\.\Z", found) else found
    )


class Named:
    """scope: of names without an id: the same name in another catalogue may be somebody else."""

    def __init__(self, marc: Marc, scope: str, audience: str) -> None:
        self._marc, self._scope, self._audience = marc, scope, audience
        self._found: dict[str, Draft] = {}

    def drafts(self) -> list[Draft]:
        return list(self._found.values())

    def agent(self, field: Field) -> str | None:
        """Return the reference to a person, a family, a body or a meeting."""
        name = trimmed(" ".join(field.take("abcnq")))
        if not name:
            return None
        dates = [trimmed(one) for one in field.peek("d")]
        body: dict[str, Any] = {"title": {"und": [name[:_LONGEST]]}, "agent_type": _agent_type(field)}
        match = _LIFE.match(dates[0]) if dates else None
        if match:
            field.take("d")
            body["life"] = f"{match[1]}/{match[2] or '..'}"
        return self._note("agent", " ".join([name, *dates]), field, body)

    def publisher(self, name: str) -> str:
        found = trimmed(name)
        return self._note("agent", found, None, {"title": {"und": [found[:_LONGEST]]}, "agent_type": "institution"})

    def place(self, name: str) -> str | None:
        name = name.strip("[]() ")
        return self._note("place", name, None, {"title": {"und": [name[:_LONGEST]]}}) if name else None

    def place_field(self, field: Field) -> str | None:
        name = trimmed(" ".join(field.take("a")))
        return self._note("place", name, field, {"title": {"und": [name[:_LONGEST]]}}) if name else None

    def term(self, field: Field) -> str | None:
        """Return the reference to a subject with its subdivisions: "Jazz--1951-1960"."""
        name = "--".join(trimmed(one) for one in field.take("abtvxyz"))
        if not name:
            return None
        scheme = next(iter(field.take("2")), "") or _SCHEMES.get(field.ind[1:2], "") or "subject"
        return self._note("term", f"{scheme}:{name}", field, {"title": {"und": [name[:_LONGEST]]}, "scheme": scheme})

    def _note(self, kind: str, name: str, field: Field | None, body: dict[str, Any]) -> str:
        given = field.take("01") if field else []
        addresses = [one for one in given if is_web_address(one)]
        source_id = bounded_id(f"{kind}:{addresses[0]}" if addresses else f"{kind}:{self._scope}:{name}")
        identifiers = [register for one in addresses if (register := register_of(one))]
        identifiers += [_numbered(one) for one in given if not is_web_address(one)]
        if identifiers:
            body["identifiers"] = [{"scheme": scheme, "value": value} for scheme, value in dict.fromkeys(identifiers)]
        body = {"source_id": source_id, **body}
        if before := self._found.get(source_id):
            body = union(dict(before.body or {}), body)
        self._found[source_id] = Draft(kind, body, self._audience)
        return source_id


def _numbered(text: str) -> tuple[str, str]:
    owner, bracket, value = text.removeprefix("(").partition(")")
    return (owner, value.strip()) if bracket and value.strip() else ("authority", text)


def _agent_type(field: Field) -> str:
    if field.tag[1:] == "00":
        return "group" if field.ind[:1] == "3" else "person"
    return "institution" if field.tag[1:] == "10" else "group"
