# SPDX-License-Identifier: Apache-2.0
"""The words of Linked Art 1.0 that both ways need, in and out: classes, properties, and the terms of the AAT that give them meaning.

https://linked.art/api/1.0/; a test holds the tables against the published schemas.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from ortaq.core.fields import Role
from ortaq.core.nature import Nature

CONTEXT: Final = "https://linked.art/ns/v1/linked-art.json"
CLASS: Final = "linked-art"  # the register of identifiers that name the class, where the kind does not say it
AAT: Final = "http://vocab.getty.edu/aat/"
PRIMARY_NAME: Final = f"{AAT}300404670"
BRIEF_TEXT: Final = f"{AAT}300418049"
DESCRIPTION: Final = f"{AAT}300435416"
DIMENSIONS: Final = f"{AAT}300435430"
RIGHTS: Final = f"{AAT}300435434"
ACCESSION_NUMBER: Final = f"{AAT}300312355"
# Ours, for what Linked Art has one class and we have two kinds: https://cidoc-crm.org
IMMOVABLE: Final = "http://www.cidoc-crm.org/cidoc-crm/E24_Physical_Human-Made_Thing"
GROUP: Final = "http://www.cidoc-crm.org/cidoc-crm/E74_Group"
# Statements that are more than a description: their label stands before the text.
STATEMENTS: Final = {
    f"{AAT}300435429": "Material Statement",
    f"{AAT}300435452": "Physical Statement",
    f"{AAT}300435440": "Pagination Statement",
}
LABELS: Final = {
    PRIMARY_NAME: "Primary Name",
    BRIEF_TEXT: "Brief Text",
    DESCRIPTION: "Description",
    DIMENSIONS: "Dimension Statement",
    RIGHTS: "Copyright/License Statement",
    ACCESSION_NUMBER: "Accession Number",
    f"{AAT}300404621": "Owner-Assigned Number",
    f"{AAT}300435704": "System-Assigned Number",
    f"{AAT}300456575": "Sort Value",
    f"{AAT}300386983": "Street Address",
    **STATEMENTS,
}
# Fields of ours that Linked Art has no property for go out as statements with their names: as they are where they are one plain
# value, with WORDS behind the name where they are words for people only.
PLAIN: Final = (Role.CHOICE, Role.COUNTRY, Role.LANG, Role.SPAN, Role.DATE, Role.URL, Role.NUMBER)
WORDS: Final = " (words)"
# What makes a thing an immovable one.
BUILT: Final = {IMMOVABLE, f"{AAT}300004792", f"{AAT}300000810"}  # buildings, archaeological sites
EXHIBITIONS: Final = {f"{AAT}300054766", f"{AAT}300417531"}
LANGUAGES: Final = {
    f"{AAT}300388277": "en",
    f"{AAT}300388306": "fr",
    f"{AAT}300388344": "de",
    f"{AAT}300388256": "nl",
    f"{AAT}300389311": "es",
    f"{AAT}300388693": "la",
    f"{AAT}300388474": "it",
}

THINGS: Final = ("HumanMadeObject",)
ACTORS: Final = ("Person", "Group")
EVENTS: Final = ("Period", "Event", "Activity")
CONCEPTS: Final = ("Type", "Language", "Material", "Currency", "MeasurementUnit")
INFORMATION: Final = (
    "LinguisticObject",
    "VisualItem",
    "DigitalObject",
    "InformationObject",
    "PropositionalObject",
    "Set",
)
# What has an identity of its own; everything else is part of what it stands in.
ENTITIES: Final = (*THINGS, *ACTORS, *EVENTS, *CONCEPTS, "Place", *INFORMATION)
RECORDS: Final = tuple(name for name in ENTITIES if name != "InformationObject")
ANY: Final = tuple(name for name in ENTITIES if name != "InformationObject")


class Property(NamedTuple):
    """What a property points at, and whether it may do so more than once."""

    classes: Sequence[str]
    is_many: bool = True


_DOING: Final = {
    "took_place_at": Property(("Place",)),
    "caused_by": Property(("Event", "Activity")),
    "carried_out_by": Property(ACTORS),
    "used_specific_object": Property(("HumanMadeObject", "Set")),
    "influenced_by": Property(ANY),
    "technique": Property(("Type",)),
    "classified_as": Property(("Type",)),
    "during": Property(("Period",)),
    "before": Property(EVENTS),
    "after": Property(EVENTS),
    "part_of": Property(("Event", "Activity"), is_many=False),
}
_HAPPENING: Final = {name: _DOING[name] for name in ("took_place_at", "caused_by", "classified_as", "influenced_by")}
_SET: Final = {"member_of": Property(("Set",))}
_GROUP: Final = {"member_of": Property(("Group",)), "residence": Property(("Place",))}
_TYPED: Final = {"classified_as": Property(("Type",))}
_ABOUT: Final = {"about": Property(ANY), "conceptually_part_of": Property(("PropositionalObject",))}
_TEXT_PARTS: Final = {"part_of": Property(("VisualItem", "LinguisticObject"))}
# class → the properties by which a record of it points at others
PROPERTIES: Final[Mapping[str, Mapping[str, Property]]] = {
    "HumanMadeObject": {
        **_TYPED, **_SET,
        "made_of": Property(("Material",)), "part_of": Property(THINGS, is_many=False), "current_owner": Property(ACTORS),
        "current_custodian": Property(ACTORS), "current_permanent_custodian": Property(ACTORS),
        "current_location": Property(("Place",), is_many=False),
        "current_permanent_location": Property(("Place",), is_many=False),
        "held_or_supported_by": Property(THINGS, is_many=False), "shows": Property(("VisualItem",)),
        "carries": Property(("LinguisticObject",)),
    },
    "Person": {**_TYPED, **_GROUP},
    "Group": {**_TYPED, **_GROUP},
    "Place": {**_TYPED, **_SET, "part_of": Property(("Place",))},
    **{key: {**_TYPED, **_SET, "broader": Property(CONCEPTS)} for key in CONCEPTS},
    **{key: {**_DOING, **_SET, "participant": Property(ACTORS)} for key in EVENTS},
    "LinguisticObject": {**_TYPED, **_SET, **_ABOUT, **_TEXT_PARTS},
    "VisualItem": {
        **_TYPED, **_SET, **_ABOUT, **_TEXT_PARTS,
        "represents": Property(ANY), "represents_instance_of_type": Property(("Type",)),
    },
    "DigitalObject": {
        **_TYPED, **_SET,
        "part_of": Property(("DigitalObject",), is_many=False), "conforms_to": Property(("InformationObject",)),
        "digitally_carries": Property(("LinguisticObject",)), "digitally_shows": Property(("VisualItem",)),
    },
    "PropositionalObject": {**_TYPED, **_SET, **_ABOUT},
    "Set": {**_TYPED, **_SET, "about": Property(ANY), "members_contained_by": Property(THINGS)},
}  # fmt: skip


class Embedded(NamedTuple):
    """A node without an identity: its class, how many stand there, what it points at."""

    name: str
    is_many: bool
    properties: Mapping[str, Property]


_CREATION: Final = Embedded("Creation", False, _DOING)
_USE: Final = Embedded("Activity", True, _DOING)
# The parts of a provenance activity: their class follows from the property by which they say what went where.
_TRANSFER: Final = {
    "transferred_title_of": Property(THINGS), "transferred_title_from": Property(ACTORS), "transferred_title_to": Property(ACTORS),
    "transferred_custody_of": Property(THINGS), "transferred_custody_from": Property(ACTORS),
    "transferred_custody_to": Property(ACTORS), "paid_from": Property(ACTORS), "paid_to": Property(ACTORS),
}  # fmt: skip
# class → the nodes that are part of a record of it
PARTS: Final[Mapping[str, Mapping[str, Embedded]]] = {
    "HumanMadeObject": {
        "produced_by": Embedded("Production", False, _DOING), "modified_by": Embedded("Modification", True, _DOING),
        "destroyed_by": Embedded("Destruction", False, _HAPPENING), "used_for": _USE,
    },
    "Person": {
        "born": Embedded("Birth", False, _HAPPENING), "died": Embedded("Death", False, _HAPPENING),
        "carried_out": _USE, "participated_in": _USE,
    },
    "Group": {
        "formed_by": Embedded("Formation", False, _DOING), "dissolved_by": Embedded("Dissolution", False, _HAPPENING),
        "carried_out": _USE, "participated_in": _USE,
    },
    "Activity": {"part": Embedded("", True, _TRANSFER)},
    **{key: {"created_by": _CREATION} for key in (*CONCEPTS, "PropositionalObject")},
    **{key: {"created_by": _CREATION, "used_for": _USE} for key in ("LinguisticObject", "VisualItem", "DigitalObject", "Set")},
}  # fmt: skip

# role of a link ↔ where Linked Art says it, by class. The first of several is the one that goes out.
PATHS: Final[Mapping[str, Mapping[str, str]]] = {
    "HumanMadeObject": {
        "produced_by/carried_out_by": "made_by", "current_custodian": "kept_by", "current_location": "located_in",
        "part_of": "part_of", "member_of": "member_of",
    },
    **{key: {"member_of": "member_of", "residence": "located_in"} for key in ACTORS},
    "Place": {"part_of": "part_of", "member_of": "member_of"},
    **{key: {"broader": "broader", "member_of": "member_of"} for key in CONCEPTS},
    **{key: {"took_place_at": "held_at", "carried_out_by": "organised_by", "participant": "attended_by", "part_of": "part_of", "member_of": "member_of"} for key in EVENTS},
    "LinguisticObject": {"created_by/carried_out_by": "created_by", "about": "about", "part_of": "part_of", "member_of": "member_of"},
    "VisualItem": {
        "created_by/carried_out_by": "created_by", "represents": "depicts", "about": "about", "part_of": "part_of", "member_of": "member_of",
    },
    "DigitalObject": {"created_by/carried_out_by": "created_by", "part_of": "part_of", "member_of": "member_of"},
    "PropositionalObject": {"created_by/carried_out_by": "created_by", "about": "about", "conceptually_part_of": "part_of", "member_of": "member_of"},
    "Set": {"created_by/carried_out_by": "created_by", "about": "about", "member_of": "member_of"},
}  # fmt: skip
# class → where the time stands that a record of it has, from its beginning to its end
TIMES: Final[Mapping[str, Sequence[str]]] = {
    "HumanMadeObject": ("produced_by",),
    "Person": ("born", "died"),
    "Group": ("formed_by", "dissolved_by"),
    **dict.fromkeys(EVENTS, ("",)),
    **dict.fromkeys((*CONCEPTS, *INFORMATION), ("created_by",)),
}
_BETWEEN: Final = " / "


class Step(NamedTuple):
    """One property on a path; number: which of several nodes, from 1 on."""

    name: str
    number: int = 1


def note_of(path: Sequence[Step]) -> str:
    """Return how the note of a link says where it stands in Linked Art: "modified by 2 / technique"."""
    return _BETWEEN.join(one.name.replace("_", " ") + (f" {one.number}" if one.number > 1 else "") for one in path)


def path_of(note: str) -> list[Step]:
    """Return the path that `note_of` wrote; of any other note, whatever comes out of it."""
    return list(_steps(note))


def _steps(note: str) -> Iterator[Step]:
    for part in note.split(_BETWEEN):
        words, _, number = part.rpartition(" ")
        is_numbered = bool(words) and number.isascii() and number.isdigit()
        yield Step((words if is_numbered else part).replace(" ", "_"), int(number[:4]) if is_numbered else 1)


def roles_of(name: str) -> dict[str, str]:
    """Return role → path for the class *name*."""
    return {role: path for path, role in reversed(list(PATHS.get(name, {}).items()))}


# The property that says of which class a part of a provenance activity is.
_TRANSFERS: Final = {"transferred_title": "Acquisition", "transferred_custody": "TransferOfCustody", "paid": "Payment", "establishes": "RightAcquisition"}  # fmt: skip

WANTED: Final = {"Acquisition": "transferred_title_of", "TransferOfCustody": "transferred_custody_of"}


def part_class(name: str, path: Sequence[str], prop: str) -> str:
    """Return the class of the node without identity at *path* in a record of the class *name*, which points at something by *prop*."""
    known = PARTS.get(name, {}).get(path[0])
    if path[0] == "attributed_by":
        return "AttributeAssignment"
    if path[0] == "part" and name in EVENTS:
        return next((found for start, found in _TRANSFERS.items() if prop.startswith(start)), "")
    if known and (len(path) == 1 or set(path[1:]) == {"part"}):
        return known.name
    return ""


_USUAL: Final = {
    Nature.MOVABLE: "HumanMadeObject",
    Nature.IMMOVABLE: "HumanMadeObject",
    Nature.EVENT: "Activity",
    Nature.CONCEPT: "Type",
    Nature.PLACE: "Place",
    Nature.WORK: "PropositionalObject",
}


def class_of(nature: Nature, body: Mapping[str, Any]) -> str:
    """Return the class as which a record goes out."""
    if nature is Nature.ACTOR:
        return "Person" if body.get("agent_type") == "person" else "Group"
    named = [one["value"] for one in body.get("identifiers", ()) if one["scheme"] == CLASS and one["value"] in ENTITIES]
    if named:
        return str(named[0])
    return _USUAL.get(nature, "Set" if nature.value.startswith("E78") else "LinguisticObject")


def record_class(name: str) -> str:
    """Return the class *name* if a record can have it, else that of texts."""
    return name if name in RECORDS else "LinguisticObject"
