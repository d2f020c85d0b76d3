# SPDX-License-Identifier: Apache-2.0
"""What is protected and restored, and the information materials about it."""

from typing import Annotated

from pydantic import Field

from ortaq.core.errors import N_
from ortaq.core.fields import (
    AgentRef,
    Entry,
    Files,
    Lang,
    Number,
    Part,
    PointField,
    Prose,
    Ref,
    Span,
    TermRef,
    Url,
    Word,
    choice,
)
from ortaq.core.kind import Body, Kind
from ortaq.core.nature import Nature

STATUSES = {
    "protected": N_("Protected"),
    "proposed": N_("Proposed for protection"),
    "unprotected": N_("Known, not protected"),
    "removed": N_("Taken off the list"),
    "lost": N_("Lost"),
}
LEVELS = {"world": N_("World"), "national": N_("National"), "local": N_("Local")}


class Protection(Part):
    """An entry in a list of protected heritage."""

    status: Annotated[choice(STATUSES) | None, Field(title=N_("Status"))] = None  # type: ignore[valid-type]
    list: Annotated[Word, Field(title=N_("List"), description=N_("For example World Heritage List."))]
    level: Annotated[choice(LEVELS) | None, Field(title=N_("Level"))] = None  # type: ignore[valid-type]
    number: Annotated[Word | None, Field(title=N_("Number"))] = None
    since: Annotated[Span | None, Field(title=N_("Since"))] = None
    criteria: Annotated[Word | None, Field(title=N_("Criteria"), description=N_("For example (iii)(iv)."))] = None
    act: Annotated[
        Word | None,
        Field(title=N_("Legal act"), description=N_("The decree or decision by which it is protected, with its date.")),
    ] = None
    zone: Annotated[
        Word | None,
        Field(title=N_("Zone"), description=N_("How far the protection reaches, for example a buffer zone of 150 m.")),
    ] = None


class Use(Entry):
    """What a place is used for, by whom, and what that asks of it."""

    function: Annotated[TermRef | None, Field(title=N_("Function"))] = None
    note: Annotated[
        Word | None, Field(title=N_("Note"), description=N_("What the list of functions has no word for."))
    ] = None
    since: Annotated[Span | None, Field(title=N_("Since"))] = None
    owner: Annotated[AgentRef | None, Field(title=N_("Owner"))] = None
    user: Annotated[AgentRef | None, Field(title=N_("User"))] = None
    visitors: Annotated[Number | None, Field(title=N_("Visitors a year"))] = None
    loads: Annotated[
        Word | None,
        Field(title=N_("What weighs on it"), description=N_("Crowds, traffic, heating: what its use does to it.")),
    ] = None


THREATS = {
    "neglect": N_("Neglect"),
    "building": N_("Building and land use"),
    "infrastructure": N_("Roads and other infrastructure"),
    "visitors": N_("Visitors"),
    "water": N_("Water and damp"),
    "pollution": N_("Pollution"),
    "climate": N_("Climate change"),
    "earthquake": N_("Earthquake, flood, fire"),
    "vegetation": N_("Plants and animals"),
    "looting": N_("Looting"),
    "war": N_("Armed conflict"),
    "transmission": N_("Nobody learns it any more"),
    "other": N_("Other"),
}
SEVERITIES = {"low": N_("Low"), "medium": N_("Medium"), "high": N_("High"), "acute": N_("Acute")}


class Threat(Part):
    """What endangers it."""

    threat: Annotated[choice(THREATS), Field(title=N_("Threat"))]  # type: ignore[valid-type]
    severity: Annotated[choice(SEVERITIES) | None, Field(title=N_("Severity"))] = None  # type: ignore[valid-type]
    since: Annotated[Span | None, Field(title=N_("Since"))] = None
    note: Annotated[Word | None, Field(title=N_("Note"))] = None


class Inscription(Part):
    """Text that an object bears."""

    text: Annotated[Word, Field(title=N_("Text"))]
    lang: Annotated[Lang | None, Field(title=N_("Language"))] = None


SORTS = {
    "building": N_("Building or structure"),
    "ensemble": N_("Ensemble"),
    "site": N_("Archaeological site"),
    "landscape": N_("Cultural landscape"),
    "art": N_("Monumental art"),
    "memorial": N_("Memorial or burial"),
    "underwater": N_("Underwater site"),
}


