# SPDX-License-Identifier: Apache-2.0
"""What the references in a form point at, and which records a name that was typed may mean."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ortaq.core.audience import Viewer
from ortaq.core.fields import Role
from ortaq.core.identifiers import is_record_uri, is_web_address, local_id_of_source, record_uri
from ortaq.core.problems import Problem
from ortaq.doors.web import names
from ortaq.doors.web.fields import Target
from ortaq.doors.web.forms.tree import Drawn, every
from ortaq.doors.web.rows import rows
from ortaq.nodes.identity import identity
from ortaq.records.queries import targets_by_uri
from ortaq.records.registry import KINDS
from ortaq.search.errors import IndexAbsent
from ortaq.search.query import suggest

MOST_OFFERED = 8
_MOST_LOOKED_UP = 4  # names on one page for which matches are offered; the others are told to be searched for
_ROLES = (Role.TERM, Role.REF, Role.LINKS)


@dataclass(frozen=True, slots=True)
class Match:
    """A record that may be meant: its title, what it is and where."""

    uri: str
    title: names.Shown
    kind: str
    where: str


def matches(text: str, viewer: Viewer, kinds: Sequence[str] = (), limit: int = MOST_OFFERED) -> list[Match]:
    """Return the records that *viewer* may see and whose names begin as *text*, in any script."""
    text = " ".join(text.replace("\0", " ").split())[:200]
    if not text:
        return []
    try:
        hits = suggest(text, names.reader_language(), viewer, limit=limit, kinds=kinds or _linkable())
    except IndexAbsent:
        return []
    found = rows([hit.uri for hit in hits], viewer)
    return [
        Match(row.record.uri, row.title, row.record.kind, ", ".join(shown.text for shown in row.where)) for row in found
    ]


def _linkable() -> list[str]:
    """The kinds that one links: not those that answer others, such as opinions."""
    return [kind.name for kind in KINDS if not kind.bounded_by]


def referring(fields: Iterable[Drawn]) -> list[Drawn]:
    """Return the single references among *fields*, those in groups too."""
    return [one for one in every(fields) if one.spec.role in _ROLES and (one.place is not None or not one.spec.is_many)]


def value_of(one: Drawn) -> str:
    return str(one.parts["to"]) if one.spec.role is Role.LINKS else one.text


def dress(fields: Iterable[Drawn], viewer: Viewer) -> None:
    """Put the target beside each reference that has one, and what it may mean beside a name that was only typed."""
    found = referring(fields)
    targets = targets_by_uri({uri for one in found if is_record_uri(uri := value_of(one))}, viewer)
    looked_up = 0
    for one in found:
        value = value_of(one)
        if is_record_uri(value) or is_web_address(value):
            one.extra["target"] = Target(value, targets.get(value))
        elif value and looked_up < _MOST_LOOKED_UP:
            looked_up += 1
            one.extra["matches"] = matches(value, viewer, one.spec.targets)


def problems(fields: Iterable[Drawn], viewer: Viewer) -> list[Problem]:
    """Return the references that were typed and name no record that *viewer* may see."""
    found = [one for one in referring(fields) if (value := value_of(one)) and not _is_settled(value)]
    known = targets_by_uri({_uri_of_source(value_of(one)) for one in found}, viewer)
    return [_unknown(one) for one in found if _uri_of_source(value_of(one)) not in known]


def _is_settled(value: str) -> bool:
    return is_record_uri(value) or is_web_address(value) or value.startswith("urn:")


def _uri_of_source(source_id: str) -> str:
    """The URI that a source id names here; whoever knows one may type it."""
    return record_uri(identity().id, local_id_of_source(source_id))


def _unknown(one: Drawn) -> Problem:
    path = tuple(int(step) if step.isdecimal() else step for step in one.name.split("."))
    return Problem(path, "field.reference", {"given": value_of(one)[:60]}, value_of(one))
