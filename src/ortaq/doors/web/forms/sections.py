# SPDX-License-Identifier: Apache-2.0
"""The parts into which a long form is divided, for any kind: by what its fields mean."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from ortaq.core.errors import N_
from ortaq.core.fields import Role
from ortaq.core.kind import Body
from ortaq.doors.web.forms.tree import Drawn
from ortaq.doors.web.history import NOTE

TITLES: Final = {
    "texts": N_("Names and texts"),
    "facts": N_("Facts"),
    "where": N_("Where"),
    "files": N_("Files"),
    "links": N_("Connections and sources"),
}
_OF_ROLES: Final = {
    Role.NAME: "texts", Role.PROSE: "texts", Role.MARKUP: "texts", Role.POINT: "where", Role.COUNTRY: "where",
    Role.FILES: "files", Role.LINKS: "links",
}  # fmt: skip
_OF_NAMES: Final = {"sources": "links", "identifiers": "links", "source_id": "links"}
_SELDOM: Final = ("identifiers", "source_id")  # folded away while nothing stands in them


@dataclass(slots=True)
class Section:
    """title: a marked message; seldom: fields that are folded away."""

    name: str
    title: str
    fields: list[Drawn] = field(default_factory=list)
    seldom: list[Drawn] = field(default_factory=list)


def sections(fields: Iterable[Drawn]) -> list[Section]:
    """Return *fields* in their sections; what is special to the kind stands before what every kind has."""
    found = {name: Section(name, title) for name, title in TITLES.items()}
    for one in sorted(fields, key=_is_common):
        name = one.spec.name
        if name != NOTE:  # stands at the end, beside the button that publishes
            section = found[_OF_NAMES.get(name) or _OF_ROLES.get(one.spec.role, "facts")]
            (section.seldom if name in _SELDOM and not one.is_filled else section.fields).append(one)
    return [section for section in found.values() if section.fields or section.seldom]


def _is_common(one: Drawn) -> bool:
    """Names come first wherever they are declared, and of other fields those that only this kind has."""
    return one.spec.name in Body.model_fields and one.spec.name not in ("title", "description")