class Monument(Body):
    """An immovable work: a building, an ensemble, an archaeological site."""

    sort: Annotated[choice(SORTS) | None, Field(title=N_("Sort of monument"))] = None  # type: ignore[valid-type]
    types: Annotated[
        list[TermRef], Field(title=N_("Type"), description=N_("Search in any language and choose from the list."))
    ] = []
    styles: Annotated[list[TermRef], Field(title=N_("Style"))] = []
    periods: Annotated[list[TermRef], Field(title=N_("Period"))] = []
    materials: Annotated[list[TermRef], Field(title=N_("Material"))] = []
    built: Annotated[
        Span | None, Field(title=N_("Built"), description=N_("When it was built, not when it was first mentioned."))
    ] = None
    point: Annotated[PointField | None, Field(title=N_("Location"))] = None
    protection: Annotated[
        list[Protection],
        Field(title=N_("Protection"), description=N_("The lists of protected heritage in which it stands.")),
    ] = []
    uses: Annotated[
        list[Use], Field(title=N_("Use"), description=N_("What it is used for now, and what it was used for before."))
    ] = []
    threats: Annotated[list[Threat], Field(title=N_("Threats"))] = []
    history: Annotated[
        Prose | None,
        Field(title=N_("Its history"), description=N_("What happened to it: built, burnt, rebuilt, found, restored.")),
    ] = None
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


DOMAINS = {
    "oral": N_("Oral traditions and expressions"),
    "performing": N_("Performing arts"),
    "social": N_("Social practices, rituals and festive events"),
    "nature": N_("Knowledge of nature and the universe"),
    "craft": N_("Traditional craftsmanship"),
}


class Practice(Body):
    """An element of intangible heritage; its domains are those of the UNESCO convention of 2003."""

    domains: Annotated[
        list[choice(DOMAINS)],  # type: ignore[valid-type]
        Field(title=N_("Domain"), description=N_("Tick all that fit.")),
    ] = []
    types: Annotated[
        list[TermRef], Field(title=N_("Type"), description=N_("Search in any language and choose from the list."))
    ] = []
    communities: Annotated[
        list[AgentRef],
        Field(title=N_("Communities"), description=N_("Who practises it and hands it on: groups, masters, schools.")),
    ] = []
    languages: Annotated[list[Lang], Field(title=N_("Languages"))] = []
    practised: Annotated[
        Span | None, Field(title=N_("Practised"), description=N_("Since when it is known, and until when if it ended."))
    ] = None
    transmission: Annotated[
        Prose | None, Field(title=N_("Handing on"), description=N_("How, where and from whom it is learnt today."))
    ] = None
    protection: Annotated[
        list[Protection],
        Field(title=N_("Protection"), description=N_("The lists of protected heritage in which it stands.")),
    ] = []
    threats: Annotated[list[Threat], Field(title=N_("Threats"))] = []
    files: Annotated[Files, Field(title=N_("Files"), description=N_("Recordings, films, pictures, texts."))] = []


class Collection(Body):
    """Things that are kept together: of a museum, an archive, a library, a private person."""

    types: Annotated[
        list[TermRef], Field(title=N_("Type"), description=N_("Search in any language and choose from the list."))
    ] = []
    extent: Annotated[
        Word | None, Field(title=N_("Extent"), description=N_("For example 1,240 carpets, or 12 m of shelves."))
    ] = None
    gathered: Annotated[
        Span | None, Field(title=N_("Gathered"), description=N_("From the first piece to the last."))
    ] = None
    number: Annotated[
        Word | None,
        Field(title=N_("Inventory number"), description=N_("As it stands in the books of whoever keeps it.")),
    ] = None
    rights: Annotated[
        Word | None, Field(title=N_("Rights"), description=N_("Who holds the rights, and what others may do with it."))
    ] = None
    history: Annotated[
        Prose | None,
        Field(title=N_("Its history"), description=N_("Who gathered it, where from, and how it came here.")),
    ] = None
    protection: Annotated[
        list[Protection],
        Field(title=N_("Protection"), description=N_("The lists of protected heritage in which it stands.")),
    ] = []
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
PRACTICE = Kind("practice", Practice, N_("Living tradition"), N_("Living traditions"), nature=Nature.PRACTICE)
COLLECTION = Kind("collection", Collection, N_("Collection"), N_("Collections"), nature=Nature.HOLDING)
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
