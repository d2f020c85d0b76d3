# SPDX-License-Identifier: Apache-2.0
"""What is protected and restored, and the information materials about it."""

from typing import Annotated

from pydantic import Field

from ortaq.core.errors import N_
from ortaq.core.fields import Files, Lang, Part, PointField, Prose, Span, TermRef, Url, Word, choice
from ortaq.core.kind import Body, Kind

LEVELS = {"world": N_("World"), "national": N_("National"), "local": N_("Local")}


class Protection(Part):
    """An entry in a list of protected heritage."""

    list: Annotated[Word, Field(title=N_("List"))]
    level: Annotated[choice(LEVELS) | None, Field(title=N_("Level"))] = None  # type: ignore[valid-type]
    number: Annotated[Word | None, Field(title=N_("Number"))] = None
    since: Annotated[Span | None, Field(title=N_("Since"))] = None
    criteria: Annotated[Word | None, Field(title=N_("Criteria"))] = None


class Inscription(Part):
    """Text that an object bears."""

    text: Annotated[Word, Field(title=N_("Text"))]
    lang: Annotated[Lang | None, Field(title=N_("Language"))] = None


class Monument(Body):
    """An immovable work: a building, an ensemble, an archaeological site."""

    types: Annotated[list[TermRef], Field(title=N_("Type"))] = []
    materials: Annotated[list[TermRef], Field(title=N_("Material"))] = []
    built: Annotated[Span | None, Field(title=N_("Built"))] = None
    point: Annotated[PointField | None, Field(title=N_("Location"))] = None
    protection: Annotated[list[Protection], Field(title=N_("Protection"))] = []


class Object(Body):
    """A movable work, as museums keep them."""

    types: Annotated[list[TermRef], Field(title=N_("Type"))] = []
    materials: Annotated[list[TermRef], Field(title=N_("Material and technique"))] = []
    made: Annotated[Span | None, Field(title=N_("Made"))] = None
    measurements: Annotated[list[Word], Field(title=N_("Measurements"))] = []
    inscriptions: Annotated[list[Inscription], Field(title=N_("Inscriptions"))] = []
    number: Annotated[Word | None, Field(title=N_("Inventory number"))] = None
    rights: Annotated[Word | None, Field(title=N_("Rights"))] = None
    images: Annotated[list[Url], Field(title=N_("Images elsewhere"))] = []


class Material(Body):
    """A file or a set of files with its description."""

    types: Annotated[list[TermRef], Field(title=N_("Type"))] = []
    created: Annotated[Span | None, Field(title=N_("Created"))] = None
    languages: Annotated[list[Lang], Field(title=N_("Languages"))] = []
    rights: Annotated[Word | None, Field(title=N_("Rights"))] = None
    licence: Annotated[Url | None, Field(title=N_("Licence"))] = None
    text: Annotated[Prose | None, Field(title=N_("Text"))] = None
    files: Annotated[Files, Field(title=N_("Files"))] = []


MONUMENT = Kind("monument", Monument, N_("Monument or site"), N_("Monuments and sites"))
OBJECT = Kind("object", Object, N_("Object"), N_("Objects"))
MATERIAL = Kind("material", Material, N_("Material"), N_("Materials"))
