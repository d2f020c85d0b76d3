# SPDX-License-Identifier: Apache-2.0
"""Two bodies of one kind that describe the same thing become one: for each field a person chooses which stands, or both."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ortaq.core.fields import Role
from ortaq.core.kind import FieldSpec, Kind
from ortaq.core.replacing import own_words

OWN: Final = "own"
OTHER: Final = "other"
BOTH: Final = "both"
OTHER_FIRST: Final = "other-first"
# What is no statement about the thing: the name of the record at its source, and what one version says of itself.
_ITS_OWN: Final = ("source_id", "change_note")
# Of these neither record has too many: what only the other one has is missed when it is gone. A text in another language too.
_GATHERED: Final = ("title", "identifiers", "links", "sources")

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """A field of both bodies; None: it is not there. choices: what may stand in the end, none where both say the same."""

    spec: FieldSpec
    own: Any
    other: Any
    choices: tuple[str, ...]
    usual: str

    def chosen(self, choice: str) -> Any:
        """Return what stands after *choice*; one that is not offered is the usual one."""
        match choice if choice in self.choices else self.usual:
            case "other":
                return self.other
            case "both":
                return _both(self.own, self.other, self.spec)
            case "other-first":
                return _both(self.other, self.own, self.spec)
        return self.own


def places(kind: Kind, own: Body, other: Body, *, apart: Iterable[str] = (), is_wary: bool = False) -> list[Place]:
    """Return the fields that *own*, the body of the record that is kept, or *other* has, in the order of the declaration.

    apart    URIs of the two records, and of what they replace: links between them say nothing any more
    is_wary  nothing of the other is taken over unless somebody says so
    """
    uris = set(apart)
    own, other = _without_links(own, uris), _without_links(other, uris)
    specs = [spec for spec in kind.fields if spec.name not in _ITS_OWN]
    return [
        _place(spec, own.get(spec.name), other.get(spec.name), is_wary=is_wary)
        for spec in specs
        if own.get(spec.name) is not None or other.get(spec.name) is not None
    ]


def joined(own: Body, found: Iterable[Place], choices: Mapping[str, str]) -> dict[str, Any]:
    """Return the one body; choices: by name of field, the usual one where there is none."""
    body = {name: own[name] for name in ("source_id",) if name in own}
    for place in found:
        value = place.chosen(choices.get(place.spec.name, place.usual))
        if value not in (None, [], {}):
            body[place.spec.name] = value
    return body


def _without_links(body: Body, uris: set[str]) -> dict[str, Any]:
    plain = own_words(body)
    if links := [link for link in plain.pop("links", []) if link["to"] not in uris]:
        plain["links"] = links
    return plain


def _place(spec: FieldSpec, own: Any, other: Any, *, is_wary: bool) -> Place:
    choices = _choices(spec, own, other)
    is_gathered = spec.name in _GATHERED or spec.role in (Role.FILES, Role.PROSE)
    usual = BOTH if is_gathered and BOTH in choices else OWN if own is not None else OTHER
    return Place(spec, own, other, choices, OWN if is_wary else usual)


def _choices(spec: FieldSpec, own: Any, other: Any) -> tuple[str, ...]:
    if own == other or other is None:
        return ()
    if own is None:
        return (OTHER, OWN)
    if spec.role is Role.NAME and not spec.is_many:
        return (BOTH, OTHER_FIRST, OWN)
    is_joinable = isinstance(own, list) or (spec.role is Role.PROSE and bool(other.keys() - own.keys()))
    return (BOTH, OWN, OTHER) if is_joinable else (OWN, OTHER)


def _both(first: Any, second: Any, spec: FieldSpec) -> Any:
    if isinstance(first, list):
        return _all(first, second)
    if spec.role is Role.NAME:
        return {tag: _all(first.get(tag, []), second.get(tag, [])) for tag in dict.fromkeys([*first, *second])}
    return {**second, **first}  # a text in a language that the first one lacks


def _all(first: list[Any], second: list[Any]) -> list[Any]:
    return [*first, *(one for one in second if one not in first)]
