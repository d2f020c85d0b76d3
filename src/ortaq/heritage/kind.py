# SPDX-License-Identifier: Apache-2.0
"""What is protected and restored, and the information materials about it."""

from typing import Annotated

from pydantic import Field

from ortaq.core.errors import N_
from ortaq.core.fields import Files, Lang, Part, PointField, Prose, Ref, Span, TermRef, Url, Word, choice
from ortaq.core.kind import Body, Kind
from ortaq.core.nature import Nature

LEVELS = {"world": N_("World"), "national": N_("National"), "local": N_("Local")}


class Protection(Part):
    """An entry in a list of protected heritage."""

    list: Annotated[Word, Field(title=N_("List"), description=N_("For example World Heritage List."))]
    level: Annotated[choice(LEVELS) | None, Field(title=N_("Level"))] = None  # type: ignore[valid-type]
    number: Annotated[Word | None, Field(title=N_("Number"))] = None
    since: Annotated[Span | None, Field(title=N_("Since"))] = None
    criteria: Annotated[Word | None, Field(title=N_("Criteria"), description=N_("For example (iii)(iv)."))] = None


class Inscription(Part):
    """Text that an object bears."""

    text: Annotated[Word, Field(title=N_("Text"))]
    lang: Annotated[Lang | None, Field(title=N_("Language"))] = None


class Monument(Body):
    """An immovable work: a building, an ensemble, an archaeological site."""

    types: Annotated[
        list[TermRef], Field(title=N_("Type"), description=N_("Search in any language and choose from the list."))
    ] = []
    materials: Annotated[list[TermRef], Field(title=N_("Material"))] = []
    built: Annotated[
        Span | None, Field(title=N_("Built"), description=N_("When it was built, not when it was first mentioned."))
    ] = None
    point: Annotated[PointField | None, Field(title=N_("Location"))] = None
    protection: Annotated[
        list[Protection],
        Field(title=N_("Protection"), description=N_("The lists of protected heritage in which it stands.")),
    ] = []
    files: Annotated[
        Files, Field(title=N_("Files"), description=N_("Pictures, plans, documents: whatever shows it."))
    ] = []


class Object(Body):
    """A movable work, as museums keep them."""

    types: Annotated[
        list[TermRef], Field(title=N_("Type"), description=N_("Search in any language and choose from the list."))
    ] = []
    materials: Annotated[list[TermRef], Field(title=N_("Material and technique"))] = []
    made: Annotated[Span | None, Field(title=N_("Made"))] = None
    measurements: Annotated[
        list[Word], Field(title=N_("Measurements"), description=N_("One line for each, for example height 24 cm."))
    ] = []
    inscriptions: Annotated[list[Inscription], Field(title=N_("Inscriptions"))] = []
    number: Annotated[
        Word | None,
        Field(title=N_("Inventory number"), description=N_("As it stands in the books of whoever keeps it.")),
    ] = None
    rights: Annotated[
        Word | None, Field(title=N_("Rights"), description=N_("Who holds the rights, and what others may do with it."))
    ] = None
    images: Annotated[
        list[Url],
        Field(title=N_("Images elsewhere"), description=N_("Web addresses of images that another site shows.")),
    ] = []
    files: Annotated[
        Files, Field(title=N_("Files"), description=N_("Pictures, plans, documents: whatever shows it."))
    ] = []


class Material(Body):
    """A file or a set of files with its description."""

    types: Annotated[
        list[TermRef], Field(title=N_("Type"), description=N_("Search in any language and choose from the list."))
    ] = []
    created: Annotated[Span | None, Field(title=N_("Created"))] = None
    languages: Annotated[list[Lang], Field(title=N_("Languages"))] = []
    rights: Annotated[
        Word | None, Field(title=N_("Rights"), description=N_("Who holds the rights, and what others may do with it."))
    ] = None
    licence: Annotated[
        Url | None,
        Field(
            title=N_("Licence"),
            description=N_("The web address of the licence, for example https://creativecommons.org/licenses/by/4.0/"),
        ),
    ] = None
    text: Annotated[Prose | None, Field(title=N_("Text"), description=N_("The full text, if it may be published."))] = (
        None
    )
    files: Annotated[Files, Field(title=N_("Files"))] = []


WHY_KEPT = {
    "looting": N_("Looting"),
    "damage": N_("Damage by visitors"),
    "sacred": N_("Sacred or secret to a community"),
    "privacy": N_("Privacy of the owner"),
    "works": N_("Works under way"),
    "other": N_("Another reason"),
}


class Location(Body):
    """about: the record whose own point says no more than its cell."""

    about: Annotated[Ref, Field(title=N_("About"))]
    point: Annotated[PointField, Field(title=N_("Location"))]
    reason: Annotated[choice(WHY_KEPT), Field(title=N_("Reason"))]  # type: ignore[valid-type]


MONUMENT = Kind("monument", Monument, N_("Monument or site"), N_("Monuments and sites"), nature=Nature.IMMOVABLE)
OBJECT = Kind("object", Object, N_("Object"), N_("Objects"), nature=Nature.MOVABLE)
MATERIAL = Kind("material", Material, N_("Material"), N_("Materials"))
LOCATION = Kind(
    "location",
    Location,
    N_("Exact location"),
    N_("Exact locations"),
    needs_title=False,
    bounded_by=("about",),
    locates="about",
    nature=Nature.PLACE,
)
