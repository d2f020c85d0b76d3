# SPDX-License-Identifier: Apache-2.0
"""People, bodies, places and subjects that a finding aid names, as authority records."""

from typing import Any

from lxml import etree

from ortaq.core.identifiers import is_web_address
from ortaq.doors.imports.authorities import union
from ortaq.doors.imports.tags import bounded_id, language_tag, register_of
from ortaq.doors.imports.taken import Taken, children, local
from ortaq.records.door import Draft

_AGENTS = {"persname": "person", "corpname": "institution", "famname": "group", "name": "person"}
_TERMS = ("subject", "genreform", "function", "occupation")
_LONGEST = 2000  # core.fields


class Named:
    """scope: of names without an id: the same name in another archive may be somebody else."""

    def __init__(self, taken: Taken, scope: str, audience: str) -> None:
        self._taken, self._scope, self._audience = taken, scope, audience
        self._found: dict[str, Draft] = {}

    def drafts(self) -> list[Draft]:
        return list(self._found.values())

    def level(self, level: str) -> str:
        """Return the reference to a level of description."""
        body = {"source_id": bounded_id(f"term:ead-level:{level}"), "title": {"en": [level]}, "scheme": "ead-level"}
        return self._note("term", body)

    def agent_named(self, name: str, *, is_keeper: bool) -> str:
        """Return the reference to somebody of whom there is no more than a name."""
        return self._agent(name, "und", "institution" if is_keeper else "person", [])

    def reference(self, element: etree._Element, *, is_keeper: bool) -> str | None:
        """Return the reference to who or what an element of an index names; None for any other element."""
        sort = local(element.tag)
        name = self._name(element) if sort in (*_AGENTS, *_TERMS, "geogname") else ""
        if not name:
            return None
        tag = language_tag(self._taken.lang(element)) if self._taken.lang(element) else "und"
        ids = [found for key in ("authfilenumber", "identifier") if (found := self._taken.attribute(element, key))]
        source = self._taken.attribute(element, "source")
        if sort in _AGENTS:
            if sort == "name":
                self._taken.assume(
                    "name",
                    name,
                    "the sort of agent is not stated; taken for a person"
                    if not is_keeper
                    else "taken for an institution",
                )
            return self._agent(name, tag, "institution" if is_keeper else _AGENTS[sort], ids)
        body: dict[str, Any] = {"title": {tag: [name[:_LONGEST]]}}
        if sort == "geogname":
            return self._note("place", self._identified("place", source, name, ids) | body)
        return self._note(
            "term", self._identified("term", source or sort, name, ids) | body | {"scheme": source or sort}
        )

    def _agent(self, name: str, tag: str, agent_type: str, ids: list[str]) -> str:
        body = {"title": {tag: [name[:_LONGEST]]}, "agent_type": agent_type}
        return self._note("agent", self._identified("agent", "", name, ids) | body)

    def _name(self, element: etree._Element) -> str:
        """Return the text of a name; EAD3 has it in parts."""
        own = [self._taken.text(element), *(self._taken.text(one) for one in children(element, "part"))]
        return ", ".join(filter(None, own))

    def _identified(self, kind: str, scheme: str, name: str, ids: list[str]) -> dict[str, Any]:
        addresses = [one for one in ids if is_web_address(one)]
        within = f"{self._scope}:{scheme}".removesuffix(":")
        found: dict[str, Any] = {
            "source_id": bounded_id(f"{kind}:{addresses[0]}" if addresses else f"{kind}:{within}:{name}")
        }
        registers = [register for one in addresses if (register := register_of(one))]
        registers += [(scheme or "authority", one) for one in ids if not is_web_address(one)]
        if registers:
            found["identifiers"] = [{"scheme": one, "value": value} for one, value in dict.fromkeys(registers)]
        return found

    def _note(self, kind: str, body: dict[str, Any]) -> str:
        source_id = str(body["source_id"])
        if before := self._found.get(source_id):
            body = union(dict(before.body or {}), body)
        self._found[source_id] = Draft(kind, body, self._audience)
        return source_id
